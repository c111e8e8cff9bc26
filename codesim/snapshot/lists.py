"""Short answers for huggingface_hub: bounded, from one server, as plain bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codesim.snapshot.place import BECAUSE, BUSY, MOVED, followed, same_origin
from codesim.snapshot.wire import Lane, Passing, Patience, WireError, asked_to_wait, patiently

_MOST_HOPS = 3
_SENT = ("authorization", "accept")
# What the library looks at. Others are left out: one of them is a text that it prints.
_KEPT = ("content-type", "x-error-code")


def listing_client(base: str, patience: Patience, is_direct: bool, most: int) -> Any:
    """A client of httpx2 that only asks for what lies below ``base``, at most ``most`` bytes each.

    A redirect is followed on the same host only. Raises SnapshotError in place of its own errors.
    """
    import httpx2

    lane = Lane(patience, is_direct)

    class Lists(httpx2.BaseTransport):
        def handle_request(self, request: Any) -> Any:
            url = str(request.url)
            if request.method != "GET" or not url.startswith(base):
                raise WireError("huggingface_hub asks for more than a list, which is not sent")
            sent = {name: request.headers[name] for name in _SENT if name in request.headers}
            status, headers, data = patiently(lambda: _answer(lane, url, sent, most), patience)
            return httpx2.Response(status, headers=headers, content=data, request=request)

        def close(self) -> None:
            lane.close()

    return httpx2.Client(transport=Lists())


def _answer(
    lane: Lane, url: str, headers: Mapping[str, str], most: int
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. Raises WireError or Passing."""
    first = url
    for _ in range(_MOST_HOPS + 1):
        with lane.ask(url, headers, lane.patience.seconds(most)) as answer:
            status = answer.status_code
            if status in MOVED:
                url = followed(url, answer.headers.get("location", ""), on_hub=False)
                if not same_origin(first, url):
                    raise WireError("the server sends us to another place, which is not followed")
                continue
            if status in BUSY:
                wait = asked_to_wait(answer.headers)
                raise Passing(f"the server answers {status}{BECAUSE.get(status, '')}", wait)
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise WireError("the server compresses its answer, which was not asked for")
            found = bytearray()
            for chunk in answer.iter_raw():
                found += chunk
                if len(found) > most:
                    raise WireError(f"the server's answer has more than {most:,} bytes")
            kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
            return status, kept, bytes(found)
    raise WireError("the server sends us in circles")
