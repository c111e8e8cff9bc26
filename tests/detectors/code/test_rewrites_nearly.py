"""Whole modules that look like a rewrite of another and compute something else in one place.

They are still mostly the same code, so a match stands; but it must cover less of both sides than
the true rewrite does.
"""

from __future__ import annotations

import pytest
from rewriting import Code, assert_nearer
from test_rewrites_assignments import ROTARY, ROTARY_INLINED, ROTARY_SPLIT
from test_rewrites_branches import POOL_IF, POOL_TERNARY, RESIZE, RESIZE_INVERTED
from test_rewrites_helpers import (
    SAMPLER_FUNCTIONS,
    SAMPLER_METHODS,
    TILES,
    TILES_ELSEWHERE,
    TILES_EXTRACTED,
)
from test_rewrites_idioms import EVALUATE, SCRIPT, SPELLED_OUT
from test_rewrites_layout import CELLS, SPLIT, WHOLE
from test_rewrites_loops import WINDOWS_COMPREHENSION, WINDOWS_LOOP
from test_rewrites_names import ALL_RENAMED, ATTENTION
from test_rewrites_strings import PROMPT_F, PROMPT_FORMAT


def edited(code: Code, *edits: tuple[str, str]) -> Code:
    """The code with words exchanged in whichever file has them."""
    files = {"": code} if isinstance(code, str) else dict(code)
    for old, new in edits:
        assert any(old in text for text in files.values()), old
        files = {path: text.replace(old, new) for path, text in files.items()}
    return files[""] if isinstance(code, str) else files


NEARLY = [
    pytest.param(
        TILES,
        TILES_EXTRACTED,
        [("math.ceil(length / side)", "math.floor(side * length)")],
        id="a helper that rounds down",
    ),
    pytest.param(
        TILES,
        TILES_ELSEWHERE,
        [("(tiles - mean) / np.maximum(", "(mean - tiles) * np.minimum(")],
        id="a helper elsewhere with operands swapped",
    ),
    pytest.param(
        SAMPLER_METHODS,
        SAMPLER_FUNCTIONS,
        [("descending=True", "descending=False"), ("masked_fill", "masked_scatter")],
        id="methods and functions that sort the other way",
    ),
    pytest.param(
        WHOLE,
        SPLIT,
        [("torch.sin(angle), torch.cos(angle)", "torch.tan(angle), torch.cosh(angle)")],
        id="one file of three changed",
    ),
    pytest.param(
        WHOLE,
        CELLS,
        [("self.norm_query(self.query)", "self.norm_value(self.query).abs()")],
        id="one cell of a notebook changed",
    ),
    pytest.param(
        ROTARY,
        ROTARY_INLINED,
        [("1.0 / torch.pow(base,", "torch.pow(2.0 * base,")],
        id="an inlined value without its inverse",
    ),
    pytest.param(
        ROTARY,
        ROTARY_SPLIT,
        [("query * cosine", "query.abs() - cosine"), ("even / size", "size ** even")],
        id="temporaries of other values",
    ),
    pytest.param(
        RESIZE,
        RESIZE_INVERTED,
        [("int(budget / math.sqrt(ratio))", "int(ratio / math.sqrt(budget))")],
        id="an inverted branch with another height",
    ),
    pytest.param(
        POOL_IF,
        POOL_TERNARY,
        [("clamp(min=1e-6)", "clamp(max=1.0)"), ("p=2", "p=1")],
        id="a conditional expression with other defaults",
    ),
    pytest.param(
        WINDOWS_LOOP,
        WINDOWS_COMPREHENSION,
        [("range(0, ", "range(1, ")],
        id="a comprehension that starts one later",
    ),
    pytest.param(
        ATTENTION,
        ALL_RENAMED,
        [("/ math.sqrt(self.per_lane)", "+ math.log(self.lanes)"), ("softmax(", "cumsum(")],
        id="renamed attention of other weights",
    ),
    pytest.param(
        PROMPT_F,
        PROMPT_FORMAT,
        [("system.strip()", "system.upper()"), ("range(image_count)", "reversed(turns)")],
        id="a format call with other values",
    ),
    pytest.param(
        EVALUATE,
        SPELLED_OUT,
        [("topk(topk", "sort(topk"), ("return hits / seen", "return seen / hits")],
        id="idioms exchanged and a fraction turned over",
    ),
    pytest.param(
        SCRIPT,
        SCRIPT.replace("17", "(17)"),
        [("held.to_parquet", "train.to_csv"), ("0.95", "0.5")],
        id="a script that writes something else",
    ),
]


@pytest.mark.parametrize(("original", "rewritten", "edits"), NEARLY)
def test_a_near_miss_is_covered_less(
    original: Code, rewritten: Code, edits: list[tuple[str, str]]
) -> None:
    assert_nearer(original, rewritten, edited(rewritten, *edits))
