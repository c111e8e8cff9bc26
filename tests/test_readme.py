"""What the README says is tried out: its commands, its options, its transcript and its Python."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from codesim.cli.app import cli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(kind, body) for kind, body in FENCE.findall(README)]
SHELL = [line for kind, body in BLOCKS if kind == "sh" for line in body.splitlines()]
OURS = [line for line in SHELL if line.startswith("codesim ")]
REMOTE = re.compile(r"https://|github\.com/|hf:")
UPDATE = os.environ.get("CODESIM_UPDATE_GOLDEN") == "1"

_SOURCE = '''\
def resample(queries, keys, width, steps):
    """Weigh the keys by how well they fit the queries."""
    scores = [sum(a * b for a, b in zip(queries, key)) / width ** 0.5 for key in keys]
    highest = max(scores)
    weights = [2.718 ** (score - highest) for score in scores]
    for step in range(steps):
        weights = [weight / (sum(weights) + step * 1e-6) for weight in weights]
    return [round(weight, 7) for weight in weights]
'''


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``left``, a Git repository ``right`` with a tag, and a result, as in the README."""
    monkeypatch.chdir(tmp_path)
    for side, text in (("left", _SOURCE), ("right", _SOURCE.replace("weights", "shares"))):
        (tmp_path / side).mkdir()
        (tmp_path / side / "model.py").write_text(text)
    for command in ("init -q", "add .", "commit -q -m first", "tag v1.2"):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0"]
        subprocess.run(["git", "-C", "right", *identity, *shlex.split(command)], check=True)
    return tmp_path


def test_there_is_something_to_try():
    assert len(OURS) >= 4
    assert [kind for kind, _ in BLOCKS].count("console") == 1
    assert [kind for kind, _ in BLOCKS].count("python") == 1


@pytest.mark.parametrize("line", OURS)
def test_every_command_is_understood(line):
    _, name, *arguments = shlex.split(line)
    command = cli.commands[name]
    with command.make_context(name, arguments) as context:
        assert not context.args


def test_local_commands_run(codesim_run, place):
    lines = [line for line in OURS if not REMOTE.search(line)]
    assert lines
    for line in lines:
        ended = codesim_run(*shlex.split(line)[1:])
        assert (ended.code, ended.err.count("Error")) == (0, 0), f"{line}: {ended.err}"
    assert {p.name for p in place.iterdir()} >= {"report.html", "result.json", "again.html"}
    assert Path("again.html").read_bytes() == Path("report.html").read_bytes()


@pytest.mark.parametrize("line", [line for line in SHELL if line not in OURS])
def test_other_commands_are_shell(line):
    subprocess.run(["bash", "-n", "-c", line], check=True)


def test_set_up_commands_are_complete():
    demo, tests = [line for line in SHELL if line.startswith("python3 -m venv .venv && ")]
    assert demo.endswith(".venv/bin/codesim demo")
    assert tests.endswith(".venv/bin/pytest -n auto")


def test_transcript(codesim_run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    body = next(body for kind, body in BLOCKS if kind == "console")
    command, shown = body.split("\n", 1)
    ended = codesim_run(*shlex.split(command)[2:])
    if UPDATE:
        changed = README.replace(body, f"{command}\n{ended.out.rstrip()}\n")
        (ROOT / "README.md").write_text(changed, "utf-8")
        return
    if shown.startswith("(placeholder"):
        pytest.skip("the transcript of the demo has not been written yet")
    assert ended.out.rstrip() == shown.rstrip()


def test_python(place, capsys):
    code = next(body for kind, body in BLOCKS if kind == "python")
    exec(compile(code, "README.md", "exec"), {})
    assert "because of" in capsys.readouterr().out


def _options(command: click.Command) -> set[str]:
    parts = command.commands.values() if isinstance(command, click.Group) else ()
    own = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
        if name.startswith("--")
    }
    return own.union(*map(_options, parts))


def test_the_options_are_those_that_exist():
    """Both ways: nothing documented is missing, nothing that exists is undocumented."""
    documented = set(re.findall(r"`(--[a-z][a-z-]+)", README))
    existing = set().union(*(_options(command) for command in cli.commands.values()))
    assert documented - {"--version"} == existing


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 130])
def test_exit_codes_are_documented(code):
    assert re.search(rf"^\| {code} \|", README, re.MULTILINE)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_links_lead_somewhere(target):
    assert (ROOT / target).exists()
