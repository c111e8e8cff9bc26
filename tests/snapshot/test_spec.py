"""What a person may type: first what must be refused before any process starts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codesim import SnapshotError, open_snapshot
from codesim.snapshot.spec import Source, parse_source

CANARY = "CANARYSECRET"
PARTS = (
    "https://", "http://", "github.com", "127.0.0.1", "[::1]", ":80", "hf:", "file://", "ext::",
    "/", "@", "#", "..", "~", "?", "-u", "%0a", ".git", "/tree/main", "a", "\n", "\x1b",
)  # fmt: skip

REFUSED = {
    "nothing": "",
    "only a blank": " ",
    "remote helper ext": "ext::sh -c touch% MARKER",
    "remote helper in capitals": "EXT::sh -c touch% MARKER",
    "remote helper as a scheme": "ext://sh -c touch MARKER",
    "remote helper fd": "fd::17",
    "unknown remote helper": "foo::bar",
    "empty remote helper": "::bar",
    "remote helper after a blank": " ext::sh -c touch% MARKER",
    "remote helper after a newline": "\next::sh -c touch% MARKER",
    "remote helper before an address": "ext::https://github.com/o/n",
    "percent-encoded remote helper": "ext%3A%3Ash",
    "upload-pack option": "--upload-pack=touch MARKER",
    "short option": "-utouch MARKER",
    "proxy command option": "-oProxyCommand=touch MARKER",
    "ssh address with an option as host": "ssh://-oProxyCommand=touch MARKER/x",
    "ssh address": "ssh://git@github.com/o/n",
    "git+ssh address": "git+ssh://git@github.com/o/n",
    "scp-like address": "git@github.com:o/n.git",
    "scp-like address without user": "github.com:o/n.git",
    "git protocol": "git://github.com/o/n",
    "ftp": "ftp://example.org/o/n",
    "plain http": "http://github.com/o/n",
    "plain http to a look-alike of loopback": "http://127.0.0.1.example.org/o/n",
    "one slash": "https:/github.com/o/n",
    "no host": "https:///o/n",
    "no path": "https://github.com",
    "owner only": "github.com/owner",
    "option as host": "https://-oProxyCommand=x/o/n",
    "option as path": "https://github.com/--upload-pack=x/n",
    "user and password": f"https://user:{CANARY}@github.com/o/n",
    "user only": f"https://{CANARY}@github.com/o/n",
    "user and password without scheme": f"user:{CANARY}@github.com/o/n",
    "token in the query": f"https://github.com/o/n?token={CANARY}",
    "token in the query after a revision": f"https://github.com/o/n@main?token={CANARY}",
    "token in the query after a folder": f"https://github.com/o/n#src?token={CANARY}",
    "user name cut by a folder": f"https://{CANARY}#@github.com/o/n",
    "percent-encoded newline": "https://github.com/o/n%0ahost=evil",
    "newline in the middle": "https://github.com/o/n\nhost=evil",
    "escape character": "https://github.com/o/\x1b[31mn",
    "C1 control character": "https://github.com/o/\x9bn",
    "lone surrogate": "https://github.com/o/\udce9",
    "host that is not ASCII": "https://gіthub.com/o/n",
    "backslash": "https://github.com\\@evil.example/o/n",
    "climbing path": "https://github.com/o/../n",
    "port that is none": "https://github.com:x/o/n",
    "revision as option": "https://github.com/o/n@--upload-pack=touch",
    "revision that climbs": "https://github.com/o/n@a/../b",
    "revision with a colon": "https://github.com/o/n@main:secret",
    "revision from the reflog": "https://github.com/o/n@main@{1}",
    "empty revision": "https://github.com/o/n@",
    "locked revision": "https://github.com/o/n@main.lock",
    "very long revision": "https://github.com/o/n@" + "a" * 300,
    "folder that climbs": "https://github.com/o/n#../x",
    "absolute folder": "https://github.com/o/n#/etc",
    "hub address without name": "hf:",
    "hub address with an option": "hf:--upload-pack=x/y",
    "hub address that climbs": "hf:../x",
    "hub address with a user": f"hf:user:{CANARY}@o/n",
    "file on another host": "file://server/share",
    "relative file address": "file:here",
    "file address with a control character": "file:///tmp/%0aMARKER",
}


@pytest.mark.parametrize("spec", REFUSED.values(), ids=REFUSED)
def test_refused_before_any_process(
    spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SnapshotError) as refused:
        open_snapshot(spec.replace("MARKER", str(tmp_path / "marker")))
    assert CANARY not in str(refused.value)
    assert str(refused.value).replace(" ", "").isprintable()
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=7).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_refused_or_a_clean_source(spec: str) -> None:
    try:
        source = parse_source(spec)
    except SnapshotError:
        return
    if source.url:
        assert source.url.startswith(("https://", "http://127.0.0.1", "http://[::1]"))
        assert not set(source.url) & set("@?#\\% \n")
    assert not (source.revision or "").startswith("-")
    assert ".." not in (source.folder or "").split("/")


HUB = "https://huggingface.co"
ACCEPTED = {
    "https://github.com/o/n": ("https://github.com/o/n", None, None, "o/n"),
    "https://github.com/o/n.git": ("https://github.com/o/n", None, None, "o/n"),
    "HTTPS://GitHub.com/O/n/": ("https://github.com/O/n", None, None, "O/n"),
    "https://www.github.com/o/n": ("https://github.com/o/n", None, None, "o/n"),
    "github.com/o/n": ("https://github.com/o/n", None, None, "o/n"),
    "github.com/o/n@v1.2": ("https://github.com/o/n", "v1.2", None, "o/n"),
    "github.com/o/n@feature/x#src/a": ("https://github.com/o/n", "feature/x", "src/a", "o/n"),
    "github.com/o/n#src/": ("https://github.com/o/n", None, "src", "o/n"),
    "https://github.com/o/n/tree/v1/src": ("https://github.com/o/n", "v1", "src", "o/n"),
    "https://gitlab.com/g/s/n/-/tree/main": ("https://gitlab.com/g/s/n", "main", None, "s/n"),
    "https://example.org:8443/~u/n.git": ("https://example.org:8443/~u/n.git", None, None, "~u/n"),
    "hf:owner/name": (f"{HUB}/owner/name", None, None, "owner/name"),
    "hf:gpt2": (f"{HUB}/gpt2", None, None, "gpt2"),
    "hf:owner/name@refs/pr/1": (f"{HUB}/owner/name", "refs/pr/1", None, "owner/name"),
    "hf:datasets/owner/name": (f"{HUB}/datasets/owner/name", None, None, "owner/name"),
    "hf:spaces/owner/name#app": (f"{HUB}/spaces/owner/name", None, "app", "owner/name"),
    "http://127.0.0.1:8000/n.git": ("http://127.0.0.1:8000/n.git", None, None, "n"),
    "http://[::1]:8000/n": ("http://[::1]:8000/n", None, None, "n"),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "expected"), ACCEPTED.items())
def test_accepted(spec: str, expected: tuple[str, str | None, str | None, str]) -> None:
    source = parse_source(spec)
    assert (source.url, source.revision, source.folder, source.name) == expected
    assert source.origin == expected[0] + (f"#{expected[2]}" if expected[2] else "")


def test_a_path_that_exists_is_never_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a@b#c", "a", "a@b"):
        (tmp_path / name).mkdir()
    assert parse_source("a@b#c") == Source("a@b#c", "file:a@b#c", path="a@b#c")
    assert parse_source("a@b") == Source("a@b", "file:a@b", path="a@b")
    assert parse_source("a@main#x") == Source(
        "a", "file:a#x", path="a", revision="main", folder="x"
    )
    assert parse_source("a@b@v1").path == "a@b"


def test_an_existing_folder_wins_over_a_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "github.com" / "o" / "n").mkdir(parents=True)
    assert parse_source("github.com/o/n").path == "github.com/o/n"


def test_file_addresses_are_decoded_and_take_a_revision(tmp_path: Path) -> None:
    folder = tmp_path / "my repo.git"
    folder.mkdir()
    source = parse_source(f"file://{tmp_path}/my%20repo.git@v1#src")
    assert (source.path, source.revision, source.folder) == (str(folder), "v1", "src")
    assert source.origin == "file:my repo#src"


@pytest.mark.parametrize("spec", ["no/such", "missing", "/no/such/path", "a/b/c"])
def test_missing_path_is_named(spec: str) -> None:
    with pytest.raises(SnapshotError, match="no such file or directory"):
        open_snapshot(spec)


def test_owner_and_name_alone_get_a_hint() -> None:
    with pytest.raises(SnapshotError, match=r"github\.com/owner/name or hf:owner/name"):
        open_snapshot("owner/name")
