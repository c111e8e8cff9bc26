"""Which names are a repository's own, and where a name stands in a text."""

from __future__ import annotations

import time

import pytest
from test_attribution_detector import PLAIN, SOURCE, Files, found, profile, reading, reviewed

from codesim.detectors.attribution.names import says

ROPE = "2104.09864"
TITLE = "# Lumigrid-V\n\n"
MODULE: Files = {"modeling_lumigrid.py": "x = 1\n"}


@pytest.mark.parametrize(
    ("text", "name", "is_said"),
    [
        ("adapted from existing code", "Rome", False),
        ("adapted from chromed lamps", "Rome", False),
        ("a grid of lumi tiles", "Lumigrid", False),
        ("", "Lumigrid", False),
        ("adapted from Rome", "Rome", True),
        ("see lumigrid.pool.Pool", "Lumigrid", True),
        ("as LumigridPooler does", "Lumigrid", True),
        ("https://github.com/fernlight/Lumigrid-V", "fernlight/Lumigrid-V", True),
        ("from Lumi_Grid 2", "lumi-grid", True),
    ],
)
def test_names_are_whole_words(text: str, name: str, is_said: bool) -> None:
    assert says(text, name) is is_said


@pytest.mark.parametrize(
    ("readme", "papers"),
    [
        pytest.param(
            f"{TITLE}Positions are rotated as in [RoPE](https://arxiv.org/abs/2199.00001).\n",
            (), id="cited in a sentence",
        ),
        pytest.param(
            f"{TITLE}[RoFold](https://arxiv.org/abs/2199.00001)\n", (), id="a link by another name"
        ),
        pytest.param(f"{TITLE}arXiv:{ROPE}\n", (), id="a paper that everybody cites"),
        pytest.param(f"{TITLE}## Related\n\narXiv:2199.00001\n", (), id="in a section"),
        pytest.param(
            f"{TITLE}## Citation\n\n@article{{fold,\n title={{Folding}},\n"
            " journal={arXiv:2199.00001}}\n",
            (), id="an entry of another work",
        ),
        pytest.param(
            f"{TITLE}[Paper](https://arxiv.org/abs/2199.00002) | [Demo](https://example.org)\n",
            ("2199.00002",), id="a link in the title block",
        ),
        pytest.param(
            f"{TITLE}## Cite\n\n@article{{a,\n title={{Lumigrid: seeing}},\n"
            " eprint={2199.00003}}\n@article{b,\n title={Fold},\n eprint={2199.00001}}\n",
            ("2199.00003",), id="its own entry",
        ),
    ],
)  # fmt: skip
def test_papers_of_its_own(readme: str, papers: tuple[str, ...]) -> None:
    made = profile({**MODULE, "README.md": readme})

    assert tuple(paper.name for paper in made.papers) == papers


def test_a_citation_file_names_its_own_paper() -> None:
    text = (
        "title: Lumigrid\nurl: https://arxiv.org/abs/2199.00002\nreferences:\n - arXiv:2199.00001\n"
    )
    made = profile({**MODULE, "CITATION.cff": text})

    assert [paper.name for paper in made.papers] == ["2199.00002"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('# model = load("lumigrid")\nx = 1\n', id="code that was switched off"),
        pytest.param('"""Pools tiles.\n\nload("fernlight/Lumigrid-V")\n"""\n', id="a docstring"),
        pytest.param("# Implementation of the Lumigrid pooler\n", id="what a file is"),
        pytest.param("# adapted from existing code\n# lumigrid first\n", id="a line behind credit"),
    ],
)
def test_a_name_left_in_a_copied_file_is_no_credit(text: str) -> None:
    evidence = reviewed(SOURCE, {**PLAIN, "mine/pool.py": text}, found())

    assert reading(evidence)[0] == "not mentioned"
    assert "though its files hold" in evidence.summary


@pytest.mark.parametrize(
    "text",
    [
        "# Adapted from\n# Lumigrid-V\n",
        "# Based on the pooler that follows.\n# https://github.com/fernlight/Lumigrid-V\n",
        '"""Borrowed from Lumigrid."""\n',
    ],
)
def test_credit_may_go_on_in_the_next_line(text: str) -> None:
    assert reading(reviewed(SOURCE, {**PLAIN, "mine/pool.py": text}, found()))[0] == "attributed"


def test_a_paper_that_both_cite_hides_no_removed_licence() -> None:
    cites = f"\nPositions are rotated (arXiv:{ROPE}).\n"
    header = "# Copyright 2024 The Lumigrid Authors\n"
    left = {**SOURCE, "README.md": TITLE + cites, "pool.py": header + "x = 1\n"}
    right = {**PLAIN, "README.md": "# mine\n" + cites}

    assert reading(reviewed(left, right, found()))[0] == "licence removed"


def test_two_sides_of_one_name_are_told() -> None:
    files: Files = {"README.md": "# Lumigrid-V\n"}
    evidence = reviewed(files, files)

    assert "both go by the same name, Lumigrid-V" in evidence.summary
    assert "no name that can be looked for" not in evidence.summary


def test_many_files_are_bounded_and_those_at_the_top_are_read() -> None:
    files: Files = {f"a/d{n}/x.py": "" for n in range(20_000)}
    made = profile({**files, "README.md": "# Lumigrid-V\n"})

    assert [work.name for work in made.works] == ["Lumigrid-V"]
    assert [what for what, _ in made.skipped] == ["1 further text file"]


def test_many_names_and_credits_take_linear_time() -> None:
    many: Files = {f"modeling_lumi{n}grid.py": "x = 1\n" for n in range(4_000)}
    many["README.md"] = "# Lumigrid-V\n" + "@article{a, title={b c d e f g}}\n" * 4_000
    credit = {"mine/pool.py": "# adapted from a b c d e f\n" * 4_000}
    began = time.process_time()
    reviewed(many, credit, found())

    assert time.process_time() - began < 4.0
