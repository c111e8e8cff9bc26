"""An engine that cannot answer is told before the work, in words that help."""

from __future__ import annotations

import socket

import pytest

from codesim.candidates import check_engine
from codesim.candidates import connections as module
from codesim.errors import CodesimError


@pytest.fixture(autouse=True)
def _spark_is_installed(monkeypatch):
    monkeypatch.setattr(module, "_require_spark", lambda: None)


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_engines_that_are_there(listening):
    for engine in ("auto", "numpy", "local[2]", f"spark://127.0.0.1:{listening}"):
        check_engine(engine)
    check_engine(f"spark://127.0.0.1:{closed()},127.0.0.1:{listening}")


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        ("flink", "unknown engine 'flink'; the engines are numpy, duckdb and spark://HOST:PORT"),
        ("spark://host", r"cannot be reached: it has no port; write spark://HOST:PORT"),
        ("spark://host:70777", "it has no port"),
        ("spark://127.0.0.1:CLOSED", r"cannot be reached: .*refused\. Check its address"),
    ],
)
def test_engines_that_are_not(engine, says):
    with pytest.raises(CodesimError, match=says):
        check_engine(engine.replace("CLOSED", str(closed())))


def test_an_audit_asks_before_it_reads(codesim_run, tmp_path):
    ended = codesim_run("audit", tmp_path / "none", "-o", tmp_path / "r", "--engine", "flink")
    assert ended.code == 2
    assert "unknown engine 'flink'" in ended.err
