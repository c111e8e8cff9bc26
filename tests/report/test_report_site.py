"""Where texts go: the first into the page, the rest packed, and beside the page above the limit."""

from __future__ import annotations

import re

import pytest
from pages import elements, packs, parsed, words
from report_samples import comparison, evidence, match, pair, snapshot

from codesim.model import Fragment, Table
from codesim.report import document_of, render_html
from codesim.report.html import html_files, site
from codesim.report.html.environment import environment
from codesim.report.html.site import site_of


def text_of(number, lines):
    """Lines that differ from each other, so that they do not pack to nothing."""
    return "".join(f"value_{n * 7919 % 9973}_{number} = {n * n % 8191}\n" for n in range(lines))


def document(pairs=6, lines=400):
    files = {f"{n}.py": text_of(n, lines).encode() for n in range(pairs)}
    side = snapshot("s", files)
    found = tuple(
        pair(
            f"{n}.py",
            f"{n}.py",
            (match(Fragment(f"{n}.py", (1, 20)), Fragment(f"{n}.py", (1, 20))),),
        )
        for n in range(pairs)
    )
    return document_of(comparison(left=side, right=side, evidence=(evidence(pairs=found),)))


def test_the_first_pair_is_in_the_page_and_the_rest_is_packed():
    page = render_html(document())
    assert len(packs(page)) == 5
    assert "value_0_0" in page
    assert "value_0_1" not in page
    assert "value_0_1" in packs(page)[0]


def test_packed_is_a_fraction_of_plain():
    page = render_html(document())
    [packed] = re.findall(r'class="pack">([^<]*)<', page)[:1]
    assert len(packed) * 4 < len(packs(page)[0])


def test_a_first_pair_that_nobody_could_scroll_through_is_packed_too(monkeypatch):
    monkeypatch.setattr(site, "_INLINE_LINES", 100)
    assert len(packs(render_html(document()))) == 6


def test_above_the_limit_pairs_get_pages_of_their_own():
    whole = site_of(environment(), document(), 20)
    limit = int(len(whole.index) * 0.8)
    folded = site_of(environment(), document(), 20, "report.html", limit)
    assert whole.pages == {}
    assert len(folded.index) <= limit
    assert folded.pages
    found = elements(parsed(folded.index))
    links = {e.get("href") for e in found if (e.get("href") or "").startswith("report_pairs/")}
    assert links == set(folded.pages)
    for name, text in folded.pages.items():
        number = re.fullmatch(r"report_pairs/pair-(\d+)\.html", name).group(1)
        assert f"value_0_{int(number) - 1}" in text
        page = parsed(text)
        assert next(iter(page.find("head"))).get("http-equiv") == "Content-Security-Policy"
        anchors = {e.get("id") for e in elements(page)}
        links = {e.get("href") for e in elements(page) if e.get("href")}
        assert links - {f"../report.html#pair-{number}"} <= {f"#{anchor}" for anchor in anchors}
        assert f"../report.html#pair-{number}" in links


def test_without_a_folder_the_page_says_what_it_leaves_out():
    limit = int(len(render_html(document())) * 0.8)
    one = site_of(environment(), document(), 20, None, limit)
    assert len(one.index) <= limit
    assert one.pages == {}
    assert "The page is full; the text is in the result file" in one.index


def test_long_tables_are_cut_until_the_page_is_small_enough():
    rows = tuple((f"key {n}", "same") for n in range(4_000))
    table = Table("values", ("key", "state"), rows)
    made = document_of(comparison(evidence=(evidence(tables=(table,)),)))
    whole = render_html(made)
    assert "key 3999" in whole
    small = site_of(environment(), made, 20, None, len(whole) // 2).index
    assert len(small) <= len(whole) // 2
    assert "3,000 more rows in the result file" in words(parsed(small))


def test_files_are_named_after_the_report(monkeypatch):
    assert list(html_files(document(), "case.html")) == ["case.html"]
    monkeypatch.setattr(site, "_REST", site.LIMIT)  # no room for any text
    names = list(html_files(document(), "my case#1.html"))
    assert names == ["my case#1.html", *(f"my case#1_pairs/pair-{n}.html" for n in range(1, 7))]
    [link] = re.findall(
        r'href="([^"#]*pair-2\.html)"', html_files(document(), "my case#1.html")[names[0]]
    )
    assert link == "my%20case%231_pairs/pair-2.html"


def test_the_same_bytes_every_time():
    assert render_html(document()) == render_html(document())


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_missing_text_costs_only_its_pair(side):
    made = document(3)
    texts = {name: dict(getattr(made.sources, name)) for name in ("left", "right")}
    del texts[side]["0.py"]
    import msgspec

    lacking = msgspec.structs.replace(made, sources=type(made.sources)(**texts))
    page = render_html(lacking)
    assert f"The {side} text is not available." in page
    assert "value_0_1" in page  # the next pair is the one in the page
    assert len(packs(page)) == 1
    assert "Only names differ." in page


def test_a_page_of_a_larger_report_leads_back_to_it():
    document = document_of(comparison())
    assert 'href="../index.html">All submissions</a>' in render_html(document, back="../index.html")
    assert "All submissions" not in render_html(document)
