"""The generator of cohorts: what it writes parses, says the truth and never changes."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from benchmarks.cohorts import Sizes, planted
from benchmarks.cohorts.author import Author
from benchmarks.cohorts.broken import ALL
from benchmarks.cohorts.copies import copied, merged
from benchmarks.cohorts.forms import files_of
from benchmarks.cohorts.grammar import FOLDER, rules, table
from benchmarks.cohorts.work import Work, handout, starter, written

SMALL = Sizes(submissions=20, copies=4, chains=1, merges=1, broken=4)
SEED = 11


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return planted(tmp_path_factory.mktemp("cohort") / "one", SEED, SMALL)


@pytest.fixture(scope="module")
def works():
    return {number: written(Author(f"student:{number}", SEED)) for number in range(12)}


def _rows(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _content(place: Path) -> dict[str, bytes]:
    """The files of one submission, whatever its form."""
    if place.is_dir():
        return {
            p.relative_to(place).as_posix(): p.read_bytes()
            for p in place.rglob("*.*")
            if p.is_file()
        }
    if place.suffix == ".zip":
        found: dict[str, bytes] = {}
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist():
                found |= _inner(name, archive.read(name))
        return found
    with tarfile.open(place) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive.getmembers()}  # type: ignore[union-attr]


def _inner(name: str, content: bytes) -> dict[str, bytes]:
    if not name.endswith(".zip"):
        return {name: content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def test_there_are_as_many_submissions_as_were_asked_for(cohort):
    listed = _rows(cohort.listing)
    assert len(listed) == SMALL.submissions
    assert len({row["name"] for row in listed}) == SMALL.submissions
    assert {row["source"] for row in listed} == {
        f"submissions/{place.name}" for place in cohort.submissions.iterdir()
    }
    assert any(row["time"] for row in listed)
    assert any(not row["time"] for row in listed)


def test_the_truth_names_every_planted_pair_once(cohort):
    truth = _rows(cohort.listing.with_name("truth.csv"))
    kinds = [row["kind"] for row in truth]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "copy": SMALL.copies, "chain": 2 * SMALL.chains, "implied": SMALL.chains,
        "merge": 2 * SMALL.merges,
    }  # fmt: skip
    assert {row["level"] for row in truth if row["kind"] == "copy"} == {"1", "2", "3", "4"}
    pairs = {(row["left"], row["right"]) for row in truth}
    assert len(pairs) == len(truth)
    assert all(left < right for left, right in pairs)
    names = {row["name"] for row in _rows(cohort.listing)}
    assert {name for pair in pairs for name in pair} <= names
    broken = {row["name"] for row in _rows(cohort.listing.with_name("broken.csv"))}
    assert len(broken) == SMALL.broken
    assert not broken & {name for pair in pairs for name in pair}


def test_every_good_submission_parses_and_holds_the_starter(cohort):
    broken = set(cohort.broken)
    for row in _rows(cohort.listing):
        if row["name"] in broken:
            continue
        content = _content(cohort.listing.parent / row["source"])
        assert sum(path.endswith("tidelog/vocabulary.py") for path in content) == 1
        for path, text in content.items():
            if path.endswith(".py"):
                ast.parse(text, path)
            elif path.endswith(".ipynb"):
                cells = json.loads(text)["cells"]
                ast.parse(
                    "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
                )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(cohort, tmp_path):
    def digest(folder: Path) -> str:
        found = hashlib.sha256()
        for place in sorted(folder.rglob("*")):
            found.update(place.relative_to(folder).as_posix().encode("utf-8", "surrogateescape"))
            if stat.S_ISREG(place.lstat().st_mode):
                found.update(place.read_bytes())
        return found.hexdigest()

    code = (
        "import sys; from pathlib import Path; from benchmarks.cohorts import Sizes, planted;"
        f"planted(Path(sys.argv[1]), int(sys.argv[2]), {SMALL!r})"
    )
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(tmp_path / "again"), str(SEED)]
    subprocess.run(command, check=True, env=environment)
    assert digest(tmp_path / "again") == digest(cohort.listing.parent)
    tiny = Sizes(submissions=2, copies=0, chains=0, merges=0, broken=0)
    for seed in (SEED, SEED + 1):
        planted(tmp_path / str(seed), seed, tiny)
    assert digest(tmp_path / str(SEED)) != digest(tmp_path / str(SEED + 1))


def test_independent_authors_share_few_lines(works):
    given = {line.strip() for text in starter().values() for line in text.splitlines()}

    def own(work: Work) -> set[str]:
        lines = (line.strip() for text in work.modules.values() for line in text.splitlines())
        return {line for line in lines if len(line) > 20} - given

    lines = [own(work) for work in works.values()]
    for place, one in enumerate(lines):
        assert len(one) > 60
        for two in lines[:place]:
            assert len(one & two) < 0.2 * min(len(one), len(two))


def test_every_mark_of_the_assignment_is_filled_in(works):
    marked = {path for path, text in handout().items() if "#@" in text}
    assert len(marked) == 3
    for work in works.values():
        assert work.starter.keys() == marked
        assert not any(
            "#@" in text or "NotImplementedError" in text for text in work.starter.values()
        )
    assert all("#@" not in text for text in starter().values())
    for path, text in starter().items():
        if path.endswith(".py"):
            ast.parse(text, path)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_copy_parses_keeps_the_names_of_the_assignment_and_takes_other_ones(works, level):
    source = works[3]
    copy = copied(source, level, Author(f"copier:{level}", SEED), SEED)
    for path, text in {**copy.modules, **copy.starter}.items():
        ast.parse(text, path)
    assert "def encode(self, text" in copy.starter["tidelog/vocabulary.py"]
    assert "class NextSymbol(nn.Module)" in copy.starter["tidelog/model.py"]
    before, after = _names(source, ast.Name, "id"), _names(copy, ast.Name, "id")
    same = len(before & after) / len(before)
    assert (same > 0.9) if level == 1 else (same < 0.6)


def test_two_copiers_of_one_work_do_not_choose_the_same_names(works):
    copies = [copied(works[5], 2, Author(f"copier:{who}", SEED), SEED) for who in "ab"]
    one, two = (_names(copy, ast.FunctionDef, "name") for copy in copies)
    assert len(one & two) <= len(one) / 2


def _names(work: Work, kind: type[ast.AST], field: str) -> set[str]:
    trees = (ast.parse(text) for text in work.modules.values())
    return {
        getattr(node, field) for tree in trees for node in ast.walk(tree) if isinstance(node, kind)
    }


def test_a_merged_work_has_functions_of_both(works):
    authors = Author("student:1", SEED), Author("student:2", SEED)
    both = written(authors[0]), written(authors[1])
    joined = merged(*authors, Author("merger", SEED), both)

    def functions(work: Work) -> set[str]:
        return {
            ast.unparse(node.args) + str(len(node.body))
            for text in work.modules.values()
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)
        }

    made = functions(joined)
    assert made & (functions(both[0]) - functions(both[1]))
    assert {*joined.starter.values()} & {*both[0].starter.values()}
    assert {*joined.starter.values()} & {*both[1].starter.values()}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.kind)
def test_a_broken_submission_is_written(kind, works, tmp_path):
    from benchmarks.ladder.chance import Chance

    kind.make(tmp_path / "s", files_of(works[0]), Chance(kind.kind))
    assert [place.name.removesuffix(".zip") for place in tmp_path.iterdir()] == ["s"]
    assert kind.expected in ("unreadable", "named", "listed")


def _texts() -> str:
    files = [*FOLDER.glob("*.txt"), FOLDER.parent / "starter.txt"]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_everything_that_the_grammar_refers_to_is_there():
    text = _texts()
    assert set(re.findall(r"‹([a-z][\w.]*)", text)) <= rules().keys()
    assert set(re.findall(r"#@ ([\w.]+)", text)) <= rules().keys()
    assert set(re.findall(r"§([A-Za-z]\w*)", text)) <= table("names").keys()
    assert set(re.findall(r"¤([a-z]+)", text)) <= table("settings").keys()


def test_there_are_several_words_for_everything_and_ways_for_most():
    for words in table("names").values():
        assert len(set(words)) == len(words) >= 3
    several = [name for name, alternatives in rules().items() if len(alternatives) >= 3]
    assert len(several) > 0.7 * len(rules())


def test_a_rule_that_cannot_be_read_says_which():
    from benchmarks.cohorts.grammar import _alternatives

    with pytest.raises(ValueError, match="shape"):
        list(_alternatives("shape", ["a line too early"]))
    with pytest.raises(ValueError, match="wrong"):
        list(_alternatives("shape", ["-- wrong"]))


def test_many_submissions_parse_have_the_size_and_never_change(tmp_path):
    from benchmarks.cohorts.scale import scaled

    copies = scaled(tmp_path / "one", 102, 3)
    assert copies == [("p00000", "p00101")]
    for place in ("p00000", "p00007", "p00101"):
        files = sorted((tmp_path / "one/submissions" / place).glob("*.py"))
        texts = [path.read_text("utf-8") for path in files]
        for text in texts:
            ast.parse(text)
        assert len(files) == 9
        assert 1_900 <= sum(text.count("\n") for text in texts) <= 2_600
    again = tmp_path / "two"
    scaled(again, 8, 3)
    assert _content(again / "submissions/p00007") == _content(tmp_path / "one/submissions/p00007")
    assert _content(again / "submissions/p00006") != _content(again / "submissions/p00007")


def test_a_mostly_prescribed_assignment_makes_authors_alike():
    def lines(usual: float, who: int) -> set[str]:
        work = written(Author(f"student:{who}", SEED, usual))
        return {line.strip() for text in work.modules.values() for line in text.splitlines()}

    shared = [
        len(lines(usual, 1) & lines(usual, 2)) / len(lines(usual, 1)) for usual in (0.0, 0.6, 0.95)
    ]
    assert shared[0] < shared[1] < shared[2]
