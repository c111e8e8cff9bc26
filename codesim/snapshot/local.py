"""A Git repository on this machine: looked over without Git, its objects borrowed read-only."""

from __future__ import annotations

import os
import re
from pathlib import Path

from codesim.errors import SnapshotError
from codesim.model import Snapshot
from codesim.snapshot.bare import Bare
from codesim.snapshot.git import read_commit
from codesim.snapshot.limits import Deadline, Limits
from codesim.snapshot.process import Git
from codesim.snapshot.refs import Refs, read_plain
from codesim.snapshot.spec import Source
from codesim.text.display import display

_SUFFIX = re.compile(r"^(.*?)((?:[~^]\d*)*)$")
_HEX = re.compile(r"^[0-9a-f]{4,64}$")
_OBJECT_FILES = 5_000_000
_ELSEWHERE = {
    "commondir": "it is a linked work tree; give the path of the main repository",
    "objects/info/alternates": (
        "part of its objects lie in another repository (objects/info/alternates); "
        "run 'git repack -a -d' in it and remove that file, or give the other repository"
    ),
    "objects/info/http-alternates": "part of its objects lie on another server (http-alternates)",
}


def git_directory(path: Path) -> Path | None:
    """The Git directory of a repository given by path, None for a plain directory.

    Raises SnapshotError where the directory points out of itself: what it points to is not ours
    to read just because an input says so.
    """
    inner = path / ".git"
    if inner.is_symlink():
        raise SnapshotError("its .git is a symbolic link; give the path of the repository itself")
    if inner.is_file():
        raise SnapshotError(
            "its .git is a file that points to another place (a linked work tree or submodule); "
            "give the path of the main repository"
        )
    for candidate in (inner, path):
        if _is_git_directory(candidate):
            return candidate
        _refuse_damaged(candidate)
    return None


def open_local(source: Source, git_dir: Path, limits: Limits) -> Snapshot:
    """The committed state of a local repository at HEAD or at the revision asked for."""
    _check(git_dir)
    refs = Refs(git_dir)
    base, suffix = _base_and_suffix(source.revision)
    oid = refs.find(base) or (base if _HEX.match(base) else None)
    if oid is None:
        raise SnapshotError(_unknown(source, refs))
    if len(refs.head() or oid) == 64:
        raise SnapshotError("it uses SHA-256 object ids, which are not read yet; give a .zip of it")
    bare = Bare(git_dir / "objects")
    with bare.removed_on_failure():
        git = Git(bare, limits, Deadline.after(limits.deadline))
        commit = resolve(git, oid + suffix)
        if commit is None:
            raise SnapshotError(_unknown(source, refs))
        return read_commit(git, commit, source.name, source.origin)


def resolve(git: Git, name: str) -> str | None:
    """The full id of the commit that a name stands for in a private repository."""
    ended = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
    commit = ended.output.decode("ascii", "replace").strip()
    return commit if ended.status == 0 and re.fullmatch("[0-9a-f]{40,64}", commit) else None


def known_names(names: list[str]) -> str:
    """A few names to choose from, for a message."""
    if not names:
        return "it has no branches or tags"
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return "it has " + ", ".join(display(name) for name in names[:8]) + more


def _base_and_suffix(revision: str | None) -> tuple[str, str]:
    found = _SUFFIX.match(revision or "HEAD")
    assert found is not None
    return found.group(1), found.group(2)


def _is_git_directory(path: Path) -> bool:
    return (
        os.path.lexists(path / "HEAD")
        and os.path.lexists(path / "objects")
        and (os.path.lexists(path / "refs") or os.path.lexists(path / "packed-refs"))
    )


def _refuse_damaged(path: Path) -> None:
    """A repository that lost a part would otherwise be read as a plain directory of Git's files."""
    head, objects = (path / "HEAD").is_file(), (path / "objects").is_dir()
    config = (path / "config").is_file()
    references = (path / "refs").is_dir() or (path / "packed-refs").is_file()
    lost = ""
    if head and (references or config):
        lost = "objects" if not objects else "references"
    elif objects and references and config:
        lost = "HEAD"
    if lost:
        raise SnapshotError(f"looks like a Git repository but has no {lost}; give a whole copy")


def _check(git_dir: Path) -> None:
    for name, reason in _ELSEWHERE.items():
        if (read_plain(git_dir / name, 1_000_000) or b"").strip():
            raise SnapshotError(reason)
    if os.path.lexists(git_dir / "reftable"):
        raise SnapshotError(
            "it keeps its references in a reftable, which is not read yet; "
            "run 'git refs migrate --ref-format=files' in it"
        )
    for name in ("HEAD", "objects", "refs", "packed-refs"):
        if (git_dir / name).is_symlink():
            raise SnapshotError(f"'{name}' in its Git directory is a symbolic link")
    seen = 0
    for folder, _, _ in os.walk(git_dir / "objects"):
        with os.scandir(folder) as entries:
            for entry in entries:
                seen += 1
                plain = entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
                if not plain or seen > _OBJECT_FILES:
                    raise SnapshotError(
                        f"'{display(entry.name)}' among its objects is a link or no regular file"
                        if not plain
                        else f"it has more than {_OBJECT_FILES:,} object files"
                    )


def _unknown(source: Source, refs: Refs) -> str:
    names = refs.short_names()
    if source.revision is None and not names:
        return "it is an empty repository: nothing has been committed yet"
    if source.revision is None:
        return f"its HEAD names no commit; add @REVISION: {known_names(names)}"
    return f"no revision '{source.revision}'; {known_names(names)}"
