"""What is read from each format: the same settings, with lines."""

from __future__ import annotations

import pytest
from config_samples import profile, settings_of, values_of

from codesim.detectors.config.profile import plain

SAME = {
    "a.json": '{"model": {"width": 64, "rate": 1e-5, "act": "silu", "bias": false, "pad": null}}',
    "a.yaml": "model:\n  width: 64\n  rate: 0.00001\n  act: silu\n  bias: False\n  pad: ~\n",
    "b.yaml": "{model: {width: 64.0, rate: 1e-5, act: 'silu', bias: false, pad: null}}",
    "a.toml": '[model]\nwidth = 64\nrate = 1e-5\nact = "silu"\nbias = false\n',
    "a.ini": "[model]\nwidth = 64\nrate: 0.00001\nact = silu ; a remark\nbias = False\npad =\n",
    "a.gin": "model.width = 64\nscope/model.rate = 1e-5  # small\nmodel.act = 'silu'\n"
    "model.bias = False\nmodel.pad = None\n",
    "config.py": "model = dict(width=64, rate=1e-5, act='silu', bias=False, pad=None)\n",
}
EXPECTED = {
    "model.width": "64", "model.rate": "1e-05", "model.act": "silu", "model.bias": "false",
    "model.pad": "null",
}  # fmt: skip


@pytest.mark.parametrize("path", SAME)
def test_every_format_says_the_same(path):
    found = values_of(path, SAME[path])
    expected = dict(EXPECTED)
    if path.endswith(".toml"):  # it has no null
        del expected["model.pad"]
    assert found == expected


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.json", '{\n "a": 1,\n "b": {\n  "c": [\n 1]}}', {"a": 2, "b.c": 4}),
        ("a.yaml", "# x\na: 1\nb:\n  c:\n  - 1\n", {"a": 2, "b.c": 4}),
        ("a.toml", "a = 1\n\n[b]\n# x\nc = [\n1]\n", {"a": 1, "b.c": 5}),
        ("a.ini", "a=1\n[b]\n\nc = 1\n", {"a": 1, "b.c": 4}),
        (".env", "# x\nexport A=1\n\nB='2 3'\n", {"A": 2, "B": 4}),
        ("a.gin", "\na.b = (1,\n  2)\nc = 3\n", {"a.b": 2, "c": 4}),
    ],
)
def test_lines_are_those_of_the_key(path, text, lines):
    assert {s.label: s.line for s in settings_of(path, text)} == lines


@pytest.mark.parametrize(
    ("written", "value", "form"),
    [
        ("on", "on", "text"), ("no", "no", "text"), ("1e-5", "1e-05", "number"),
        ("0.00001", "1e-05", "number"), ("500000.0", "500000", "number"),
        ("5e5", "500000", "number"), (".5", "0.5", "number"), ("1_000", "1000", "number"),
        ("0x10", "16", "number"), ("1:59:59", "1:59:59", "text"),
        ("2020-99-99", "2020-99-99", "text"),
        ("!!float 3", "3", "number"), ("!!str 3", "3", "text"), ("!odd 3", "3", "text"),
        ("'4.40'", "4.40", "text"), ("torch.float16", "float16", "text"), (".inf", "inf", "number"),
        ("!!python/name:os.system x", "x", "text"), ("4.40.0", "4.40.0", "text"),
        ("[1, [2.0, x]]", "[1, [2, x]]", "list"), ("{}", "{}", "name"),
    ],
)  # fmt: skip
def test_scalars_of_yaml(written, value, form):
    (found,) = settings_of("a.yaml", f"key: {written}\n")
    assert (found.value, found.form) == (value, form)


def test_lists_of_mappings_have_places_and_other_lists_are_one_value():
    found = values_of("a.json", '{"a": [{"b": 1}, {"b": [1, 2]}], "c": [[1], [2]]}')
    assert found == {"a[0].b": "1", "a[1].b": "[1, 2]", "c": "[[1], [2]]"}


def test_label_maps_are_one_value():
    found = settings_of("a.yaml", "names:\n  0: cat\n  1: dog\n  2: eel\nid2label: {'0': a}\n")
    assert [s.label for s in found] == ["names", "id2label"]


def test_a_yaml_file_of_documents_and_aliases():
    found = values_of("a.yaml", "a: &x {b: 1}\nc: *x\n---\nd: 2\n")
    assert found == {"a.b": "1", "c.b": "1", "d": "2"}


def test_json_as_people_write_it():
    text = '{ // a remark\n "a": NaN, /* and\n another */ "b": [1, 2,],\n "b": 3,}'
    assert values_of("a.json", text) == {"a": "nan", "b": "3"}


PYTHON = """
import argparse, click
from dataclasses import dataclass, field
from transformers import PretrainedConfig

class KelpConfig(PretrainedConfig):
    model_type = "kelp"

    def __init__(self, width=64, rate=1e-5, size=4 * 1024, *, act="silu", other=None, **rest):
        self.depth = 2**4
        super().__init__(**rest)

@dataclass
class Training:
    steps: int = 1_000
    betas: tuple = (0.9, 0.95)
    layers: list = field(default_factory=lambda: [1, 2])
    seed: int = field(default=7, metadata={})
    where: str = compute()

class Plain:
    ignored = 3

parser = argparse.ArgumentParser()
parser.add_argument("-l", "--learning-rate", type=float, default=3e-4, help="h")
parser.add_argument("--fast", action="store_true")

@click.command()
@click.option("--batch-size", default=-1)
def main(batch_size): ...

def get_config():
    config = ConfigDict()
    config.data.size = 224
    return config
"""


def test_defaults_of_python():
    units = {
        u.label: {s.label: s.value for s in u.settings} for u in profile({"m.py": PYTHON}).units
    }
    assert units == {
        "KelpConfig": {
            "model_type": "kelp", "width": "64", "rate": "1e-05", "size": "4096", "act": "silu",
            "other": "null", "depth": "16",
        },
        "Training": {
            "steps": "1000", "betas": "[0.9, 0.95]", "layers": "[1, 2]", "seed": "7",
        },
        "command line": {"learning-rate": "0.0003", "fast": "false", "batch-size": "-1"},
        "assignments": {"data.size": "224"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "tokenizer_config.json", "tokenizer.json", "vocab.json", "special_tokens_map.json",
        "model.safetensors.index.json", "package.json", "package-lock.json", "tsconfig.json",
        ".github/workflows/ci.yml", ".pre-commit-config.yaml", "pyproject.toml", "results.json",
        "tests/data/a.json", "notebook.ipynb", ".vscode/settings.json", "trainer_state.json",
        "runs/gym/video.0.125.meta.json", "runs/gym/episode_batch.0.stats.json",
        "eval_results.json", "mkdocs.yml", "notes.txt",
    ],
)  # fmt: skip
def test_what_is_no_configuration_of_a_model(path):
    assert profile({path: '{"a": 1}'}).units == ()


@pytest.mark.parametrize(
    "text",
    ['[{"a": 1}]', '"text"', "3", "{}", '{"a": [' + ",".join(['{"b": 1}'] * 200) + "]}"],
    ids=["list", "text", "number", "empty", "records"],
)
def test_data_in_json_is_no_configuration(text):
    assert profile({"some.json": text}).units == ()


@pytest.mark.parametrize(
    ("written", "name"),
    [("--hiddenSize", "hidden_size"), ("hidden-size", "hidden_size"), ("RoPE.theta", "ro_pe_theta"),
     ("_name_or_path", "name_or_path"), ("***", "***")],
)  # fmt: skip
def test_plain_names(written, name):
    assert plain(written) == name
