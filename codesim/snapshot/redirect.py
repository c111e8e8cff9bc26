"""One redirect, for renamed repositories: same scheme, same host, looked up without Git."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from codesim.errors import SnapshotError
from codesim.snapshot.limits import Deadline
from codesim.snapshot.redact import redact
from codesim.snapshot.spec import LOOPBACK, clean_url
from codesim.text.display import display

_SERVICE = "/info/refs"
_PATIENCE = 20.0


def moved_to(url: str, header: str | None, deadline: Deadline) -> str:
    """The address that a repository's own host sends us to. Raises SnapshotError otherwise."""
    target = urljoin(url, _location(url, header, min(_PATIENCE, max(1.0, deadline.left))))
    old, new = urlsplit(url), urlsplit(target)
    path = new.path.removesuffix(_SERVICE)
    if (old.scheme, old.netloc) != (new.scheme, new.netloc) or not new.path.endswith(_SERVICE):
        place = display(redact(f"{new.scheme}://{new.netloc}{path}"))[:200]
        raise SnapshotError(
            f"{url} has moved to {place}; codesim does not follow a redirect to another place, "
            "give that address yourself if you trust it"
        )
    return clean_url(new.scheme, new.netloc + path)


def _location(url: str, header: str | None, seconds: float) -> str:
    # Loaded here only: the modules behind it take longer to import than most runs need Git.
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = Request(f"{url}{_SERVICE}?service=git-upload-pack")  # noqa: S310 - clean_url made it
    request.add_header("User-Agent", "git/codesim")
    if header:
        name, _, value = header.partition(": ")
        request.add_header(name, value)
    here = any(url.startswith((f"http://{host}:", f"http://{host}/")) for host in LOOPBACK)
    opener = build_opener(Stay(), *([ProxyHandler({})] if here else []))
    try:
        with opener.open(request, timeout=seconds):
            return ""
    except HTTPError as error:
        with error:
            return error.headers.get("Location", "")
    except (OSError, HTTPException, ValueError):
        return ""
