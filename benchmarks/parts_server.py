"""A server of parts of two files, in a process of its own, that is as far away as it is told."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

_CODE = "import sys; from benchmarks.parts_server import main; main(*sys.argv[1:])"
_RANGE = re.compile(r"^bytes=(\d+)-(\d+)$")


@dataclass(frozen=True)
class Address:
    """Where a server listens. ``far`` seconds pass before each of its answers."""

    port: int

    def url(self, name: str) -> str:
        """The address of a file."""
        return f"http://127.0.0.1:{self.port}/{name}"

    def ask(self, what: str) -> dict[str, float]:
        """Set the distance (``far/0.05``), or take the counts since the last time (``counts``)."""
        with urllib.request.urlopen(self.url(what)) as answer:
            found: dict[str, float] = json.load(answer)
        return found


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Address]:
    """A server of the files of a folder, until the block ends."""
    command = [sys.executable, "-c", _CODE, str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        yield Address(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


class _Handler(BaseHTTPRequestHandler):
    """Parts of the files of ``folder``; what all of it counts and waits is kept by the class."""

    protocol_version = "HTTP/1.1"
    folder = Path()
    far = 0.0
    counts: ClassVar[dict[str, int]] = {"requests": 0, "bytes": 0}
    lock = threading.Lock()

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name.startswith("far/"):
            _Handler.far = float(name.removeprefix("far/"))
            self._whole({})
        elif name == "counts":
            with self.lock:
                found = dict(self.counts)
                self.counts.update(requests=0, bytes=0)
            self._whole(found)
        else:
            self._part(self.folder / Path(name).name)

    def _whole(self, found: dict[str, int]) -> None:
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _part(self, path: Path) -> None:
        size = path.stat().st_size
        asked = _RANGE.match(self.headers.get("Range", ""))
        first, last = map(int, asked.groups()) if asked else (0, size - 1)
        last = min(last, size - 1)
        with self.lock:
            self.counts["requests"] += 1
            self.counts["bytes"] += last - first + 1
        time.sleep(self.far)
        self.send_response(206 if asked else 200)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.flush()
        with path.open("rb") as file:
            while first <= last:
                there, here = self.connection.fileno(), file.fileno()
                first += os.sendfile(there, here, first, last - first + 1)

    def log_message(self, *_: object) -> None:
        pass


def main(folder: str) -> None:
    """Serve, and say where."""
    _Handler.folder = Path(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()
