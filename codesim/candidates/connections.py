"""Where the Ibis expression runs: DuckDB in this process, or Spark on this machine or a cluster."""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from codesim.errors import CodesimError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

_SPARK = re.compile(r"spark://.+|local(\[.+\])?")
# Memory that DuckDB may take before it goes on in a temporary folder.
_MEMORY = "1GB"
_DUCKDB_SETTINGS = {
    "memory_limit": _MEMORY,
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# Quiet, and with columns in place of rows between Python and Java. All else, such as memory, is
# for spark-defaults.conf or PYSPARK_SUBMIT_ARGS to say.
_SPARK_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_NAME = "codesim_rows"
_PATIENCE = 10.0
_LAST_PORT = 65_535


class Connection(Protocol):
    """An engine that is ready to answer."""

    def rows(self, table: pa.Table) -> ir.Table:
        """Rows that this process holds."""

    def files(self, folder: Path) -> ir.Table:
        """Rows in the Parquet files of a folder, which the engine reads by itself."""


def check_engine(engine: str) -> None:
    """Fail now rather than after the work. Raises CodesimError for an engine that is not known, not
    installed, or not there.
    """
    if engine in ("auto", "numpy"):
        return
    if engine == "duckdb":
        _require_duckdb()
    elif _SPARK.fullmatch(engine):
        _require_spark()
        _require_master(engine)
    else:
        raise CodesimError(
            f"unknown engine {engine!r}; the engines are numpy, duckdb and spark://HOST:PORT"
        )


@contextmanager
def connected(engine: str) -> Iterator[Connection]:
    """The engine ``duckdb``, or a Spark master. Raises CodesimError for what is missing or fails.

    The masters are ``spark://host:port``, and ``local[n]`` for n threads of this machine.
    """
    check_engine(engine)
    with _duckdb() if engine == "duckdb" else _spark(engine) as connection:
        yield connection


def has_duckdb() -> bool:
    """Whether DuckDB and Ibis are installed."""
    return all(find_spec(name) for name in ("duckdb", "ibis", "pyarrow"))


def _require_duckdb() -> None:
    if not has_duckdb():
        raise CodesimError("DuckDB is not installed; to add it: pip install 'codesim[scale]'")


def _require_master(engine: str) -> None:
    """Spark itself would try for minutes, and fill the terminal. Of several masters one will do."""
    if not engine.startswith("spark://"):
        return
    reasons = []
    for address in engine.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or int(port) > _LAST_PORT:
            reasons.append("it has no port; write spark://HOST:PORT, such as spark://host:7077")
            continue
        try:
            socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
        except OSError as error:
            reasons.append((error.strerror or str(error)).lower())
        else:
            return
    raise CodesimError(
        f"the Spark master {engine!r} cannot be reached: {reasons[0]}. Check its address, "
        "and that it runs; numpy and duckdb need none"
    )


def _require_spark() -> None:
    if not all(find_spec(name) for name in ("ibis", "pyarrow", "pyspark")):
        raise CodesimError("Spark needs PySpark; to add it: pip install 'codesim[spark]'")
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=os.path.join(home, "bin") if home else None):
        raise CodesimError("Spark needs Java 17 or later, and no java was found")


class _DuckDB:
    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def rows(self, table: pa.Table) -> ir.Table:
        # By DuckDB itself: Ibis 12 cannot make a table from Arrow with the newest SQLGlot.
        self._backend.con.register("arrow_rows", table)
        self._backend.con.execute(f"CREATE TEMP TABLE {_NAME} AS FROM arrow_rows")
        self._backend.con.unregister("arrow_rows")
        return self._backend.table(_NAME)

    def files(self, folder: Path) -> ir.Table:
        return self._backend.read_parquet(folder / "*.parquet", table_name=_NAME)


@contextmanager
def _duckdb() -> Iterator[Connection]:
    import ibis
    from duckdb import Error

    with tempfile.TemporaryDirectory(prefix="codesim-") as folder:
        backend = ibis.duckdb.connect(temp_directory=folder, **_DUCKDB_SETTINGS)
        try:
            yield _DuckDB(backend)
        except Error as error:
            raise CodesimError(f"the engine duckdb failed: {_reason(error)}") from None
        finally:
            backend.disconnect()


class _Spark:
    def __init__(self, session: Any) -> None:
        import ibis

        self._session = session
        self._backend = ibis.pyspark.connect(session)

    def rows(self, table: pa.Table) -> ir.Table:
        self._session.createDataFrame(table).createOrReplaceTempView(_NAME)
        return self._backend.table(_NAME)

    def files(self, folder: Path) -> ir.Table:
        return self._backend.read_parquet(str(folder), table_name=_NAME)


@contextmanager
def _spark(master: str) -> Iterator[Connection]:
    _require_spark()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("codesim")
    for name, value in _SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
        try:
            yield _Spark(session)
        finally:
            session.stop()
    except (Py4JError, PySparkException) as error:
        raise CodesimError(f"the engine {master} failed: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """The line of a long message that says what went wrong."""
    lines = [line.strip(" :") for line in str(error).splitlines() if line.strip(" :")]
    telling = [line for line in lines if "Exception" in line or "Error" in line]
    return (telling or lines or [type(error).__name__])[0]
