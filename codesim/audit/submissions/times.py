"""Times of submission, as lists and file names give them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_LONGEST = 64
# 2024-05-17_13-45-59, 20240517134559, 2024.05.17: date first, then perhaps a time, digits only.
_DIGITS = re.compile(r"(\d{4})\D?(\d\d)\D?(\d\d)(?:\D?(\d\d)\D?(\d\d)(?:\D?(\d\d))?)?")
_ODD = re.compile(r"[^0-9T:+,. WZ-]")
_NEVER = datetime.min.replace(tzinfo=UTC)
_ZONE = re.compile(r"^(.*\d)\s+(Z|UTC|[+-]\d\d:?\d\d)$")


def iso_time(text: str) -> str:
    """A time as ISO 8601, or an empty string for what names no moment without guessing, such as
    05/06/2024. What is ISO 8601 already comes back as it is.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or not text.isascii():
        return ""
    zone = _ZONE.match(text)
    if zone:
        text = zone[1] + ("Z" if zone[2] == "UTC" else zone[2])
    try:
        # Python takes any character between date and time; ISO 8601 does not.
        if not _ODD.search(text):
            datetime.fromisoformat(text)
            return text.replace(" ", "T", 1)
    except ValueError:
        pass
    return _from_digits(text)


def moment_of(time: str) -> datetime | None:
    """A time in ISO 8601; one without a zone is taken as UTC. None for anything else."""
    try:
        moment = datetime.fromisoformat(time.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def later(one: str, other: str) -> str:
    """The later of two times as it was given; of two that name one moment the greater text."""
    return max(one, other, key=lambda time: (moment_of(time) or _NEVER, time))


def _from_digits(text: str) -> str:
    found = _DIGITS.fullmatch(text)
    if not found:
        return ""
    parts = [int(part) for part in found.groups() if part is not None]
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return ""
    return moment.isoformat() if len(parts) > 3 else moment.date().isoformat()
