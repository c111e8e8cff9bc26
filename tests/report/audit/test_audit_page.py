"""The page of an audit: complete, inert whatever the input, linked within its own folder."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter

import msgspec
import pytest
from audit_samples import audit, holding, kind, many, pair, rich, submission
from hostile_strings import HOSTILE
from pages import elements, parsed, words

from codesim.report.audit import decode_audit, encode_audit
from codesim.report.audit.document import CohortRecord
from codesim.report.html.audit import render_audit_html
from codesim.report.words import NOT_PROOF
from codesim.text import display

# Places to break depend on the name; everything else only on the template.
FREE = {"wbr"}


def tree(document, **options):
    return parsed(render_audit_html(document, **options))


def tags(document):
    return Counter(e.tag for e in elements(tree(document)) if e.tag not in FREE)


def found(root, **attributes):
    wanted = {name.rstrip("_"): value for name, value in attributes.items()}
    return next(e for e in elements(root) if wanted.items() <= dict(e.attrib).items())


def links(root):
    return [e.get("href") for e in elements(root) if e.get("href") is not None]


PLAIN = tags(holding("plain words"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_an_input_becomes_markup(text):
    document = holding(text)
    counts = tags(document)
    # What is empty is left out.
    assert counts == (PLAIN if text else tags(holding("")))
    for element in elements(tree(document)):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in {"style", "src", "srcset", "action", "formaction", "data"}
            if name == "href":
                assert re.fullmatch(r"#[a-z0-9-]+", value)


@pytest.mark.parametrize("text", ["plain", HOSTILE["script"], HOSTILE["bidi"], HOSTILE["escape"]])
def test_no_text_of_an_input_is_lost_and_none_is_invisible(text):
    page = words(tree(holding(text)))
    assert " ".join(display(text).split()) in page.replace(" ", " ")
    assert page.isprintable()


@pytest.mark.parametrize(
    "page",
    ["", "pairs/1.html", "pairs/00001.html", "pairs/0001.html\n", "pairs/0001.html#x",
     "../pairs/0001.html", "//evil.example/pairs/0001.html", "javascript:alert(1)",
     "pairs/\u0661\u0661\u0661\u0661.html"],
)  # fmt: skip
def test_only_pages_of_the_report_itself_are_linked(page):
    document = audit((submission("a"), submission("b")), (pair("a", "b", page=page),))
    assert all(link.startswith("#") for link in links(tree(document)))
    assert "no page" in words(found(tree(document), id="pair-1"))


def test_pairs_lead_to_their_pages_and_to_their_submissions():
    root = tree(rich())
    row = found(root, id="pair-1")
    assert links(row) == ["#submission-1", "#submission-5", "pairs/0001.html"]
    assert words(found(root, id="submission-5")).startswith("zoe")
    assert "no page" in words(found(root, id="pair-4"))
    assert "pairs/0001.html" not in links(tree(rich(), linked=False))


def test_every_link_leads_somewhere():
    for document in (rich(), many(80), audit()):
        root = tree(document)
        names = {e.get("id") for e in elements(root)}
        assert {link[1:] for link in links(root) if link.startswith("#")} <= names
        ids = [e.get("id") for e in elements(root) if e.get("id")]
        assert len(ids) == len(set(ids))


def test_the_first_screen_counts_what_there_is():
    text = words(found(tree(rich()), id="summary"))
    # Of four new ones, one could not be read.
    assert "3 submissions compared with each other and 1 of earlier years" in text
    for told in ("1 pair", "2 pairs", "100 lines of the submissions", "starter", "ann and zoe",
                 "ben the archive is damaged", "notes.txt it is no submission", NOT_PROOF,
                 "cat 2 files big.py: it has more than 1,000,000 bytes, and more",
                 "97 % of the code of ann", "98 % the other way"):  # fmt: skip
        assert told in text.replace("\u00a0", " "), told


def test_a_row_tells_strength_reason_coverage_other_kinds_and_why_it_was_lowered():
    text = words(found(tree(rich()), id="pair-1")).replace("\u00a0", " ")
    for told in ("Very strong", "code : what code says", "97 %", "98 %", "131.5", "files moderate",
                 "lowered from strong", "main.py ~ run.py"):  # fmt: skip
        assert told in text, told
    assert "lowered from strong" in words(found(tree(rich()), id="pair-2"))
    assert words(found(tree(rich()), id="pair-3")).count("no code") == 2


def test_clusters_shared_parts_and_what_was_not_read():
    root = tree(rich())
    assert "ann zoe ann Very strong" in words(found(root, id="cluster-1"))
    shared = words(found(root, id="shared"))
    assert "normalise code 4 ann, cat and 2 more" in shared
    assert "main.py lines 4–19" in shared
    unread = words(found(root, id="unread"))
    assert "ben unreadable the archive is damaged" in unread
    assert "cat in part 2 files of 4, such as big.py : it has more than" in unread
    assert "notes.txt no submission it is no submission" in unread


def test_each_submission_tells_its_own():
    text = words(found(tree(rich()), id="submission-3")).replace("\u00a0", " ")
    for told in ("4 files, 50 % read, 2 not or in part", "120 lines, 20 of the base",
                 "not known", "2 listed pairs", "dan", "Shared with several",
                 "1 more file not named"):  # fmt: skip
        assert told in text, told
    assert "Owls" in words(found(tree(rich()), id="submission-1"))


def test_scores_are_drawn_against_chance_with_the_steps_of_strength():
    root = tree(rich())
    charts = [e for e in elements(root) if e.get("class") == "histogram"]
    assert len(charts) == 2
    drawn = [words(chart) for chart in charts]
    assert all("weak" in each and "moderate" in each for each in drawn)
    bars = [[e for e in chart.iter() if e.tag.endswith("}rect")] for chart in charts]
    assert [sum(float(e.get("height")) > 0 for e in each) for each in bars] == [3, 3]
    told = words(found(root, id="pairs"))
    assert "2 of them score nothing" in told
    assert "From a dashed line on" in told


def test_what_is_not_drawn_of_chance_is_told():
    def pairs_with(*cohort):
        root = tree(msgspec.structs.replace(rich(), cohort=cohort))
        charts = [e for e in elements(root) if e.get("class") == "histogram"]
        return words(found(root, id="pairs")), len(charts)

    few, drawn = pairs_with(CohortRecord("code", (0.0, 3.5), {}))
    assert drawn == 2
    assert "dashed" not in few
    assert "No line is drawn from which on a score can be worth a strength" in few
    none, drawn = pairs_with(CohortRecord("code", (0.0, 0.0), {}))
    assert drawn == 1
    assert "of 2 pairs that were compared, without those that stand apart, none scores" in none


def test_a_kind_that_the_cohort_lowered_to_nothing_is_told_with_why():
    note = (
        "lowered from very strong: of the 28 pairs of this cohort about 9 score as much by chance"
    )
    kinds = (kind("files", "weak", 2.0), kind("code", "none", 9.0, note), kind("config", "none"))
    only = pair("ann", "zoe", "weak", reason="files: what files says", kinds=kinds)
    text = words(found(tree(audit((submission("ann"), submission("zoe")), (only,))), id="pair-1"))
    assert f"code none {note}" in text
    assert "config" not in text


def test_the_map_is_drawn_once_for_each_direction_and_for_sixty_at_most():
    cells = [e for e in elements(tree(rich())) if e.get("class") == "cell"]
    assert len(cells) == 6
    labels = [e for e in elements(tree(many(80))) if e.get("class") == "heat-label"]
    assert len(labels) == 120
    assert "20 more submissions" in words(found(tree(many(80)), id="pairs"))


def test_an_audit_without_any_pair_or_submission():
    text = words(tree(audit((submission("a"), submission("b")))))
    assert "No two submissions share enough to be listed." in text
    assert "Everything was read." in text
    assert "No submission was found." in words(tree(audit()))


def test_three_hundred_submissions():
    root = tree(many(300))
    rows = [e for e in elements(root) if (e.get("id") or "").startswith("pair-")]
    assert len(rows) == 299
    parts = [e for e in elements(root) if e.get("class") == "submission"]
    assert len(parts) == 300
    assert len(render_audit_html(many(300))) < 2_000_000


def test_the_policy_admits_this_script_and_this_style_and_nothing_else():
    text = render_audit_html(rich())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text).group(1)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag in ("script", "style"):
        content = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(content) == 1
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"


def test_same_bytes_from_the_document_that_was_read_back():
    assert render_audit_html(decode_audit(encode_audit(rich()))) == render_audit_html(rich())
