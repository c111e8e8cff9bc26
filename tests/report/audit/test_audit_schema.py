"""The schema of ``audit.json``, and that documents obey it."""

from __future__ import annotations

import json
import os
from importlib.resources import files

import jsonschema
import pytest
from audit_samples import audit, holding, many, rich

from codesim.report.audit import encode_audit, schema

SCHEMA_FILE = files("codesim.report.audit") / "schema" / "audit-1.json"


def test_committed_schema_is_the_generated_one():
    text = json.dumps(schema(), indent=1) + "\n"
    if os.environ.get("CODESIM_UPDATE_GOLDEN"):
        SCHEMA_FILE.write_text(text, encoding="utf-8")
    assert SCHEMA_FILE.read_text(encoding="utf-8") == text


def test_every_field_is_described():
    for name, record in schema()["$defs"].items():
        assert record["description"], name
        assert record["additionalProperties"] is False
        later = {field for field, kind in record["properties"].items() if "default" in kind}
        assert later <= {"date"}, "a field that older audits lack is named here"
        assert set(record["required"]) == set(record["properties"]) - later
        for field, kind in record["properties"].items():
            assert kind.get("description"), f"{name}.{field}"


def test_documents_obey_the_schema():
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    for each in (audit(), rich(), many(20), holding("<b>\u202e")):
        validator.validate(json.loads(encode_audit(each)))


@pytest.mark.parametrize(
    "change",
    [
        {"strength": "certain"},
        {"compared": -1},
        {"verdict": "guess"},
        {"submissions": [{"name": "ann"}]},
        {"schema": "codesim/audit/2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_audit_is_refused(change):
    broken = json.loads(encode_audit(rich())) | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema())
