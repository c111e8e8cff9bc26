"""Every engine gives the same pairs, ties included."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from naive_join import cases, crowd, lines_of, naive, rows_of
from spark_cluster import HOST, missing, spark_cluster

from codesim.candidates import Policy, candidate_pairs, connections, engines
from codesim.errors import CodesimError

DUCKDB = pytest.mark.skipif(not engines.has_duckdb(), reason="needs codesim[scale]")
SPARK = pytest.mark.skipif(bool(missing()), reason=missing())
POLICIES = (Policy(30, 2, 3), Policy(8, 1, 1), Policy(100, 1, 100))


def _lines(case, engine):
    weights, old, policy = case
    return lines_of(candidate_pairs(rows_of(weights), np.array(old, dtype=bool), policy, engine))


@DUCKDB
@given(cases())
@settings(max_examples=15, deadline=None)
def test_duckdb_gives_what_numpy_gives(case):
    assert _lines(case, "duckdb") == _lines(case, "numpy")


@DUCKDB
@pytest.mark.parametrize("policy", POLICIES)
def test_duckdb_with_many_documents(policy):
    weights, old = crowd(documents=60, values=80, seed=5)
    found = _lines((weights, old, policy), "duckdb")
    assert len(found) > 30
    assert found == naive(weights, old, policy)


def test_many_rows_go_to_duckdb_where_it_is(monkeypatch):
    asked = []
    monkeypatch.setattr(engines, "_SMALL", 1)
    monkeypatch.setattr(engines, "_answer", lambda table, policy: None)

    class Engine:
        def __init__(self, name):
            asked.append(name)

        def __enter__(self):
            return self

        def __exit__(self, *ending):
            return None

        def rows(self, table):
            return table

    monkeypatch.setattr(engines, "connected", Engine)
    monkeypatch.setattr(engines, "_arrow", lambda rows, old: None)
    case = ({(0, 0, 7): 5, (1, 0, 7): 5}, [False, False], POLICIES[0])
    rows, old = rows_of(case[0]), np.array(case[1])
    monkeypatch.setattr(engines, "has_duckdb", lambda: True)
    candidate_pairs(rows, old, case[2])
    monkeypatch.setattr(engines, "has_duckdb", lambda: False)
    candidate_pairs(rows, old, case[2])
    assert asked == ["duckdb"]


@pytest.mark.parametrize(
    ("engine", "absent", "words"),
    [
        ("duckdb", "duckdb", r"pip install 'codesim\[scale\]'"),
        ("spark://127.0.0.1:7077", "pyspark", r"pip install 'codesim\[spark\]'"),
    ],
)
def test_an_engine_that_is_not_installed(monkeypatch, engine, absent, words):
    found = connections.find_spec
    monkeypatch.setattr(
        connections, "find_spec", lambda name: None if name == absent else found(name)
    )
    with pytest.raises(CodesimError, match=words):
        _lines(({}, [], POLICIES[0]), engine)


@SPARK
def test_spark_without_java(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(CodesimError, match="needs Java"):
        _lines(({}, [], POLICIES[0]), "local[1]")


# In a process of its own, so that no Java machine outlives the test.
_CLIENT = """
import json, sys
import numpy as np
from codesim.candidates import Policy, candidate_pairs
from naive_join import crowd, lines_of, rows_of
weights, old = crowd(documents=30, values=40, seed=9)
answers = [
    lines_of(candidate_pairs(rows_of(weights), np.array(old), Policy(*policy), sys.argv[1]))
    for policy in json.loads(sys.argv[2])
]
print(json.dumps(answers))
"""


@SPARK
def test_a_spark_cluster_gives_what_anybody_gives(tmp_path):
    weights, old = crowd(documents=30, values=40, seed=9)
    policies = [(20, 2, 3), (100, 1, 100)]
    # Where a user says how Spark shall run; 200 partitions of a few rows each would take minutes.
    (tmp_path / "spark-defaults.conf").write_text("spark.sql.shuffle.partitions 2\n")
    with spark_cluster(tmp_path) as master:
        path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
        run = subprocess.run(
            [sys.executable, "-c", _CLIENT, master, json.dumps(policies)],
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": path,
                "SPARK_LOCAL_IP": HOST,
                "SPARK_CONF_DIR": str(tmp_path),
            },
            timeout=600,
            check=False,
        )
    assert run.returncode == 0, run.stderr.decode()
    answers = [[tuple(line) for line in answer] for answer in json.loads(run.stdout)]
    assert answers == [naive(weights, old, Policy(*policy)) for policy in policies]
    assert all(answers)
