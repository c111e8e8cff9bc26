"""Who owns a name: a copier renames what the repository defines and nothing else."""

from __future__ import annotations

import pytest
from profiles import FREE_NAMES, KEPT, computed, profile_of, profile_of_files

from codesim.detectors.code.names import FREE, NameLabel, Resolver

REPOSITORY = {
    "fern/layers.py": b"""
import torch


class Mixer:
    def __init__(self, config):
        self.embed_dim = config.hidden_size
        self.gate = torch.nn.Linear(self.embed_dim, 1)

    def encode_all(self, xs):
        return [self.gate(x) for x in xs]

    def forward(self, x):
        return self.gate(x)
""",
    "fern/tools/io.py": b"def load(path):\n    return open(path).read()\n",
    "train.py": b"from fern.layers import Mixer\n\nmodel = Mixer(None)\n",
}


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    from codesim.detectors.code.builder import build
    from codesim.detectors.code.syntax import parse

    graphs = [build(parse(code, 10_000, 100)) for code in REPOSITORY.values()]
    return Resolver(list(REPOSITORY), graphs)


def kind(label: NameLabel) -> str:
    if label.kept == label.free:
        return "free" if label.kept == FREE else "anchored"
    return "both" if label.free == FREE else "unclear"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("G:load", "free", id="a global of a file"),
        pytest.param("X:fern.layers.Mixer", "free", id="an import of an own package"),
        pytest.param("X:layers.Mixer", "free", id="an import of an own module by its last part"),
        pytest.param("X:.layers.Mixer", "free", id="a relative import"),
        pytest.param("X:train.model", "free", id="an import of an own script"),
        pytest.param("S:embed_dim", "free", id="an attribute of self"),
        pytest.param("M:embed_dim", "free", id="that attribute on another value"),
        pytest.param("M:encode_all", "free", id="a method that the repository defines"),
        pytest.param("M:hidden_size", "both", id="an attribute that only looks external"),
        pytest.param("U:whatever", "both", id="a global that nothing defines"),
        pytest.param("T:a message", "both", id="the content of a text"),
        pytest.param("X:torch.nn.Linear", "anchored", id="a library class"),
        pytest.param("X:io.BytesIO", "anchored", id="a standard module, called as an own file"),
        pytest.param("X:fernet.layers", "anchored", id="a package whose name only begins the same"),
        pytest.param("B:len", "anchored", id="a builtin"),
        pytest.param("M:permute", "anchored", id="a tensor method"),
        pytest.param("M:forward", "anchored", id="a name that a library calls"),
        pytest.param("N:1e-05", "anchored", id="a number"),
    ],
)  # fmt: skip
def test_a_name_is_anchored_or_free(resolver: Resolver, reference: str, expected: str) -> None:
    label = resolver.label(reference)
    assert kind(label) == expected
    assert label.owned is (expected == "anchored")
    assert label.kept_bits >= label.free_bits > 0


@pytest.mark.parametrize(
    "imports",
    [
        "import numpy as np\nf = np.fft.rfft",
        "import numpy\nf = numpy.fft.rfft",
        "import numpy.fft\nf = numpy.fft.rfft",
        "import numpy.fft as spectrum\nf = spectrum.rfft",
        "from numpy import fft\nf = fft.rfft",
        "from numpy.fft import rfft\nf = rfft",
        "from numpy.fft import rfft as g\nf = g",
        "try:\n    from numpy.fft import rfft\nexcept ImportError:\n    raise\nf = rfft",
    ],
)
def test_an_alias_is_undone(imports: str) -> None:
    plain = profile_of("import numpy\n\ndef work(x):\n    return numpy.fft.rfft(x)\n")
    *rest, last = imports.splitlines()
    name = last.removeprefix("f = ")
    other = profile_of("\n".join([*rest, "", "def work(x):", f"    return {name}(x)", ""]))
    assert not computed(plain, KEPT) - computed(other, KEPT)


def test_a_local_name_hides_an_import() -> None:
    hidden = "import numpy as np\n\ndef work(np, x):\n    return np.sum(x)\n"
    free = "import numpy as np\n\ndef work(anything, x):\n    return anything.sum(x)\n"
    seen = "import numpy as np\n\ndef work(anything, x):\n    return np.sum(x)\n"
    assert computed(profile_of(hidden)) == computed(profile_of(free))
    assert computed(profile_of(hidden)) != computed(profile_of(seen))


def test_a_builtin_that_the_file_defines_is_its_own() -> None:
    own = "def filter(x):\n    return x\n\ndef work(x):\n    return filter(x)\n"
    renamed = "def keep(x):\n    return x\n\ndef work(x):\n    return keep(x)\n"
    builtin = "def keep(x):\n    return x\n\ndef work(x):\n    return filter(x)\n"
    assert computed(profile_of(own)) == computed(profile_of(renamed))
    assert computed(profile_of(own)) != computed(profile_of(builtin))


def test_keyword_names_belong_to_whoever_is_called() -> None:
    ours = "def f(x, size):\n    return x\n\ndef work(x):\n    return f(x, size=2)\n"
    renamed = ours.replace("size", "breadth")
    theirs = "import torch\n\ndef work(x):\n    return torch.sum(x, dim=2)\n"
    other = theirs.replace("dim=", "dtype=")
    assert computed(profile_of(ours)) == computed(profile_of(renamed))
    assert computed(profile_of(theirs)) != computed(profile_of(other))


def test_a_rename_across_files_leaves_the_free_family_alone() -> None:
    renamed = {
        path.replace("layers", "blocks"): code.replace(b"layers", b"blocks")
        .replace(b"Mixer", b"Blender").replace(b"embed_dim", b"breadth")
        .replace(b"encode_all", b"run_many").replace(b"hidden_size", b"width")
        for path, code in REPOSITORY.items()
    }  # fmt: skip
    one, two = profile_of_files(REPOSITORY), profile_of_files(renamed)
    assert computed(one, FREE_NAMES) == computed(two, FREE_NAMES)
    assert computed(one, KEPT) != computed(two, KEPT)
