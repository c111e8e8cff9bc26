"""From what a person types to a ``Source``: an allowlist, decided before any process starts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote

from codesim.errors import SnapshotError
from codesim.text.display import display

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# Hosts that may be written without https://.
_OWNED = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")
HOSTS = (*_OWNED, "huggingface.co")
HUB = "https://huggingface.co"

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):/{1,2}")
_HELPER = re.compile(r"^[A-Za-z0-9+.-]*::")
_SSH = re.compile(r"^[^/#]*:")
_HUB = re.compile(r"^(datasets/|spaces/)?[A-Za-z0-9][\w.-]*(/[\w.-]+)?$", re.ASCII)
_AUTHORITY = re.compile(r"^(\[::1\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?$")
_URL_PATH = re.compile(r"^(/[A-Za-z0-9._~+-]+)+$")
_REVISION = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/+-]*([~^]\d*)*$")
# What a browser's address bar holds on a folder page: /owner/name/tree/main/src
_PAGE = re.compile(
    r"^(?P<repo>/.+?)(?:/-)?/(?:tree|blob|resolve|src/branch)/(?P<rev>[^/]+)(?:/(?P<folder>.+))?$"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes come from: ``url`` or ``path`` is set, never both; no credentials in any field.

    ``origin`` is what a result may say; for a path it is the last part only, so that the same
    content in another folder gives the same result.
    """

    name: str
    origin: str
    url: str | None = None
    path: str | None = None
    revision: str | None = None
    folder: str | None = None

    @property
    def host(self) -> str:
        """Host of a URL without its port, or an empty string."""
        authority = self.url.split("/")[2] if self.url else ""
        return re.sub(r":\d+$", "", authority)


def parse_source(spec: str) -> Source:
    """Read ``LOCATION[@REVISION][#FOLDER]``. Raises SnapshotError, which never repeats a secret."""
    _refuse_odd_text(spec)
    if spec.startswith("hf:"):
        return _hub(spec[3:])
    scheme = _SCHEME.match(spec)
    if scheme:
        return _with_scheme(scheme.group(1).lower(), spec[scheme.end() - 1 :], spec)
    if _HELPER.match(spec):
        raise SnapshotError("an address with '::' names a Git remote helper, which is never run")
    if not os.path.lexists(spec):
        host = spec.split("/", 1)[0].lower().removeprefix("www.")
        if "/" in spec and host in HOSTS:
            return _remote("https", host + "/" + spec.split("/", 1)[1])
        if _SSH.match(spec) and not os.path.lexists(_split(spec)[0]):
            raise SnapshotError(
                "addresses of the form host:path are fetched by ssh, which is not supported; "
                "write https://HOST/OWNER/NAME, or ./ before a local path"
            )
    return _local(spec)


def clean_url(scheme: str, rest: str) -> str:
    """A URL from a scheme and ``authority/path``, or SnapshotError with the part that is wrong."""
    authority, _, path = rest.partition("/")
    if "@" in authority:
        raise SnapshotError(
            "the address carries a user name or token; leave it out and put the token into "
            "GITHUB_TOKEN (github.com) or HF_TOKEN (huggingface.co)"
        )
    authority = authority.lower()
    if authority.removeprefix("www.") in HOSTS:
        authority = authority.removeprefix("www.")
    found = _AUTHORITY.match(authority)
    if not found or ".." in authority:
        raise SnapshotError("the address has no valid host name")
    if scheme == "http" and found.group(1) not in LOOPBACK:
        raise SnapshotError("http:// is not encrypted and only allowed for localhost; use https://")
    path = "/" + path.rstrip("/")
    parts = path.split("/")[1:]
    odd = ".." in parts or any(part.startswith("-") and part != "-" for part in parts)
    if odd or not _URL_PATH.match(path) or (len(parts) < 2 and authority in _OWNED):
        raise SnapshotError(
            "the address has no valid path; expected https://HOST/OWNER/NAME[@REVISION][#FOLDER]"
        )
    return f"{scheme}://{authority}{path}"


def _refuse_odd_text(spec: str) -> None:
    if not spec or spec != spec.strip():
        raise SnapshotError("the source is empty or has blanks around it")
    if any(ord(ch) < 32 or 127 <= ord(ch) < 160 or 0xD800 <= ord(ch) < 0xE000 for ch in spec):
        raise SnapshotError("the source contains control characters")
    if spec.startswith("-"):
        raise SnapshotError("the source begins with '-'; write ./ before a local path")


