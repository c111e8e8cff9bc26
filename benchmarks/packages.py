"""Pinned public packages: fetched once as wheels, read in place, never installed or imported."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from benchmarks.options import BenchmarkError


@dataclass(frozen=True, order=True)
class Pin:
    """One version of one package; ``folder`` is its import name."""

    name: str
    version: str
    folder: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


TRANSFORMERS = Pin("transformers", "4.44.2", "transformers")
# The first versions with modular files have few of them.
MODULAR = Pin("transformers", "4.51.3", "transformers")
TIMM = Pin("timm", "1.0.31", "timm")
DIFFUSERS = Pin("diffusers", "0.27.2", "diffusers")
_HASHES = Path(__file__).with_name("wheels.txt")


def python_files(pin: Pin, data: Path, folder: str = "") -> dict[str, bytes]:
    """Python files of a package below a folder, without its tests, by path inside the wheel."""
    start = f"{folder or pin.folder}/"
    wheel = fetch(pin, data)
    return {
        path: content
        for path, content in _contents(str(wheel), pin.folder).items()
        if path.startswith(start)
    }


@lru_cache(maxsize=4)
def _contents(wheel: str, folder: str) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: archive.read(name)
            for name in sorted(archive.namelist())
            if name.endswith(".py") and name.startswith(f"{folder}/") and not _is_test(name)
        }


def _is_test(path: str) -> bool:
    return any(part in {"tests", "test", "testing"} for part in path.split("/")[:-1])


def fetch(pin: Pin, data: Path) -> Path:
    """The wheel of a pinned package, downloaded when it is not there yet."""
    folder = data / "wheels"
    found = _stored(pin, folder)
    if found:
        return _checked(pin, found)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"fetching {pin} ...", file=sys.stderr)
    run = subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--only-binary=:all:", "--dest", str(folder), f"{pin.name}=={pin.version}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    found = _stored(pin, folder)
    if run.returncode or not found:
        raise BenchmarkError(_trouble(pin, folder, run.stderr))
    return _checked(pin, found)


@cache
def _checked(pin: Pin, wheel: Path) -> Path:
    """The wheel, when its content is what was pinned."""
    wanted = pinned_hashes().get((pin.name, pin.version))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if wanted and digest != wanted:
        raise BenchmarkError(
            f"{wheel} is not the wheel of {pin} that was measured: its SHA-256 is {digest},"
            f" not {wanted}.\nDelete it, and the benchmark fetches it again."
        )
    return wheel


@cache
def pinned_hashes() -> dict[tuple[str, str], str]:
    """SHA-256 of every wheel by name and version."""
    found = {}
    for line in _HASHES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            what, _, digest = line.partition(" --hash=sha256:")
            name, _, version = what.partition("==")
            found[name, version] = digest
    return found


def _stored(pin: Pin, folder: Path) -> Path | None:
    stem = pin.name.replace("-", "_")
    found = sorted(
        path
        for path in folder.glob("*.whl")
        if path.name.lower().startswith(f"{stem.lower()}-{pin.version}-")
    )
    return found[0] if found else None


def _trouble(pin: Pin, folder: Path, said: str) -> str:
    last = said.strip().splitlines()[-1:] or ["pip gave no reason"]
    return (
        f"{pin} could not be fetched from the package index: {last[0]}\n"
        f"The benchmarks need the network once, or the wheel of {pin} in {folder}."
    )
