"""Defaults found in Python, read from the syntax tree: nothing is imported or executed.

Classes (dataclasses, `*Config` with `__init__` defaults, pydantic models, named tuples), command
lines (argparse, click, absl) and files of settings (ml_collections, module level assignments).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from codesim.detectors.config.literals import literal
from codesim.detectors.config.profile import ConfigUnit, Setting
from codesim.detectors.config.tree import BadConfigError, Node, settings

# Of 5,017 real files that are worth parsing three are larger; ast takes up to 2 s for this much.
MAX_BYTES = 256_000
# The longest unit of those files has 2,175 defaults.
_MOST = 5_000
_TELLS = re.compile(
    r"\bclass [^:]*Config|^ *@(?:\w+\.)*dataclass|\.add_argument\(|\bclick\.option|ConfigDict\(|"
    r"\bDEFINE_|\bclass [^:]*(?:BaseModel|BaseSettings|NamedTuple)",
    re.MULTILINE,
)
_SETTINGS_FILE = re.compile(
    r"(?:^|[/_.-])(?:configs?|cfgs?|settings|hparams|hyperparams|hyperparameters|params)(?:[/_.-])",
    re.IGNORECASE,
)
_MODELS = frozenset(("BaseModel", "BaseSettings", "NamedTuple"))
_FIELDS = frozenset(("field", "Field", "attrib", "ib"))
_ROOTS = frozenset(("config", "cfg", "c", "conf", "_C", "hparams"))
_ABSL = re.compile(r"DEFINE_(?:bool|boolean|integer|float|string|enum|list|multi_\w+)")
# Where statements stand in statements.
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def may_hold_settings(path: str, text: str) -> bool:
    """Whether a Python file is worth parsing: most files hold no defaults of this kind."""
    return bool(_SETTINGS_FILE.search(path) or _TELLS.search(text))


def read_python(path: str, text: str) -> list[ConfigUnit]:
    """One unit per class, one for the command line, one for assignments. Raises BadConfigError."""
    if len(text) > MAX_BYTES:
        raise BadConfigError(f"has more than {MAX_BYTES:,} characters of Python")
    tree = _parse(text)
    found: dict[str, list[Setting]] = {}
    for node in _walk(tree):
        if isinstance(node, ast.ClassDef):
            _add(found, node.name, _class(node))
        elif isinstance(node, ast.Call):
            _add(found, "command line", _option(node))
        elif isinstance(node, ast.Assign):
            _add(found, "assignments", _collection(node))
    if _SETTINGS_FILE.search(path):
        _add(found, "assignments", _module(tree))
    return [
        ConfigUnit(path, label, "python", tuple({s.path: s for s in settings_}.values()))
        for label, settings_ in found.items()
        if settings_
    ]


def _parse(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # Remarks of the parser about the input are of no use to whoever runs the comparison.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadConfigError(
            "is not Python of this version, so its defaults are not read"
        ) from None


def _walk(tree: ast.Module) -> Iterator[ast.AST]:
    """Statements in the order of the file, without recursion, and the calls that they are made of.

    Options are declared by statements and decorators, so expressions need not be looked into.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        yield from (call for call in getattr(node, "decorator_list", ()) if _is_call(call))
        if isinstance(node, ast.Expr | ast.Assign):
            if _is_call(node.value):
                yield node.value
            continue
        inner = [child for name in _BLOCKS for child in getattr(node, name, ())]
        waiting.extend(reversed(inner))


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call)


def _add(found: dict[str, list[Setting]], label: str, more: Iterator[Setting]) -> None:
    unit = found.setdefault(label, [])
    for setting in more:
        unit.append(setting)
        if len(unit) > _MOST:
            raise BadConfigError(f"has more than {_MOST:,} defaults")


