"""From what lies side by side to submissions: one each, or by what their file names say."""

from __future__ import annotations

from dataclasses import replace

from codesim.audit.submissions.gradescope import Handed, read_metadata
from codesim.audit.submissions.nouns import Draft, Found
from codesim.audit.submissions.places import Place
from codesim.audit.submissions.platforms import Read, nearly_recognised, read_names, recognised
from codesim.audit.submissions.times import later
from codesim.errors import SnapshotError
from codesim.model import Skipped
from codesim.snapshot.archive import is_archive
from codesim.text.decode import decode
from codesim.text.display import display

_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.lzma", ".tar.zst", ".tar.lz4")
# A file of any other kind beside folders and archives is the organiser's: a list, a rubric.
_HANDED_IN = (".py", ".ipynb")


def drafts_of(place: Place, pattern: str) -> tuple[list[Draft], list[Skipped]]:
    """Submissions of a place by a checked pattern; empty: by the platform that all names follow."""
    chosen = pattern or recognised([found.name for found in place.found])
    if chosen == "none":
        drafts, skipped = _one_each(place.found)
        nearly = "" if pattern else nearly_recognised([found.name for found in place.found])
        return drafts, [*skipped, *([Skipped("names of files", nearly)] if nearly else [])]
    there = [found for found in place.found if not found.refused]
    read = read_names(chosen, [found.name for found in there])
    skipped = [Skipped(display(each.name), each.refused) for each in place.found if each.refused]
    skipped += [
        Skipped(display(found.name), "its name does not match the pattern")
        for found, said in zip(there, read, strict=True)
        if not said
    ]
    drafts = _by_key(there, read)
    if chosen == "gradescope":
        drafts, more = _with_metadata(drafts, place)
        skipped += more
    return drafts, skipped


def _one_each(found: list[Found]) -> tuple[list[Draft], list[Skipped]]:
    whole = any(each.is_folder or is_archive(each.name) for each in found)
    drafts, skipped = [], []
    for each in found:
        handed_in = each.is_folder or is_archive(each.name) or each.name.endswith(_HANDED_IN)
        if whole and not handed_in:
            reason = "a file of another kind beside folders and archives; no submission"
            skipped.append(Skipped(display(each.name), reason))
        else:
            name = each.name if each.is_folder else stem(each.name)
            marks = (each.name,)
            drafts.append(Draft(name, (each.source,), marks=marks, refused=each.refused))
    return drafts, skipped


def stem(name: str) -> str:
    """A file name without what says its kind."""
    lower = name.lower()
    for ending in _ENDINGS:
        if lower.endswith(ending):
            return name[: -len(ending)] or name
    return name.rpartition(".")[0] or name


def _by_key(found: list[Found], read: list[Read | None]) -> list[Draft]:
    drafts: dict[str, Draft] = {}
    for each, said in zip(found, read, strict=True):
        if not said:
            continue
        so_far = drafts.get(said.key)
        drafts[said.key] = Draft(
            said.name,
            (*(so_far.sources if so_far else ()), each.source),
            said.team,
            # The last time counts: that is when all of it was there.
            later(said.time, so_far.time if so_far else ""),
            marks=(said.team, said.number),
        )
    return list(drafts.values())


def _with_metadata(drafts: list[Draft], place: Place) -> tuple[list[Draft], list[Skipped]]:
    if place.metadata is None:
        return drafts, []
    try:
        known = read_metadata(decode(place.metadata()))
    except SnapshotError as error:
        return drafts, [Skipped("submission_metadata.yml", str(error))]
    nobody = Handed("", "")
    by_folder = [(draft, known.get(f"{draft.name}_{draft.marks[1]}", nobody)) for draft in drafts]
    return [
        replace(draft, name=handed.name or draft.name, time=handed.time)
        for draft, handed in by_folder
    ], []
