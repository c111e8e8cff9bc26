"""From a URL to one commit in a private bare repository, by one shallow fetch where possible."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from codesim.errors import SnapshotError
from codesim.snapshot.local import known_names, resolve
from codesim.snapshot.process import Ended, Git, network_environment
from codesim.snapshot.redact import token_for
from codesim.snapshot.redirect import moved_to
from codesim.snapshot.spec import LOOPBACK, Source
from codesim.snapshot.trouble import Cause, FetchError, explain
from codesim.text.display import display

_TARGET = "refs/codesim/fetched"
_FULL = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64})$")
_SHORT = re.compile(r"^[0-9a-f]{7,63}$")
_ATTEMPTS = 3  # as anyone, at the new address, with the token


@dataclass(frozen=True, slots=True)
class Remote:
    """One way to reach a repository; ``header`` carries the token, and only ever in memory."""

    git: Git
    url: str
    host: str
    progress: Callable[[str], None]
    header: str | None = None
    moved: bool = False

    def fetch(self, *refspecs: str, shallow: bool = True) -> None:
        """Fetch into the private repository. Raises FetchError."""
        depth = ("--depth=1",) if shallow else ()
        limit = f"--filter=blob:limit={self.git.limits.file}"
        flags = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", limit)
        try:
            self._run("fetch", *flags, *depth, "--", self.url, *refspecs)
        finally:
            self.git.bare.seal()

    def names(self) -> dict[str, str]:
        """The references that the server offers: full name to id, tags peeled."""
        ended = self._run("ls-remote", "--quiet", "--", self.url)
        pairs = [
            line.split("\t", 1) for line in ended.output.decode("utf-8", "replace").split("\n")
        ]
        found = {pair[1]: pair[0] for pair in pairs if len(pair) == 2 and _FULL.match(pair[0])}
        peeled = {name[:-3]: oid for name, oid in found.items() if name.endswith("^{}")}
        return {name: oid for name, oid in {**found, **peeled}.items() if not name.endswith("^{}")}

    def _run(self, *arguments: str) -> Ended:
        scheme = self.url.split(":", 1)[0]
        extra = network_environment(scheme, self.host in LOOPBACK)
        if self.header:
            place = "/".join(self.url.split("/")[:3]) + "/"
            extra |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"http.{place}.extraHeader",
                "GIT_CONFIG_VALUE_0": self.header,
            }
        ended = self.git.run(
            *arguments,
            options={f"protocol.{scheme}.allow": "always"},
            extra=extra,
            progress=lambda size: self.progress(f"fetching {self.url}: {size / 1e6:.1f} MB"),
        )
        if ended.status != 0:
            raise FetchError(ended.messages or f"git ended with status {ended.status}")
        return ended


def fetch(source: Source, git: Git, progress: Callable[[str], None]) -> tuple[str, str]:
    """Fetch one commit; returns its full id and the address that it came from.

    Asks as anyone first, so that a token is shown only to a host that wants one. Raises
    SnapshotError.
    """
    assert source.url is not None
    remote = Remote(git, source.url, source.host, progress)
    progress(f"fetching {remote.url}")
    for _ in range(_ATTEMPTS):
        try:
            return _commit(remote, source.revision), remote.url
        except FetchError as failed:
            remote = _other_way(remote, failed)
    raise SnapshotError(f"cannot fetch {source.url}: it sends us in circles")


def _other_way(remote: Remote, failed: FetchError) -> Remote:
    token = token_for(remote.host)
    if failed.cause is Cause.PRIVATE and token and not remote.header:
        pair = base64.b64encode(f"codesim:{token}".encode("ascii")).decode("ascii")
        return replace(remote, header=f"Authorization: Basic {pair}")
    if failed.cause is Cause.MOVED and not remote.moved:
        url = moved_to(remote.url, remote.header, remote.git.deadline)
        remote.progress(f"{remote.url} has moved to {url}")
        return replace(remote, url=url, moved=True)
    raise explain(failed, remote.url, remote.host, bool(remote.header)) from None


def _commit(remote: Remote, revision: str | None) -> str:
    name = _shallow(remote, revision) if revision else _default_branch(remote)
    commit = resolve(remote.git, name)
    if commit is None:
        raise SnapshotError(f"{remote.url}: '{display(revision or 'HEAD')}' names no commit")
    return commit


def _default_branch(remote: Remote) -> str:
    try:
        remote.fetch(f"+HEAD:{_TARGET}")
    except FetchError as failed:
        if failed.cause is not Cause.NO_REFERENCE:
            raise
        names = _short_names(remote.names())
        if not names:
            raise SnapshotError(
                f"{remote.url} is an empty repository: nothing has been committed yet"
            ) from None
        raise SnapshotError(
            f"{remote.url} has no default branch; add @REVISION: {known_names(names)}"
        ) from None
    return _TARGET


def _shallow(remote: Remote, revision: str) -> str:
    """Fetch what a revision names: a reference, a full commit id, or the start of one."""
    if "~" in revision or "^" in revision:
        raise SnapshotError("'~' and '^' need the history, which is not fetched; give a commit id")
    offered = remote.names()
    for prefix in ("", "refs/", "refs/tags/", "refs/heads/"):
        if prefix + revision in offered:
            remote.fetch(f"+{prefix}{revision}:{_TARGET}")
            return _TARGET
    tips = {oid for oid in offered.values() if oid.startswith(revision)}
    if _FULL.match(revision) or (_SHORT.match(revision) and len(tips) == 1):
        try:
            remote.fetch(f"+{revision if _FULL.match(revision) else tips.pop()}:{_TARGET}")
        except FetchError as failed:
            if failed.cause is not Cause.NO_REFERENCE:
                raise
        else:
            return _TARGET
    if _SHORT.match(revision) and offered:
        return _from_history(remote, revision, offered)
    raise _unknown(remote, revision, offered)


def _from_history(remote: Remote, revision: str, offered: dict[str, str]) -> str:
    remote.progress(f"looking for {revision} in the history of {remote.url}")
    remote.fetch("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", shallow=False)
    if resolve(remote.git, revision) is None:
        raise _unknown(remote, revision, offered)
    return revision


def _unknown(remote: Remote, revision: str, offered: dict[str, str]) -> SnapshotError:
    names = known_names(_short_names(offered))
    return SnapshotError(f"{remote.url} has no revision '{display(revision)}'; {names}")


def _short_names(offered: dict[str, str]) -> list[str]:
    prefixes = ("refs/heads/", "refs/tags/")
    return sorted({n.split("/", 2)[2] for n in offered if n.startswith(prefixes)})
