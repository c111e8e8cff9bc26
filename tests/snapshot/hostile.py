"""Small generators of repositories, honest and hostile. Git runs without any user configuration."""

from __future__ import annotations

import os
import subprocess
import zlib
from hashlib import sha1
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
}


def git(repository: Path, *arguments: str, data: bytes = b"") -> str:
    """Run Git on a bare repository or a ``.git`` directory."""
    done = subprocess.run(
        ["git", f"--git-dir={repository}", *arguments],
        input=data,
        capture_output=True,
        env=ENVIRONMENT,
        check=True,
    )
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def new_repository(path: Path, *options: str) -> Path:
    """An empty bare repository on branch main."""
    subprocess.run(
        ["git", "init", "-q", "--bare", "-b", "main", *options, str(path)],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    return path


def blob(repository: Path, data: bytes) -> str:
    return git(repository, "hash-object", "-w", "-t", "blob", "--stdin", data=data)


def tree(repository: Path, rows: list[tuple[str, bytes, str]]) -> str:
    """A tree object of (mode, name, id), written as given: nothing is checked or sorted."""
    raw = b"".join(
        mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in rows
    )
    return git(repository, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=raw)


def commit(repository: Path, root: str, branch: str = "main", parents: tuple[str, ...] = ()) -> str:
    named = [part for parent in parents for part in ("-p", parent)]
    oid = git(repository, "commit-tree", *named, "-m", "a commit", root)
    git(repository, "update-ref", f"refs/heads/{branch}", oid)
    return oid


def nested(repository: Path, files: dict[str, bytes]) -> str:
    """The tree of some files in folders."""
    folders: dict[str, dict[str, bytes]] = {}
    rows = []
    for path, data in files.items():
        first, _, rest = path.partition("/")
        if rest:
            folders.setdefault(first, {})[rest] = data
        else:
            rows.append(("100644", first.encode(), blob(repository, data)))
    rows += [("40000", name.encode(), nested(repository, inner)) for name, inner in folders.items()]
    return tree(repository, sorted(rows, key=lambda r: r[1] + (b"/" if r[0] == "40000" else b"")))


def repository_with(path: Path, files: dict[str, bytes]) -> Path:
    """A bare repository with one commit."""
    new_repository(path)
    commit(path, nested(path, files))
    return path


def object_file(repository: Path, oid: str) -> Path:
    return repository / "objects" / oid[:2] / oid[2:]


def remove_object(repository: Path, oid: str) -> None:
    object_file(repository, oid).unlink()


def damage_object(repository: Path, oid: str, declared: int) -> None:
    """Keep the header, so that the size is still known, and break the rest."""
    path = object_file(repository, oid)
    path.chmod(0o644)
    stream = zlib.compressobj()
    start = stream.compress(b"blob %d\0" % declared + b"d" * 100) + stream.flush(zlib.Z_FULL_FLUSH)
    path.write_bytes(start + b"\xff\xff\xff\xff\xff")


def bomb(repository: Path, width: int, levels: int) -> str:
    """A tree that names width**levels files with a handful of objects."""
    oid, mode = blob(repository, b"x"), "100644"
    for _ in range(levels):
        oid = tree(repository, [(mode, b"%02d" % i, oid) for i in range(width)])
        mode = "40000"
    return oid


def booby_trap(work: Path, marker: Path) -> None:
    """A repository with a work tree whose configuration runs a command at every chance."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(work)], env=ENVIRONMENT, check=True)
    inner = work / ".git"
    root = nested(inner, {"model.py": b"x = 1\n", ".gitattributes": b"* filter=evil diff=evil\n"})
    commit(inner, root)
    script = inner / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    for name in ("post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction"):
        (inner / "hooks").mkdir(exist_ok=True)
        (inner / "hooks" / name).write_text(script.read_text())
        (inner / "hooks" / name).chmod(0o755)
    keys = (
        "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass",
        "core.gitProxy", "core.alternateRefsCommand", "diff.external", "diff.evil.textconv",
        "diff.evil.command", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process",
        "uploadpack.packObjectsHook", "credential.helper", "gpg.program", "pager.ls-tree",
        "pager.cat-file", "pager.rev-parse", "alias.rev-parse", "alias.ls-tree",
        "alias.cat-file",
    )  # fmt: skip
    with (inner / "config").open("a") as file:
        for key in keys:
            section, _, name = key.rpartition(".")
            first, _, second = section.partition(".")
            header = f'[{first} "{second}"]' if second else f"[{first}]"
            file.write(f"{header}\n\t{name} = {'!' if first == 'alias' else ''}{script}\n")
        file.write(f"[core]\n\thooksPath = {inner / 'hooks'}\n\tworktree = /\n")


def blob_id(data: bytes) -> str:
    return sha1(b"blob %d\0" % len(data) + data).hexdigest()
