"""Who shares what with how many."""

from __future__ import annotations

from codesim.audit.messages import PartNote
from codesim.audit.sharing import shared_parts


def part(value, path="a.py", start=1, kind="code", label="f"):
    return PartNote(kind, value, path, start, start + 9 if start else 0, label)


def test_two_holders_are_a_pair_and_not_told_here():
    assert shared_parts([("ann", part(1)), ("bob", part(1))]) == ()


def test_three_holders_are_told_with_places():
    found = shared_parts([(name, part(1, start=5)) for name in ("cid", "ann", "bob")])[0]
    assert (found.label, found.members) == ("f", 3)
    assert [(h.name, h.start, h.end) for h in found.holders] == [
        ("ann", 5, 14), ("bob", 5, 14), ("cid", 5, 14),
    ]  # fmt: skip


def test_a_part_twice_in_one_submission_counts_once():
    assert shared_parts([("ann", part(1)), ("ann", part(1, start=50)), ("bob", part(1))]) == ()


def test_the_most_widely_shared_comes_first():
    wide = [(name, part(2, label="wide")) for name in "abcd"]
    found = shared_parts([*[(name, part(1)) for name in "abc"], *wide])
    assert [each.label for each in found] == ["wide", "f"]


def test_definitions_of_a_file_that_is_shared_as_a_whole_are_told_with_it():
    whole = [(name, part(9, start=0, kind="files", label="a.py")) for name in "abc"]
    found = shared_parts([*[(name, part(1)) for name in "abc"], *whole])
    assert [(each.kind, each.holders[0].start) for each in found] == [("files", None)]


def test_a_definition_that_more_have_than_the_file_is_told_too():
    whole = [(name, part(9, start=0, kind="files")) for name in "abc"]
    found = shared_parts([*[(name, part(1)) for name in "abcd"], *whole])
    assert [each.kind for each in found] == ["code", "files"]
