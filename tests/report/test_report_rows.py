"""Lines in rows: each once, in order, in sections of a hundred, with gaps where a side has none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codesim.report.html.layout import Segment
from codesim.report.html.rows import SECTION, Item, aligned, beside, sections

LENGTHS = st.integers(1, 260)


@st.composite
def linked(draw):
    """Two runs of lines, and pairs of them in order."""
    left = Segment(1, draw(st.integers(1, 9)), 0)
    right = Segment(1, draw(st.integers(1, 9)), 0)
    left = Segment(1, left.start, left.start + draw(LENGTHS) - 1)
    right = Segment(1, right.start, right.start + draw(LENGTHS) - 1)
    number = draw(st.integers(0, min(left.length, right.length)))
    ones = sorted(
        draw(st.sets(st.integers(left.start, left.end), min_size=number, max_size=number))
    )
    twos = sorted(
        draw(st.sets(st.integers(right.start, right.end), min_size=number, max_size=number))
    )
    return left, right, list(zip(ones, twos, strict=True))


@given(linked())
def test_every_line_has_one_row_and_links_share_theirs(case):
    left, right, links = case
    found = aligned(left, right, links)
    assert [a for a, _ in found if a] == list(range(left.start, left.end + 1))
    assert [b for _, b in found if b] == list(range(right.start, right.end + 1))
    assert set(links) <= set(found)


def test_what_lies_between_links_stands_from_the_top():
    found = aligned(Segment(1, 1, 4), Segment(1, 1, 2), [(4, 2)])
    assert found == [(1, 1), (2, None), (3, None), (4, 2)]


def test_links_outside_do_not_count():
    assert aligned(Segment(1, 3, 4), Segment(1, 3, 3), [(1, 1), (4, 3), (9, 9)]) == [
        (3, None), (4, 3),
    ]  # fmt: skip


def test_nothing_is_aligned_where_nothing_matches():
    assert beside(Segment(0, 3, 5), Segment(0, 8, 8)) == [(3, 8), (4, None), (5, None)]
    assert beside(None, Segment(0, 8, 8)) == [(None, 8)]
    assert beside(None, None) == []


@given(linked())
def test_sections_hold_every_line_and_know_their_gaps(case):
    left, right, links = case
    places = aligned(left, right, links)
    items = {n: Item(hang=n) for n in range(600)}
    found = list(sections(places, items, items))
    assert all(section.rows <= SECTION for section in found)
    assert sum(section.rows for section in found) == len(places)
    for side, segment in (("left", left), ("right", right)):
        cells = [getattr(section, side) for section in found]
        shown = [item.hang for each in cells if each for item in each.items if not item.gap]
        assert shown == list(range(segment.start, segment.end + 1))
        for section, each in zip(found, cells, strict=True):
            if each is None:
                continue
            assert each.start == next(item.hang for item in each.items if not item.gap)
            # A gap is a power of two; gaps at the end of a section are left out.
            assert all(item.gap & (item.gap - 1) == 0 for item in each.items)
            assert sum(item.gap or 1 for item in each.items) <= section.rows


@given(linked())
def test_a_linked_line_stands_in_the_same_row_of_its_section(case):
    left, right, links = case
    items = {n: Item(hang=n) for n in range(600)}
    at = {"left": {}, "right": {}}
    for number, section in enumerate(sections(aligned(left, right, links), items, items)):
        for side, rows in at.items():
            row = 0
            for item in (getattr(section, side) or Section0).items:
                if not item.gap:
                    rows[item.hang] = (number, row)
                row += item.gap or 1
    assert all(at["left"][a] == at["right"][b] for a, b in links)


class Section0:
    """A side without lines."""

    items = ()


def test_the_height_of_a_section_is_one_that_the_stylesheet_knows():
    from pages import style

    for rows in (1, 9, 10, 11, 99, 100):
        [section] = sections(
            [(n, n) for n in range(rows)], *({n: Item() for n in range(rows)},) * 2
        )
        assert section.height >= rows
        assert f".h{section.height} {{ --rows: {section.height}; }}" in style()
