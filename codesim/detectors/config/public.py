"""Configurations of well-known public models: what two models of one architecture share anyway.

``public_models.json`` holds the settings that their published ``config.json`` gives, and those that
common tools for quantising, preprocessing and training write, with the source. It names an upstream
that is so widely built on that nobody needs to give it as a base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from codesim.detectors.config.jsonfile import read_json
from codesim.detectors.config.profile import Setting
from codesim.detectors.config.tree import settings

_DATA = Path(__file__).resolve().parent / "public_models.json"

# A key and its value, as two configurations may share them.
Held = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PublicModel:
    """One public model: its name, where its configuration is published, and what that holds."""

    name: str
    source: str
    held: frozenset[Held]


def held(setting: Setting) -> Held:
    """What of a setting a public model may explain, wherever in the file it stands."""
    return setting.key, setting.value


@lru_cache(maxsize=1)
def public_models() -> tuple[PublicModel, ...]:
    """All models of the bundled table."""
    root = read_json(_DATA.read_text("utf-8"))
    models: dict[str, dict[str, list[Setting]]] = {}
    for setting in settings(root):
        _, number, field, *inner = setting.path
        entry = models.setdefault(number, {"name": [], "source": [], "settings": []})
        entry[field].append(Setting(tuple(inner), setting.value, setting.form, setting.line))
    return tuple(
        PublicModel(m["name"][0].value, m["source"][0].value, frozenset(map(held, m["settings"])))
        for m in models.values()
    )


@lru_cache(maxsize=1)
def held_by_some() -> Mapping[Held, str]:
    """Every key and value that a public model holds, with the first such model."""
    found: dict[Held, str] = {}
    for model in public_models():
        for each in sorted(model.held):
            found.setdefault(each, model.name)
    return found


@lru_cache(maxsize=1)
def public_keys() -> frozenset[str]:
    """Every key that a public model has, whatever its value."""
    return frozenset(key for key, _ in held_by_some())


@lru_cache(maxsize=1)
def public_values() -> frozenset[str]:
    """Every value that a public model has, under whatever key."""
    return frozenset(value for _, value in held_by_some())


def explaining(shared: Iterable[Held]) -> list[tuple[PublicModel, int]]:
    """The models that explain most of what is shared, each counted for what those before left."""
    left = set(shared)
    found: list[tuple[PublicModel, int]] = []
    while True:
        best = max(public_models(), key=lambda model: len(left & model.held))
        count = len(left & best.held)
        if not count:
            return found
        found.append((best, count))
        left -= best.held
