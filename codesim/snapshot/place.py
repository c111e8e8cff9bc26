"""One file on a server: where it lies, who may see it, and whether an answer is what was asked."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from codesim.snapshot.redact import redact
from codesim.snapshot.spec import LOOPBACK
from codesim.snapshot.wire import Lane, Passing, WireError, asked_to_wait, patiently
from codesim.text.display import display

# Tests talk to servers on this machine without encryption; nobody else has a reason to.
LOOPBACK_OPT_IN = "CODESIM_HTTP_LOOPBACK"
# Large files of the Hub lie on hosts of its own, such as cas-bridge.xethub.hf.co.
_HUB_HOSTS = (".hf.co", ".huggingface.co")
_MOST_HOPS = 3
MOVED = frozenset((301, 302, 303, 307, 308))
_REFUSED = frozenset((400, 401, 403, 404, 410))
BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
BECAUSE = {429: " (too many requests)", 503: " (overloaded)"}
_CONTENT_RANGE = re.compile(r"^bytes (\d{1,18})-(\d{1,18})/(\d{1,18})$")


@dataclass(slots=True)
class Place:
    """A file on a server. ``path`` is its label, ``url`` its address, which may be shown.

    ``size`` is in bytes, None until an answer has said it. ``secret`` is a token that is shown to
    the host of ``url`` once that refuses without. ``link`` is where that host sends us, which may
    carry a signature and is never shown; ``is_straight`` where it sends us nowhere. ``lost`` says
    why the file was given up.
    """

    path: str
    url: str
    size: int | None = None
    secret: str = field(default="", repr=False)
    on_hub: bool = False
    is_shown: bool = False
    link: str = field(default="", repr=False)
    is_straight: bool = False
    mark: str = ""
    identity: str = ""
    lost: str = ""
    door: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def part(self, lane: Lane, start: int, size: int) -> bytes:
        """``size`` bytes from ``start``; fewer only where the file ends, and as long as its size
        is unknown. Raises WireError, and from then on always.
        """
        if self.lost:
            raise WireError(self.lost)
        try:
            return patiently(lambda: self._once(lane, start, size), lane.patience)
        except WireError as error:
            self.lost = str(error)
            raise

    def _once(self, lane: Lane, start: int, size: int) -> bytes:
        if self.on_hub and not (self.link or self.is_straight):
            with self.door:  # one asks the way, and the others follow
                if not (self.link or self.is_straight):
                    return self._asked(lane, start, size)
        return self._asked(lane, start, size)

    def _asked(self, lane: Lane, start: int, size: int) -> bytes:
        old = self.link  # other lanes may find another meanwhile
        url = old or self.url
        linked = ""
        for _ in range(_MOST_HOPS + 2):
            own = same_origin(url, self.url)
            headers = {"range": f"bytes={start}-{start + size - 1}"}
            if own and self.is_shown:
                headers["authorization"] = f"Bearer {self.secret}"
            with lane.ask(url, headers, lane.patience.seconds(size)) as answer:
                status = answer.status_code
                if status in MOVED:
                    linked = linked or answer.headers.get("x-linked-etag", "")
                    url = followed(url, answer.headers.get("location", ""), self.on_hub)
                elif status in _REFUSED and old and url == old:
                    old, url = "", self.url  # signatures end
                elif status in _REFUSED and own and self.secret and "authorization" not in headers:
                    self.is_shown, url = True, self.url
                else:
                    self._check_status(status, answer.headers, start)
                    self._check_same(answer.headers, linked, url)
                    data = self._body(answer, start, size)
                    self.link = url if url != self.url else ""
                    self.is_straight = not self.link
                    return data
        raise WireError("the server sends us in circles")

    def _check_status(self, status: int, headers: Mapping[str, str], start: int) -> None:
        if status == 206:
            return
        if status == 200:
            raise WireError(
                "the server sends the whole file where a part is asked for, so that it cannot be "
                "read from there; download it and give its path"
            )
        if status in BUSY:
            raise Passing(f"the server answers {status}{BECAUSE.get(status, '')}",
                          asked_to_wait(headers))  # fmt: skip
        if status in (401, 403):
            raise WireError(self._refused(status, headers.get("x-error-code", "")))
        if status == 404:
            raise WireError("the server has no such file; check the address")
        if status == 416:
            raise WireError(f"the server has no byte {start:,} of it; it is not as long as said")
        raise WireError(f"the server answers {status}; check the address")

    def _refused(self, status: int, code: str) -> str:
        if not self.on_hub:
            return f"the server asks for a login ({status}); download the file and give its path"
        gated = "it is gated: accept its terms on its page, " if code == "GatedRepo" else ""
        if self.is_shown:
            return f"the token in HF_TOKEN gives no access; {gated or 'check what it may read'}"
        return f"it may not be read by everyone; {gated}set HF_TOKEN to a token that may"

    def _check_same(self, headers: Mapping[str, str], linked: str, url: str) -> None:
        """A file must not change while it is read. What the Hub says of it outlives its links."""
        mark = headers.get("etag") or headers.get("last-modified") or ""
        kept = url == self.link or not (linked or self.identity)
        if (kept and self.mark and mark != self.mark) or (
            linked and self.identity and linked != self.identity
        ):
            raise WireError("it changed on the server while it was read; start again")
        self.mark, self.identity = mark, linked or self.identity

    def _body(self, answer: Any, start: int, size: int) -> bytes:
        length = self._announced(answer.headers, start, size)
        chunks, came = [], 0
        for chunk in answer.iter_raw():
            chunks.append(chunk)
            came += len(chunk)
            if came > length:
                raise WireError("the server sends more than it announced")
        if came < length:
            raise Passing("the transfer broke off")
        return b"".join(chunks)

    def _announced(self, headers: Mapping[str, str], start: int, size: int) -> int:
        """How many bytes the answer has, where it is the part that was asked for."""
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise WireError("the server compresses what is to be sent as it is stored")
        said = _CONTENT_RANGE.match(headers.get("content-range", ""))
        if said is None:
            raise WireError("the server does not say which part it sends (Content-Range)")
        first, last, total = map(int, said.groups())
        if self.size is not None and total != self.size:
            raise WireError(f"the server gives it {total:,} bytes, where {self.size:,} were said")
        if (first, last) != (start, min(start + size, total) - 1):
            raise WireError("the server sends another part than was asked for")
        length = last - first + 1
        if headers.get("content-length", str(length)) != str(length):
            raise WireError("the server announces two different lengths")
        self.size = total
        return length


def followed(url: str, location: str, on_hub: bool) -> str:
    """Where a redirect leads: on the same host, or from the Hub to its own hosts for large files.
    Raises WireError for anything else.
    """
    try:
        target = urljoin(url, location)
        new = urlsplit(target)
        host = (new.hostname or "").lower()
        is_odd = new.username is not None or not is_allowed(target) or (new.port or 1) < 1
    except ValueError:
        is_odd = True
    if not location or is_odd:
        raise WireError("the server sends us to an address that is not followed")
    near = is_loopback(url) and is_loopback(target)
    if same_origin(url, target) or (on_hub and (host.endswith(_HUB_HOSTS) or near)):
        return target
    place = display(redact(f"{new.scheme}://{new.netloc}{new.path}"))[:200]
    raise WireError(
        f"the server sends us to {place}; codesim does not follow a redirect to another host, "
        "give that address yourself if you trust it"
    )


def is_allowed(url: str) -> bool:
    """True for https, and for this machine where the environment asks for it."""
    return url.startswith("https://") or (
        is_loopback(url) and os.environ.get(LOOPBACK_OPT_IN) == "1"
    )


def is_loopback(url: str) -> bool:
    """True for http to this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and (parts.hostname or "") in {h.strip("[]") for h in LOOPBACK}


def same_origin(one: str, two: str) -> bool:
    """True where both have the scheme, host and port in common."""
    return urlsplit(one)[:2] == urlsplit(two)[:2]
