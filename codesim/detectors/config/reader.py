"""Snapshots to profiles: which files hold settings, and what if they cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from codesim.detectors.config.jsonfile import read_json
from codesim.detectors.config.kinds import (
    ENV,
    GIN,
    INI,
    JSON,
    PYTHON,
    TOML,
    YAML,
    format_of,
    is_named_config,
)
from codesim.detectors.config.linefile import read_env, read_gin, read_ini
from codesim.detectors.config.profile import ConfigProfile, ConfigUnit, Setting
from codesim.detectors.config.pyfile import may_hold_settings, read_python
from codesim.detectors.config.tomlfile import read_toml
from codesim.detectors.config.tree import MAX_NODES, BadConfigError, is_data, settings
from codesim.errors import SnapshotError
from codesim.model import Entry, Snapshot
from codesim.text import decode

# All settings of a snapshot together: as many as 500 large configurations have.
_MOST_SETTINGS = 500_000

_POINTER = b"version https://git-lfs.github.com/spec/"


def read_profile(snapshot: Snapshot, max_bytes: int) -> ConfigProfile:
    """The settings of all configuration of a snapshot, by path."""
    units: list[ConfigUnit] = []
    skipped: list[tuple[str, str]] = []
    total = 0
    for entry in snapshot.entries:
        if not entry.readable or not format_of(entry.path):
            continue
        try:
            found = _units(snapshot, entry, max_bytes)
        except BadConfigError as error:
            if is_named_config(entry.path):
                skipped.append((entry.path, str(error)))
            continue
        except SnapshotError as error:
            skipped.append((entry.path, str(error)))
            continue
        total += sum(len(unit.settings) for unit in found)
        if total > _MOST_SETTINGS:
            skipped.append((entry.path, f"and what follows: more than {_MOST_SETTINGS:,} settings"))
            break
        units.extend(found)
    return ConfigProfile(snapshot.name, tuple(units), tuple(skipped))


def _units(snapshot: Snapshot, entry: Entry, max_bytes: int) -> list[ConfigUnit]:
    if (entry.size or 0) > max_bytes:
        raise BadConfigError(f"has more than {max_bytes:,} bytes")
    data = snapshot.read(entry.path)
    if len(data) > max_bytes:
        raise BadConfigError(f"has more than {max_bytes:,} bytes")
    if data.startswith(_POINTER):
        raise BadConfigError("is stored elsewhere: only its Git LFS pointer is here")
    text = decode(data)
    format_ = format_of(entry.path)
    if format_ == PYTHON:
        return read_python(entry.path, text) if may_hold_settings(entry.path, text) else []
    found = _file(format_, text)
    if is_data(found):
        return []
    return [ConfigUnit(entry.path, "", format_, found)] if found else []


def _file(format_: str, text: str) -> tuple[Setting, ...]:
    if format_ == JSON:
        # A list is data; a configuration names what it sets.
        return () if text.lstrip()[:1] == "[" else settings(read_json(text))
    if format_ == TOML:
        return settings(read_toml(text))
    if format_ == YAML:
        return tuple(_documents(text))
    return {INI: read_ini, ENV: read_env, GIN: read_gin}[format_](text)


def _documents(text: str) -> Iterator[Setting]:
    from codesim.detectors.config.yamlfile import read_yaml

    total = 0
    for document in read_yaml(text):
        if document.pairs is None:
            continue
        found = settings(document)
        total += len(found)
        if total > MAX_NODES:
            raise BadConfigError(f"has more than {MAX_NODES:,} values")
        yield from found
