"""The command line about weights on servers: what is said before, and what is never said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="comparing weights needs the extra [weights]")

from rangeserver import File, Hub, hub

import codesim
from codesim.detectors.weights import WeightsDetector
from codesim.snapshot import wire, with_weights

needs_hub = pytest.mark.skipif(
    find_spec("httpx2") is None or find_spec("huggingface_hub") is None,
    reason="reading from servers needs the extra [hub]",
)
MODELS = Path(__file__).resolve().parents[2] / "fixtures" / "weights_models"
DATA = {name: (MODELS / f"{name}.safetensors").read_bytes() for name in ("parent", "tuned")}
TOKEN = "hf_canaryCANARYcanary0123456789"
SIGNATURE = "s3cret"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", "1")
    with hub({f"a/{name}": {"model.safetensors": data} for name, data in DATA.items()}) as found:
        monkeypatch.setenv("HF_ENDPOINT", found.main.url)
        yield found


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without the extra."""
    monkeypatch.setattr(wire, "find_spec", lambda _: None)


# --- said before anything large is read


@needs_hub
def test_how_much_will_be_read(server: Hub, codesim_run: Any) -> None:
    ended = codesim_run("weights", "hf:a/parent", "hf:a/tuned")
    assert ended.code == 0
    assert ended.err == "Weights on servers: 1.3 MB, which will be read from end to end.\n"
    quiet = codesim_run("weights", "hf:a/parent", "hf:a/tuned", "--screen", "-q")
    assert (quiet.code, quiet.err) == (0, "")
    screen = codesim_run("weights", "hf:a/parent", str(MODELS / "tuned.safetensors"), "--screen")
    assert screen.err == "Weights on servers: 0.6 MB, of which a few MB will be read.\n"
    assert "alike in a screen" in " ".join(screen.out.split())


@needs_hub
def test_gigabytes_are_read_only_when_asked_for(server: Hub, codesim_run: Any) -> None:
    from codesim.cli import extent

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extent, "_MOST_UNASKED", 1_000_000)
        few = codesim_run("weights", "hf:a/parent", "hf:a/tuned", "--json", "few.json")
        sent = server.cdn.sent
        whole = codesim_run("weights", "hf:a/parent", "hf:a/tuned", "--whole", "--json", "all.json")
    assert (
        "of which a few MB will be read, for a screen; to read them from end to end: --whole"
        in few.err
    )
    assert "which will be read from end to end" in whole.err
    found = [json.loads(Path(name).read_text()) for name in ("few.json", "all.json")]
    assert [each["parameters"]["weights"]["screen"] for each in found] == [True, False]
    assert sent < 2 * len(DATA["parent"]) <= server.cdn.sent - sent
    assert server.cdn.sent - sent == 2 * len(DATA["parent"])