def _with_scheme(scheme: str, rest: str, spec: str) -> Source:
    if scheme == "file":
        return _file_url(rest.lstrip("/"), spec)
    if scheme not in ("https", "http"):
        raise SnapshotError(
            f"{scheme}: addresses are not supported; use https://, github.com/OWNER/NAME, "
            "hf:OWNER/NAME, file:// or a path"
        )
    if not rest.startswith("/") or not spec[len(scheme) :].startswith("://"):
        raise SnapshotError(f"{scheme}: must be followed by //HOST/PATH")
    return _remote(scheme, rest[1:])


def _file_url(rest: str, spec: str) -> Source:
    if not spec[4:].startswith(":///"):
        raise SnapshotError("file:// must be followed by an absolute path: file:///folder/repo")
    path = unquote("/" + rest)
    _refuse_odd_text(path)
    return _local(path)


def _hub(rest: str) -> Source:
    location = re.split(r"[@#]", rest, maxsplit=1)[0]
    if not _HUB.match(location):
        raise SnapshotError("hf: must be followed by OWNER/NAME, datasets/OWNER/NAME or spaces/...")
    return _remote("https", "huggingface.co/" + rest)


def _remote(scheme: str, rest: str) -> Source:
    if "?" in rest:
        raise SnapshotError("the address carries a query ('?'); give it without one")
    location, _, folder = rest.partition("#")
    authority, slash, path = location.partition("/")
    path, at, revision = path.partition("@")
    url = clean_url(scheme, authority + slash + path)
    base, page = url[: url.index("/", 8)], _PAGE.match(url[url.index("/", 8) :])
    if base.removeprefix("https://") in HOSTS:
        if page and not at:
            url = base + page["repo"]
            at, revision, folder = "@", page["rev"], folder or page["folder"] or ""
        url = url.removesuffix(".git")
    name = url.split("/", 3)[3].removesuffix(".git")
    folder = _folder(folder) if folder else ""
    return Source(
        name="/".join(name.split("/")[-2:]),
        origin=url + (f"#{folder}" if folder else ""),
        url=url,
        revision=checked_revision(revision) if at else None,
        folder=folder or None,
    )


def _local(spec: str) -> Source:
    path, revision, folder = _split(spec)
    folder = _folder(folder) if folder else None
    *_, name = local_parts(path)
    return Source(
        name=name,
        origin=f"file:{name}" + (f"#{folder}" if folder else ""),
        path=path,
        revision=checked_revision(revision) if revision is not None else None,
        folder=folder,
    )


def local_parts(path: str) -> tuple[str, ...]:
    """The folders of a path and its last part, which is kept as typed where it is a link."""
    folder, last = os.path.split(path.rstrip("/") or path)
    if last in ("", ".", "..", ".git"):
        real = os.path.realpath(path)
    else:
        real = os.path.join(os.path.realpath(folder), last)
    parts = [part for part in real.split(os.sep) if part] or ["root"]
    if parts[-1] == ".git" and len(parts) > 1:
        parts.pop()
    parts[-1] = parts[-1].removesuffix(".git") or "root"
    return tuple(os.fsencode(part).decode("utf-8", "backslashreplace") for part in parts)


def _split(spec: str) -> tuple[str, str | None, str | None]:
    """Path, revision, folder. A path that exists as written is never split."""
    if os.path.lexists(spec):
        return spec, None, None
    location, mark, folder = spec.rpartition("#")
    if not mark:
        location, folder = spec, ""
    if os.path.lexists(location):
        return location, None, folder or None
    path, at, revision = location.rpartition("@")
    if at and path and os.path.lexists(path):
        return path, revision, folder or None
    return location, None, folder or None


def checked_revision(text: str) -> str:
    """A branch, tag or commit id that is safe to look up. Raises SnapshotError."""
    parts = text.split("/")
    odd = ".." in text or any(not p or p.startswith(".") or p.endswith(".lock") for p in parts)
    if odd or len(text) > 200 or not _REVISION.match(text):
        raise SnapshotError(
            f"'{display(text[:60])}' is not a revision; give a branch, a tag or a commit id"
        )
    return text


def _folder(text: str) -> str:
    folder = text.strip("/")
    if not folder or text.startswith("/") or ".." in folder.split("/"):
        raise SnapshotError("the folder after '#' must be a path inside the source, without '..'")
    return folder
