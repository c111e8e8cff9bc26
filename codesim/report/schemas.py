"""JSON Schemas of documents, the same whatever else the process has imported."""

from __future__ import annotations

from typing import Any

from msgspec.json import schema


def schema_of(document: type, name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a document whose format is called ``name``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{name.replace('/', ':')}",
        **_on_one_line(schema(document)),
    }


def _on_one_line(value: Any) -> Any:
    """Descriptions come from docstrings, whose indentation is nobody's business."""
    if isinstance(value, list):
        return [_on_one_line(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: " ".join(each.split())
        if key == "description" and isinstance(each, str)
        else _on_one_line(each)
        for key, each in value.items()
    }
