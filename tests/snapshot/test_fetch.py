"""Repositories fetched over HTTP, from a real Git server on loopback and from bad ones."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pytest
from gitserver import children, drip, git_server, raw_server, silent
from hostile import blob, commit, git, nested, new_repository, repository_with, tree

from codesim import SnapshotError, open_snapshot
from codesim.snapshot import Limits
from codesim.snapshot.redact import TOKENS

FILES = {"README.md": b"# n\n", "src/model.py": b"x = 1\n" * 500}
CANARY = "CANARYSECRET123"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "served"
    repository_with(folder / "o" / "n.git", FILES)
    return folder


def test_fetched_like_a_local_one(root: Path, private: Path) -> None:
    heard: list[str] = []
    with git_server(root) as (address, _):
        snapshot = open_snapshot(f"{address}/o/n.git", progress=heard.append)
    # The server is gone: everything is here already.
    assert {e.path: snapshot.read(e.path) for e in snapshot.entries} == FILES
    assert snapshot.revision == git(root / "o" / "n.git", "rev-parse", "main")
    assert (snapshot.name, snapshot.origin) == ("o/n", f"{address}/o/n.git")
    assert heard == [f"fetching {address}/o/n.git"]
    (folder,) = private.iterdir()
    assert "127.0.0.1" not in (folder / "repository.git" / "config").read_text()


def test_revisions(root: Path) -> None:
    repository = root / "o" / "n.git"
    first = git(repository, "rev-parse", "main")
    second = commit(repository, nested(repository, {"two.py": b"2\n"}), parents=(first,))
    third = commit(repository, nested(repository, {"three.py": b"3\n"}), "feature/x", (second,))
    git(repository, "tag", "-a", "v1", "-m", "annotated", third)
    hidden = commit(repository, nested(repository, {"four.py": b"4\n"}), "gone", (third,))
    git(repository, "update-ref", "-d", "refs/heads/gone")
    expected = {
        "main": second, "feature/x": third, "v1": third, "refs/tags/v1": third, "HEAD": second,
        first: first, first[:9]: first, third[:10]: third, hidden: hidden,
    }  # fmt: skip
    with git_server(root) as (address, _):
        for revision, oid in expected.items():
            assert open_snapshot(f"{address}/o/n.git@{revision}").revision == oid, revision
        for revision in ("nope", "f" * 40, "abcdef0"):
            with pytest.raises(SnapshotError, match=r"no revision .*it has feature/x, main, v1"):
                open_snapshot(f"{address}/o/n.git@{revision}")
        with pytest.raises(SnapshotError, match="need the history"):
            open_snapshot(f"{address}/o/n.git@main~1")


def test_folder(root: Path) -> None:
    with git_server(root) as (address, _):
        snapshot = open_snapshot(f"{address}/o/n.git#src")
    assert [e.path for e in snapshot.entries] == ["src/model.py"]
    assert snapshot.origin == f"{address}/o/n.git#src"


def test_empty_and_without_default_branch(root: Path) -> None:
    new_repository(root / "empty.git")
    (root / "o" / "n.git" / "HEAD").write_text("ref: refs/heads/gone\n")
    with git_server(root) as (address, _):
        with pytest.raises(SnapshotError, match="empty repository: nothing has been committed"):
            open_snapshot(f"{address}/empty.git")
        with pytest.raises(SnapshotError, match="no default branch; add @REVISION: it has main"):
            open_snapshot(f"{address}/o/n.git")


def test_large_files_stay_on_the_server(root: Path, private: Path) -> None:
    repository = root / "o" / "n.git"
    git(repository, "config", "uploadpack.allowFilter", "true")
    weights = os.urandom(300_000)
    commit(repository, nested(repository, {"a.py": b"1\n", "weights.bin": weights}))
    with git_server(root) as (address, seen):
        snapshot = open_snapshot(f"{address}/o/n.git", limits=Limits(file=100_000))
        asked = len(seen)
        with pytest.raises(SnapshotError, match=r"weights\.bin: not fetched: over 100,000 bytes"):
            snapshot.read("weights.bin")
        assert snapshot.read("a.py") == b"1\n"
        assert len(seen) == asked
    assert sum(f.stat().st_size for f in private.rglob("*") if f.is_file()) < 100_000


@pytest.mark.parametrize("path", ["o/missing.git", "o", "o/n.git/src"])
def test_no_such_repository(root: Path, path: str) -> None:
    with (
        git_server(root) as (address, _),
        pytest.raises(SnapshotError, match="private, deleted or misspelt"),
    ):
        open_snapshot(f"{address}/{path}")


def test_unknown_host_is_said() -> None:
    with pytest.raises(SnapshotError, match=r"cannot fetch https://.*(no host|be reached|proxy)"):
        open_snapshot("https://no-such-host.invalid/o/n", limits=Limits(deadline=20))


def test_refused_connection_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SnapshotError, match="the server cannot be reached"):
        open_snapshot(f"http://127.0.0.1:{port}/n")


@pytest.mark.parametrize("talk", [silent, drip])
def test_total_deadline(talk: object, private: Path) -> None:
    with raw_server(talk) as (address, _):  # type: ignore[arg-type]
        begin = time.monotonic()
        with pytest.raises(SnapshotError, match="did not end within 1 s"):
            open_snapshot(f"{address}/n", limits=Limits(deadline=1))
        assert time.monotonic() - begin < 4
    assert children() == []
    assert list(private.iterdir()) == []


def test_truncated_pack(root: Path, private: Path) -> None:
    with (
        git_server(root, truncate=200) as (address, _),
        pytest.raises(SnapshotError, match="the transfer broke off"),
    ):
        open_snapshot(f"{address}/o/n.git")
    assert list(private.iterdir()) == []


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html>\n<html>\n<title>hello</title>\n</html>\n",
        b"0123456789012345678901234567890123456789\trefs/heads/main\n",
    ],
    ids=["a web page", "a server of plain files"],
)
def test_not_a_git_server(page: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + page)

    with raw_server(answer) as (address, _), pytest.raises(SnapshotError, match="current Git serv"):
        open_snapshot(f"{address}/n@main")


def test_quota_on_disk(root: Path, private: Path) -> None:
    repository = root / "o" / "n.git"
    commit(repository, nested(repository, {"a.bin": os.urandom(600_000)}))
    with (
        git_server(root) as (address, _),
        pytest.raises(SnapshotError, match=r"larger than the quota|needs more than"),
    ):
        open_snapshot(f"{address}/o/n.git", limits=Limits(disk=200_000))
    assert list(private.iterdir()) == []


def test_objects_that_break_the_rules_are_not_taken(root: Path) -> None:
    repository = root / "o" / "n.git"
    one = blob(repository, b"1")
    commit(
        repository, tree(repository, [("40000", b"..", tree(repository, [("100644", b"x", one)]))])
    )
    with git_server(root) as (address, _), pytest.raises(SnapshotError, match="break Git's own"):
        open_snapshot(f"{address}/o/n.git")


def test_a_renamed_repository_is_followed_once(root: Path) -> None:
    heard: list[str] = []
    with git_server(root, moved={"/old/n.git": "/o/n.git"}) as (address, _):
        snapshot = open_snapshot(f"{address}/old/n.git", progress=heard.append)
    assert snapshot.origin == f"{address}/o/n.git"
    assert heard[1] == f"{address}/old/n.git has moved to {address}/o/n.git"
    with (
        git_server(root, moved={"/a": "/b", "/b": "/a"}) as (address, _),
        pytest.raises(SnapshotError, match="could not be followed"),
    ):
        open_snapshot(f"{address}/a/n.git")


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:1/o/n",
        "https://127.0.0.1/o/n",
        "file:///etc",
        "ext::sh",
        "//other.example/o",
    ],
)
def test_a_redirect_to_another_place_is_named_and_not_followed(root: Path, target: str) -> None:
    with (
        git_server(root, moved={"/old": target}) as (address, seen),
        pytest.raises(SnapshotError, match=r"has moved to|could not be followed"),
    ):
        open_snapshot(f"{address}/old")
    assert len(seen) == 2


def test_a_token_is_shown_only_when_asked_for(
    root: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TOKENS, "127.0.0.1", ("SOME_TOKEN",))
    with git_server(root, password=CANARY) as (address, seen):
        with pytest.raises(SnapshotError, match=r"private, deleted or misspelt.*set SOME_TOKEN"):
            open_snapshot(f"{address}/o/n.git")
        monkeypatch.setenv("SOME_TOKEN", "wrong-" + CANARY)
        with pytest.raises(SnapshotError, match="token in SOME_TOKEN gives no access") as refused:
            open_snapshot(f"{address}/o/n.git")
        assert CANARY not in str(refused.value)
        monkeypatch.setenv("SOME_TOKEN", CANARY)
        seen.clear()
        snapshot = open_snapshot(f"{address}/o/n.git")
        assert seen[0].endswith(" -")
    assert snapshot.read("README.md") == b"# n\n"
    assert CANARY not in repr(snapshot)
    for file in private.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()
    with git_server(root) as (address, seen):
        open_snapshot(f"{address}/o/n.git")
        assert all(line.endswith(" -") for line in seen)


def test_a_token_stays_out_of_command_lines_messages_and_tracebacks(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TOKENS, "127.0.0.1", ("SOME_TOKEN",))
    monkeypatch.setenv("SOME_TOKEN", CANARY)
    started: list[list[str]] = []
    real = subprocess.Popen.__init__

    def record(self: object, argv: list[str], *rest: object, **named: object) -> None:
        started.append([str(part) for part in argv])
        real(self, argv, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", record)
    heard: list[str] = []
    text = io.StringIO()
    with git_server(root, password="other") as (address, _):
        try:
            open_snapshot(f"{address}/o/n.git", progress=heard.append)
        except SnapshotError:
            traceback.print_exc(file=text)
    assert len(started) >= 2
    assert CANARY not in text.getvalue() + str(started) + str(heard)
    assert "\x1b" not in text.getvalue()


def test_interrupt_ends_everything(tmp_path: Path) -> None:
    program = (
        "import sys, codesim\n"
        "codesim.open_snapshot(sys.argv[1], progress=lambda m: print(m, flush=True))\n"
    )
    with raw_server(silent) as (address, seen):
        process = subprocess.Popen(
            [sys.executable, "-c", program, f"{address}/n"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        with contextlib.ExitStack() as stack:
            stack.callback(process.kill)
            end = time.monotonic() + 20
            while not seen and time.monotonic() < end:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, messages = process.communicate(timeout=20)
    assert seen
    assert messages.decode().rstrip().endswith("KeyboardInterrupt")
    assert list(tmp_path.iterdir()) == []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            assert str(tmp_path).encode() not in (folder / "cmdline").read_bytes()
