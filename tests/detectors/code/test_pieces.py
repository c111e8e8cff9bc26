"""Code around definitions is matched where it stands, and never over the definitions in it."""

from __future__ import annotations

from profiles import profile_of

from codesim.detectors.code import CodeDetector

HEAD = """\
import argparse
import json

LIMITS = {"alpha": 3.75, "beta": 19, "gamma": 0.0125}
NAMES = ["quartz", "feldspar", "mica"]


"""
TAIL = """\
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="sieve the stones")
    parser.add_argument("--grain", type=float, default=LIMITS["gamma"])
    options = parser.parse_args()
    print(json.dumps({name: options.grain * len(name) for name in NAMES}))
"""
SUMS = """\
def settle(weights, limit):
    total = 0
    for place, weight in enumerate(weights):
        total += weight ** 2 / (limit + place)
    return total


"""
WORDS = """\
def counted(text):
    found = {}
    while text:
        word, _, text = text.partition(" ")
        found[word] = found.get(word, 0) + len(word)
    return sorted(found.items(), key=lambda item: item[1])


"""


def matched(left, right):
    """Label, left lines and right lines of each match of two files."""
    found = CodeDetector().compare(profile_of(left), profile_of(right))
    return [
        (match.left.label, match.left.lines, match.right.lines)
        for pair in found.pairs
        for match in pair.matches
    ]


def test_a_module_is_not_matched_over_functions_that_match_nothing():
    found = matched(HEAD + SUMS + TAIL, HEAD + WORDS + TAIL)
    assert found == [
        ("module level", (4, 5), (4, 5)), ("module level", (15, 19), (16, 20)),
    ]  # fmt: skip


def test_functions_that_match_keep_their_lines_in_a_module_that_matches():
    found = matched(HEAD + SUMS + TAIL, HEAD + WORDS + SUMS + TAIL)
    assert found == [
        ("module level", (4, 5), (4, 5)), ("settle", (8, 12), (16, 20)),
        ("module level", (15, 19), (23, 27)),
    ]  # fmt: skip


def test_what_stands_apart_on_one_side_only_is_matched_piece_by_piece():
    found = matched(HEAD + TAIL + "\n\n" + SUMS, HEAD + SUMS + TAIL)
    assert found == [
        ("module level", (4, 5), (4, 5)), ("module level", (8, 12), (15, 19)),
        ("settle", (15, 19), (8, 12)),
    ]  # fmt: skip


def test_the_sides_may_be_exchanged():
    there = matched(HEAD + SUMS + TAIL, HEAD + TAIL + "\n\n" + WORDS)
    back = matched(HEAD + TAIL + "\n\n" + WORDS, HEAD + SUMS + TAIL)
    assert sorted(back) == sorted((label, two, one) for label, one, two in there)
