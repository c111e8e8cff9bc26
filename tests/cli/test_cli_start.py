"""Help, usage and start-up."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from codesim import __version__
from codesim.cli.app import cli
from codesim.model import Strength

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
HEAVY = (
    "ibis", "git", "huggingface_hub", "jinja2", "msgspec", "numpy", "pygments", "rich", "scipy",
    "torch", "tree_sitter", "yaml",
)  # fmt: skip


@pytest.mark.parametrize("command", [[], *([name] for name in sorted(cli.commands))])
def test_every_help_explains_itself_with_examples(codesim_run, command):
    shown = codesim_run(*command, "--help")
    assert shown.code == 0
    assert shown.err == ""
    assert shown.out.startswith("Usage: codesim")
    examples = shown.out.partition("Examples:\n")[2].splitlines()
    assert examples
    assert all(line.startswith("    codesim") for line in examples)
    assert f"codesim {' '.join(command)}".rstrip() in examples[0]
    assert max(map(len, shown.out.splitlines())) <= 80


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_stands_in_the_readme(command):
    assert f"codesim {command}" in README


def test_the_readme_states_what_each_strength_promises():
    promised = re.findall(r"^\| ([a-z ]+) \| 1 (?:false match )?in ([\d,]+)", README, re.M)
    assert [word for word, _ in promised] == [s.word for s in Strength if s is not Strength.NONE]
    stated = Strength.__doc__.partition("1 in ")[2]
    assert re.findall(r"\d[\d,]*\b", stated) == [number for _, number in promised]


def test_the_readme_counts_the_packages_of_the_table():
    listed = (ROOT / "codesim" / "commons" / "data" / "projects.txt").read_text("utf-8")
    assert README.count(f"{listed.count('==')} p") == 2


def test_every_option_and_command_is_described():
    for command in (cli, *cli.commands.values()):
        assert command.help, command.name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{command.name} {option.opts}"


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_start_up_loads_nothing_heavy(flag):
    code = (
        "import sys; from codesim.cli import main; main([sys.argv[1]]);"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, flag], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_start_up_does_not_load_what_only_some_commands_need():
    late = ("codesim.cli.packages", "email.parser", "subprocess", "zipfile", "codesim.commons")
    code = f"import sys, codesim.cli; print(sorted(set({late!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_version(codesim_run):
    assert codesim_run("--version").out == f"codesim {__version__}\n"


def test_runs_as_a_module():
    run = subprocess.run(
        [sys.executable, "-m", "codesim", "compare"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "Missing argument 'LEFT'" in run.stderr
    assert "Traceback" not in run.stderr


def test_shell_completion_knows_the_commands():
    run = subprocess.run(
        [sys.executable, "-m", "codesim"],
        env={"_CODESIM_COMPLETE": "bash_complete", "COMP_WORDS": "codesim com", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "compare" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Usage: codesim"),
        (["compar", "a", "b"], "Did you mean 'compare'?"),
        (["rapport", "x.json"], "Did you mean 'report'?"),
        (["xyzzy"], f"The commands are: {', '.join(cli.commands)}."),
        (["github.com/a/b", "github.com/c/d"], "codesim compare LEFT RIGHT"),
        (["compare"], "Missing argument 'LEFT'"),
        (["compare", "left"], "Missing argument 'RIGHT'"),
        (["compare", "left", "right", "third"], "unexpected extra argument"),
        (["compare", "left", "right", "--htlm", "x"], "--html"),
        (["compare", "left", "right", "--html"], "requires an argument"),
        (["compare", "left", "right", "--top", "many"], "not a valid integer"),
        (["compare", "left", "right", "--top", "-1"], "x>=0"),
        (["compare", "left", "right", "--fail-over", "strng"], "Did you mean 'strong'?"),
        (["compare", "left", "right", "--fail-over", "none"], "The strengths are: weak,"),
        (["report"], "Missing argument 'RESULT'"),
        (["demo", "extra"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_explained(codesim_run, arguments, says):
    ended = codesim_run(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert says in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("word", ["very-strong", "very strong", "VERY_STRONG"])
def test_strengths_are_read_in_any_spelling(codesim_run, word):
    ended = codesim_run("compare", "/nowhere/left", "/nowhere/right", "--fail-over", word)
    assert "--fail-over" not in ended.err
