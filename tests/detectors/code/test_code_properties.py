"""What must hold for any text: same computation, same fingerprints; any bytes, no exception."""

from __future__ import annotations

import ast
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import FREE_NAMES, computed, profile_of, profile_of_files
from rewriting import evidence_of
from test_rewrites_assignments import AVERAGES, ROTARY, STATISTICS
from test_rewrites_branches import LOAD_NESTED, POOL_IF, SCHEDULE_ELSE
from test_rewrites_helpers import SAMPLER_METHODS, TILES_EXTRACTED
from test_rewrites_layout import WHOLE
from test_rewrites_loops import VOCAB_LOOP

from codesim.detectors.code.commonness import fingerprints
from codesim.detectors.code.syntax import Unparsable, parse

CODE = st.sampled_from(
    [AVERAGES, ROTARY, STATISTICS, LOAD_NESTED, POOL_IF, SCHEDULE_ELSE, SAMPLER_METHODS,
     TILES_EXTRACTED, WHOLE, VOCAB_LOOP]
)  # fmt: skip
WORDS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=3, max_size=9)
# What a lexer of Python may meet, in any order.
TOKENS = st.sampled_from(
    [
        "def",
        "class",
        "if",
        "else",
        "elif",
        "for",
        "while",
        "in",
        "not",
        "and",
        "or",
        "is",
        "lambda",
        "return",
        "yield",
        "try",
        "except",
        "finally",
        "with",
        "as",
        "import",
        "from",
        "global",
        "pass",
        "break",
        "continue",
        "raise",
        "assert",
        "del",
        "async",
        "await",
        "match",
        "case",
        "None",
        "True",
        "x",
        "y",
        "self",
        "torch",
        "np",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        ".",
        ";",
        "=",
        "==",
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "%",
        "@",
        "&",
        "|",
        "^",
        "~",
        "<",
        ">",
        "<=",
        "->",
        ":=",
        "...",
        "1",
        "2.5",
        "0x1F",
        "1e5",
        "'a'",
        "f'{x}'",
        "b''",
        '"""',
        "@",
        "!",
        "$",
        "?",
        "\\",
        "#",
        "\n",
        "\n",
        "\t",
        "\n\t",
        "\n\t\t",
    ]
)
SOUP = st.lists(TOKENS, max_size=60).map(" ".join)


def own_names(code: str) -> list[str]:
    """Names that the code binds itself: variables, parameters, functions, classes, attributes."""
    tree = ast.parse(code)
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("__"):
            found[node.name] = None
        elif isinstance(node, ast.arg) and node.arg not in ("self", "cls"):
            found[node.arg] = None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None
    # A name that a library owns in another place of the text stays (`forward`, `dim`).
    taken = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    taken |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.keyword) if n.arg}
    taken |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    return [name for name in found if name not in taken and not re.search(rf"['\"].*{name}", code)]


@given(CODE, st.data())
@settings(max_examples=60)
def test_renaming_changes_no_computation(code: str, data: st.DataObject) -> None:
    old = own_names(code)
    fresh = data.draw(st.lists(WORDS, min_size=len(old), max_size=len(old), unique=True))
    names = dict(zip(old, [f"z{word}_" for word in fresh], strict=True))
    renamed = re.sub(r"\b\w+\b", lambda word: names.get(word.group(), word.group()), code)
    one, two = profile_of(code), profile_of(renamed)
    assert computed(one, FREE_NAMES) == computed(two, FREE_NAMES)
    assert one.tokens.canonical.tolist() == two.tokens.canonical.tolist()


@given(CODE)
@settings(max_examples=10)
def test_reformatting_changes_no_fingerprint(code: str) -> None:
    # The printer of the standard library drops comments, blank lines, quotes and line breaks.
    one, two = profile_of(code), profile_of(ast.unparse(ast.parse(code)))
    assert computed(one) == computed(two)
    assert computed(one, 0) == computed(two, 0)
    assert fingerprints(one).tolist() == fingerprints(two).tolist()


@given(CODE, st.integers(1, 4), st.sampled_from(["\n", "\n\n", "  # why\n"]))
@settings(max_examples=30)
def test_layout_changes_no_token(code: str, factor: int, ending: str) -> None:
    lines = code.splitlines()
    laid = [" " * (len(s) - len(s.lstrip())) * (factor - 1) + s for s in lines]
    spaced = ending.join(laid) + "\n"
    assert (
        profile_of(spaced).tokens.canonical.tolist() == profile_of(code).tokens.canonical.tolist()
    )


@given(st.permutations([AVERAGES, ROTARY, STATISTICS, VOCAB_LOOP, SAMPLER_METHODS]))
@settings(max_examples=12)
def test_reordering_definitions_changes_no_fingerprint(codes: list[str]) -> None:
    plain = profile_of("".join([AVERAGES, ROTARY, STATISTICS, VOCAB_LOOP, SAMPLER_METHODS]))
    other = profile_of("".join(codes))
    assert fingerprints(plain).tolist() == fingerprints(other).tolist()
    assert computed(plain) == computed(other)


@given(st.permutations([AVERAGES, ROTARY, STATISTICS, VOCAB_LOOP]), st.integers(1, 3))
@settings(max_examples=12)
def test_the_names_of_files_do_not_matter(codes: list[str], cut: int) -> None:
    parts = {"a.py": "".join(codes[:cut]), "deep/er/b.py": "".join(codes[cut:])}
    split = profile_of_files({path: text.encode() for path, text in parts.items()})
    assert computed(split) == computed(profile_of("".join(codes)))


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes_are_read(data: bytes) -> None:
    for path in ("a.py", "a.pyi", "a.ipynb"):
        profile = profile_of(data, path)
        assert len(profile.files) + len(profile.skipped) >= 1


@given(SOUP)
@settings(max_examples=250)
def test_any_tokens_are_read(text: str) -> None:
    profile = profile_of(text)
    lines = profile.files[0].lines
    for unit in profile.units:
        assert 1 <= unit.lines[0] <= unit.lines[1] <= max(1, lines)
    assert not len(profile.nodes.line) or profile.nodes.line.min() >= 1
    assert not len(profile.nodes.line) or profile.nodes.line.max() <= lines
    assert int(profile.tokens.start[-1]) == len(profile.tokens.line)
    edges = profile.nodes.edge_input
    assert not len(edges) or 0 <= edges.min() <= edges.max() < len(profile.nodes.op)


@given(SOUP, SOUP)
@settings(max_examples=80)
def test_any_two_texts_are_compared(left: str, right: str) -> None:
    evidence = evidence_of({"a.py": ROTARY, "b.py": left}, {"a.py": ROTARY, "b.py": right})
    shares = [(p.left_coverage, p.right_coverage) for p in evidence.pairs if p.left.path == "a.py"]
    assert (1.0, 1.0) in shares
    for pair in evidence.pairs:
        assert min(pair.left_coverage, pair.right_coverage, pair.similarity) >= 0
        assert max(pair.left_coverage, pair.right_coverage, pair.similarity) <= 1


@given(SOUP | st.text(max_size=300))
@settings(max_examples=200)
def test_no_node_ends_behind_its_text(text: str) -> None:
    source = text.encode("utf-8", "replace")
    try:
        syntax = parse(source, 10_000, 100)
    except Unparsable:
        return
    spans = list(zip(syntax.start, syntax.stop, strict=True))
    assert all(0 <= start <= stop <= len(source) for start, stop in spans)
    for node, kids in enumerate(syntax.kids):
        assert all(node < kid < syntax.end[node] for kid in kids)
        assert kids == sorted(kids)
