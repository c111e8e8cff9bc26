"""Servers on loopback that give parts of files: a plain one, and an imitation of the Hub with a
second host for large files. Threads of this process; every way to misbehave is an ``Act``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

Read = Callable[[int, int], bytes]
Act = Callable[["Handler", "File", int, int], bool]
"""Answers in place of the server, or gives False to let it answer."""

COMMIT = "0123456789abcdef0123456789abcdef01234567"
_RANGE = re.compile(r"^bytes=(\d+)-(\d+)$")


@dataclass(frozen=True)
class File:
    """What lies at a path; ``read`` gives bytes from a start, so that it may be larger than any
    memory.
    """

    size: int
    read: Read
    etag: str

    @classmethod
    def of(cls, data: bytes) -> File:
        digest = hashlib.sha256(data).hexdigest()
        return cls(len(data), lambda start, size: data[start : start + size], f'"{digest}"')


@dataclass(frozen=True)
class Seen:
    """One request, and how many bytes of a body it was given."""

    path: str
    asked: str
    authorization: str
    status: int
    sent: int


@dataclass
class Server:
    """The state of one server: files by path, acts by path, what it saw."""

    files: dict[str, File] = field(default_factory=dict)
    acts: dict[str, list[Act]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    route: Callable[[Handler], bool] | None = None
    connections: int = 0
    url: str = ""

    @property
    def sent(self) -> int:
        return sum(each.sent for each in self.seen)


class Handler(BaseHTTPRequestHandler):
    """Ranges of files over kept connections."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for headers and body
    state: Server

    def setup(self) -> None:
        super().setup()
        self.state.connections += 1

    def do_GET(self) -> None:
        if self.state.route is not None and self.state.route(self):
            return
        path = unquote(urlsplit(self.path).path)
        file = self.state.files.get(path)
        if file is None:
            self.answer(404)
            return
        found = _RANGE.match(self.headers.get("Range", ""))
        start, end = map(int, found.groups()) if found else (0, file.size - 1)
        for act in list(self.state.acts.get(path, ())):
            if act(self, file, start, end):
                return
        if not found:
            self.answer(200, {"ETag": file.etag}, file.read(0, file.size))
        elif start >= file.size:
            self.answer(416, {"Content-Range": f"bytes */{file.size}"})
        else:
            self.part(file, start, min(end, file.size - 1))

    def part(self, file: File, start: int, last: int, **headers: str) -> None:
        """An answer as it should be, but for ``headers``."""
        usual = {
            "ETag": file.etag,
            "Content-Range": f"bytes {start}-{last}/{file.size}",
            "Content-Type": "application/octet-stream",
        }
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer(206, {**usual, **changed}, file.read(start, last - start + 1))

    def answer(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> None:
        self.note(status, len(body))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def note(self, status: int, sent: int) -> None:
        asked, secret = self.headers.get("Range", ""), self.headers.get("Authorization", "")
        self.state.seen.append(Seen(self.path, asked, secret, status, sent))

    def log_message(self, *_: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what these tests are about."""


@contextlib.contextmanager
def serving(files: Mapping[str, bytes | File] | None = None) -> Iterator[Server]:
    """A server of files by path."""
    state = Server({path: _file(content) for path, content in (files or {}).items()})
    handler = type("Handler", (Handler,), {"state": state})
    with _Quiet(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def _file(content: bytes | File) -> File:
    return content if isinstance(content, File) else File.of(content)


@dataclass
class Hub:
    """The Hub as far as huggingface_hub and codesim use it. Files of ``large`` bytes and more lie
    on the second host, behind addresses with a signature that holds for ``uses`` requests.
    """

    main: Server
    cdn: Server
    repositories: dict[str, dict[str, File]] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    gated: dict[str, str] = field(default_factory=dict)
    large: int = 10_000
    uses: int = 1_000_000
    sizes: dict[str, int] = field(default_factory=dict)
    listing: Callable[[dict[str, Any]], Any] = lambda info: info
    _signed: int = 0
    _used: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, files: Mapping[str, bytes | File]) -> None:
        self.repositories[name] = {path: _file(content) for path, content in files.items()}
        for path, file in self.repositories[name].items():
            self.cdn.files[f"/{name}/{path}"] = file

    @property
    def seen(self) -> list[Seen]:
        return [*self.main.seen, *self.cdn.seen]

    def route(self, handler: Handler) -> bool:
        path = unquote(urlsplit(handler.path).path)
        listed = re.match(r"^/api/(?:models|datasets|spaces)/(.+?)(?:/revision/(.+))?$", path)
        if listed:
            self._list(handler, listed.group(1), listed.group(2))
            return True
        resolved = re.match(r"^/(?:datasets/|spaces/)?(.+?)/resolve/([^/]+)/(.+)$", path)
        if resolved:
            self._resolve(handler, resolved.group(1), resolved.group(2), resolved.group(3))
            return True
        return False

    def _list(self, handler: Handler, name: str, revision: str | None) -> None:
        if not self._may_see(handler, name):
            return
        if revision not in (None, "main", "v1", COMMIT):
            handler.answer(404, {"X-Error-Code": "RevisionNotFound"})
            return
        siblings = []
        for path, file in self.repositories[name].items():
            size = self.sizes.get(path, file.size)
            about: dict[str, Any] = {"rfilename": path, "size": size, "blobId": "ab" * 20}
            if file.size >= self.large:
                about["lfs"] = {"size": size, "sha256": file.etag.strip('"'), "pointerSize": 134}
            siblings.append(about)
        info = {"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings, "tags": []}
        body = json.dumps(self.listing(info)).encode()
        handler.answer(200, {"Content-Type": "application/json"}, body)

    def _may_see(self, handler: Handler, name: str) -> bool:
        """Answers itself where the repository may not be seen."""
        secret = self.private.get(name)
        knows = handler.headers.get("Authorization") == f"Bearer {secret}"
        if name in self.repositories and (secret is None or knows):
            return True
        code = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "\x1b[31mRepository"}
        handler.answer(401 if not handler.headers.get("Authorization") else 404, code)
        return False

    def _resolve(self, handler: Handler, name: str, commit: str, path: str) -> None:
        if not self._may_see(handler, name):
            return
        secret = self.gated.get(name)
        if secret and handler.headers.get("Authorization") != f"Bearer {secret}":
            handler.answer(403, {"X-Error-Code": "GatedRepo"})
            return
        file = self.repositories[name].get(path)
        if file is None or commit != COMMIT:
            handler.answer(404, {"X-Error-Code": "EntryNotFound"})
            return
        if file.size < self.large:
            handler.path = f"/{name}/{path}"
            handler.state.files[handler.path] = file
            handler.state.route = None
            try:
                handler.do_GET()
            finally:
                handler.state.route = self.route
            return
        self._signed += 1
        place = f"{self.cdn.url}/{name}/{path}?signature=s3cret{self._signed}"
        handler.answer(302, {"Location": place, "X-Linked-Etag": file.etag})

    def expire(self, handler: Handler) -> bool:
        """On the second host: refuse signatures that are used up."""
        self._used[handler.path] = self._used.get(handler.path, 0) + 1
        if self._used[handler.path] > self.uses:
            handler.answer(403)
            return True
        return False


@contextlib.contextmanager
def hub(repositories: Mapping[str, Mapping[str, bytes | File]]) -> Iterator[Hub]:
    """A Hub with its two hosts."""
    with serving() as main, serving() as cdn:
        found = Hub(main, cdn)
        for name, files in repositories.items():
            found.add(name, files)
        main.route, cdn.route = found.route, found.expire
        yield found
