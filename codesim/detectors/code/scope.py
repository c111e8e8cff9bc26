"""Which value a name stands for, and who owns a name: this file, an import, or the language."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {
    "__file__", "__name__", "unicode", "xrange", "raw_input", "basestring", "long",
}  # fmt: skip

# What these names mean wherever nobody defines them: in snippets, notebooks, behind star imports.
CONVENTIONS = {
    "np": "numpy", "numpy": "numpy", "torch": "torch", "nn": "torch.nn",
    "F": "torch.nn.functional", "tf": "tensorflow", "pd": "pandas", "plt": "matplotlib.pyplot",
    "jnp": "jax.numpy", "jax": "jax", "math": "math", "os": "os", "json": "json",
    "random": "random",
}  # fmt: skip

# Calls that only tell a person something. Adding or dropping them changes no result.
TELLING = frozenset(("print", "pprint", "breakpoint"))
TELLING_ROOTS = frozenset(("logging", "warnings", "logger", "log", "_logger", "LOGGER", "tqdm"))
TELLING_METHODS = frozenset(
    [
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "log",
        "write",
        "warning_once",
        "info_once",
    ]
)


@dataclass(slots=True)
class ClassScope:
    """What the methods of one class store on self: attribute name to the nodes stored.

    ``fields`` tells that hinted names of its body are parameters; ``properties`` are methods that
    are called by reading them.
    """

    name: str
    stores: dict[str, list[int]] = field(default_factory=dict)
    reads: list[tuple[int, str]] = field(default_factory=list)
    fields: bool = False
    properties: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Scope:
    """The local values of one unit: ``env`` maps a name, or ``self.attribute``, to its node."""

    env: dict[str, int]
    outer: Scope | None = None
    self_name: str = ""
    owner: ClassScope | None = None
    loops: int = 0
    round: int = -1  # the body of the loop that is being read
    made: dict[int, int] = field(default_factory=dict)  # what was collected in which of them
    is_class: bool = False
    globals: set[str] = field(default_factory=set)
    sums: dict[str, int] = field(default_factory=dict)  # what a loop adds up, by name

    def captures(self, name: str) -> bool:
        """True when an enclosing function binds the name."""
        scope = self.outer
        while scope is not None:
            if name in scope.env:
                return True
            scope = scope.outer
        return False


class Imports:
    """The import table of one file: alias to dotted path; relative imports start with a dot."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        self.stars: list[str] = []

    def star(self) -> str:
        """The only module that ``from module import *`` can have filled unknown names from."""
        return self.stars[0] if len({s.partition(".")[0] for s in self.stars}) == 1 else ""

    def module(self, path: str, alias: str | None) -> None:
        """``import a.b`` binds ``a``; ``import a.b as c`` binds ``c``."""
        if alias:
            self.paths[alias] = path
        else:
            root = path.partition(".")[0]
            self.paths[root] = root

    def member(self, module: str, name: str, alias: str | None) -> None:
        """``from module import name as alias``."""
        joint = "" if module.endswith(".") else "."
        self.paths[alias or name] = f"{module}{joint}{name}"
