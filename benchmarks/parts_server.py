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
from typing import Any

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


def main(folder: str) -> None:
    """Serve, and say where."""
    counts = {"requests": 0, "bytes": 0}
    far = [0.0]
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.strip("/")
            if name.startswith("far/"):
                far[0] = float(name.removeprefix("far/"))
                self.whole({})
            elif name == "counts":
                with lock:
                    found = dict(counts)
                    counts.update(requests=0, bytes=0)
                self.whole(found)
            else:
                self.part(Path(folder) / Path(name).name)

        def whole(self, found: dict[str, Any]) -> None:
            body = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def part(self, path: Path) -> None:
            size = path.stat().st_size
            asked = _RANGE.match(self.headers.get("Range", ""))
            first, last = map(int, asked.groups()) if asked else (0, size - 1)
            last = min(last, size - 1)
            with lock:
                counts["requests"] += 1
                counts["bytes"] += last - first + 1
            time.sleep(far[0])
            self.send_response(206 if asked else 200)
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
            self.send_header("Content-Length", str(last - first + 1))
            self.end_headers()
            self.wfile.flush()
            with path.open("rb") as file:
                while first <= last:
                    first += os.sendfile(
                        self.connection.fileno(), file.fileno(), first, last - first + 1
                    )

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()
