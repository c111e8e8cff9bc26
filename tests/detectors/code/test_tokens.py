"""The token view: what it drops, what it blanks, what it keeps."""

from __future__ import annotations

import pytest
from profiles import profile_of, words_of

from codesim.detectors.code.lexer import fallback_tokens

HEAD = "import numpy as np\nimport torch\nfrom torch import nn\n\n\n"

OTHER = [
    pytest.param("def f(x):\n    return x + 1", "def f(x):\n    return x - 1", id="an operator"),
    pytest.param("def f(x):\n    return x + 1", "def f(x):\n    return x + 2", id="a number"),
    pytest.param("def f(x):\n    return torch.sin(x)", "def f(x):\n    return torch.cos(x)",
                 id="a library function"),
    pytest.param("def f(x):\n    return x.view(1)", "def f(x):\n    return x.flatten(1)",
                 id="a tensor method"),
    pytest.param("def f(x):\n    return len(x)", "def f(x):\n    return sum(x)", id="a builtin"),
    pytest.param("def f(x):\n    return 'a'", "def f(x):\n    return 'b'", id="a text"),
    pytest.param("def f(x):\n    return x, 1", "def f(x):\n    return x", id="a value more"),
    pytest.param("def f(x):\n    return x if x else 1", "def f(x):\n    return x or 1",
                 id="an idiom"),
]  # fmt: skip
SAME = [
    pytest.param("def f(x):\n    return x + 1", "def g(value):\n    return value + 1",
                 id="own names"),
    pytest.param("def f(x):\n    return x", "def f(x):  # why\n\n    # because\n    return x",
                 id="comments and blank lines"),
    pytest.param("def f(x):\n    return x", 'def f(x):\n    """Say."""\n    return x',
                 id="a docstring"),
    pytest.param("def f(x):\n    return x", "def f(x: int) -> int:\n    return x", id="hints"),
    pytest.param("def f(x):\n    return [x, 1]",
                 "def f(x):\n    return [\n        x,\n        1,\n    ]",
                 id="line breaks and a last comma"),
    pytest.param("def f(x):\n    return 'a'", 'def f(x):\n    return "a"', id="quotes"),
    pytest.param("def f(x):\n    return (x + 1)", "def f(x):\n    return x + 1", id="parentheses"),
    pytest.param("def f(x):\n    return np.sin(x)",
                 "import numpy\ndef f(x):\n    return numpy.sin(x)",
                 id="an import alias"),
    pytest.param("def f(x):\n    return x * 1000", "def f(x):\n    return x * 1_000",
                 id="a number"),
    pytest.param("class A:\n    size = 1\n    def f(self):\n        return self.size",
                 "class B:\n    width = 1\n    def g(this):\n        return this.width",
                 id="classes and attributes"),
]  # fmt: skip


def canonical(code: str) -> list[int]:
    return list(profile_of(HEAD + code + "\n").tokens.canonical.tolist())


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_another_token_is_another(left: str, right: str) -> None:
    assert canonical(left) != canonical(right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_what_a_copier_may_change_leaves_the_tokens(left: str, right: str) -> None:
    assert canonical(left) == canonical(right)


def test_exact_tokens_tell_own_names_apart() -> None:
    one = profile_of(HEAD + "def f(x):\n    return x\n").tokens
    two = profile_of(HEAD + "def f(y):\n    return y\n").tokens
    assert one.canonical.tolist() == two.canonical.tolist()
    assert one.exact.tolist() != two.exact.tolist()


def test_anchored_words_weigh_more_than_own_ones() -> None:
    profile = profile_of("import torch\n\n\ndef f(x):\n    return torch.einsum(x)\n")
    assert words_of(profile, 1) == ["f", "x", "torch", "einsum", "x"]
    first, last = profile.tokens.start[1:3].tolist()
    weight = {
        profile.words[word]: bits
        for word, bits in zip(
            profile.tokens.word[first:last].tolist(), profile.tokens.bits[first:last].tolist(),
            strict=True,
        )
        if word >= 0
    }  # fmt: skip
    assert weight["einsum"] > 10 * weight["x"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("x = y + 1", ["x", "y", "1"], id="names and numbers"),
        pytest.param("x = 'a b' # c", ["x", "a b"], id="a text and a comment"),
        pytest.param('x = """a\nb"""', ["x", "a\nb"], id="a long text"),
        pytest.param("f(a, b) }{ [", ["f", "a", "b"], id="brackets"),
        pytest.param("x = 'open", ["x", "open"], id="an open text"),
    ],
)
def test_the_fallback_reads_words_anywhere(text: str, words: list[str]) -> None:
    found = fallback_tokens(text)
    assert [found.words[n] for n in found.name.tolist() if n >= 0] == words
    assert found.offset.tolist() == sorted(found.offset.tolist())
