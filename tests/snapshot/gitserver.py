"""Servers on loopback: a real Git server, and others that misbehave. Threads of this process."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from hostile import ENVIRONMENT


class GitHandler(BaseHTTPRequestHandler):
    """`git http-backend` below one folder; ``moved`` maps paths to addresses of a redirect."""

    root: Path
    moved: dict[str, str] = {}  # noqa: RUF012 - replaced per server
    password: str | None = None
    truncate: int | None = None
    seen: list[str]

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _serve(self, body: bytes) -> None:
        address = urlsplit(self.path)
        self.seen.append(f"{self.command} {self.path} {self.headers.get('Authorization', '-')}")
        for old, new in self.moved.items():
            if address.path.startswith(old):
                return self._answer(301, {"Location": new + self.path[len(old) :]})
        if self.password is not None and not self._knows():
            return self._answer(401, {"WWW-Authenticate": 'Basic realm="\x1b[31mvault"'})
        status, headers, content = self._backend(address.path, address.query, body)
        if self.truncate is not None and self.command == "POST" and b"packfile" in content:
            content = content[: len(content) - self.truncate]
        return self._answer(status, headers, content)

    def _knows(self) -> bool:
        pair = base64.b64decode(self.headers.get("Authorization", "Basic ")[6:]).decode()
        return pair.partition(":")[2] == self.password

    def _backend(self, path: str, query: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            capture_output=True,
            check=False,
            env={
                **ENVIRONMENT,
                "GIT_PROJECT_ROOT": str(self.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return int(headers.pop("Status", "200").split()[0]), headers, content

    def _answer(self, status: int, headers: dict[str, str], content: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what these tests are about."""


@contextlib.contextmanager
def git_server(root: Path, **settings: object) -> Iterator[tuple[str, list[str]]]:
    """Address of a Git server for the repositories below ``root``, and the requests it sees."""
    seen: list[str] = []
    handler = type("Handler", (GitHandler,), {"root": root, "seen": seen, **settings})
    with _Quiet(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", seen
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads one request per connection and then does what ``talk`` does."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                if not over.is_set():
                    connection.settimeout(5)
                    seen.append(connection.recv(65536))
                    talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", seen
    finally:
        over.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join(10)
        listener.close()


def silent(connection: socket.socket) -> None:
    """Never answers; ends when the client gives up."""
    connection.settimeout(30)
    connection.recv(1)


def drip(connection: socket.socket) -> None:
    """Answers for ever, faster than any limit on speed notices."""
    kind = b"application/x-git-upload-pack-advertisement"
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n\r\n001e# service=")
    while True:
        connection.sendall(b"x" * 200)
        time.sleep(0.05)


def children() -> list[str]:
    """Command lines of Git processes below this one, ended ones included."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            if folder.name.isdigit() and int(status[1]) == os.getpid():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [line for line in found if "git" in line or not line]
