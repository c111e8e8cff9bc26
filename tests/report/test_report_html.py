"""The HTML report: inert whatever the input, complete, linked, accessible, reproducible."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from pages import elements, packs, page, parsed, script, whole, words
from report_samples import HOSTILE, comparison, everywhere, evidence, match, pair, snapshot

from codesim.model import CloneType, Fragment
from codesim.report import decode, document_of, encode, render_html
from codesim.report.html import site
from codesim.text import display


def hostile(text):
    """A report with ``text`` everywhere, also where only an edited result file can have it."""
    return page(everywhere(text, columns=(text, "state")))


PLAIN = Counter(element.tag for element in elements(parsed(whole(hostile("plain words")))))
# Lines and coloured pieces of code depend on the code, places to break on the name; everything
# else only on the template.
FREE = {"li", "i", "ol", "wbr"}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_an_input_becomes_markup(text):
    made = hostile(text)
    assert len(packs(made)) == 3
    found = elements(parsed(whole(made)))
    counts = Counter(element.tag for element in found)
    for tag in (PLAIN | counts).keys() - FREE:
        assert counts[tag] == PLAIN[tag], tag
    assert counts["script"] == counts["style"] == 1
    for element in found:
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in {"style", "src", "srcset", "action", "formaction", "data"}
            if name == "href":
                assert re.fullmatch(r"#[a-z0-9-]+", value)


def test_packed_text_stands_in_a_script_that_no_browser_runs():
    found = elements(parsed(page(everywhere("plain"))))
    kinds = [element.get("type") for element in found if element.tag == "script"]
    assert kinds == ["text/plain"] * 3 + [None]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_an_input_is_lost(text):
    shown = "".join(parsed(whole(hostile(text))).itertext())
    assert shown.count(display(text.encode("utf-8", "backslashreplace").decode())) >= 40
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", shown)


def test_policy_comes_first_and_admits_only_our_style_and_script():
    text = page(comparison())
    head = parsed(text).find("head")
    first = next(iter(head))
    assert first.get("http-equiv") == "Content-Security-Policy"
    directives = dict(part.strip().split(" ", 1) for part in first.get("content").split(";"))
    assert directives == {
        "default-src": "'none'",
        "script-src": f"'{source_hash(text, 'script')}'",
        "style-src": f"'{source_hash(text, 'style')}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def source_hash(text, tag):
    [body] = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return "sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()


def test_script_writes_no_markup():
    source = script()
    assert source.count("DOMParser") == 1  # our own templates, packed
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "fetch"):
        assert word not in source


def test_the_script_is_small_and_plain():
    assert len(script().splitlines()) <= 700
    assets = Path(site.__file__).parent / "assets"
    every = [path.read_text("utf-8") for path in assets.rglob("*.js")]
    assert 200 < sum(len(text.splitlines()) for text in every) <= 700
    assert not re.search(r"https?://|\bimport\s*[({\"']|\brequire\(", script())


def test_anchors_are_unique_and_links_have_targets():
    found = elements(parsed(whole(page(comparison()))))
    anchors = [element.get("id") for element in found if element.get("id")]
    assert len(anchors) == len(set(anchors))
    targets = [element.get("href")[1:] for element in found if element.get("href")]
    assert len(targets) > 10
    assert set(targets) <= set(anchors)
    labels = [element.get("aria-labelledby") for element in found]
    assert {label for label in labels if label} <= set(anchors)


def test_links_into_a_packed_pair_have_targets_there():
    found = elements(parsed(page(everywhere("plain"))))
    inside = elements(parsed("".join(packs(page(everywhere("plain"))))))
    anchors = {element.get("id") for element in (*found, *inside)}
    links = {element.get("href")[1:] for element in (*found, *inside) if element.get("href")}
    assert "p2-m1" in links
    assert links <= anchors


def test_structure_for_readers_without_eyes_or_mouse():
    tree = parsed(page(comparison()))
    assert tree.get("lang") == "en"
    found = elements(tree)
    levels = [int(element.tag[1]) for element in found if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    for table in (element for element in found if element.tag == "table"):
        assert all(head.get("scope") for head in table.iter("th"))
    for scroller in (element for element in found if element.get("class") == "scroll"):
        assert scroller.get("tabindex") == "0"
        assert scroller.get("aria-label") or scroller.get("aria-labelledby")


def test_says_what_matters_on_the_first_screen():
    tree = parsed(page(comparison()))
    summary = words(next(e for e in elements(tree) if e.get("id") == "summary"))
    for text in (
        "Overall evidence Very strong",
        "71 % of right is in left, 64 % of left is in right",
        "not proof of copying",
        "9 lines of the 19 (47 %) in 2 of 3 files",
        "6 lines of the 14 (43 %) in 2 of 2 files",
        "Percentages of code give rare code more weight",
        "licence text 2 files the MIT licence",
        "left: logo.png not text",
        "right: weights.bin pickle; only safetensors is read",
    ):
        assert text in summary, text


def test_provenance_names_the_data():
    document = document_of(comparison())
    text = words(parsed(render_html(document)))
    assert hashlib.sha256(encode(document)).hexdigest() in text
    assert "9be07d4" + "1" * 33 in text
    assert "carol/framework" in text
    assert "shortest 12" in text
    assert "swh:1:rev:9be07d4" + "1" * 33 in text
    assert "2024-05-01T12:00:00Z" in text
    # The base has no commit, so no identifier and no date.
    assert text.count("swh:1:rev:") == 2
    assert text.count("not known") == 1


def test_each_match_is_joined_both_ways_and_gives_its_reason():
    tree = parsed(page(comparison()))
    found = {element.get("id"): element for element in elements(tree) if element.get("id")}
    assert {"p1-m1", "p1-m2"} <= found.keys()
    assert [e.get("start") for e in found["p1-m1"].iter("ol")] == ["7", "9"]
    text = words(found["pair-1"])
    assert "A loop became a comprehension" in text
    # `plan` stands last on the left and first on the right, and each leads to the other.
    for row, other, place in (("p1-m3", "p1-m3-right", "4–5"), ("p1-m3-right", "p1-m3", "17–18")):
        assert f"lines {place}" in words(found[row])
        assert f"#{other}" in {link.get("href") for link in found[row].iter("a")}
    links = {element.get("href") for element in elements(tree)}
    assert {"#p1-m1", "#p1-m2", "#p1-m3"} <= links
    assert "9 def forward" not in text  # numbers are not part of the text: copying stays clean


def test_a_file_without_text_still_lists_its_matches():
    side = snapshot("s", {})
    tree = parsed(page(comparison(left=side, right=side)))
    assert "The left and right text is not available." in words(tree)
    assert "TileMixer.forward" in "".join(tree.itertext())
    assert "Only names differ." in words(tree)


def test_notes_are_offered_where_a_match_can_have_one():
    side = snapshot("s", {})
    for shown, offered in ((comparison(), True), (comparison(left=side, right=side), False)):
        found = elements(parsed(page(shown)))
        [notes] = [each for each in found if each.get("id") == "notes"]
        assert ("data-needs-script" in notes.attrib) is offered
        assert any(each.get("href") == "#notes" for each in found) is offered


def test_a_match_on_lines_of_others_is_told_in_the_table():
    side = snapshot("s", {"a.py": b"x = 1\n" * 6})
    spans = ((1, 4), (1, 3)), ((1, 3), (4, 6)), ((2, 3), (3, 4))
    matches = tuple(match(Fragment("a.py", one), Fragment("a.py", two)) for one, two in spans)
    found = (evidence(pairs=(pair("a.py", "a.py", matches),)),)
    tree = parsed(page(comparison(left=side, right=side, evidence=found)))
    lead = [each for each in elements(tree) if "data-first" in each.attrib]
    # The second has lines of its own on the right alone, and the third none at all.
    assert [(e.get("id"), e.get("data-left"), e.get("data-right")) for e in lead] == [
        ("p1-m1", "1-4", "1-3"), ("p1-m2-right", "1-3", "4-6"),
    ]  # fmt: skip
    table = next(e for e in elements(tree) if e.get("class") == "matches")
    assert words(table).count("on lines of other matches") == 1


def test_whole_files_overlaps_and_ranges_past_the_end():
    side = snapshot("s", {"a.py": b"x = 1\ny = 2\n"})
    matches = (
        match(Fragment("a.py", None), Fragment("a.py", (1, 10**15)), CloneType.EXACT),
        match(Fragment("a.py", (2, 2), "y"), Fragment("a.py", (90, 99), "gone")),
    )
    found = (evidence(pairs=(pair("a.py", "a.py", matches),)),)
    text = words(parsed(page(comparison(left=side, right=side, evidence=found))))
    assert "2 lines of the 2" in text
    assert "y ~ gone" in text


def many_pairs(number=30):
    side = snapshot("s", {f"{n}.py": f"x = {n}\n".encode() * 10 for n in range(number)})
    found = tuple(match(Fragment(f"{n}.py"), Fragment(f"{n}.py")) for n in range(number))
    pairs = tuple(pair(f"{n}.py", f"{n}.py", (found[n],)) for n in range(number))
    return comparison(left=side, right=side, evidence=(evidence(pairs=pairs),))


def test_lists_all_pairs_and_shows_the_best():
    many = many_pairs()
    text = page(many)
    assert text.count('<details class="pair"') == 20
    assert len(packs(text)) == 19  # the first is readable without a script
    rows = [words(row) for row in parsed(text).iter("tr") if "29.py" in words(row)]
    assert len(rows) == 1
    assert rows[0].endswith("only listed 71 % 64 % 99 %")
    assert "Only the first 20 pairs are shown side by side" in text
    assert page(many, top=3).count('<details class="pair"') == 3
    assert "only listed" not in page(many, top=30)


def test_says_where_it_stops(monkeypatch):
    monkeypatch.setattr(site, "_MOST_LINES", 45)
    assert page(many_pairs()).count("The page is full") == 18


def test_rendered_again_from_the_file_it_is_the_same():
    document = document_of(comparison())
    assert render_html(decode(encode(document))) == render_html(document)


PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from report_samples import comparison
from codesim.report import *
document = document_of(comparison())
parts = [encode(document).decode(), render_html(document), render_text(document),
         render_markdown(document)]
print(hashlib.sha256("\\0".join(parts).encode()).hexdigest())
"""


def test_same_bytes_whatever_the_hash_seed_and_the_folder(tmp_path):
    found = set()
    for seed, folder in (("0", tmp_path), ("1", Path.cwd())):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_importing_the_package_loads_nothing_heavy():
    program = (
        "import sys, codesim.report\n"
        "print([m for m in ('jinja2', 'pygments', 'msgspec', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
