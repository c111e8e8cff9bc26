"""The terminal summary and the Markdown report: golden text, widths and hostile input."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_samples import HOSTILE, comparison, everywhere, evidence, pair

from codesim.model import Comparison, Excluded, Rename, Skipped
from codesim.report import document_of, render_markdown, render_text
from codesim.report.columns import cells, shorten, wrap
from codesim.report.markdown import code, prose
from codesim.report.words import NOT_PROOF, percent
from codesim.text import display

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "render"),
    [
        ("terminal-80.txt", lambda document: render_text(document, width=80)),
        ("terminal-120.txt", lambda document: render_text(document, width=120)),
        ("terminal-color.txt", lambda document: render_text(document, color=True)),
        ("report.md", render_markdown),
    ],
)
def test_golden(name, render):
    found = render(document_of(comparison()))
    if os.environ.get("CODESIM_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_text(found, encoding="utf-8")
    assert found == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_colour_changes_nothing_else(width):
    document = document_of(comparison())
    coloured = render_text(document, width, color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(document, width)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_figures_of_a_pair_have_a_heading(width):
    lines = render_text(document_of(comparison()), width).splitlines()
    heading = next(n for n, line in enumerate(lines) if "alike  lines left/right" in line)
    assert "Matching files, most telling first" in " ".join(lines[heading - 1 : heading + 1])
    figures = lines[heading + 1]
    end = lines[heading].index("alike") + len("alike")
    assert figures[:end].endswith(" 71 %")
    assert figures[end:].strip() == "9/6 lines, restructured"


def test_narrow_pages_use_more_lines_before_they_cut_a_name():
    long = evidence(
        pairs=(pair("models/vision_resampler.py", "tower/image_projection.py", ()),),
        renames=(Rename("get_position_embedding", "positions_of_grid", 2, 1.0, "function"),),
    )
    document = document_of(comparison(evidence=(long,)))
    for width in (40, 60):
        found = render_text(document, width)
        assert "…" not in found
        for name in ("models/vision_resampler.py", "~ tower/image_projection.py",
                     "get_position_embedding", "-> positions_of_grid  (function)"):  # fmt: skip
            assert name in found


@pytest.mark.parametrize("width", [1, 47, 60, 80, 140, 500])
@pytest.mark.parametrize("text", ["plain", *HOSTILE], ids=range(len(HOSTILE) + 1))
def test_lines_keep_to_the_width_and_hold_no_control_character(text, width):
    found = render_text(document_of(everywhere(text)), width=width)
    for line in found.splitlines():
        assert cells(line) <= min(max(width, 40), 140)
    assert found.replace("\n", "").isprintable()


def test_lists_are_short_and_say_so():
    many = comparison(
        evidence=(
            evidence(
                pairs=tuple(pair(f"{n}.py", f"{n}.py", ()) for n in range(1234)),
                excluded=tuple(Excluded(f"base {n}", "1 file", "") for n in range(9)),
            ),
        ),
        skipped=tuple(Skipped(f"left: {n}", "too large") for n in range(50)),
    )
    found = render_text(document_of(many, top=0), top=3)
    assert "and 1,231 more code pairs" in found
    assert "and 5 more" in found
    assert "and 48 more; --html and --json name each" in found
    assert len(found.splitlines()) < 40


def test_nothing_compared_and_nothing_found():
    empty = Comparison(comparison().left, comparison().right, (), {}, "0.1.0")
    for render in (render_text, render_markdown):
        found = render(document_of(empty))
        assert NOT_PROOF in found
    assert "Nothing was compared." in render_text(document_of(empty))
    quiet = comparison(evidence=(evidence(pairs=(), renames=(), excluded=(), skipped=()),))
    assert "Renames" not in render_text(document_of(quiet))


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.004, "<1 %"), (0.01, "1 %"), (0.5, "50 %"), (0.994, "99 %"),
     (0.9999, "99 %"), (1, "100 %")],
)  # fmt: skip
def test_only_everything_reads_hundred_percent(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("path", "width", "text"),
    [
        ("a/b.py", 10, "a/b.py"),
        ("models/vision/towers/resampler.py", 20, "models…/resampler.py"),
        ("models/resampler.py", 14, "…/resampler.py"),
        ("a_very_long_file_name_without_folder.py", 20, "a_very…out_folder.py"),
        ("数据/处理/图像切分.py", 16, "数…/图像切分.py"),
    ],
)
def test_shortened_in_the_middle(path, width, text):
    assert shorten(path, width) == text


@given(st.text(), st.integers(2, 60))
def test_shorten_and_wrap_keep_to_the_width(text, width):
    assert cells(shorten(text, width)) <= width
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


INERT = {
    "paragraph_open", "paragraph_close", "inline", "heading_open", "heading_close", "table_open",
    "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close",
    "th_open", "th_close", "td_open", "td_close", "bullet_list_open", "bullet_list_close",
    "list_item_open", "list_item_close", "html_block",
}  # fmt: skip
OUR_HTML = {"<details><summary>", "</summary>", "</details>"}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_markdown_holds_no_markup_of_an_input(text):
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    plain = parser.parse(render_markdown(document_of(everywhere("plain"))))
    found = parser.parse(render_markdown(document_of(everywhere(text))))
    assert [token.type for token in found] == [token.type for token in plain]
    assert {token.type for token in found} <= INERT
    assert {t.content.strip() for t in found if t.type == "html_block"} == OUR_HTML
    for token in found:
        for child in token.children or ():
            assert child.type in {"text", "code_inline", "strong_open", "strong_close",
                                  "em_open", "em_close", "softbreak"}  # fmt: skip
            if child.type == "text":
                # What GitHub would turn into a mention, a reference, an address or an emoji.
                assert not re.search(r"@|#\d|://|www\.|GH-|:\w+:|[0-9a-f]{8}", child.content)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_code_spans_hold_exactly_the_text(text):
    parser = MarkdownIt("commonmark")
    [paragraph] = [t for t in parser.parse(f"x {code(text)} y") if t.type == "inline"]
    assert {child.type for child in paragraph.children} <= {"text", "code_inline"}
    if display(text).strip():
        [span] = [c.content for c in paragraph.children if c.type == "code_inline"]
        assert span == display(text).replace("|", "\\x7c")


def test_prose_reads_well():
    assert prose("71 % of right is in left, 64 % of left; 3 names") == (
        "71 % of right is in left, 64 % of left; 3 names"
    )
    assert prose("calls get_pos_embed, then @all.") == "calls `get_pos_embed`, then `@all`."


def test_markdown_fits_into_a_comment():
    many = comparison(
        evidence=(evidence(pairs=tuple(pair(f"{n}.py", f"{n}.py") for n in range(2000))),),
        skipped=tuple(Skipped(f"left: {n}", "too large") for n in range(5000)),
    )
    assert len(render_markdown(document_of(many, top=0))) < 65_536
