"""Servers that are silent, drip or never end; what may be read in all; and which addresses are."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable

import pytest
from gitserver import raw_server, silent
from rangeserver import serving

pytest.importorskip("httpx2", reason="reading from servers needs the extra [hub]")
pytest.importorskip("huggingface_hub", reason="reading from servers needs the extra [hub]")

from codesim.errors import SnapshotError
from codesim.snapshot import Limits, far, open_snapshot
from codesim.snapshot.spec import parse_source
from codesim.snapshot.web import open_web
from codesim.snapshot.wire import Patience

HASTY = Patience(
    connect=2, silence=0.5, answer=1.0, slowest=1e9, tries=2, pause=0.01, longest_pause=0.1
)


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", "1")


def opened(url: str) -> None:
    open_web(parse_source(url), Limits(), lambda _: None, HASTY)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 206 Partial Content\r\nX-Long: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def drip_body(connection: socket.socket) -> None:
    head = b"HTTP/1.1 206 P\r\nContent-Range: bytes 0-32767/99999\r\nContent-Length: 32768\r\n\r\n"
    connection.sendall(head)
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def giant_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 206 Partial Content\r\n")
    while True:
        connection.sendall(b"X-A: " + b"y" * 60_000 + b"\r\n")


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff\x1b[31mSSH-2.0-hello\r\n\r\n")


def hangs_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("talk", "message"),
    [
        (silent, "is silent; tried 2 times"),
        (drip_headers, "did not answer in full within 1"),
        (drip_body, "did not answer in full within 1"),
        (giant_headers, "broke off; tried 2 times"),
        (no_http, "broke off; tried 2 times"),
        (hangs_up, "broke off; tried 2 times"),
    ],
)
def test_ends_in_time(talk: Callable[[socket.socket], None], message: str) -> None:
    with raw_server(talk) as (url, _):
        before = time.monotonic()
        with pytest.raises(SnapshotError, match=message) as raised:
            opened(f"{url}/m/model.safetensors")
        assert time.monotonic() - before < 10  # far below what the servers would take
    assert "\x1b" not in str(raised.value)


def test_nobody_there() -> None:
    with serving() as server:
        url = server.url
    with pytest.raises(SnapshotError, match="cannot be reached"):
        opened(f"{url}/model.safetensors")


def test_threads_end_with_the_snapshot() -> None:
    with serving({"/model.gguf": b"GGUF" * 10_000}) as server:
        snapshot = open_web(
            parse_source(server.url + "/model.gguf"), Limits(), lambda _: None, HASTY
        )
        before = {t for t in threading.enumerate() if "_serve" in t.name}
        assert before
        assert snapshot.read_range("model.gguf", 0, 4) == b"GGUF"
        del snapshot
        gc.collect()
        for thread in before:
            thread.join(5)
        assert not [thread for thread in before if thread.is_alive()]


def test_no_more_is_read_in_all_than_was_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far, "_AT_LEAST", 0)
    monkeypatch.setattr(far, "_TIMES", 2)
    monkeypatch.setattr(far, "_MEMORY", 0)
    with serving({"/model.bin": bytes(100_000)}) as server:
        snapshot = open_web(
            parse_source(server.url + "/model.bin"), Limits(), lambda _: None, HASTY
        )
        for start in (40_000, 0, 40_000, 0):
            snapshot.read_range("model.bin", start, 40_000)
        with pytest.raises(SnapshotError, match="more than 200,000 bytes would have to be read"):
            snapshot.read("model.bin")
        assert server.sent <= far.HEAD + 200_000


def test_no_more_requests_are_made_than_were_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far, "_MOST_REQUESTS", 5)
    with serving({"/model.bin": bytes(1_000_000)}) as server:
        snapshot = open_web(
            parse_source(server.url + "/model.bin"), Limits(), lambda _: None, HASTY
        )
        for start in range(100_000, 600_000, 100_000):
            snapshot.read_range("model.bin", start, 10)
        with pytest.raises(SnapshotError, match="more than 5 requests"):
            snapshot.read_range("model.bin", 700_000, 10)
        assert len(server.seen) == 6  # and the one that asked for its size


def test_progress_is_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far, "_EVERY", 0.0)
    said: list[str] = []
    with serving({"/model.bin": bytes(3_000_000)}) as server:
        snapshot = open_web(parse_source(server.url + "/model.bin"), Limits(), said.append, HASTY)
        snapshot.read("model.bin")
    assert said[0] == f"asking for {server.url}/model.bin"
    assert "3.0 MB read from the server" in said


# --- which addresses are read


def test_without_encryption_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"/model.safetensors": bytes(10)}) as server:
        for value in ("0", ""):
            monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", value)
            with pytest.raises(SnapshotError, match="not encrypted"):
                open_snapshot(f"{server.url}/model.safetensors")
        assert server.seen == []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://example.org/model.safetensors", "not encrypted"),
        ("https://user:tok3n@example.org/model.safetensors", "user name or token"),
        ("https://example.org/model.safetensors?token=s3cret", "query"),
        ("https://example.org/../model.safetensors", "no valid path"),
        ("ftp://example.org/model.safetensors", "not supported"),
        ("https://example.org/model.safetensors@main", "is one file"),
        ("https://example.org/model.safetensors#a", "is one file"),
    ],
)
def test_addresses_that_are_not_read(address: str, message: str) -> None:
    with pytest.raises(SnapshotError, match=message) as raised:
        open_snapshot(address)
    assert not any(secret in str(raised.value) for secret in ("tok3n", "s3cret"))
