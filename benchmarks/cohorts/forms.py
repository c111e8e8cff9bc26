"""How a submission is handed in: a folder, an archive, notebooks, a single file."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.cohorts.work import Work, starter
from benchmarks.ladder.chance import Chance

# The same clock for every archive, so that the same seed gives the same bytes.
_WHEN = (2024, 5, 17, 12, 0, 0)
FORMS = ("folder", "folder", "folder", "folder", "zip", "zip", "nested zip", "tar.gz")


def files_of(work: Work) -> dict[str, bytes]:
    """Everything that is handed in, the starter code with it."""
    texts = {**starter(), **work.starter, **work.others}
    found = {path: text.encode("utf-8") for path, text in texts.items()}
    for path, text in work.modules.items():
        if path in work.notebooks:
            found[path.removesuffix(".py") + ".ipynb"] = notebook(text)
        else:
            found[path] = text.encode("utf-8")
    return dict(sorted(found.items()))


def notebook(text: str) -> bytes:
    """A module as a notebook: a cell for every block between two blank lines at the margin."""
    cells: list[dict[str, object]] = []
    for block in text.split("\n\n\n"):
        lines = block.strip("\n").splitlines(keepends=True)
        if lines:
            cells.append(
                {
                    "cell_type": "code",
                    "execution_count": len(cells) + 1,
                    "metadata": {},
                    "outputs": [],
                    "source": lines,
                }
            )
    whole = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Tide notes\n"]}, *cells],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(whole, indent=1) + "\n").encode("utf-8")


def hand_in(place: Path, files: Mapping[str, bytes], form: str, chance: Chance) -> Path:
    """Write one submission; ``place`` has no suffix yet. Returns what was written."""
    top = chance.choice(("", "", f"{place.name}/", "assignment/", "tidelog-main/"))
    if form == "folder":
        laid_out(place / top, files)
        return place
    packed = {f"{top}{path}": content for path, content in files.items()}
    if form == "tar.gz":
        return _written(place.with_name(f"{place.name}.tar.gz"), tarred(packed))
    if form == "nested zip":
        packed = {f"{place.name}.zip": zipped(packed), "READ ME.txt": b"all in the archive\n"}
    return _written(place.with_name(f"{place.name}.zip"), zipped(packed))


def laid_out(place: Path, files: Mapping[str, bytes]) -> Path:
    """Files below a folder."""
    for path, content in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return place


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive with a fixed clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    """A gzipped tar archive with a fixed clock."""
    import gzip

    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mtime = len(content), 1_715_947_200
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(inner.getvalue(), mtime=0)


def _written(place: Path, content: bytes) -> Path:
    place.write_bytes(content)
    return place
