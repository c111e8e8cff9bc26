"""The rules of the house, read from the source itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "codesim"

# From the top to the bottom. A module imports what stands below it, never beside or above.
LAYERS = (
    {"__main__"},
    {"cli"},
    {"audit"},
    {"index"},
    {"compare"},
    {"detectors", "report", "snapshot"},
    {"formats"},
    {"sequences", "commons", "text", "cache", "packed", "supervise", "candidates", "steady"},
    {"model", "errors"},
)
# One place per heavy library, so that it can be replaced, and loaded only where it is needed.
PLACES = {
    "click": "cli/",
    "duckdb": ("candidates/", "index/"),
    "git": "snapshot/",
    "gitdb": "snapshot/",
    "httpx2": "snapshot/",
    "huggingface_hub": "snapshot/hub.py",
    "ibis": "candidates/",
    "jinja2": "report/html/",
    "llvmlite": "detectors/weights/kernel.py",
    "numba": "detectors/weights",
    "py4j": "candidates/",
    "pyarrow": "candidates/",
    "pygments": "report/",
    "pyspark": "candidates/",
    "torch": "detectors/weights",
    "tree_sitter": "detectors/code/syntax.py",
    "tree_sitter_python": "detectors/code/syntax.py",
}
LAZY = {
    "codesim": ("duckdb", "git", "jinja2", "msgspec", "numpy", "pygments", "tree_sitter", "yaml"),
    "codesim.candidates": ("duckdb", "ibis", "pyarrow", "pyspark"),
    "codesim.cli": (
        "duckdb",
        "git",
        "jinja2",
        "msgspec",
        "numpy",
        "pygments",
        "tree_sitter",
        "yaml",
    ),
    "codesim.report": ("git", "jinja2", "msgspec", "numpy", "pygments", "tree_sitter"),
    "codesim.snapshot": (
        "git",
        "httpx2",
        "huggingface_hub",
        "jinja2",
        "msgspec",
        "numpy",
        "pygments",
        "tree_sitter",
    ),
}
DANGEROUS_IMPORTS = {"cPickle", "dill", "joblib", "marshal", "pickle", "shelve", "cloudpickle"}
# `hash` differs from one process to the next, and so would the result.
DANGEROUS_NAMES = {"eval", "exec", "compile", "hash", "__import__", "input"}
DANGEROUS_ATTRIBUTES = {
    "config_writer", "extractall", "is_dirty", "multi_options", "popen", "system",
    "untracked_files",
}  # fmt: skip
DANGEROUS_CALLS = {"torch.load", "yaml.load", "yaml.unsafe_load"}
SPEAKING = {"print", "exit", "quit", "sys.exit", "os._exit"}
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc"}
VERDICTS = re.compile(r"\b(?:plagiari\w*|stolen|guilty)\b", re.IGNORECASE)
# Where people keep their checkouts; such a path is true on one machine only.
MACHINE = re.compile(r"(?<![\w.%])/(?:home|Users|root|work|workspace|mnt)/\w|[A-Z]:\\Users\\")
PICTURES = re.compile("[\U0001f300-\U0001faff\u2705\u274c\u2728]")

MODULES = sorted(PACKAGE.rglob("*.py"))
PYTHON = sorted(
    path
    for folder in ("codesim", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "demo_case" not in path.parts
)


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), _short(path))


def _tracked() -> Iterator[Path]:
    """The files that belong to the project, as Git sees them."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a Git checkout: the list of tracked files is not known")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            yield ROOT / name


def _imports(path: Path) -> Iterator[str]:
    """Every module imported anywhere in a file, also lazily or for types only, in full."""
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: -node.level]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _part(module: str) -> tuple[int, str] | None:
    """The layer of a module of ours, and which part of that layer it is."""
    names = module.split(".")
    if names[0] != "codesim" or len(names) == 1:
        return None
    for layer, parts in enumerate(LAYERS):
        if names[1] in parts:
            detector = names[1] == "detectors" and len(names) > 2
            return layer, ".".join(names[1:3] if detector else names[1:2])
    return None


def _is_wrong(path: Path, target: str) -> bool:
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    here, there = _part(own), _part(target)
    if own == "codesim" or not target.startswith("codesim."):
        return False
    if there is None:  # the public face of the package: for the top, save its version
        return target != "codesim.__version__" and not (here and here[1] == "cli")
    if here is None:
        return True
    table = here[1] == "detectors" and there[1].startswith("detectors.")
    return not (there[0] > here[0] or there[1] == here[1] or table)


@pytest.mark.parametrize("path", MODULES, ids=_short)
def test_imports_point_down(path):
    assert [target for target in _imports(path) if _is_wrong(path, target)] == []


