"""One sentence per match: how alike, and which rewrites were undone to see it."""

from __future__ import annotations

from codesim.detectors.code.graph import FEATURE, Unit
from codesim.detectors.code.matching import UnitMatch, View
from codesim.detectors.code.renames import changed_names
from codesim.model import CloneType

# At this similarity of canonical tokens an edit is small (Roy and Cordy's type 3).
_NEAR = 0.7


def clone_type(match: UnitMatch) -> CloneType:
    """The clone type of a matched region."""
    if match.tokens.exact:
        return CloneType.EXACT
    if match.tokens.renamed:
        return CloneType.RENAMED
    return CloneType.NEAR if match.tokens.similarity >= _NEAR else CloneType.SEMANTIC


def why(left: View, right: View, match: UnitMatch) -> str:
    """The reason of one match, in words."""
    kind = clone_type(match)
    if kind is CloneType.EXACT:
        return "verbatim but for layout, comments and hints"
    renamed = changed_names(left, right, match)
    names = f"{renamed} name{'s' if renamed != 1 else ''} changed" if renamed else "names kept"
    if kind is CloneType.RENAMED:
        return f"the same code, {names}"
    undone = rewrites(left.profile.units[match.left], right.profile.units[match.right])
    shape = "the same code with small edits" if kind is CloneType.NEAR else "the same computation"
    listed = f"; {', '.join(undone)}" if undone else ""
    return f"{shape}, {names}{listed}"


def rewrites(left: Unit, right: Unit) -> list[str]:
    """Which rewrites tell the two units apart, by what each contains."""
    change = {
        name: right.features[number] - left.features[number] for name, number in FEATURE.items()
    }
    found = [*_exchanged(change), *_counted(change)]
    if {left.role, right.role} == {"method", "function"}:
        found.append(
            "a method became a function" if left.role == "method" else "a function became a method"
        )
    return found


def _exchanged(change: dict[str, int]) -> list[str]:
    """Constructs that stand for each other: one side has more of this, the other of that."""
    found = []
    loops, collected = change["for"] + change["while"], change["comprehension"]
    if collected > 0 > loops:
        found.append("loops became comprehensions")
    elif loops > 0 > collected:
        found.append("comprehensions became loops")
    elif change["for"] * change["while"] < 0:
        found.append("for and while loops exchanged")
    if change["ternary"] > 0 > change["if"]:
        found.append("branches became conditional expressions")
    elif change["if"] > 0 > change["ternary"]:
        found.append("conditional expressions became branches")
    if change["f-string"] * change["format call"] < 0:
        found.append("string formatting rewritten")
    return found


# Construct, least difference, what it means when the right has more and when it has less.
_COUNTED = (
    ("tuple assignment", 1, "assignments merged", "assignments split"),
    ("local", 2, "temporaries introduced", "temporaries inlined"),
    ("augmented assignment", 1, "augmented assignments rewritten",
     "augmented assignments rewritten"),
    ("assert", 1, "assertions added", "assertions dropped"),
    ("logging", 1, "logging added", "logging dropped"),
)  # fmt: skip


def _counted(change: dict[str, int]) -> list[str]:
    """Constructs that one side simply has more of."""
    found = [
        more if change[name] > 0 else less
        for name, least, more, less in _COUNTED
        if abs(change[name]) >= least
    ]
    if change["if"] < 0 and not change["ternary"]:
        found.append("a branch dropped")
    return found
