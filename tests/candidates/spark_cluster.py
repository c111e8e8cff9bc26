"""A Spark master and a worker on the loopback interface, as processes of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
_DEADLINE = 180.0  # seconds until both must have found each other, on a machine that is busy
_CLASS = "org.apache.spark.deploy.{0}.{1}"


def missing() -> str:
    """What Spark needs and is not here; empty where it can run."""
    absent = [name for name in ("ibis", "pyarrow", "pyspark") if find_spec(name) is None]
    absent += [] if shutil.which("java") else ["java"]
    return f"needs {', '.join(absent)}" if absent else ""


@contextmanager
def spark_cluster(folder: Path) -> Iterator[str]:
    """The address of a master that has one worker; both write their logs into ``folder``."""
    port = _free_port()
    master = f"spark://{HOST}:{port}"
    log = folder / "master.log"
    web = ("--webui-port", "0")
    with _java(log, "master", "Master", "--host", HOST, "--port", str(port), *web):
        _until(log, "Starting Spark master")
        size = ("--cores", "1", "--memory", "1g")
        place = ("--host", HOST, "--work-dir", str(folder))
        with _java(folder / "worker.log", "worker", "Worker", *place, *size, *web, master):
            _until(log, "Registering worker")
            yield master


@contextmanager
def _java(log: Path, package: str, name: str, *arguments: str) -> Iterator[None]:
    home = Path(find_spec("pyspark").origin).parent
    command = ["java", "-cp", f"{home}/jars/*", "-Xmx512m", _CLASS.format(package, name)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            # A worker guesses the version of Scala from folders that a wheel does not have.
            env={
                **os.environ,
                "SPARK_LOCAL_IP": HOST,
                "SPARK_HOME": str(home),
                "SPARK_SCALA_VERSION": "2.13",
            },
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def _until(log: Path, text: str) -> None:
    end = time.monotonic() + _DEADLINE
    while text not in log.read_text("utf-8", "replace"):
        assert time.monotonic() < end, log.read_text("utf-8", "replace")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])
