"""One sentence per match: how alike, and which rewrites were undone to see it."""

from __future__ import annotations

from codesim.detectors.code.graph import FEATURE, Unit
from codesim.detectors.code.matching import UnitMatch, View
from codesim.detectors.code.profile import HELPER, OWN
from codesim.model import CloneType

# At this similarity of canonical tokens an edit is small (Roy and Cordy's type 3).
_NEAR = 0.7
# As for the rename map: above this share a match is about the definition as a whole.
_MOSTLY = 0.4


def clone_type(match: UnitMatch) -> CloneType:
    """The clone type of a matched region."""
    if match.tokens.exact:
        return CloneType.EXACT
    if match.tokens.renamed:
        return CloneType.RENAMED
    return CloneType.NEAR if match.tokens.similarity >= _NEAR else CloneType.SEMANTIC


def why(left: View, right: View, match: UnitMatch, renamed: int) -> str:
    """The reason of one match with so many names changed, in words."""
    kind = clone_type(match)
    if kind is CloneType.EXACT:
        return "verbatim but for layout, comments and hints"
    names = f"{renamed} name{'s' if renamed != 1 else ''} changed" if renamed else "names kept"
    if kind is CloneType.RENAMED:
        return f"the same code, {names}"
    undone = _undone(left, right, match)
    shape = "the same code with small edits" if kind is CloneType.NEAR else "the same computation"
    listed = f"; {', '.join(undone)}" if undone else ""
    return f"{shape}, {names}{listed}"


def _undone(left: View, right: View, match: UnitMatch) -> list[str]:
    """What was undone. Of a definition of which only a part is matched, its contents say nothing
    about that part.
    """
    helpers = _helpers(left, right, match)
    partly = [
        side
        for side, view, unit, region in (
            ("left", left, match.left, match.region.left),
            ("right", right, match.right, match.region.right),
        )
        if view.unit_share(unit, region) < _MOSTLY
    ]
    if partly:
        return [*helpers, f"part of a longer definition on the {' and the '.join(partly)}"]
    return [
        *rewrites(left.profile.units[match.left], right.profile.units[match.right]),
        *helpers,
    ]


def rewrites(left: Unit, right: Unit) -> list[str]:
    """Which rewrites tell the two units apart, by what each contains."""
    change = {
        name: right.features[number] - left.features[number] for name, number in FEATURE.items()
    }
    found = [*_exchanged(change), *_spelled(change), *_counted(change)]
    if {left.role, right.role} == {"method", "function"}:
        found.append(
            "a method became a function" if left.role == "method" else "a function became a method"
        )
    return found


def _helpers(left: View, right: View, match: UnitMatch) -> list[str]:
    """Helpers whose inside one side holds in place and the other calls."""
    one, two = left.side(match.left), right.side(match.right)
    pairs = match.region.pairs
    called_left = sum(one.role[a] == HELPER and two.role[b] == OWN for a, b in pairs)
    called_right = sum(one.role[a] == OWN and two.role[b] == HELPER for a, b in pairs)
    if max(called_left, called_right) < _HELPER_NODES:
        return []
    return ["a helper inlined" if called_left > called_right else "a helper extracted"]


# Fewer operations may agree with the inside of a helper without having come from it.
_HELPER_NODES = 4

# Constructs that stand for each other: when the right has more of the first and less of the
# second, what happened; and what happened the other way round. The first that is true is told.
_LOOPS = (
    ("comprehension", "loops", "loops became comprehensions", "comprehensions became loops"),
    ("comprehension", "map or filter", "map and filter became comprehensions",
     "comprehensions became map and filter"),
    ("for", "while", "for and while loops exchanged", "for and while loops exchanged"),
)  # fmt: skip
_CHOICES = (
    ("ternary", "if", "branches became conditional expressions",
     "conditional expressions became branches"),
    ("match", "if", "branches became match", "match became branches"),
)  # fmt: skip
_CHECKS = (
    ("raise", "assert", "assertions became branches that raise",
     "branches that raise became assertions"),
)  # fmt: skip
_EXCHANGES = (_LOOPS, _CHOICES, _CHECKS)
_FORMATS = ("f-string", "format call", "concatenation")


def _exchanged(change: dict[str, int]) -> list[str]:
    """Constructs that stand for each other: one side has more of this, the other of that."""
    change = {**change, "loops": change["for"] + change["while"]}
    found = []
    for exchanges in _EXCHANGES:
        for one, other, there, back in exchanges:
            if change[one] * change[other] < 0:
                found.append(there if change[one] > 0 else back)
                break
    formats = [change[name] for name in _FORMATS]
    if min(formats) < 0 < max(formats):
        found.append("string formatting rewritten")
    if change["index loop"]:
        fewer = change["index loop"] < 0
        found.append("indexes became iteration" if fewer else "iteration became indexes")
    elif change["enumerate"] * change["augmented assignment"] < 0:
        fewer = change["enumerate"] < 0
        found.append("enumerate became a counter" if fewer else "a counter became enumerate")
    if change["nested if"] and not change["if"]:
        joined = change["nested if"] < 0
        found.append("nested branches joined" if joined else "conditions nested")
    return found


# Spellings of one call, and what it means when the right has more of them and when it has less.
_SPELLINGS = (
    ("function of a value", "methods became functions of the library",
     "functions of the library became methods"),
    ("operator spelled out", "operators spelled out as calls", "calls became operators"),
    ("call of dict", "literals became calls of dict", "calls of dict became literals"),
    ("named argument", "arguments named", "arguments no longer named"),
)  # fmt: skip


def _spelled(change: dict[str, int]) -> list[str]:
    """Calls spelled otherwise, told only where nothing else changed how many calls there are."""
    written = change["operator spelled out"] + change["call of dict"]
    if change["call"] != written:
        return []
    return [more if change[name] > 0 else less for name, more, less in _SPELLINGS if change[name]]


# Construct, least difference, what it means when the right has more and when it has less.
_COUNTED = (
    ("tuple assignment", 1, "assignments merged", "assignments split"),
    ("local", 2, "temporaries introduced", "temporaries inlined"),
    ("augmented assignment", 1, "augmented assignments rewritten",
     "augmented assignments rewritten"),
    ("logging", 1, "logging added", "logging dropped"),
)  # fmt: skip


def _counted(change: dict[str, int]) -> list[str]:
    """Constructs that one side simply has more of."""
    found = [
        more if change[name] > 0 else less
        for name, least, more, less in _COUNTED
        if abs(change[name]) >= least
    ]
    if change["assert"] and change["assert"] * change["raise"] >= 0:
        found.append("assertions added" if change["assert"] > 0 else "assertions dropped")
    exchanged = change["ternary"] or change["match"] > 0 or change["assert"] > 0
    if change["if"] < 0 and not exchanged:
        found.append("a branch dropped")
    return found
