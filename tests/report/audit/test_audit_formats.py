"""An audit as Markdown, and rendered again by ``codesim report``."""

from __future__ import annotations

import re

import pytest
from audit_samples import audit, holding, many, rich, submission
from hostile_strings import HOSTILE

from codesim.report.audit import encode_audit, is_audit, render_audit_markdown, render_audit_text
from codesim.report.audit.document import SharedRecord
from codesim.report.html.audit import render_audit_html
from codesim.report.words import NOT_PROOF
from codesim.text import display


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "audit.json"
    path.write_bytes(encode_audit(rich()))
    return path


def test_markdown_tells_counts_pairs_clusters_and_what_was_not_read():
    text = render_audit_markdown(rich()).replace("\u00a0", " ")
    for told in (
        "## codesim audit: 4 submissions and 1 of earlier years",
        "**Listed: 1 very strong, 1 moderate, 2 weak.**",
        NOT_PROOF,
        "| `ann` | `zoe` | very strong | 97 % | 98 % | code: what code says |",
        "- `ann`, `zoe`; `ann` was handed in first",
        "- `normalise` (`code`): the same in 4 submissions",
        "- `ben`: the archive is damaged",
        "- `cat`: 2 files",
        "- `notes.txt`: it is no submission",
    ):
        assert told in text, told


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_of_an_input_becomes_markdown(text):
    made = render_audit_markdown(holding(text))
    assert all(line.isprintable() for line in made.split("\n"))
    plain = render_audit_markdown(holding("plain")).split("\n")
    assert len(made.split("\n")) == len(plain)
    # Outside of code there are only words and our own marks.
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", made)
    assert not re.search(r"[<>\[\]@\\{}$]|https?:|javascript:", outside.replace("Left>", ""))


def test_markdown_is_never_longer_than_a_comment_may_be():
    text = render_audit_markdown(holding("x" * 5000))
    assert len(text) <= 65_536
    assert "And 199 more pairs." in render_audit_markdown(many(300))


def test_report_renders_an_audit_again(stored, codesim_run):
    beside = stored.with_name("again.html")
    assert codesim_run("report", str(stored), "--html", str(beside)).code == 0
    assert beside.read_text("utf-8") == render_audit_html(rich())
    elsewhere = stored.parent / "other"
    elsewhere.mkdir()
    assert codesim_run("report", str(stored), "--html", str(elsewhere / "a.html")).code == 0
    assert (elsewhere / "a.html").read_text("utf-8") == render_audit_html(rich(), linked=False)
    shown = codesim_run("report", str(stored), "--markdown", "-")
    assert shown.out == render_audit_markdown(rich())
    assert "ann ~ zoe" in codesim_run("report", str(stored)).out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--sarif", "x.sarif"], "cannot be written as --sarif"),
        (["--anonymise", "key.json"], "cannot be anonymised after it was made"),
    ],
)
def test_what_an_audit_cannot_be(stored, codesim_run, options, told, monkeypatch):
    monkeypatch.chdir(stored.parent)
    ended = codesim_run("report", str(stored), *options)
    assert ended.code == 2
    assert told in ended.err
    assert [path.name for path in stored.parent.iterdir()] == ["audit.json"]


def test_a_damaged_audit_is_named(stored, codesim_run):
    stored.write_bytes(b'{"schema": "codesim/audit/1", "pairs": 3}')
    ended = codesim_run("report", str(stored))
    assert ended.code == 2
    assert "is not an audit of the format codesim/audit/1" in ended.err


def test_what_is_an_audit():
    assert is_audit(encode_audit(audit()))
    for other in (b"", b"{}", b'{"schema": "codesim/result/2"}', b"[" * 9999, b"\xff", b"3"):
        assert not is_audit(other)


def test_hostile_texts_are_shown_as_they_are_displayed():
    assert display(HOSTILE["bidi"]) in render_audit_markdown(holding(HOSTILE["bidi"]))


def test_what_half_have_is_told_in_every_format():
    half, few = (SharedRecord("code", "f", members, ()) for members in (3, 2))
    alike = audit(tuple(map(submission, "abcdef")), shared=(half, few))
    told = "1 part is the same in half of the submissions or more and so counts for little."
    for render in (render_audit_markdown, render_audit_html, render_audit_text):
        text = render(alike)
        assert told in " ".join(text.replace("\u00a0", " ").split())
    assert "or more and so" not in render_audit_markdown(audit(alike.submissions, shared=(few,)))