def _setting(path: tuple[str, ...], value: ast.expr | None, line: int) -> Iterator[Setting]:
    node = literal(value) if value is not None else None
    if node is not None:
        wrapped = node
        for part in reversed(path):
            wrapped = Node(line, pairs=[(part, line, wrapped)])
        yield from settings(wrapped)


def _class(node: ast.ClassDef) -> Iterator[Setting]:
    bases = {_last(base) for base in node.bases}
    fields = _is_dataclass(node) or bool(bases & _MODELS) or "Config" in node.name
    if not fields and not any("Config" in base for base in bases):
        return
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield from _setting((statement.target.id,), _default(statement.value), statement.lineno)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield from _setting((target.id,), statement.value, statement.lineno)
        elif isinstance(statement, Function) and statement.name == "__init__":
            yield from _parameters(statement)
            yield from _attributes(statement)


def _is_dataclass(node: ast.ClassDef) -> bool:
    names = {_last(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list}
    return any(name.endswith("dataclass") or name in {"define", "s"} for name in names)


def _parameters(function: Function) -> Iterator[Setting]:
    given = [*function.args.posonlyargs, *function.args.args]
    pairs = [*zip(given[::-1], function.args.defaults[::-1], strict=False)][::-1]
    keywords = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    for parameter, value in [*pairs, *keywords]:
        yield from _setting((parameter.arg,), value, parameter.lineno)


def _attributes(function: Function) -> Iterator[Setting]:
    for statement in function.body:
        if not isinstance(statement, ast.Assign):
            continue
        if isinstance(statement.value, ast.Call):
            yield from _keyword(statement.value)
        for target in statement.targets:
            if isinstance(target, ast.Attribute) and _last(target.value) == "self":
                yield from _setting((target.attr,), statement.value, statement.lineno)


def _keyword(call: ast.Call) -> Iterator[Setting]:
    """``kwargs.pop("width", 64)``: a parameter that the signature does not list."""
    taken = isinstance(call.func, ast.Attribute) and call.func.attr in {"pop", "get"}
    if not taken or len(call.args) != 2:
        return
    name, value = call.args
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield from _setting((name.value,), value, call.lineno)


def _default(value: ast.expr | None) -> ast.expr | None:
    """The default inside ``field(default=...)``; a factory counts where it is a plain lambda."""
    if not isinstance(value, ast.Call) or _last(value.func) not in _FIELDS:
        return value
    for keyword in value.keywords:
        if keyword.arg == "default":
            return keyword.value
        if keyword.arg == "default_factory" and isinstance(keyword.value, ast.Lambda):
            return keyword.value.body
    return value.args[0] if value.args else None


def _option(call: ast.Call) -> Iterator[Setting]:
    """The default of one option of argparse, click or absl."""
    called = _last(call.func)
    names = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if _ABSL.fullmatch(called) and names and len(call.args) > 1:
        yield from _setting((names[0],), call.args[1], call.lineno)
    if called not in {"add_argument", "option", "argument"} or not names:
        return
    name = next((n for n in names if n.startswith("--")), names[0]).partition("/")[0]
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    value = given.get("default")
    stored = given.get("action")
    if value is None and isinstance(stored, ast.Constant) and stored.value == "store_true":
        value = ast.Constant(False)
    yield from _setting((name.lstrip("-"),), value, call.lineno)


def _collection(node: ast.Assign) -> Iterator[Setting]:
    """``config.model.width = 64``, as ml_collections and yacs write it."""
    for target in node.targets:
        path: list[str] = []
        inner: ast.expr = target
        while isinstance(inner, ast.Attribute):
            path.append(inner.attr)
            inner = inner.value
        if path and isinstance(inner, ast.Name) and inner.id in _ROOTS:
            yield from _setting(tuple(reversed(path)), node.value, node.lineno)


def _module(tree: ast.Module) -> Iterator[Setting]:
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(statement, ast.Assign):
                yield from _setting((target.id,), statement.value, statement.lineno)


def _last(node: ast.expr) -> str:
    """The last name of a dotted expression."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
