"""Submissions that are broken or hostile. Each says what a reader may expect of it."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cohorts.forms import laid_out, zipped
from benchmarks.ladder.chance import Chance

Files = Mapping[str, bytes]
Make = Callable[[Path, Files, Chance], None]


@dataclass(frozen=True)
class Broken:
    """``expected`` is ``unreadable`` where nothing of it can be compared, ``named`` where a part is
    left and what was skipped or degraded has to be told, ``listed`` where all of it may be read.
    """

    kind: str
    expected: str
    make: Make


def _code(files: Files) -> list[str]:
    """The author's own modules, the longest first."""
    own = [path for path in files if path.endswith(".py") and "tidelog" not in path]
    return sorted((p for p in own if p != "check.py"), key=lambda p: (-len(files[p]), p))


def _changed(change: Callable[[bytes, Chance], bytes]) -> Make:
    """A folder whose longest module is changed."""

    def make(place: Path, files: Files, chance: Chance) -> None:
        paths = _code(files)
        made = dict(files)
        if paths:
            made[paths[0]] = change(files[paths[0]], chance)
        else:
            made["main.py"] = change(b"x = 1\n", chance)
        laid_out(place, made)

    return make


def _syntax(content: bytes, chance: Chance) -> bytes:
    lines = content.splitlines(keepends=True)
    for _ in range(3):
        lines.insert(chance.randrange(len(lines) + 1), b"    def broken(:\n  if\n")
    return b"".join(lines)


def _encoding(content: bytes, _: Chance) -> bytes:
    return b"# -*- coding: utf-8 -*-\nwhere = '\xff\xfe\xe9t\xe9 \x80\xff'\n" + content


def _wide(content: bytes, _: Chance) -> bytes:
    return b"\xff\xfe" + content.decode("utf-8").encode("utf-16-le")


def _backslashes(content: bytes, _: Chance) -> bytes:
    # Quadratic in the parser: 32,000 of them take it some ten seconds.
    return content + b"\nx = 1 " + b"\\\n" * 32_000 + b"\n"


def _nested(content: bytes, _: Chance) -> bytes:
    return content + b"\nx = " + b"(" * 60_000 + b"1" + b")" * 60_000 + b"\n"


def _one_line(content: bytes, _: Chance) -> bytes:
    return content + b"\ntable = [" + b"1, " * 1_500_000 + b"1]\n"


def _garbage(_: bytes, chance: Chance) -> bytes:
    marks = b"([{)]}:,=*'\"\\\n"
    return bytes(chance.choice(marks) for _ in range(400_000))


def _zeros(content: bytes, _: Chance) -> bytes:
    return content[: len(content) // 2] + b"\0" * 4_096 + content[len(content) // 2 :]


def _notebook(place: Path, _files: Files, _: Chance) -> None:
    place.mkdir(parents=True)
    (place / "solution.ipynb").write_bytes(b'{"cells": [{"cell_type": "code", "source": [')


def _strange_notebook(place: Path, _files: Files, _: Chance) -> None:
    place.mkdir(parents=True)
    (place / "solution.ipynb").write_bytes(b'{"cells": "none", "nbformat": "four"}\n')


def _empty(place: Path, _files: Files, _: Chance) -> None:
    place.mkdir(parents=True)


def _empty_file(place: Path, _files: Files, _: Chance) -> None:
    place.with_name(f"{place.name}.zip").write_bytes(b"")


def _cut_zip(place: Path, files: Files, _: Chance) -> None:
    content = zipped(files)
    place.with_name(f"{place.name}.zip").write_bytes(content[: len(content) * 2 // 3])


def _bomb(place: Path, _files: Files, _: Chance) -> None:
    inner = zipped({f"zeros{number}.py": b"0" * (32 << 20) for number in range(4)})
    place.with_name(f"{place.name}.zip").write_bytes(
        zipped({f"layer{number}.zip": inner for number in range(32)})
    )


def _locked(place: Path, files: Files, _: Chance) -> None:
    """Every entry is marked as encrypted; the content is noise without a password."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            noise = bytes(each ^ 0xA5 for each in content)
            archive.writestr(zipfile.ZipInfo(path), noise)
    place.with_name(f"{place.name}.zip").write_bytes(_flagged(out.getvalue()))


def _flagged(content: bytes) -> bytes:
    """Set the flag for encryption in all headers of a zip archive."""
    found = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = found.find(mark)
        while place >= 0:
            (old,) = struct.unpack_from("<H", found, place + flags)
            struct.pack_into("<H", found, place + flags, old | 1)
            place = found.find(mark, place + 4)
    return bytes(found)


def _climbing(place: Path, files: Files, _: Chance) -> None:
    place.with_name(f"{place.name}.zip").write_bytes(
        zipped({"../../outside.py": b"x = 1\n", "/absolute.py": b"x = 2\n", **files})
    )


def _links(place: Path, _files: Files, _: Chance) -> None:
    """Links to the outside, to itself and to nowhere, and nothing else."""
    place.mkdir(parents=True)
    os.symlink("/etc/hostname", place / "host.py")
    os.symlink("loop.py", place / "loop.py")
    os.symlink("../../no/such/place", place / "away")


def _pipe(place: Path, _files: Files, _: Chance) -> None:
    place.mkdir(parents=True)
    os.mkfifo(place / "solution.py")


def _many(place: Path, files: Files, _: Chance) -> None:
    laid_out(place, files)
    (place / "cache").mkdir()
    for number in range(5_000):
        (place / "cache" / f"part{number:04d}.py").write_bytes(b"x = %d\n" % number)


def _windows(place: Path, files: Files, _: Chance) -> None:
    names = {"C:\\work\\aux.py": b"x = 1\n", "con.py": b"x = 2\n", "my code .py": b"x = 3\n"}
    laid_out(place, {**files, **names, "trailing. /nul": b"x = 4\n", "a\nb.py": b"x = 5\n"})


ALL = (
    Broken("syntax errors", "named", _changed(_syntax)),
    Broken("invalid bytes", "listed", _changed(_encoding)),
    Broken("utf-16", "listed", _changed(_wide)),
    Broken("backslashes", "named", _changed(_backslashes)),
    Broken("deep nesting", "named", _changed(_nested)),
    Broken("one long line", "named", _changed(_one_line)),
    Broken("garbage", "named", _changed(_garbage)),
    Broken("zero bytes", "named", _changed(_zeros)),
    Broken("notebook is no JSON", "named", _notebook),
    Broken("notebook without cells", "named", _strange_notebook),
    Broken("empty folder", "unreadable", _empty),
    Broken("empty archive", "unreadable", _empty_file),
    Broken("archive cut short", "unreadable", _cut_zip),
    Broken("archive bomb", "unreadable", _bomb),
    Broken("archive with a password", "unreadable", _locked),
    Broken("archive that climbs out", "named", _climbing),
    Broken("links only", "named", _links),
    Broken("named pipe", "named", _pipe),
    Broken("5,000 small files", "listed", _many),
    Broken("names of another system", "listed", _windows),
)
