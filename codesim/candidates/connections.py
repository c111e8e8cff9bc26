"""Where the Ibis expression runs: DuckDB in this process, or Spark on this machine or a cluster."""

from __future__ import annotations

import os
import re
import shutil
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


class Connection(Protocol):
    """An engine that is ready to answer."""

    def rows(self, table: pa.Table) -> ir.Table:
        """Rows that this process holds."""

    def files(self, folder: Path) -> ir.Table:
        """Rows in the Parquet files of a folder, which the engine reads by itself."""


@contextmanager
def connected(engine: str) -> Iterator[Connection]:
    """The engine ``duckdb``, or a Spark master. Raises CodesimError for what is missing or fails.

    The masters are ``spark://host:port``, and ``local[n]`` for n threads of this machine.
    """
    if engine == "duckdb":
        with _duckdb() as connection:
            yield connection
    elif _SPARK.fullmatch(engine):
        with _spark(engine) as connection:
            yield connection
    else:
        raise CodesimError(
            f"unknown engine {engine!r}; the engines are numpy, duckdb and spark://HOST:PORT"
        )


def has_duckdb() -> bool:
    """Whether DuckDB and Ibis are installed."""
    return all(find_spec(name) for name in ("duckdb", "ibis", "pyarrow"))


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
    if not has_duckdb():
        raise CodesimError("DuckDB is not installed; to add it: pip install 'codesim[scale]'")
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