@needs_hub
def test_progress(server: Hub, codesim_run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from codesim.snapshot import far

    monkeypatch.setattr(far, "_EVERY", 0.0)
    ended = codesim_run("weights", "hf:a/parent", "hf:a/tuned", "-v")
    assert f"left: listing {server.main.url}/a/parent\n" in ended.err
    assert "left: 0.6 MB read from the server\n" in ended.err
    assert "MB read" not in ended.out


def test_both_at_once_make_no_sense(codesim_run: Any) -> None:
    ended = codesim_run("weights", "a", "b", "--screen", "--whole")
    assert (ended.code, "exclude each other" in ended.err) == (2, True)
    ended = codesim_run("compare", "a", "b", "--screen")
    assert (ended.code, "add --weights" in ended.err) == (2, True)


# --- no credential in any output


@needs_hub
@pytest.mark.parametrize("fails", [False, True])
def test_no_secret_in_any_output(
    server: Hub, codesim_run: Any, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    server.private["a/parent"] = server.private["a/tuned"] = TOKEN
    if fails:
        server.cdn.files.pop("/a/tuned/model.safetensors")
    outputs = ["--html", "r.html", "--json", "r.json", "--markdown", "r.md", "--debug", "-v"]
    ended = codesim_run("weights", "hf:a/parent", "hf:a/tuned", *outputs)
    assert ended.code == 0, ended.err
    assert any(TOKEN in each.authorization for each in server.main.seen)
    texts = [ended.out, ended.err, *(Path(name).read_text() for name in ("r.html", "r.json"))]
    for text in [*texts, Path("r.md").read_text()]:
        assert TOKEN not in text
        assert SIGNATURE not in text
    assert ("has no such file" in ended.out + ended.err) is fails


@needs_hub
def test_an_error_of_ours_shows_no_secret_either(
    server: Hub, codesim_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codesim.snapshot.place import Place

    def broken(self: Place, *_: object) -> bytes:
        raise RuntimeError(f"at {self.url}?signature={SIGNATURE} with {TOKEN}")

    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(Place, "_check_same", broken)
    server.private["a/parent"] = TOKEN
    ended = codesim_run("weights", "hf:a/parent", "hf:a/tuned", "--debug")
    assert (ended.code, "internal error" in ended.err) == (4, True)
    assert TOKEN not in ended.out + ended.err
    assert SIGNATURE not in ended.out + ended.err


# --- without the extra


def test_weights_says_in_one_line_what_to_install(no_hub: None, codesim_run: Any) -> None:
    for source in ("hf:a/b", "https://example.org/model.safetensors"):
        ended = codesim_run("weights", source, str(MODELS / "tuned.safetensors"))
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == (
            "Error: reading weights on a server needs huggingface_hub, which is not installed "
            "here; to install it: pip install -e '.[hub]'\n"
        )


def test_compare_says_it_and_goes_on(
    no_hub: None, codesim_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = codesim.snapshot_of({"model.py": b"x = 1\n"}, "a/b")
    monkeypatch.setattr(codesim, "open_snapshot", lambda *_, **__: fetched)
    ended = codesim_run("compare", "hf:a/b", "hf:a/c", "--weights")
    assert ended.code == 0
    text = " ".join(ended.out.split())
    assert "left: weights on the server" in text
    assert "pip install -e '.[hub]'" in text


# --- a repository that is compared as a whole


def _fetched(name: str) -> codesim.Snapshot:
    """As Git gives it: small files, and pointers to large ones."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
        b"0" * 64, len(DATA["parent"]),
    )  # fmt: skip
    found = codesim.snapshot_of({"model.safetensors": pointer, "a.py": b"x = 1\n"}, f"a/{name}")
    assert [skipped.what for skipped in found.skipped] == ["model.safetensors"]
    return found


@needs_hub
def test_weights_of_a_repository_that_git_fetched(server: Hub) -> None:
    sides = [with_weights(_fetched(name), f"hf:a/{name}") for name in ("parent", "tuned")]
    assert [side.skipped for side in sides] == [(), ()]
    result = codesim.compare(*sides, detectors=[WeightsDetector(screen=True)])
    assert result.evidence[0].facts["relation"] == "alike in a screen"
    assert result.skipped == ()


@needs_hub
def test_where_the_weights_cannot_be_had_the_rest_is_compared(server: Hub) -> None:
    side = with_weights(_fetched("missing"), "hf:a/missing")
    assert side.weights is None
    assert [skipped.what for skipped in side.skipped] == [
        "model.safetensors", "weights on the server",
    ]  # fmt: skip
    assert "private, deleted or misspelt" in side.skipped[1].reason


@needs_hub
def test_what_is_no_repository_on_the_hub_stays_as_it_is(server: Hub) -> None:
    side = _fetched("parent")
    assert with_weights(side, "github.com/a/parent") is side
    assert server.seen == []


@needs_hub
def test_an_interrupted_file_is_a_state_and_no_crash(server: Hub, codesim_run: Any) -> None:
    def act(handler: Any, _: File, start: int, __: int) -> bool:
        if start:
            handler.answer(403)
        return start > 0

    server.cdn.acts["/a/tuned/model.safetensors"] = [act]
    ended = codesim_run("weights", "hf:a/parent", "hf:a/tuned", "--strict")
    assert ended.code == 3
    assert "right: no file of weights that is read" in " ".join(ended.out.split())
