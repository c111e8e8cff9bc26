"""The value graph of one file: what its code computes, with local variables gone.

A node is one operation; an edge runs from a value to its use. Local names, temporaries, the order
of independent statements and the spelling of a rewrite leave no trace here. Names that cannot be
judged from one file alone are kept as *name references*, resolved when the repository is linked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]

# The operations. The order is part of the record format: append, never reorder.
OPS = (
    "param", "self", "ref", "call", "value-call", "method", "super-call", "attr", "self-attr",
    "index", "slice", "seq", "set", "dict", "pair", "collect", "collect-map", "item", "carry",
    "phi", "lambda", "star", "fmt", "const", "string", "neg", "not", "inv", "and", "or",
    "lt", "eq", "in", "is", "+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^",
    "store", "store-attr", "set-item", "define", "return", "yield", "raise", "assert", "branch",
    "loop", "except", "base", "decorate", "default", "delete", "extend", "unknown", "token",
)  # fmt: skip
OP = {name: number for number, name in enumerate(OPS)}
COMMUTATIVE = frozenset(OP[name] for name in ("+", "*", "&", "|", "^", "and", "or", "eq", "phi"))

# Where an input stands: 0.. for positions, DEFINITION for the only definition of a self attribute
# or module constant, KEYWORD + name reference for keyword arguments. No file has so many positions.
DEFINITION = 1 << 22
KEYWORD = 1 << 23

# How name references are spelled in the names table: one letter for who owns the name, then it.
EXTERNAL = "X"  # a dotted path through the import table: X:torch.nn.Linear
BUILTIN = "B"  # B:len
MEMBER = "M"  # a method or attribute of a value: M:permute
SELF = "S"  # a method or attribute of self: S:embed_dim
GLOBAL = "G"  # defined by this file or imported from a sibling: G:resample
UNKNOWN = "U"  # a global that nothing here defines: U:foo
LOCAL = "V"  # a local variable or parameter, which labels nothing and only votes for renames
NUMBER = "N"  # a constant
TEXT = "T"  # the content of a string
KEYWORD_NAME = "K"

# What a unit contains, counted to say which rewrites were undone.
FEATURES = (
    "statements", "for", "while", "comprehension", "ternary", "if", "tuple assignment",
    "augmented assignment", "assert", "f-string", "format call", "lambda", "return", "local",
    "call", "logging", "raise", "map or filter", "enumerate", "zip", "index loop",
    "call of dict", "function of a value", "operator spelled out", "named argument",
    "concatenation", "match", "walrus", "nested if",
)  # fmt: skip
FEATURE = {name: number for number, name in enumerate(FEATURES)}


@dataclass(slots=True)
class Unit:
    """One definition taken for comparison. Node and token ranges are half-open."""

    name: str
    role: str  # function, method, class, module, cell, text (not parsed)
    lines: tuple[int, int]
    nodes: tuple[int, int] = (0, 0)
    params: tuple[int, ...] = ()  # nodes of the parameters, in order, without self
    returns: tuple[int, ...] = ()
    features: list[int] = field(default_factory=lambda: [0] * len(FEATURES))


@dataclass(slots=True)
class FileGraph:
    """The value graph and tokens of one file, in flat arrays.

    Per node: ``op``, ``name`` (index into ``names`` or -1), ``var`` (the local name it was first
    bound to, or -1), ``line``. Edges are grouped by consumer: ``edge_start[n]:edge_start[n + 1]``
    index ``edge_input`` and ``edge_place``. ``sinks`` are the nodes with an effect. Per token:
    ``token_kind``, ``token_name`` (index into ``words`` or -1), ``token_line`` and
    ``token_unit`` (the innermost unit). ``aliases`` maps a
    word to the dotted path that it was imported as; ``bound`` are words bound to local values.
    """

    names: list[str]
    units: list[Unit]
    op: Ints
    name: Ints
    var: Ints
    line: Ints
    edge_start: Ints
    edge_input: Ints
    edge_place: Ints
    sinks: Ints
    words: list[str]
    token_kind: Ints
    token_name: Ints
    token_line: Ints
    token_unit: Ints
    aliases: dict[str, str]
    bound: set[str]
    defined: set[str]
    lines: int
    degraded: str = ""


class GraphWriter:
    """Collects nodes and edges while a file is read."""

    def __init__(self) -> None:
        self.op: list[int] = []
        self.name: list[int] = []
        self.var: list[int] = []
        self.at: list[int] = []
        self.inputs: list[tuple[int, ...]] = []
        self.places: list[tuple[int, ...] | None] = []
        self.sinks: list[int] = []
        self.names: dict[str, int] = {}
        self.spelling: list[str] = []

    def intern(self, name: str) -> int:
        """The number of a name reference."""
        found = self.names.get(name)
        if found is None:
            found = self.names[name] = len(self.names)
            self.spelling.append(name)
        return found

    def node(
        self,
        op: int,
        at: int,
        inputs: tuple[int, ...] = (),
        name: int = -1,
        places: tuple[int, ...] | None = None,
    ) -> int:
        """Add one operation at byte ``at``; inputs stand in order unless ``places`` says where."""
        number = len(self.op)
        self.op.append(op)
        self.name.append(name)
        self.var.append(-1)
        self.at.append(at)
        self.inputs.append(inputs)
        self.places.append(places)
        return number

    def sink(self, op: int, at: int, inputs: tuple[int, ...] = (), name: int = -1) -> int:
        """Add an operation that has an effect of its own."""
        number = self.node(op, at, inputs, name)
        self.sinks.append(number)
        return number
