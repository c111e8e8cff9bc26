"""Lines of one passage are one item; and searches that many names must not slow down."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leftover_sides import Files, compared, dangling, rows

from codesim.detectors.leftovers.ends import Ends
from codesim.detectors.leftovers.found import Shared
from codesim.detectors.leftovers.passages import in_passages, worths
from codesim.detectors.leftovers.strength import Steps, surprise
from codesim.model import Strength

DOCSTRING = "".join(
    f"    zephyrous quiver{n} lumigrid kwiver before glimmering pleats\n" for n in "abcdefgh"
)


def line(left: int, right: int, bits: float = 14.0, kind: str = "comment") -> Shared:
    return Shared(kind, f"{kind} {left}", ("a.py", left), ("b.py", right), bits, "rare")


def strength(shared: list[Shared]) -> Strength:
    steps = Steps()
    return steps.of(surprise(worths(shared, ()), (100, 100), steps))


def swapped(shared: list[Shared]) -> list[Shared]:
    return [each._replace(left=each.right, right=each.left) for each in shared]


@pytest.mark.parametrize("count", [1, 2, 9, 200])
def test_one_passage_of_speech_is_weak_at_most(count: int) -> None:
    assert strength([line(n, n + 40, 24.0) for n in range(count)]) <= Strength.WEAK


def test_many_passages_of_speech_are_moderate_at_most() -> None:
    assert strength([line(n * 100, n * 100, 24.0) for n in range(60)]) == Strength.MODERATE


def test_a_typo_a_handle_or_a_path_says_more() -> None:
    passage = [line(1, 1), line(2, 2)]

    assert strength([*passage, line(2, 2, 17.0, "path")]) >= Strength.MODERATE
    assert worths([*passage, line(2, 2, 6.5, "typo")], ()) == [(12.0, 6.5)]


def test_neighbours_on_one_side_only_are_no_passage() -> None:
    assert len(in_passages([line(1, 1), line(2, 900)])) == 2


def test_lines_of_a_passage_are_one_item() -> None:
    (made,) = in_passages([line(3, 9, 10.0), line(4, 8, 20.0), line(9, 14, 5.0)])

    assert (made.kind, made.text, made.bits) == ("passage", "comment 4", 23.0)
    assert (made.left, made.right, made.reach) == (("a.py", 3), ("b.py", 8), (6, 6))


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), unique=True, max_size=30))
def test_swapping_sides_swaps_passages(places: list[tuple[int, int]]) -> None:
    shared = [line(*place) for place in places]
    one, two = worths(shared, ()), worths(swapped(shared), ())

    assert sorted(one) == sorted(two)


def test_a_docstring_of_one_teacher_is_one_row() -> None:
    left: Files = {"a.py": f'class One:\n    """\n{DOCSTRING}    """\n'}
    right: Files = {"b.py": f'x = 1\n\n\nclass Two:\n    """\n{DOCSTRING}    """\n    y = 2\n'}
    evidence = compared(left, right)
    (row,) = [row for row in rows(evidence, "Rare") if row[1] == "passage"]

    assert (row[3], row[4]) == ("a.py:3", "b.py:6")
    assert evidence.strength <= Strength.WEAK


@pytest.mark.parametrize(
    ("end", "found"),
    [
        ("b/c.py", "a/b/c.py"),
        ("c.py", "c.py"),
        ("xb/c.py", "xb/c.py"),
        ("a/c.py", ""),
        ("d.py", ""),
    ],
)
def test_paths_by_their_ends(end: str, found: str) -> None:
    assert Ends([(path, path) for path in ("a/b/c.py", "xb/c.py", "c.py")]).first(end) == found


@pytest.mark.parametrize(
    "named",
    [
        " ".join(f"a{n}/zorkmid.py" for n in range(20)) + "\n",
        '"' + '" "'.join(f"a{n}.b{n}.ZorkmidFrob" for n in range(20)) + '"\n',
        "".join(f"import zorkmid.x{n}\n" for n in range(20)),
    ],
    ids=["files", "classes", "imports"],
)
def test_many_names_for_many_files_take_linear_time(named: str) -> None:
    text = "".join(named.replace("a", f"a{k}").replace(".x", f".x{k}") for k in range(300))
    left: Files = {"README.md": text, "c.json": text, "r.py": text}
    right: Files = {f"d{n}/zorkmid.py": "class ZorkmidFrob:\n    pass\n" for n in range(3_000)}
    began = time.process_time()
    dangling(compared(left, right))

    assert time.process_time() - began < 4.0
