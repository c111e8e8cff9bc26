"""The network for parts of files: a few connections that are kept, and a deadline for each answer.

httpx2 is loaded when the first source on a server is opened.
"""

from __future__ import annotations

import contextlib
import email.utils
import os
import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, TypeVar

from codesim.errors import SnapshotError

T = TypeVar("T")

MISSING = (
    "reading weights on a server needs huggingface_hub, which is not installed here; "
    "to install it: pip install -e '.[hub]'"
)
# Enough for small parts to hide the way to a server; a content network gives each its full speed.
_LANES = 8


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds: to connect, without a byte, and for one answer,
    which has ``answer`` and what its size takes at ``slowest`` bytes a second. What passes, such
    as an overloaded server, is tried ``tries`` times, after pauses that double.
    """

    connect: float = 10.0
    silence: float = 20.0
    answer: float = 30.0
    slowest: float = 100_000.0
    tries: int = 4
    pause: float = 0.5
    # A server that asks for a longer pause than this is left alone, and the pause is named.
    longest_pause: float = 20.0

    def seconds(self, size: int) -> float:
        """How long an answer of so many bytes may take."""
        return self.answer + size / self.slowest


class WireError(SnapshotError):
    """A server did not give what was asked, and will not when asked again."""


class Passing(SnapshotError):
    """A failure that may be over soon; ``wait`` is how long the server asks to wait, in seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def require_wire() -> None:
    """Raise SnapshotError, with what to install, where nothing can be read from a server."""
    if find_spec("httpx2") is None or find_spec("huggingface_hub") is None:
        raise SnapshotError(MISSING)


def patiently(work: Callable[[], T], patience: Patience) -> T:
    """What ``work`` gives, tried again while it fails for reasons that pass. Raises WireError."""
    for number in range(patience.tries):
        try:
            return work()
        except Passing as error:
            wait = patience.pause * 2**number if error.wait is None else error.wait
            if wait > patience.longest_pause:
                raise WireError(
                    f"{error}, and asks to wait {wait:,.0f} s; try again then"
                ) from None
            if number + 1 == patience.tries:
                raise WireError(f"{error}; tried {patience.tries} times") from None
            time.sleep(wait)
    raise AssertionError("patience without tries")


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of ``Retry-After``, which is a number or a date; None where it says nothing."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    return None


class Lane:
    """One connection at a time, kept for the next request; used by one thread."""

    def __init__(self, patience: Patience, is_direct: bool) -> None:
        self.patience = patience
        self._is_direct = is_direct
        self._client: Any = None

    @contextlib.contextmanager
    def ask(self, url: str, headers: Mapping[str, str], seconds: float) -> Iterator[Any]:
        """One answer, its body unread; all of it has to be over in so many seconds.

        No redirect is followed and nothing is added but a name. Raises Passing or WireError.
        """
        import httpx2

        client = self._open()
        cut = threading.Event()

        def end() -> None:
            # The only way to end an answer that drips: each byte in time, and never the last.
            cut.set()
            client.close()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            with client.stream("GET", url, headers=dict(headers)) as answer:
                yield answer
        except (httpx2.HTTPError, httpx2.StreamError, RuntimeError, OSError) as error:
            if cut.is_set():
                raise WireError(f"the server did not answer in full within {seconds:g} s") from None
            if type(error) is RuntimeError:  # of a client that was closed; else a mistake of ours
                raise
            raise _explained(error) from None
        except httpx2.InvalidURL:
            raise WireError("the server sends us to an address that is none") from None
        finally:
            timer.cancel()
            if cut.is_set():
                self._client = None

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _open(self) -> Any:
        if self._client is None:
            import httpx2

            from codesim import __version__

            patience = self.patience
            self._client = httpx2.Client(
                # As it is stored: a compressed answer has no place for a range.
                headers={"user-agent": f"codesim/{__version__}", "accept-encoding": "identity"},
                timeout=httpx2.Timeout(patience.silence, connect=patience.connect),
                limits=httpx2.Limits(max_connections=2, max_keepalive_connections=2),
                follow_redirects=False,
                verify=_certificates(),
                trust_env=not self._is_direct,
            )
        return self._client


_CERTIFICATES: list[Any] = []


def _certificates() -> Any:
    """The certificates to trust, loaded once: it takes longer than most requests."""
    if not _CERTIFICATES:
        import httpx2

        _CERTIFICATES.append(httpx2.create_ssl_context())
    return _CERTIFICATES[0]


def _explained(error: Exception) -> SnapshotError:
    """What a failure of the network means. Messages of the library may hold a whole address."""
    import httpx2

    if isinstance(error, httpx2.ConnectTimeout | httpx2.ConnectError):
        if "certificate" in str(error).lower():
            return WireError("the server's certificate is not trusted; check the address and clock")
        return Passing("the server cannot be reached; check address, network and proxy")
    if isinstance(error, httpx2.TimeoutException):
        return Passing("the server is silent")
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.NetworkError):
        return Passing("the transfer broke off")
    return WireError(f"the request failed ({type(error).__name__})")


class Wire:
    """Requests in the background, as many at once as there are lanes.

    Its threads never keep a process alive, so that an interrupt ends it at once, and they end when
    nobody holds the wire any more.
    """

    def __init__(self, patience: Patience, is_direct: bool = False) -> None:
        self.patience = patience
        self.is_direct = is_direct
        self._lock = threading.Lock()
        self._begin()

    def run(self, work: Callable[[Lane], T]) -> Future[T]:
        """What ``work`` gives, or will."""
        future: Future[T] = Future()
        with self._lock:
            if self._process != os.getpid():  # a forked child has none of the threads
                self._begin()
            self._queue.put((future, work))
            if self._threads < _LANES:
                self._threads += 1
                lane = Lane(self.patience, self.is_direct)
                threading.Thread(target=_serve, args=(self._queue, lane), daemon=True).start()
        return future

    def _begin(self) -> None:
        self._process, self._threads = os.getpid(), 0
        self._queue: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        weakref.finalize(self, self._queue.put, None)


Waiting = tuple[Future[Any], Callable[[Lane], Any]] | None


class _Handed:
    """Hands what is raised, our own mistakes too, to whoever waits for the result."""

    def __init__(self, future: Future[Any]) -> None:
        self.future = future

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if error is not None:
            self.future.set_exception(error)
        return error is not None


def _serve(waiting: queue.SimpleQueue[Waiting], lane: Lane) -> None:
    while (each := waiting.get()) is not None:
        future, work = each
        if not future.set_running_or_notify_cancel():
            continue
        with _Handed(future):
            future.set_result(work(lane))
        del each, future, work
    waiting.put(None)  # for the next thread
    lane.close()
