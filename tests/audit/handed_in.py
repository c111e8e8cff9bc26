"""Small makers of what is handed in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from codesim import Snapshot
from codesim.audit.submissions import Submission, open_submission
from codesim.snapshot import Limits


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive with fixed times."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """Files below a folder; a name that ends with ``/`` is an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if name.endswith("/"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return folder


def contents(snapshot: Snapshot) -> dict[str, bytes]:
    return {e.path: snapshot.read(e.path) for e in snapshot.entries if e.readable}


def reasons(skipped: object) -> dict[str, str]:
    return {item.what: item.reason for item in skipped.skipped}  # type: ignore[attr-defined]


def opened(*sources: Path | str, limits: Limits | None = None, revision: str = "") -> Snapshot:
    """A submission of these sources, opened."""
    submission = Submission("Ada", tuple(map(str, sources)), revision=revision)
    return open_submission(submission, limits=limits) if limits else open_submission(submission)
