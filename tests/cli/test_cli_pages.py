"""``--html`` above the size of one page: a folder of pages beside it, from every command."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from codesim.report.html import site

TEXT = """\
def total_{n}(items, scale):
    kept = [item * scale for item in items if item > {n}.5]
    return sum(kept) / max(1, len(kept)) - {n}


def spread_{n}(items, middle={n}7):
    return sorted(abs(item - middle) ** 2 for item in items)[:{n}3]
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders with three files each, their result, and other folders to write to."""
    for side in ("brumblezot", "vexlumina"):
        (tmp_path / side).mkdir()
        for n in range(3):
            (tmp_path / side / f"{side}_{n}.py").write_text(TEXT.format(n=n))
    (tmp_path / "keys").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch):
    """No page has room for the text of any pair."""
    monkeypatch.setattr(site, "_REST", site.LIMIT)


COMPARE = ("compare", "brumblezot", "vexlumina", "--only", "code", "--html")


def pair_pages(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def test_above_the_cap_pages_lie_in_a_folder_beside_the_report(codesim_run, place, full):
    ended = codesim_run(*COMPARE, "my report#1.html", "--json", "r.json")
    assert ended.code == 0
    assert "Wrote my report#1.html" in ended.err
    assert (
        "Wrote my report#1_pairs/, pages of 3 file pairs for which my report#1.html has no room: "
        "keep both together" in ended.err
    )
    assert pair_pages("my report#1_pairs") == ["pair-1.html", "pair-2.html", "pair-3.html"]
    index = Path("my report#1.html").read_text("utf-8")
    links = re.findall(r'href="([^"#]+\.html)"', index)
    assert sorted(links) == [f"my%20report%231_pairs/pair-{n}.html" for n in (1, 2, 3)]
    for link in links:
        text = Path(unquote(link)).read_text("utf-8")
        assert "kept" in text
        [back] = set(re.findall(r'href="(\.\./[^"#]+)#pair-\d"', text))
        assert (Path(unquote(link)).parent / unquote(back)).samefile("my report#1.html")


def test_report_writes_the_same_as_compare(codesim_run, place, full):
    codesim_run(*COMPARE, "r.html", "--json", "r.json")
    (place / "again").mkdir()
    assert codesim_run("report", "r.json", "--html", "again/r.html").code == 0
    assert Path("again/r.html").read_bytes() == Path("r.html").read_bytes()
    for name in pair_pages("r_pairs"):
        assert Path("again/r_pairs", name).read_bytes() == Path("r_pairs", name).read_bytes()


def test_below_the_cap_there_is_one_file(codesim_run, place):
    ended = codesim_run(*COMPARE, "r.html")
    assert ended.err == "Wrote r.html\n"
    assert not Path("r_pairs").exists()


def test_pages_of_an_earlier_report_go_with_it(codesim_run, place, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(site, "_REST", site.LIMIT)
        codesim_run(*COMPARE, "r.html")
    assert Path("r_pairs").is_dir()
    ended = codesim_run(*COMPARE, "r.html", "--anonymise", "keys/key.json")
    assert "Removed r_pairs/, the pages of the report that r.html was before" in ended.err
    assert not Path("r_pairs").exists()


def test_a_folder_of_somebody_is_refused_before_the_work(codesim_run, place, monkeypatch):
    monkeypatch.setattr("codesim.open_snapshot", lambda *_, **__: pytest.fail("opened"))
    Path("r_pairs").mkdir()
    Path("r_pairs", "thesis.txt").write_text("mine")
    ended = codesim_run(*COMPARE, "r.html")
    assert ended.code == 2
    assert "cannot write r.html" in ended.err
    assert "Name another file" in ended.err
    assert Path("r_pairs", "thesis.txt").read_text() == "mine"
    assert not Path("r.html").exists()


@pytest.mark.parametrize("name", ["-", os.devnull])
def test_a_stream_gets_one_page(codesim_run, place, full, name):
    ended = codesim_run(*COMPARE, name)
    assert ended.code == 0
    assert sorted(os.listdir()) == ["brumblezot", "keys", "vexlumina"]
    if name == "-":
        assert "The page is full; the text is in the result file" in ended.out


def test_the_key_does_not_lie_among_the_pages(codesim_run, place, full):
    Path("r_pairs").mkdir()
    ended = codesim_run(*COMPARE, "r.html", "--anonymise", "r_pairs/key.json")
    assert ended.code == 2
    assert "the key would lie beside" in ended.err
    assert os.listdir("r_pairs") == []


def test_names_are_gone_from_pages_too(codesim_run, place, full):
    assert codesim_run(*COMPARE, "r.html", "--anonymise", "keys/key.json").code == 0
    for name in pair_pages("r_pairs"):
        text = Path("r_pairs", name).read_text("utf-8").lower()
        assert "project1" in text
        assert "brumblezot" not in text
        assert "vexlumina" not in text


def test_pages_of_an_audit_are_not_touched(codesim_run, place, full):
    """A report in the folder of an audit has a folder of its own."""
    Path("audit/pairs").mkdir(parents=True)
    Path("audit/pairs/0001.html").write_text("a page of the audit")
    assert codesim_run(*COMPARE, "audit/index.html").code == 0
    assert Path("audit/pairs/0001.html").read_text() == "a page of the audit"
    assert sorted(os.listdir("audit")) == ["index.html", "index_pairs", "pairs"]
