"""Calls of every name that the builder knows, with arguments that nobody gives them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import profile_of

from codesim.detectors.code import library
from codesim.detectors.code.scope import BUILTINS

VALUES = st.sampled_from(
    ["a", "0", "1", "-1", "None", "'x'", "b'x'", "f'{a!r:>{b}}'", "()", "[]", "[a, b]", "{}",
     "{'k': a}", "{**a}", "zip", "zip()", "zip(a)", "zip(*a)", "zip(a, b)",
     "range(len(a))", "len(a)", "a.shape",
     "super().shape()", "a.shape()", "a.values()", "a.items()", "dict(zip(a, b))",
     "[x for x in a]", "((x, x) for x in a)", "lambda: a", "lambda x: x", "torch.float32", "int",
     "str.strip", "a ** 2", "2 ** 64", "enumerate(a)", "enumerate()", "tqdm(total=a)"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["k", "dim", "axis", "zip", "strict", "start", "iterable", "input", "indices", "desc"]
)
ARGUMENT = st.one_of(
    VALUES,
    st.builds("{}={}".format, KEYS, VALUES),
    VALUES.map("*{}".format),
    VALUES.map("**{}".format),
)
ARGUMENTS = st.one_of(
    st.lists(ARGUMENT, max_size=3).map(", ".join),
    VALUES.map("{} for x in a".format),
)
KNOWN = sorted(
    BUILTINS
    | {f"torch.{name}" for name in (*library.OPERATORS, *library.POWERS, *library.METHOD_OF)}
    | {f"torch.{name}" for name in library.TENSOR_METHODS}
    | {f"a.{name}" for name in (*library.METHOD_ARGUMENTS, *library.SIZES_METHODS)}
    | {f"a.{name}" for name in ("to", "get", "size", "dim", "append", "extend", "add", "t")}
    | {f"t.{name}" for name in ("append", "extend", "add")}
    | {"'{} {k}'.format", "super().__init__", "Base.__init__", "self.f", "tqdm", "np.expand_dims"}
    | set(library.FUNCTION_ARGUMENTS)
)
CALLS = st.builds("{}({})".format, st.sampled_from(KNOWN), ARGUMENTS)
FORMS = st.sampled_from(
    ["{}", "return {}", "t = []\n        {}\n        return t", "x, y = {}", "x = {}[0]",
     "for x, y in {}: f(x, y)", "for i, (x, y) in enumerate({}): f(x, y)", "t += {}",
     "'%s %(k)s' % {}", "return dict({})", "return dict(zip={})", "return len({})",
     "env.update({})", "with {} as x: f(x)", "if not {}: return", "return [x for x, y in {}]",
     "while i < {}: i += 1", "t = {{}}\n        for x in {}: t[x] = a\n        return t",
     "match {}:\n            case [x, *_, {{'k': -1}}] | Base(x, y=1): f(x)"]
)  # fmt: skip
METHOD = """
class C(Base):
    def f(self, a, b):
        t, i, tail = [], 0, a
        {}
"""


@given(FORMS, CALLS)
@settings(max_examples=1500, deadline=None)
def test_any_call_is_read(form: str, call: str) -> None:
    profile = profile_of(METHOD.format(form.format(call)))
    assert not profile.skipped


@given(st.text("x_1-'[]{}()*,:.=| ", max_size=24))
@settings(max_examples=300, deadline=None)
def test_any_pattern_is_read(pattern: str) -> None:
    profile = profile_of(f"match a, b:\n    case {pattern}:\n        f(x)\n    case _ if x: pass\n")
    assert len(profile.files) == 1
    assert profile.units
