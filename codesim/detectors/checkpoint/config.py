"""The configuration beside a checkpoint: declared dtype and sizes."""

from __future__ import annotations

from codesim.detectors.checkpoint.profile import Config, Setting
from codesim.errors import SnapshotError
from codesim.model import Snapshot
from codesim.text import JsonError, parse_json

_NAMES = ("config.json",)
# A configuration of a model has a few kilobytes; label lists make it larger.
_MOST_BYTES = 1_000_000
_MOST_CONFIGS = 200
_LONGEST = 200


def configs_of(snapshot: Snapshot, skipped: list[tuple[str, str]]) -> tuple[Config, ...]:
    """Every ``config.json`` that reads as an object, in path order."""
    found: list[Config] = []
    for entry in snapshot.entries:
        if entry.path.rsplit("/", 1)[-1] not in _NAMES or not entry.readable:
            continue
        if (entry.size or 0) > _MOST_BYTES or len(found) >= _MOST_CONFIGS:
            continue
        try:
            root = parse_json(snapshot.read(entry.path), unique=False)
        except SnapshotError as error:
            skipped.append((entry.path, str(error)))
            continue
        except JsonError:
            continue  # the config detector says so
        if isinstance(root, dict):
            found.append(Config(entry.path, tuple(sorted(_plain(root).items()))))
    return tuple(found)


def nearest(configs: tuple[Config, ...], path: str) -> Config:
    """The configuration that a checkpoint goes by: beside it, else above, else the only one that
    describes a model.
    """
    by_folder = {config.path.rpartition("/")[0]: config for config in configs}
    folder = path.rpartition("/")[0]
    while folder not in by_folder and folder:
        folder = folder.rpartition("/")[0]
    if folder in by_folder:
        return by_folder[folder]
    models = [config for config in configs if config.number("hidden_size", "n_embd", "d_model")]
    return models[0] if len(models) == 1 else Config()


def _plain(root: dict[str, object]) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for key, value in root.items():
        inner = value.items() if isinstance(value, dict) else ()
        for name, each in (*((f"{key}.{k}", v) for k, v in inner), (key, value)):
            if isinstance(each, str | int | float | bool) and len(str(each)) <= _LONGEST:
                found[name] = each
    return found
