"""Invented configurations, and short ways to compare them."""

from __future__ import annotations

import json

from codesim import snapshot_of
from codesim.detectors.config import ConfigDetector
from codesim.detectors.config.profile import ConfigProfile, Setting
from codesim.model import Evidence

Files = dict[str, str | bytes]

# A made-up model on a public architecture, with choices of its own.
ODD = {
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "rms_norm_eps": 1e-05,
    "gate_blend_ratio": 0.3725,
    "crystal_slots": 96,
    "ripple_window": 1733,
    "tide_schedule": "sawtooth-ascending",
    "fold_border": True,
    "kelp_layers": [3, 11, 27],
}
# Another one on the same architecture.
OTHER = {
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "rms_norm_eps": 1e-05,
    "router_warmth": 0.8125,
    "bridge_tokens": 144,
    "lattice_order": "hexagonal-offset",
    "skip_dorsal": False,
    "spine_layers": [5, 9],
}


def profile(files: Files) -> ConfigProfile:
    """The profile of some files."""
    data = {path: each.encode() if isinstance(each, str) else each for path, each in files.items()}
    return ConfigDetector().profile(snapshot_of(data))


def settings_of(path: str, text: str | bytes) -> list[Setting]:
    """All settings of one file."""
    return [setting for unit in profile({path: text}).units for setting in unit.settings]


def values_of(path: str, text: str | bytes) -> dict[str, str]:
    """Values by key path of one file."""
    return {setting.label: setting.value for setting in settings_of(path, text)}


def compared(left: Files, right: Files, *base: Files) -> Evidence:
    """Evidence about two repositories with these files."""
    return ConfigDetector().compare(profile(left), profile(right), [profile(b) for b in base])


def as_json(settings: object, **options: object) -> Files:
    """A repository with one configuration."""
    return {"config.json": json.dumps(settings, **options)}  # type: ignore[arg-type]


def states(evidence: Evidence, table: int = 0) -> dict[str, str]:
    """The state of each key of a value table, by its name on the left, or else on the right."""
    return {row[0] or row[1]: row[4] for row in evidence.tables[table].rows}