@pytest.mark.parametrize(
    ("path", "target", "wrong"),
    [
        ("codesim/cli/app.py", "codesim.compare.compare", False),
        ("codesim/cli/app.py", "codesim.open_snapshot", False),
        ("codesim/compare.py", "codesim.__version__", False),
        ("codesim/compare.py", "codesim.cli.main", True),
        ("codesim/report/text.py", "codesim.text.display", False),
        ("codesim/report/text.py", "codesim.snapshot.open_snapshot", True),
        ("codesim/report/text.py", "codesim.open_snapshot", True),
        ("codesim/snapshot/git.py", "codesim.snapshot.fetch.run", False),
        ("codesim/text/decode.py", "codesim.sequences.winnow", True),
        ("codesim/detectors/__init__.py", "codesim.detectors.code.CodeDetector", False),
        ("codesim/detectors/code/match.py", "codesim.detectors.code.units.Unit", False),
        ("codesim/detectors/code/match.py", "codesim.detectors.config.Config", True),
        ("codesim/model.py", "codesim.errors.CodesimError", True),
        ("codesim/model.py", "dataclasses.dataclass", False),
    ],
)
def test_the_rule_itself(path, target, wrong):
    assert _is_wrong(ROOT / path, target) is wrong


@pytest.mark.parametrize("path", MODULES, ids=_short)
def test_heavy_libraries_have_one_place(path):
    inside = path.relative_to(PACKAGE).as_posix()
    used = {target.partition(".")[0] for target in _imports(path)}
    assert [
        lib for lib, place in PLACES.items() if lib in used and not inside.startswith(place)
    ] == []


@pytest.mark.parametrize("module", LAZY)
def test_heavy_libraries_are_loaded_late(module):
    code = f"import sys, {module}; print(*sorted(set({LAZY[module]!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("path", PYTHON, ids=_short)
def test_size(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 300
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", PYTHON, ids=_short)
def test_every_module_says_what_it_is_for_and_has_a_telling_name(path):
    assert ast.get_docstring(_tree(path)), "no docstring"
    assert not VAGUE & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}


def test_test_files_have_names_of_their_own():
    names = [path.name for path in PYTHON if path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", MODULES, ids=_short)
def test_nothing_dangerous_is_called(path):
    found = [name for node in ast.walk(_tree(path)) for name in _dangers(node, path)]
    assert found == []


def _dangers(node: ast.AST, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
        yield from (name for name in names if name.partition(".")[0] in DANGEROUS_IMPORTS)
    if isinstance(node, ast.Attribute) and node.attr in DANGEROUS_ATTRIBUTES:
        yield node.attr
    if isinstance(node, ast.keyword) and (
        node.arg in {"shell", *DANGEROUS_ATTRIBUTES} or ast.unparse(node) == "allow_pickle=True"
    ):
        yield str(node.arg)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        speaks = called in SPEAKING and "cli" not in path.parts and path.name != "__main__.py"
        if called in DANGEROUS_NAMES | DANGEROUS_CALLS or speaks:
            yield called
    # Only the command line catches everything, where our own mistakes get their exit code.
    if isinstance(node, ast.ExceptHandler) and path != PACKAGE / "cli" / "app.py":
        yield from _swallows(node)


def _swallows(node: ast.ExceptHandler) -> Iterator[str]:
    caught = ast.walk(node.type) if node.type else [ast.Name("BaseException")]
    names = {name.id for name in caught if isinstance(name, ast.Name)}
    cleans_up = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
    if "Exception" in names or ("BaseException" in names and not cleans_up):
        yield f"except on line {node.lineno}"


def test_no_verdicts():
    """Evidence is for a person to judge: some words never reach an output."""
    shown = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    shown += [p for p in sorted(PACKAGE.rglob("*")) if p.suffix in {".py", ".j2", ".js", ".css"}]
    for path in shown:
        assert not VERDICTS.findall(path.read_text("utf-8")), _short(path)


def test_no_file_knows_this_machine():
    for path in _tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        if path != Path(__file__).resolve():
            assert not MACHINE.findall(text), _short(path)


def test_no_pictures_in_text():
    for path in _tracked():
        if path.suffix in {".py", ".md", ".toml", ".txt", ".j2", ".js", ".css"}:
            assert not PICTURES.findall(path.read_text("utf-8", "replace")), _short(path)


def _kinds() -> list[str]:
    from codesim import DETECTORS

    return [detector.kind for detector in DETECTORS]


def test_every_detector_has_a_paragraph_and_a_fixture():
    readme = (ROOT / "README.md").read_text("utf-8")
    golden = "".join(p.read_text("utf-8") for p in (ROOT / "fixtures").glob("*/expected.txt"))
    assert _kinds()
    for kind in _kinds():
        assert re.search(rf"^#+ `{kind}`", readme, re.MULTILINE), f"README says nothing of {kind}"
        assert re.search(rf"^ *{kind} ", golden, re.MULTILINE), f"no fixture shows {kind}"


def test_detectors_are_frozen_and_their_fields_are_their_parameters():
    from dataclasses import fields, is_dataclass

    from codesim import DETECTORS

    for detector in DETECTORS:
        assert is_dataclass(detector)
        assert type(detector).__dataclass_params__.frozen
        assert all(field.init for field in fields(detector))
