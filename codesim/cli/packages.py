"""Pinned public packages as snapshots: fetched once as wheels, read in memory, never installed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

from codesim.errors import CodesimError
from codesim.text import display

if TYPE_CHECKING:
    from codesim.model import Snapshot

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[A-Za-z0-9][A-Za-z0-9.!+_-]*)"
    r"(?:\s+--hash=sha256:(?P<sha256>[0-9a-f]{64}))?"
)
# One platform for everybody: what a package contains must not depend on who fetches it.
_PLATFORM = (
    "--platform=manylinux_2_28_x86_64", "--platform=manylinux2014_x86_64",
    "--python-version=3.11", "--implementation=cp", "--abi=cp311", "--abi=abi3", "--abi=none",
)  # fmt: skip
_TESTS = {"test", "tests", "testing"}
# The largest generated module of the shipped list is a tenth of this.
_MAX_FILE = 8_000_000
_DEADLINE = 900.0
_LICENCE = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of one package, with the hash of its wheel where the list gives it."""

    name: str
    version: str
    sha256: str = ""

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def read_pins(path: Path) -> tuple[Pin, ...]:
    """The pins of a list in pip's requirements format. Raises CodesimError with the line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodesimError(f"cannot read the list of packages {path}: {error}") from None
    pins = tuple(_pins(text, path))
    if not pins:
        raise CodesimError(f"{path} lists no package; expected lines such as einops==0.8.2")
    return pins


def _pins(text: str, path: Path) -> Iterator[Pin]:
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        found = _PIN.fullmatch(line)
        if not found:
            raise CodesimError(
                f"{path}, line {number}: {display(line[:80])} is not a pinned package; "
                "expected NAME==VERSION, and --hash=sha256:... if wanted"
            )
        pin = Pin(found["name"], found["version"], found["sha256"] or "")
        if _plain(pin.name) in seen:
            raise CodesimError(f"{path}, line {number}: {pin.name} is listed twice")
        seen.add(_plain(pin.name))
        yield pin


def fetch(pin: Pin, folder: Path) -> Path:
    """The wheel of a package, downloaded where it is not in the folder yet."""
    found = _stored(pin, folder)
    if found is None:
        said = _download(pin, folder)
        found = _stored(pin, folder)
        if found is None:
            raise CodesimError(
                f"{pin} could not be fetched from the package index: {said}\n"
                f"The network is needed once for each package, or its wheel in {folder}."
            )
    if pin.sha256 and hashlib.sha256(found.read_bytes()).hexdigest() != pin.sha256:
        raise CodesimError(
            f"{found.name} is not the file that the list pins: its SHA-256 differs. "
            f"Remove it from {folder} to fetch it again."
        )
    return found


def wheel_snapshot(wheel: Path, name: str, suffixes: tuple[str, ...] = (".py",)) -> Snapshot:
    """The files of a wheel that end so, without its tests. Raises CodesimError for a broken one."""
    from codesim.snapshot import snapshot_of

    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [info for info in archive.infolist() if _is_wanted(info, suffixes)]
            return snapshot_of({info.filename: archive.read(info) for info in members}, name)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise CodesimError(f"{wheel.name} is not a readable wheel: {error}") from None


def licence_of(wheel: Path) -> str:
    """The licence that a wheel states for itself, in at most 60 characters."""
    with zipfile.ZipFile(wheel) as archive:
        names = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        text = archive.read(min(names)).decode("utf-8", "replace") if names else ""
    stated = HeaderParser().parsestr(text)
    classifiers = [c for c in stated.get_all("Classifier", []) if c.startswith(_LICENCE)]
    lines = (stated.get("License") or "").strip().splitlines()
    if lines == ["UNKNOWN"]:  # what older tools write where nothing is stated
        lines = []
    found = (
        stated.get("License-Expression")
        or (lines[0] if len(lines) == 1 else "")
        or "; ".join(c.removeprefix(_LICENCE) for c in classifiers)
        or (lines[0].strip() if lines else "")
    )
    return display(found.strip())[:60] or "not stated"


def _download(pin: Pin, folder: Path) -> str:
    """Let pip fetch one wheel; never a source archive, whose build script it would run."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-input", "--no-deps", "--only-binary=:all:", *_PLATFORM, f"--dest={folder}", str(pin),
    ]  # fmt: skip
    try:
        run = subprocess.run(  # noqa: S603 - arguments are matched above, and there is no shell
            command, capture_output=True, text=True, check=False, timeout=_DEADLINE
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {_DEADLINE:g} s"
    return display((run.stderr.strip().splitlines() or ["pip gave no reason"])[-1])


def _stored(pin: Pin, folder: Path) -> Path | None:
    for path in sorted(folder.glob("*.whl")):
        name, _, rest = path.name.partition("-")
        if _plain(name) == _plain(pin.name) and rest.partition("-")[0] == pin.version:
            return path
    return None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _is_wanted(info: zipfile.ZipInfo, suffixes: tuple[str, ...]) -> bool:
    folders = info.filename.split("/")[:-1]
    wanted = info.filename.endswith(suffixes) and info.file_size <= _MAX_FILE
    return wanted and not _TESTS.intersection(folders)
