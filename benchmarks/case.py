"""A disguised copy, searched: is the true source of each definition the first among public code?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.climb import SOURCES, case_of
from benchmarks.definitions import FEWEST_TOKENS
from benchmarks.inside import Answers, answers
from benchmarks.ladder import disguise
from benchmarks.library import together
from benchmarks.options import BenchmarkError, Options
from benchmarks.ours import code_detector
from benchmarks.packages import DIFFUSERS, TIMM, TRANSFORMERS, python_files
from benchmarks.peers import Peer, search_peers
from benchmarks.questions import Questions, alone, definitions_of, disguised, has_enough, listed
from benchmarks.table import Cell, Table
from codesim import CodesimError, Snapshot, open_snapshot, snapshot_of

_PUBLIC = (TRANSFORMERS, TIMM, DIFFUSERS)
_LEVEL = 4
_FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
# Their right side is the copy, as a reader meets it: known work first.
_COPIES = ("disguised_copy", "restructured_functions")
# Beyond this place nobody looks.
_TOP = 5
_FOLDERS = 4
_SHOWN = 12


@dataclass(frozen=True)
class Place:
    """Where the true source of a definition stands, 0 when it was not found at all."""

    definition: str
    alone: int
    in_context: int
    before: str


def run(options: Options) -> list[Table]:
    """One row per copy and tool, and the definitions whose source is not the first."""
    if bool(options.left) != bool(options.right):
        raise BenchmarkError("--left COPY and --right ORIGINAL@REVISION belong together")
    sides = (_opened(options.left), _opened(options.right)) if options.left else None
    public = [_public(pin, options) for pin in _PUBLIC]
    rows: list[tuple[Cell, ...]] = []
    missed: list[tuple[Cell, ...]] = []
    peers, missing = search_peers() if options.peers else ([], "no peer was asked for")
    for questions, right_texts in _asked(options, sides, [profile for profile, _ in public]):
        places = _places(questions)
        rows.append(_row(questions, "codesim", places))
        missed += [_miss(questions, each) for each in places if each.in_context != 1]
        texts = {path: text for _, texts in public for path, text in texts.items()} | right_texts
        rows += [_row(questions, p.title(), _theirs(p, questions, texts)) for p in peers]
    count = sum(1 for profile, _ in public for _ in definitions_of(profile))
    return [_first(rows, count, options, missing), _not_first(missed)]


def _public(pin: Any, options: Options) -> tuple[Any, dict[str, str]]:
    files = python_files(pin, options.data)
    profile = code_detector().profile(snapshot_of(files, pin.name))
    return profile, _texts(files, pin.name)


def _texts(files: Mapping[str, bytes], name: str) -> dict[str, str]:
    return {f"{name}/{path}": data.decode("utf-8", "replace") for path, data in files.items()}


def _asked(
    options: Options, sides: tuple[Snapshot, Snapshot] | None, public: Sequence[Any]
) -> list[tuple[Questions, dict[str, str]]]:
    """A real case where one is named, else the fixtures and the ladder."""
    if sides:
        return [_of_two("the copy that was named", *sides, public, options.names)]
    fixtures = [
        _of_two(name, _folder(name, "right"), _folder(name, "left"), public, None)
        for name in _COPIES
    ]
    library = together(public)
    count = options.size(_FOLDERS)
    return [*fixtures, *(_of_ladder(source, library, options) for source in SOURCES[:count])]


def _opened(spec: str) -> Snapshot:
    try:
        return open_snapshot(spec)
    except CodesimError as error:
        raise BenchmarkError(
            f"{error}\nA copy and its original are named as for codesim."
        ) from None


def _folder(case: str, side: str) -> Snapshot:
    if not (_FIXTURES / case / side).is_dir():
        raise BenchmarkError(
            f"the folder fixtures/{case} is not here: run from a checkout, or name a copy and its"
            " original with --left PATH --right PATH@REVISION"
        )
    return open_snapshot(str(_FIXTURES / case / side))


def _of_two(
    name: str, left: Snapshot, right: Snapshot, public: Sequence[Any], names: Path | None
) -> tuple[Questions, dict[str, str]]:
    detector = code_detector()
    one, two = detector.profile(left), detector.profile(right)
    found = alone(one, two)
    long = {unit: rights for unit, rights in found.items() if has_enough(one, unit)}
    sources = listed(names, one, two) if names else long
    agreeing = sum(bool(sources[unit] & found.get(unit, frozenset())) for unit in sources)
    # The original stands first, so that its units keep their numbers.
    library = together([two, *public])
    questions = Questions(name, one, _read(left), library, sources, agreeing if names else None)
    return questions, {f"{two.name}/{path}": text for path, text in _read(right).items()}


def _read(snapshot: Snapshot) -> dict[str, str]:
    return {
        entry.path: snapshot.read(entry.path).decode("utf-8", "replace")
        for entry in snapshot.entries
        if entry.readable and entry.path.endswith(".py")
    }


def _of_ladder(
    source: tuple[Any, str, int], library: Any, options: Options
) -> tuple[Questions, dict[str, str]]:
    pin, folder, _ = source
    made = disguise(case_of(*source, options).copied, _LEVEL, options.seed)
    left = code_detector().profile(
        snapshot_of({path: text.encode() for path, text in made.files.items()}, "disguised")
    )
    found = disguised(made, left, library, pin.name)
    return Questions(f"L{_LEVEL} of {folder}", left, made.files, library, found), {}


def _places(questions: Questions) -> list[Place]:
    found = answers(questions.left, questions.library)
    return [
        _place(questions, unit, rights, found.get(unit, Answers()))
        for unit, rights in sorted(questions.sources.items())
    ]


def _place(questions: Questions, unit: int, rights: frozenset[int], found: Answers) -> Place:
    own = max((found.bits.get(right, 0.0) for right in rights), default=0.0)
    better = sum(bits >= own for right, bits in found.bits.items() if right not in rights)
    order = [right in rights for right in found.in_context]
    first = next((r for r in found.in_context if r not in rights), None)
    return Place(
        definition=_called(questions.left, unit),
        alone=better + 1 if own > 0 else 0,
        in_context=order.index(True) + 1 if True in order else 0,
        before="" if first is None else _called(questions.library, first),
    )


def _called(profile: Any, unit: int) -> str:
    return f"{profile.files[int(profile.unit_file[unit])].path}:{profile.units[unit].name}"


def _theirs(peer: Peer, questions: Questions, texts: Mapping[str, str]) -> list[Place]:
    """A peer sees the text of every definition as a file; equal scores come before the source."""
    lefts = _sources(questions.left, questions.texts, questions.sources)
    rights = _sources(questions.library, texts, None)
    scores = peer.scores(lefts, rights)
    by_left: dict[str, dict[str, float]] = {}
    for (one, two), sides in scores.items():
        by_left.setdefault(one, {})[two] = sum(sides) / 2
    places = []
    for unit, true in sorted(questions.sources.items()):
        found = by_left.get(str(unit), {})
        own = max((found.get(str(right), 0.0) for right in true), default=0.0)
        better = sum(score >= own for right, score in found.items() if int(right) not in true)
        places.append(Place(_called(questions.left, unit), better + 1 if own > 0 else 0, 0, ""))
    return places


def _sources(
    profile: Any, texts: Mapping[str, str], wanted: Mapping[int, Any] | None
) -> dict[str, str]:
    lines = {path: text.splitlines(keepends=True) for path, text in texts.items()}
    found = {}
    for unit, path, _ in definitions_of(profile):
        if path in lines and (wanted is None or unit in wanted):
            first, last = profile.units[unit].lines
            found[str(unit)] = "".join(lines[path][first - 1 : last])
    return found


def _row(questions: Questions, who: str, places: Sequence[Place]) -> tuple[Cell, ...]:
    ours = who == "codesim"
    return (
        questions.name, who, len(places),
        sum(place.alone > 0 for place in places),
        sum(place.alone == 1 for place in places),
        sum(place.in_context == 1 for place in places) if ours else None,
        sum(0 < place.in_context <= _TOP for place in places) if ours else None,
        questions.agreeing if ours else None,
    )  # fmt: skip


def _miss(questions: Questions, place: Place) -> tuple[Cell, ...]:
    return questions.name, place.definition, place.alone, place.in_context, place.before


def _first(rows: Sequence[tuple[Cell, ...]], count: int, options: Options, *notes: str) -> Table:
    where = ", ".join(map(str, _PUBLIC))
    hints = () if options.left else (
        "a real case: --left COPY --right ORIGINAL@REVISION, and --names FILE with a line"
        " `left name = right name` for each definition that a person recognised",
    )  # fmt: skip
    return Table(
        f"A copy searched among {count:,} public functions and its original",
        (
            "copy", "tool", "definitions", "found", "first, unit alone", "first, with its file",
            f"first {_TOP}, with its file", "said by the two alone",
        ),
        tuple(rows),
        (
            f"public: functions and methods of {where}",
            "unit alone: by the match of the two definitions; whoever scores the same comes before",
            "with its file: in the order of file pairs and their matches, as a report lists them",
            "true source: named by a person, or by the disguise, or else what the comparison of the"
            " two repositories alone says",
            "said by the two alone: of the sources that a person named",
            f"definitions of {FEWEST_TOKENS} tokens or more, unless a person named them",
            *hints,
            *notes,
        ),
    )  # fmt: skip


def _not_first(rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(
        "Definitions whose true source is not the first, with its file",
        ("copy", "definition", "place alone", "place with its file", "first other"),
        tuple(rows[:_SHOWN]),
        (f"place 0: not among what was aligned or listed; {len(rows)} in all",),
    )
