"""One library, several spellings: functions, methods, operators, arguments, imports."""

from __future__ import annotations

import pytest
from rewriting import Rewrite, assert_both_sides_are_told, assert_one, assert_two, rows

IMPORTED = "def work(a, b):\n    return {}(a, dim=-1)\n"
REWRITES = [
    Rewrite(
        "functions and methods",
        two=(
            ("another function", "return torch.softmax(a, -1)", "return a.log_softmax(-1)"),
            ("another library", "return torch.sum(a)", "return np.sum(a)"),
            ("another axis", "return torch.softmax(a, -1)", "return a.softmax(1)"),
            ("axes swapped", "return torch.masked_fill(a, b > 1, 0)",
             "return b.masked_fill(a > 1, 2)"),
            ("in place", "return torch.relu(a)", "return a.relu_()"),
            ("another norm", "return torch.linalg.norm(a, 2)", "return torch.norm(a, 2)"),
        ),
        one=(
            ("softmax", "return torch.softmax(a, -1)", "return a.softmax(-1)"),
            ("functional", "return F.softmax(a, dim=-1)", "return a.softmax(dim=-1)"),
            ("transpose", "return torch.transpose(a, 0, 1)", "return a.transpose(0, 1)"),
            ("a reduction", "return torch.mean(a, dim=1, keepdim=True)",
             "return a.mean(1, keepdim=True)"),
            ("relu", "return F.relu(a)", "return a.relu()"),
        ),
    ),
    Rewrite(
        "operators spelled out",
        two=(
            ("another operator", "return torch.mul(a, b)", "return a + b"),
            ("elementwise", "return torch.matmul(a, b)", "return a * b"),
            ("operands of a power", "return torch.pow(a, 2)", "return 2 ** a"),
            ("operands of a product", "return torch.matmul(a, b.x)", "return b.x @ a"),
            ("another root", "return a.sqrt()", "return a ** -0.5"),
            ("a log", "return math.sqrt(a)", "return math.log(a)"),
        ),
        one=(
            ("a matrix product", "return torch.matmul(a, b.x)", "return a @ b.x"),
            ("its method", "return a.matmul(b.x)", "return torch.bmm(a, b.x)"),
            ("times", "return torch.mul(a, b.x)", "return b.x * a"),
            ("a power", "return torch.pow(a, 2)", "return a ** 2"),
            ("a root", "return torch.sqrt(a)", "return a ** 0.5"),
            ("an inverse root", "return torch.rsqrt(a + b.x)", "return 1.0 / np.sqrt(a + b.x)"),
        ),
    ),
    Rewrite(
        "arguments named",
        two=(
            ("another place", "return torch.cat([a, b], 1)", "return torch.cat([a, b], dim=0)"),
            ("another name", "return F.pad(a, mode='reflect')", "return F.pad(a, value='reflect')"),
            ("in another order", "return F.dropout(a, b.x, c)",
             "return F.dropout(a, p=c, training=b.x)"),
            ("sizes swapped", "return torch.nn.Linear(a.x, b)",
             "return torch.nn.Linear(out_features=a.x, in_features=b)"),
            ("a flag dropped", "return a.sum(1, keepdim=True)", "return a.sum(dim=1)"),
            ("weights first", "return torch.embedding(a, b.x)", "return F.embedding(a, b.x)"),
        ),
        one=(
            ("an axis", "return torch.cat([a, b], 1)", "return torch.cat([a, b], dim=1)"),
            ("NumPy's axis", "return np.concatenate([a, b], 0)",
             "return np.concatenate([a, b], axis=0)"),
            ("NumPy's word", "return a.mean(axis=1, keepdims=True)",
             "return a.mean(dim=1, keepdim=True)"),
            ("a layer", "return torch.nn.Linear(a.x, b)",
             "return torch.nn.Linear(in_features=a.x, out_features=b)"),
            ("weights second", "return torch.embedding(a, b.x)", "return F.embedding(b.x, a)"),
            ("a loss", "return F.cross_entropy(a, b.x)",
             "return F.cross_entropy(input=a, target=b.x)"),
        ),
    ),
    Rewrite(
        "shapes",
        two=(
            ("another axis", "return a.size(0)", "return a.shape[1]"),
            ("sizes swapped", "return a.view(b.x, -1)", "return a.reshape(-1, b.x)"),
            ("another permutation", "return a.permute(0, 2, 1)", "return a.permute((0, 1, 2))"),
            ("an axis at the other end", "return a.unsqueeze(0)", "return a[..., None]"),
            ("two axes added", "return a.unsqueeze(1)", "return a[:, None, None]"),
            ("an element taken", "return a[:, 0]", "return a[0, :]"),
            ("flattened", "return a.flatten(1)", "return a.reshape(1)"),
        ),
        one=(
            ("a size", "return a.size(0)", "return a.shape[0]"),
            ("all sizes", "t, u = a.size();return t - u", "t, u = a.shape;return t - u"),
            ("view", "return a.view(b, -1)", "return a.reshape((b, -1))"),
            ("a permutation", "return torch.permute(a, (0, 2, 1))", "return a.permute(0, 2, 1)"),
            ("an axis in front", "return a.unsqueeze(0)", "return a[None]"),
            ("an axis inside", "return a.unsqueeze(1)", "return a[:, np.newaxis]"),
            ("whole axes behind", "return a[:, 0, :]", "return a[:, 0]"),
        ),
    ),
    Rewrite(
        "casts",
        two=(
            ("another type", "return a.to(torch.float32)", "return a.half()"),
            ("another device", "return a.to('cpu')", "return a.cuda()"),
            ("a device in a variable", "return a.to(b)", "return a.cpu()"),
        ),
        one=(
            ("a type", "return a.to(torch.float32)", "return a.float()"),
            ("its short name", "return a.to(torch.half)", "return a.half()"),
            ("a device", "return a.to('cuda')", "return a.cuda()"),
        ),
    ),
    Rewrite(
        "imports",
        two=(
            ("another function", "import torch.nn.functional as F\n" + IMPORTED.format("F.softmax"),
             "from torch.nn.functional import log_softmax\n" + IMPORTED.format("log_softmax")),
            ("another library", "from torch import stack\n" + IMPORTED.format("stack"),
             "from numpy import stack\n" + IMPORTED.format("stack")),
            ("the alias of another module",
             "import torch.nn.functional as F\n" + IMPORTED.format("F.glu"),
             "import torchvision.transforms.functional as F\n" + IMPORTED.format("F.glu")),
            ("an own module", "from torch import stack\n" + IMPORTED.format("stack"),
             "from .tools import stack\n" + IMPORTED.format("stack")),
        ),
        one=(
            ("a module renamed", "import torch.nn.functional as F\n" + IMPORTED.format("F.glu"),
             "from torch.nn import functional\n" + IMPORTED.format("functional.glu")),
            ("a member", "import torch.nn.functional as F\n" + IMPORTED.format("F.glu"),
             "from torch.nn.functional import glu as gate\n" + IMPORTED.format("gate")),
            ("the whole path", "from torch import nn\n" + IMPORTED.format("nn.functional.glu"),
             "import torch\n" + IMPORTED.format("torch.nn.functional.glu")),
            ("np and numpy", "import numpy as np\n" + IMPORTED.format("np.stack"),
             "import numpy\n" + IMPORTED.format("numpy.stack")),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "two"))
def test_another_call_is_told_apart(left: str, right: str) -> None:
    assert_two(left, right)


@pytest.mark.parametrize(("left", "right"), rows(REWRITES, "one"))
def test_the_same_call_is_one(left: str, right: str) -> None:
    assert_one(left, right)


def test_every_rewrite_has_its_near_misses() -> None:
    assert_both_sides_are_told(REWRITES)
