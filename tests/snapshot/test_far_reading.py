"""Parts of a file behind an address: from servers that do what they should, and from all others."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

import pytest
from rangeserver import Act, File, Handler, Server, serving

pytest.importorskip("httpx2", reason="reading from servers needs the extra [hub]")
pytest.importorskip("huggingface_hub", reason="reading from servers needs the extra [hub]")

from codesim.errors import SnapshotError
from codesim.model import Snapshot
from codesim.snapshot import Limits
from codesim.snapshot.spec import parse_source
from codesim.snapshot.web import open_web
from codesim.snapshot.wire import Patience

DATA = bytes(range(256)) * 4_000
NAME = "/models/a/model.safetensors"
HASTY = Patience(
    connect=2, silence=1.0, answer=1.5, slowest=1e9, tries=3, pause=0.01, longest_pause=0.3
)


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", "1")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({NAME: DATA}) as found:
        yield found


def opened(server: Server, path: str = NAME, patience: Patience = HASTY) -> Snapshot:
    return open_web(parse_source(server.url + path), Limits(), lambda _: None, patience)


def later(act: Act) -> Act:
    """The act, for all but the first answer."""
    count = iter(range(1_000_000))
    return lambda *given: next(count) > 0 and act(*given)


def first(times: int, act: Act) -> Act:
    """The act, for the first answers only."""
    count = iter(range(1_000_000))
    return lambda *given: next(count) < times and act(*given)


def status(code: int, **headers: str) -> Act:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def act(handler: Handler, *_: object) -> bool:
        handler.answer(code, named)
        return True

    return act


def changed(**headers: str) -> Act:
    """The right part with other headers."""

    def act(handler: Handler, file: File, start: int, end: int) -> bool:
        handler.part(file, start, min(end, file.size - 1), **headers)
        return True

    return act


# --- servers that do what they should


def test_parts_are_what_they_should_be(server: Server) -> None:
    snapshot = opened(server)
    (entry,) = snapshot.entries
    assert (entry.path, entry.size, entry.readable) == ("model.safetensors", len(DATA), True)
    assert (snapshot.name, snapshot.origin) == ("a/model.safetensors", server.url + NAME)
    for start, size in ((0, 10), (70_000, 1_000), (len(DATA) - 5, 100), (len(DATA), 3)):
        assert snapshot.read_range(entry.path, start, size) == DATA[start : start + size]
    assert snapshot.read(entry.path) == DATA


def test_connections_are_kept(server: Server) -> None:
    snapshot = opened(server)
    for place in range(100_000, 1_000_000, 100_000):
        snapshot.read_range("model.safetensors", place, 10)
    assert server.connections <= 8 < len(server.seen)


def test_an_index_brings_its_shards() -> None:
    shards = {f"/m/model-0000{n}-of-00002.safetensors": bytes([n]) * 50_000 for n in (1, 2)}
    places = {f"t{n}": name.rpartition("/")[2] for n, name in enumerate(shards)}
    index = json.dumps({"metadata": {}, "weight_map": places}).encode()
    with serving({**shards, "/m/model.safetensors.index.json": index}) as server:
        snapshot = opened(server, "/m/model.safetensors.index.json")
        assert [(e.path, e.size) for e in snapshot.entries] == [
            ("model-00001-of-00002.safetensors", 50_000),
            ("model-00002-of-00002.safetensors", 50_000),
            ("model.safetensors.index.json", len(index)),
        ]
        assert snapshot.read_range("model-00002-of-00002.safetensors", 49_990, 99) == b"\2" * 10
        assert snapshot.read("model.safetensors.index.json") == index


def test_shards_that_are_missing_or_no_neighbours_are_skipped() -> None:
    names = [
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "../s.safetensors", "http://127.0.0.1/x.safetensors", "a/b.bin", "notes.txt",
    ]  # fmt: skip
    index = json.dumps({"weight_map": {f"t{n}": name for n, name in enumerate(names)}}).encode()
    with serving({"/m/i.safetensors.index.json": index, f"/m/{names[0]}": DATA}) as server:
        snapshot = opened(server, "/m/i.safetensors.index.json")
        assert [e.path for e in snapshot.entries] == ["i.safetensors.index.json", names[0]]
        reasons = {skipped.what: skipped.reason for skipped in snapshot.skipped}
        assert reasons.pop(names[1]) == "the server has no such file; check the address"
        assert reasons == dict.fromkeys(names[2:], "is no name of a file beside the index")
        assert {each.path for each in server.seen} <= {
            "/m/i.safetensors.index.json", f"/m/{names[0]}", f"/m/{names[1]}",
        }  # fmt: skip


# --- what passes is tried again


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server: Server, code: int) -> None:
    server.acts[NAME] = [first(2, status(code))]
    assert opened(server).read_range("model.safetensors", 5, 5) == DATA[5:10]
    assert [each.status for each in server.seen] == [code, code, 206]


def test_a_server_that_stays_busy_is_given_up(server: Server) -> None:
    server.acts[NAME] = [status(503)]
    with pytest.raises(SnapshotError, match=r"answers 503 \(overloaded\); tried 3 times"):
        opened(server)
    assert len(server.seen) == 3


def test_a_short_pause_is_kept(server: Server) -> None:
    server.acts[NAME] = [first(1, status(429, Retry_After="0"))]
    opened(server)
    assert len(server.seen) == 2


@pytest.mark.parametrize("wait", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_long_pause_is_named_and_not_kept(server: Server, wait: str) -> None:
    server.acts[NAME] = [status(429, Retry_After=wait)]
    with pytest.raises(SnapshotError, match=r"too many requests\), and asks to wait [\d,]+ s"):
        opened(server)
    assert len(server.seen) == 1


def cut_short(handler: Handler, file: File, start: int, end: int) -> bool:
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes {start}-{end}/{file.size}")
    handler.send_header("Content-Length", str(end - start + 1))
    handler.end_headers()
    handler.wfile.write(file.read(start, (end - start) // 2))
    handler.note(206, 0)
    handler.close_connection = True
    return True


def test_a_transfer_that_broke_off_is_begun_again(server: Server) -> None:
    server.acts[NAME] = [first(1, cut_short)]
    assert opened(server).read_range("model.safetensors", 0, 9) == DATA[:9]
    server.acts[NAME] = [cut_short]
    with pytest.raises(SnapshotError, match="broke off; tried 3 times"):
        opened(server)


# --- answers that are not believed

LIES: list[tuple[str, Act, str]] = [
    ("the whole file", status(200), "sends the whole file where a part is asked for"),
    ("no Content-Range", changed(Content_Range=""), "does not say which part"),
    ("another unit", changed(Content_Range="rows 0-1/2"), "does not say which part"),
    ("no total", changed(Content_Range=f"bytes 0-32767/{'*'}"), "does not say which part"),
    ("another part", changed(Content_Range=f"bytes 1-32768/{len(DATA)}"), "another part"),
    ("too little", changed(Content_Range=f"bytes 0-9/{len(DATA)}", Content_Length="10"), "another"),
    ("two lengths", changed(Content_Length="5"), "two different lengths"),
    ("compressed", changed(Content_Encoding="gzip"), "compresses"),
    ("401", status(401), r"asks for a login \(401\)"),
    ("403", status(403), r"asks for a login \(403\)"),
    ("404", status(404), "no such file"),
    ("416", status(416), "has no byte 0"),
    ("418", status(418), "answers 418"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "message"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES]
)
def test_an_answer_that_is_not_what_was_asked(server: Server, act: Act, message: str) -> None:
    server.acts[NAME] = [act]
    with pytest.raises(SnapshotError, match=message) as raised:
        opened(server)
    assert server.url + NAME in str(raised.value)
    assert len(server.seen) == 1


LATER: list[tuple[str, Act, str]] = [
    ("another ETag", changed(ETag='"other"'), "changed on the server"),
    ("no ETag any more", changed(ETag=""), "changed on the server"),
    ("another size", changed(Content_Range="bytes 90000-90009/90010"), "gives it 90,010 bytes"),
    ("gone", status(404), "no such file"),
    ("shorter", status(416), "has no byte 90,000"),
    ("refused", status(403), "asks for a login"),
]


@pytest.mark.parametrize(("act", "message"), [e[1:] for e in LATER], ids=[e[0] for e in LATER])
def test_a_file_that_becomes_another(server: Server, act: Act, message: str) -> None:
    server.acts[NAME] = [later(act)]
    snapshot = opened(server)
    snapshot.read_range("model.safetensors", 0, 10)
    server.acts[NAME] = [act]
    with pytest.raises(SnapshotError, match=message):
        snapshot.read_range("model.safetensors", 90_000, 10)
    server.acts[NAME] = []
    asked = len(server.seen)
    with pytest.raises(SnapshotError, match=message):  # once lost, it is not asked for again
        snapshot.read_range("model.safetensors", 0, 10)
    assert len(server.seen) == asked


def test_more_than_was_announced(server: Server) -> None:
    def act(handler: Handler, file: File, start: int, end: int) -> bool:
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{end}/{file.size}")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:  # for ever
                handler.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
        return True

    server.acts[NAME] = [act]
    with pytest.raises(SnapshotError, match="more than it announced"):
        opened(server)


# --- redirects


def test_a_redirect_on_the_same_host_is_followed(server: Server) -> None:
    server.files["/old.safetensors"] = server.files[NAME]
    server.acts["/old.safetensors"] = [status(302, Location=NAME)]
    snapshot = opened(server, "/old.safetensors")
    assert snapshot.read_range("old.safetensors", 50_000, 4) == DATA[50_000:50_004]
    assert [each.status for each in server.seen] == [302, 206, 206]  # the second time at once


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("http://127.0.0.2:1/x", "is not followed"),
        ("https://cdn-lfs.hf.co/x?token=s3cret", "another host"),
        ("file:///etc/passwd", "is not followed"),
        ("http://a:b@127.0.0.1/x", "is not followed"),
        ("http://[::1/x", "is not followed"),
        ("http://127.0.0.1:99999/x", "is not followed"),
        ("", "is not followed"),
        (NAME, "in circles"),
    ],
)
def test_any_other_redirect_is_not(server: Server, place: str, message: str) -> None:
    server.acts[NAME] = [status(302, Location=place)]
    with pytest.raises(SnapshotError, match=message) as raised:
        opened(server)
    assert "s3cret" not in str(raised.value)


def test_a_redirect_to_another_port_of_this_machine_is_not(server: Server) -> None:
    with serving({NAME: DATA}) as other:
        server.acts[NAME] = [status(302, Location=other.url + NAME)]
        with pytest.raises(SnapshotError, match=r"sends us to http://127.0.0.1:\d+/models/a/model"):
            opened(server)
        assert other.seen == []
