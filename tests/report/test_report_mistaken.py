"""Files that are no result, results that are broken, and results without the text of files."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import msgspec
import pytest
from report_samples import comparison, evidence

from codesim.errors import CodesimError
from codesim.model import Table
from codesim.report import FORMATS, decode, document_of, encode, render_text, rendered
from codesim.report.anonymise import anonymised

TABLE = Table("values", ("state", "key"), (("same", "width"),), "")
DOCUMENT = document_of(comparison(evidence=(evidence(tables=(TABLE,)),)))
GOOD = encode(DOCUMENT)
OTHERS = {form.name: rendered(form.name, DOCUMENT) for form in FORMATS if form.name != "json"}


def refused(data):
    with pytest.raises(CodesimError) as caught:
        decode(data)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize("name", OTHERS)
def test_each_other_format_is_recognised(name):
    said = refused(OTHERS[name])
    assert f"--{name} wrote" in said
    assert "a result is the JSON that `codesim compare LEFT RIGHT --json FILE` writes" in said


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"PK\x03\x04" + bytes(99), "it is a ZIP archive"),
        (b"\x1f\x8b" + bytes(99), "compressed with gzip"),
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (anonymised(DOCUMENT)[1].encode(), "it is the key of an anonymised report"),
        (b'{"schema": "codesim/audit/1", "pairs": []}', "an audit of many submissions"),
        (b'{"schema": "codesim/result/7"}',
         "has format codesim/result/7, this codesim reads codesim/result/1"),
        (b'{\n "schema": "codesim/audit/1",\n "pairs": [',
         "with `codesim audit SUBMISSIONS -o FOLDER`"),
        (b'{"schema": "codesim/audit/1", "pairs": x', "with `codesim audit SUBMISSIONS -o FOLDER`"),
        (GOOD.replace(b'"strength": "very strong"', b'"strength": "none"', 1),
         "overall strength is 'none', and the strongest kind of evidence in it is 'very strong'"),
        (GOOD.replace(b'"strength": "very strong"', b'"strength": "weak"').replace(
            b'"strength": "weak"', b'"strength": "very strong"', 1),
         "overall strength is 'very strong', and the strongest kind of evidence in it is 'weak'"),
        (GOOD[:-20], f"it ends after {len(GOOD) - 20:,} bytes"),
        (GOOD.replace(b"41.25", b"NaN"), "NaN at byte"),
        (GOOD.replace(b"41.25", b"-Infinity"), "-Infinity at byte"),
        (GOOD.replace(b"41.25", b"1e999"), "out of range - at `$.evidence[0].score`"),
        (GOOD.replace(b"41.25", b'"x"'), "Expected `float`, got `str` - at `$.evidence[0].score`"),
        (GOOD.replace(b'["same", "width"]', b'["same"]').replace(b'"same",\n', b""),
         "table 'values': a row has 1 cells, expected 2"),
    ],
    ids=range(18),
)  # fmt: skip
def test_says_what_was_expected_and_what_was_found(data, says):
    assert says in refused(data)


def test_a_byte_order_mark_is_no_reason_to_refuse():
    assert decode(b"\xef\xbb\xbf" + GOOD) == DOCUMENT


def without_sources():
    bare = msgspec.structs.replace(DOCUMENT.sources, left={}, right={})
    return msgspec.structs.replace(DOCUMENT, sources=bare)


@pytest.mark.parametrize("name", [form.name for form in FORMATS])
def test_without_the_text_of_files_everything_else_is_there(name):
    found = re.sub(r"<wbr>", "", rendered(name, without_sources()).decode().lower())
    for said in ("model/mixer.py", "src/blend.py", "alice/tiles", "very strong"):
        assert said in found
    assert "def forward" not in found


def test_without_the_text_of_files_the_summary_is_the_same():
    assert render_text(without_sources()) == render_text(DOCUMENT)


@pytest.mark.parametrize("name", [form.name for form in FORMATS])
def test_a_bad_result_leaves_old_reports(codesim_run, tmp_path, name):
    (tmp_path / "bad.json").write_bytes(GOOD[:-9])
    (tmp_path / "old").write_text("old")
    ended = codesim_run("report", tmp_path / "bad.json", f"--{name}", tmp_path / "old")
    assert ended.code == 2
    assert "bad.json: the result file was cut short" in ended.err
    assert (tmp_path / "old").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_without_an_end_is_refused(codesim_run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["codesim.cli.report"], "_MOST_BYTES", 1000)
    path = tmp_path / "large.json"
    path.write_bytes(b" " * 1001)
    ended = codesim_run("report", path)
    assert ended.code == 2
    assert "more than 1,000 bytes" in ended.err
    if Path("/dev/zero").exists():
        assert "more than 1,000 bytes" in codesim_run("report", "/dev/zero").err


def test_a_result_of_the_greatest_size_is_read(codesim_run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["codesim.cli.report"], "_MOST_BYTES", len(GOOD))
    (tmp_path / "r.json").write_bytes(GOOD)
    assert codesim_run("report", tmp_path / "r.json").code == 0


def test_numbers_that_no_file_has_are_not_counted_to(tmp_path):
    """A line number without its text cannot be checked; nothing loops over it."""
    data = json.loads(GOOD)
    data["sources"] = {"left": {}, "right": {}}
    data["evidence"][0]["pairs"][0]["matches"][0]["left"].update(start=1, end=10**15)
    document = decode(json.dumps(data).encode())
    for form in FORMATS:
        assert rendered(form.name, document)


def test_a_result_without_any_texts_shows_everything_else():
    data = json.loads(GOOD)
    del data["sources"]
    document = decode(json.dumps(data).encode())
    assert document.sources.left == document.sources.right == {}
    for form in FORMATS:
        assert rendered(form.name, document)
    assert "TileMixer.forward" in rendered("html", document).decode().replace("<wbr>", "")
    assert decode(encode(document)) == document
