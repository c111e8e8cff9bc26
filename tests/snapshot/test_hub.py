"""A repository on the Hub: listed by huggingface_hub, which tells nobody and stores nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rangeserver import COMMIT, Hub, hub

pytest.importorskip("httpx2", reason="reading from servers needs the extra [hub]")
pytest.importorskip("huggingface_hub", reason="reading from servers needs the extra [hub]")

import huggingface_hub
from huggingface_hub import constants

from codesim.errors import SnapshotError
from codesim.model import Snapshot
from codesim.snapshot import Limits, open_weights
from codesim.snapshot.hub import open_hub
from codesim.snapshot.spec import parse_source
from codesim.snapshot.wire import Patience

LARGE = bytes(range(256)) * 400
FILES = {
    "model.safetensors": LARGE, "config.json": b'{"a": 1}', "sub/folder/extra.bin": LARGE[::-1],
}  # fmt: skip
TOKEN = "hf_canaryCANARYcanary0123456789"
HASTY = Patience(
    connect=2, silence=1.0, answer=2.0, slowest=1e9, tries=2, pause=0.01, longest_pause=0.1
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("CODESIM_HTTP_LOOPBACK", "1")
    with hub({"alice/large": FILES}) as found:
        monkeypatch.setenv("HF_ENDPOINT", found.main.url)
        yield found


def opened(spec: str) -> Snapshot:
    return open_hub(parse_source(spec), Limits(), lambda _: None, HASTY)


# --- what is listed and read


@pytest.mark.parametrize("spec", ["hf:alice/large", "https://huggingface.co/alice/large"])
def test_files_with_their_sizes(server: Hub, spec: str) -> None:
    snapshot = opened(spec)
    assert [(e.path, e.size) for e in snapshot.entries] == [
        ("config.json", 8), ("model.safetensors", len(LARGE)), ("sub/folder/extra.bin", len(LARGE)),
    ]  # fmt: skip
    assert (snapshot.name, snapshot.revision) == ("alice/large", COMMIT)
    assert snapshot.origin == f"{server.main.url}/alice/large"
    assert snapshot.read("config.json") == FILES["config.json"]
    assert snapshot.read_range("model.safetensors", 90_000, 7) == LARGE[90_000:90_007]
    assert snapshot.read("sub/folder/extra.bin") == LARGE[::-1]


@pytest.mark.parametrize(
    ("spec", "paths"),
    [
        ("hf:alice/large@v1", [*sorted(FILES)]),
        ("hf:alice/large#sub", ["sub/folder/extra.bin"]),
        ("hf:alice/large@main#model.safetensors", ["model.safetensors"]),
        ("https://huggingface.co/alice/large/tree/main/sub", ["sub/folder/extra.bin"]),
        ("https://huggingface.co/alice/large/resolve/main/config.json", ["config.json"]),
        ("hf:datasets/alice/large", [*sorted(FILES)]),
    ],
)
def test_revisions_and_folders(server: Hub, spec: str, paths: list[str]) -> None:
    assert [entry.path for entry in opened(spec).entries] == paths


def test_the_way_to_a_large_file_is_asked_for_once(server: Hub) -> None:
    snapshot = opened("hf:alice/large#model.safetensors")
    for start in range(40_000, 100_000, 10_000):
        snapshot.read_range("model.safetensors", start, 10)
    assert [each.status for each in server.main.seen] == [200, 302]
    assert len(server.cdn.seen) == 7


def test_a_signature_that_ends_is_asked_for_again(server: Hub) -> None:
    server.uses = 3
    snapshot = opened("hf:alice/large#model.safetensors")
    for start in range(40_000, 100_000, 10_000):
        got = snapshot.read_range("model.safetensors", start, 10)
        assert got == LARGE[start : start + 10]
    assert [each.status for each in server.cdn.seen].count(403) == 2  # after three and six


def test_what_the_hub_lists_wrongly_is_noticed(server: Hub) -> None:
    server.sizes["model.safetensors"] = 5_000_000
    with pytest.raises(SnapshotError, match=r"gives it 102,400 bytes, where 5,000,000 were said"):
        opened("hf:alice/large").read_range("model.safetensors", 0, 10)


def test_a_file_that_becomes_another(server: Hub) -> None:
    server.uses = 1
    snapshot = opened("hf:alice/large#model.safetensors")
    snapshot.read_range("model.safetensors", 0, 10)
    server.add("alice/large", {**FILES, "model.safetensors": LARGE[1:] + b"x"})
    with pytest.raises(SnapshotError, match="changed on the server while it was read"):
        snapshot.read_range("model.safetensors", 90_000, 10)


def test_of_many_quantisations_the_largest_is_read(server: Hub) -> None:
    files = {f"m.Q{n}.gguf": bytes(20_000 + n) for n in range(4)}
    server.add("alice/quants", files)
    snapshot = opened("hf:alice/quants")
    assert [entry.path for entry in snapshot.entries] == ["m.Q3.gguf"]
    assert [skipped.what for skipped in snapshot.skipped] == [f"m.Q{n}.gguf" for n in range(3)]
    assert "beside m.Q3.gguf" in snapshot.skipped[0].reason
    assert [e.path for e in opened("hf:alice/quants#m.Q1.gguf").entries] == ["m.Q1.gguf"]


# --- tokens


def test_a_token_is_shown_only_where_it_is_needed(server: Hub, monkeypatch: Any) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    opened("hf:alice/large").read("model.safetensors")
    assert {each.authorization for each in server.seen} == {""}


def test_a_private_repository(server: Hub, monkeypatch: Any) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    server.private["alice/large"] = TOKEN
    snapshot = opened("hf:alice/large")
    assert snapshot.read("model.safetensors") == LARGE
    assert snapshot.read("config.json") == FILES["config.json"]
    assert [each.status for each in server.main.seen][:2] == [401, 200]
    assert {each.authorization for each in server.main.seen[1:]} == {f"Bearer {TOKEN}"}
    # The host of large files never sees the token; its addresses are signed.
    assert server.cdn.seen
    assert {each.authorization for each in server.cdn.seen} == {""}


def test_a_gated_repository_lists_and_asks_for_a_token_later(server: Hub, monkeypatch: Any) -> None:
    server.gated["alice/large"] = TOKEN
    with pytest.raises(SnapshotError, match=r"it is gated: accept its terms .* set HF_TOKEN"):
        opened("hf:alice/large").read("model.safetensors")
    monkeypatch.setenv("HF_TOKEN", "hf_another0123456789")
    with pytest.raises(SnapshotError, match="the token in HF_TOKEN gives no access"):
        opened("hf:alice/large").read("model.safetensors")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert opened("hf:alice/large").read("model.safetensors") == LARGE
    assert {each.authorization for each in server.cdn.seen} == {""}


@pytest.mark.parametrize(
    ("spec", "token", "message"),
    [
        ("hf:alice/missing", "", "private, deleted or misspelt; .* set HF_TOKEN"),
        ("hf:alice/missing", TOKEN, "the token in HF_TOKEN gives no access to it, or"),
        ("hf:alice/large@nowhere", "", "has no revision 'nowhere'"),
        ("hf:alice/large#nowhere", "", "holds no folder 'nowhere'; it has sub"),
        ("https://huggingface.co/a/b/c", "", "is no repository; expected hf:OWNER/NAME"),
    ],
)
def test_what_cannot_be_listed(
    server: Hub, monkeypatch: Any, spec: str, token: str, message: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(SnapshotError, match=message) as raised:
        open_weights(spec)
    assert TOKEN not in str(raised.value)
    assert "\x1b" not in str(raised.value)


# --- listings that are not believed


@pytest.mark.parametrize(
    "info",
    [
        [], "x", 7, None, {"id": "a"}, {"sha": "main", "siblings": []}, {"sha": 5},
        {"id": 1, "sha": COMMIT, "siblings": [{"size": 5}]},
        {"id": "a", "sha": COMMIT, "siblings": 9},
        {"id": "a", "sha": COMMIT, "siblings": [7]},
        {"id": "a", "sha": COMMIT, "siblings": [{"rfilename": "a", "lfs": 3}]},
    ],
)  # fmt: skip
def test_a_listing_that_is_none(server: Hub, info: Any) -> None:
    server.listing = lambda _: info
    with pytest.raises(SnapshotError, match=r"not the list of a repository|which commit"):
        open_weights("hf:alice/large")


def test_odd_entries_are_skipped_and_the_rest_is_read(server: Hub) -> None:
    odd = [
        {"rfilename": "../up.bin", "size": 1}, {"rfilename": "/abs.bin", "size": 1},
        {"rfilename": "no-size.bin"}, {"rfilename": "minus.bin", "size": -1},
        {"rfilename": "text.bin", "size": "9"}, {"rfilename": "config.json", "size": 9},
        {"rfilename": "a\x00b", "size": 1}, {"rfilename": "\ud800", "size": 1},
        {"rfilename": "\x1b[31m.bin", "size": 3},
    ]  # fmt: skip
    server.listing = lambda info: {**info, "siblings": info["siblings"] + odd}
    snapshot = opened("hf:alice/large")
    assert [e.path for e in snapshot.entries] == ["\x1b[31m.bin", *sorted(FILES)]
    assert len(snapshot.skipped) == len(odd) - 1
    assert snapshot.read("config.json") == FILES["config.json"]


def test_a_listing_on_another_host_is_not_followed(server: Hub) -> None:
    real = server.main.route

    def route(handler: Any) -> bool:
        if handler.path.startswith("/api/"):
            handler.answer(307, {"Location": server.cdn.url + handler.path})
            return True
        return bool(real and real(handler))

    server.main.route = route
    with pytest.raises(SnapshotError, match="another host"):
        open_weights("hf:alice/large")
    assert server.cdn.seen == []


def test_a_renamed_repository_is_followed_on_its_host(server: Hub) -> None:
    real = server.main.route

    def route(handler: Any) -> bool:
        if "/api/models/old/name" in handler.path:
            handler.answer(307, {"Location": "/api/models/alice/large?blobs=true"})
            return True
        return bool(real and real(handler))

    server.main.route = route
    assert len(opened("hf:old/name").entries) == 3


# --- nothing is told, nothing is stored, nothing stays changed


def test_it_only_lists(server: Hub, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("AI_AGENT", "somebody")
    before = set(Path(os.environ["HOME"]).rglob("*"))
    client = huggingface_hub.get_session()
    telemetry = constants.HF_HUB_DISABLE_TELEMETRY
    opened("hf:alice/large").read("model.safetensors")
    paths = [each.path.split("?")[0] for each in server.main.seen]
    assert paths[0] == "/api/models/alice/large"
    assert {path.split("/")[3] for path in paths[1:]} == {"resolve"}
    assert set(Path(os.environ["HOME"]).rglob("*")) == before
    assert list(tmp_path.iterdir()) == []
    assert constants.HF_HUB_DISABLE_TELEMETRY is telemetry
    assert type(huggingface_hub.get_session()) is type(client)
    assert "codesim" not in str(huggingface_hub.get_session().headers)


def test_offline_is_respected(server: Hub, monkeypatch: Any) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(SnapshotError, match="HF_HUB_OFFLINE"):
        opened("hf:alice/large")
    assert server.seen == []


@pytest.mark.parametrize(
    "endpoint", ["http://example.org", "ftp://a", "https://u:p@a.org", "https://a.org/?t=1", "a"]
)
def test_an_endpoint_that_is_none(monkeypatch: Any, endpoint: str) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(SnapshotError, match="HF_ENDPOINT is not the https:// address"):
        opened("hf:alice/large")
