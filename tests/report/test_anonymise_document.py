"""A whole result without names: canaries in every field, in every format, and the evidence kept."""

from __future__ import annotations

import base64
import binascii
import json
import re
import subprocess
import sys
import zlib

import msgspec
import pytest
from hostile_strings import holding
from report_samples import comparison, evidence, match, pair, snapshot

import codesim
from codesim.model import Excluded, Fragment, Rename, Skipped, Table
from codesim.report import FORMATS, decode, document_of, encode, render_text, rendered, schema
from codesim.report.anonymise import anonymised

HOME = "/" + "home/"
LEFT = {
    "LICENSE": "MIT License\n\nCopyright (c) 2021 Ilsebet Quandorff\n",
    "README.md": "# Snarkforge\n\nSee https://github.com/brumblezot/snarkforge and @vexlumina.\n",
    "setup.py": 'setup(name="snarkforge", author="Ilsebet Quandorff", '
    'author_email="ilse.q@zyx-institut.edu")\n',
    "snarkforge/__init__.py": "",
    "snarkforge/tiles.py": f'''\
# Copyright (c) 2021 Ilsebet Quandorff, Zyx Institut
"""Tiles of the SnarkForge project, written by Odo Pflumkrantz <odo@pflumkrantz.org>."""
import math

__author__ = "Ilsebet Quandorff"
DATA = "{HOME}quandorff/data"


class SnarkforgeTiler:
    """Cuts a sheet into tiles; idea of @vexlumina."""

    def __init__(self, sheet, budget=729, overlap=13):
        self.sheet, self.budget, self.overlap = sheet, budget, overlap

    def fit_grid(self, width, height):
        # TODO(quandorff): weigh by ink, ask ilse.q@zyx-institut.edu
        best, score = None, math.inf
        for rows in range(1, self.budget):
            columns = max(1, round(rows * width / height))
            wasted = abs(rows * columns - self.budget) + self.overlap / rows
            if wasted < score:
                best, score = (rows, columns), wasted
        return best
''',
}
RIGHT = {
    "README.md": "# Gribble\n\nModel by hexapus-lab.\n",
    "gribblenet/__init__.py": "",
    "gribblenet/cut.py": f'''\
"""Ask hexapus-lab, see https://huggingface.co/hexapus-lab/gribblenet-7b; not brumblezot."""
from math import inf
CACHE = "{HOME}tronquist/.cache"  # snarkforge left over


class GribblenetCutter:
    def __init__(self, page, limit=729, margin=13):
        self.page, self.limit, self.margin = page, limit, margin

    def layout(self, w, h):
        found, least = None, inf
        for r in range(1, self.limit):
            c = max(1, round(r * w / h))
            lost = abs(r * c - self.limit) + self.margin / r
            if lost < least:
                found, least = (r, c), lost
        return found
''',
}
CANARIES = (
    "brumblezot", "snarkforge", "snark_forge", "snark-forge", "quandorff", "ilsebet", "pflumkrantz",
    "vexlumina", "zyx-institut", "zyx institut", "ilse.q", "hexapus", "gribblenet", "tronquist",
    "3f2c1ab41d02", "3f2c1ab", "9be07d4",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    """A real comparison of two repositories whose files are full of names."""
    sides = [
        codesim.snapshot_of({path: text.encode() for path, text in files.items()}, name)
        for name, files in (("brumblezot/snarkforge", LEFT), ("hexapus-lab/gribblenet", RIGHT))
    ]
    return msgspec.structs.replace(
        document_of(codesim.compare(*sides)),
        left=document_of(comparison()).left.__class__(
            "brumblezot/snarkforge", "https://github.com/brumblezot/snarkforge",
            "3f2c1ab41d02aa00" + "0" * 24, 5),
        right=document_of(comparison()).left.__class__(
            "hexapus-lab/gribblenet", "hf:hexapus-lab/gribblenet", "9be07d4" + "1" * 33, 3),
    )  # fmt: skip


@pytest.fixture(scope="module")
def hidden(whole):
    return anonymised(whole)[0]


def inflated(text):
    """What is packed inside a page, as a browser would unpack it."""
    for packed in re.findall(r"[A-Za-z0-9+/=]{120,}", text):
        try:
            yield zlib.decompress(base64.b64decode(packed), wbits=47).decode("utf-8", "replace")
        except (binascii.Error, zlib.error):
            continue


def read(name, document):
    text = render_text(document) if name == "text" else rendered(name, document).decode("utf-8")
    plain = "\n".join([text, *inflated(text)])
    # Highlighting stands between the letters of a page, and a result escapes them.
    return plain + re.sub(r"<[^>]*>", "", plain)


@pytest.mark.parametrize("name", ["text", *(form.name for form in FORMATS)])
def test_no_name_is_left_in_any_format(whole, hidden, name):
    before, after = read(name, whole).lower(), read(name, hidden).lower()
    assert "brumblezot" in before
    assert [canary for canary in CANARIES if canary in after] == []


def test_every_canary_was_there(whole):
    before = read("json", whole).lower()
    missing = [each for each in CANARIES if each not in before]
    assert missing == ["snark_forge", "snark-forge"]


def test_the_evidence_is_the_same(whole, hidden):
    for one, two in zip(whole.evidence, hidden.evidence, strict=True):
        assert (one.kind, one.strength, one.score) == (two.kind, two.strength, two.score)
        for left, right in zip(one.pairs, two.pairs, strict=True):
            places = [
                [(m.left.start, m.left.end, m.right.start, m.right.end, m.similarity)
                 for m in each.matches]
                for each in (left, right)
            ]  # fmt: skip
            assert places[0] == places[1]
    assert decode(encode(hidden)) == hidden


def test_code_stays_readable_and_lines_stay_lines(whole, hidden):
    [path] = [each for each in hidden.sources.left if each.endswith("/tiles.py")]
    old, new = LEFT["snarkforge/tiles.py"].splitlines(), hidden.sources.left[path].splitlines()
    assert len(old) == len(new)
    assert new[16:23] == old[16:23]  # the loop, in which nobody is named
    assert new[8] == "class Project1Tiler:"
    assert re.fullmatch(r"# Copyright \(c\) 2021 Person\d+, Person\d+", new[0])


def test_both_sides_agree(hidden):
    """What is left over of one side in the other is still seen to be."""
    [right] = [text for path, text in hidden.sources.right.items() if path.endswith("cut.py")]
    assert "# project1 left over" in right
    assert "not person1." in right
    assert hidden.left.name == "person1/project1"
    assert hidden.left.origin == "https://github.com/person1/project1"
    assert hidden.left.revision == "revision1"
    assert set(hidden.sources.left) == {"project1/tiles.py"}


def test_the_key_leads_back(whole):
    key = json.loads(anonymised(whole)[1].encode())
    assert key["schema"] == "codesim/key/1"
    assert key["left"]["name"] == "brumblezot/snarkforge"
    assert key["right"]["revision"] == "9be07d4" + "1" * 33
    assert key["pseudonyms"]["person1"] == {"kind": "person", "name": "brumblezot"}
    assert {"Ilsebet Quandorff", "vexlumina", "odo@pflumkrantz.org", "tronquist"} <= {
        each["name"] for each in key["pseudonyms"].values()
    }


def test_every_field_is_reached():
    """A name that the document itself gives away is gone from all that can hold it."""
    document = holding("Brumblezot Snarkforge")
    hidden, _ = anonymised(document)
    found = json.dumps(msgspec.to_builtins(hidden))
    # Kinds of evidence are words of ours, and the version is that of codesim.
    assert found.count("Brumblezot") == 3
    assert [e.kind for e in hidden.evidence] == ["Brumblezot Snarkforge"] * 2
    assert hidden.codesim == "Brumblezot Snarkforge"


def test_names_in_tables_facts_skipped_and_set_aside():
    said = "left: data/brumblezot/x.bin, by brumblezot"
    found = evidence(
        summary=f"names {said}",
        facts={"left_searched": "hexapus-lab/gribblenet, vexlumina, 2401.01234", "who": said},
        tables=(Table(said, ("state", said), (("same", said),), said),),
        skipped=(Skipped(said, said),),
        excluded=(Excluded(said, said, said),),
        renames=(Rename("BrumblezotNet", "VexluminaNet", 1, 1.0, "class"),),
        pairs=(pair("gribblenet/a.py", "see_2401.01234.md", ()),),
    )
    left = snapshot("brumblezot/a", {"gribblenet/a.py": b"x = 1\n"})
    document = document_of(comparison(left=left, evidence=(found,), skipped=(Skipped(said, said),)))
    hidden, _ = anonymised(document)
    text = json.dumps(msgspec.to_builtins(hidden)).lower()
    for canary in (
        "brumblezot",
        "hexapus",
        "gribblenet",
        "vexlumina",
        "2401.01234",
        "alice",
        "bob",
    ):
        assert canary not in text
    assert hidden.evidence[0].renames[0].left == "Person1Net"


def test_two_paths_never_become_one():
    paths = ["quandorff/a.py", "Quandorff/a.py", "qUANDORFF/a.py"]
    left = snapshot("quandorff/x", {path: f"x = '{path}'\n".encode() for path in paths})
    pairs = tuple(
        pair(
            path, "src/blend.py", (match(Fragment(path, (1, 1)), Fragment("src/blend.py", (1, 1))),)
        )
        for path in paths
    )
    document = document_of(comparison(left=left, evidence=(evidence(pairs=pairs),)))
    hidden, _ = anonymised(document)
    assert len(hidden.sources.left) == 3
    shown = [each.left.path for each in hidden.evidence[0].pairs]
    assert len(set(shown)) == 3
    assert set(shown) == set(hidden.sources.left)
    assert [each.matches[0].left.path for each in hidden.evidence[0].pairs] == shown
    assert decode(encode(hidden)) == hidden


def test_it_is_a_result_like_any_other(hidden):
    import jsonschema

    jsonschema.validate(json.loads(encode(hidden)), schema())


def test_nobody_is_named_where_nobody_is_named():
    document = document_of(
        comparison(
            left=snapshot("left", {"a.py": b"x = 1\n"}, "file:left"),
            right=snapshot("right", {"b.py": b"x = 1\n"}, "file:right"),
            base=(),
        )
    )
    hidden, key = anonymised(document)
    assert (hidden.left.name, hidden.right.name) == ("project1", "project2")
    assert hidden.evidence == document.evidence
    assert set(key.pseudonyms) == {"project1", "project2"}


def test_again_and_again_the_same(whole, tmp_path):
    """Whatever the hash seed; and what is anonymous already only gets other pseudonyms."""
    (tmp_path / "r.json").write_bytes(encode(whole))
    script = (
        "import sys; from codesim.report import decode, encode;"
        "from codesim.report.anonymise import anonymised;"
        "d, k = anonymised(decode(open(sys.argv[1], 'rb').read()));"
        "sys.stdout.buffer.write(encode(d) + k.encode())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "r.json")],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
    once, _ = anonymised(whole)
    twice, _ = anonymised(once)
    assert twice.left.name == "personx1/projectx1"


def test_the_time_of_a_commit_is_left_out():
    """To the second it names a commit as well as an id does."""
    document, _ = anonymised(document_of(comparison()))
    assert document_of(comparison()).left.date
    assert [side.date for side in (document.left, document.right, *document.base)] == [None] * 3
