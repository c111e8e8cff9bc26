"""The instructions of a pickle, interpreted without building any object they name.

Nothing is imported or called: a name stays a ``Named``, what it would make an ``Opaque``. Only the
instructions that writers of checkpoints use are known (protocols 2 to 5 of PEP 307, 3154 and 574);
any other ends the reading.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from codesim.formats.errors import FormatError

# About 32 instructions describe a tensor; models of more than 15,000 come in several files.
_MOST_STEPS = 500_000
_LONGEST_NUMBER = 64  # bytes


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A class or function that a pickle names: ``torch.FloatStorage``."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """What a pickle keeps outside of itself, by the id that it gives."""

    key: object


@dataclass(slots=True, eq=False)
class Opaque:
    """An object that is not built: the name of what would build it, and what it would hold."""

    name: str
    state: object = None
    items: dict[object, object] = field(default_factory=dict)


# What a name makes of some arguments; an Opaque where that is not known.
Build = Callable[[str, tuple[object, ...]], object]
# Only these can be keys: to hash a deep tuple would recurse.
_KEYS = (str, int, float, bytes, type(None))


class StackMachine:
    """One pickle on its way. ``run`` gives the object of its STOP."""

    def __init__(self, data: bytes, build: Build) -> None:
        self.data = data
        self.build = build
        self.position = 0
        self.stack: list[object] = []
        self.below: list[list[object]] = []
        self.memo: dict[int, object] = {}
        self.names: dict[str, Named] = {}

    def run(self) -> object:
        """Follow the instructions to the end. Raises FormatError for any that is not known."""
        try:
            for _ in range(_MOST_STEPS):
                code = self.take(1)
                if code == b".":
                    return self.stack.pop()
                step = STEPS.get(code)
                if step is None:
                    raise FormatError(f"has the pickle instruction {code!r}, which is not read")
                step(self)
        except (IndexError, KeyError):
            raise FormatError("has a damaged pickle") from None
        raise FormatError(f"has a pickle of more than {_MOST_STEPS:,} instructions")

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise FormatError("has a pickle that is cut short")
        data = self.data[self.position : end]
        self.position = end
        return data

    def number(self, form: str) -> int:
        return int(struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0])

    def line(self) -> str:
        end = self.data.find(b"\n", self.position)
        if end < 0:
            raise FormatError("has a pickle that is cut short")
        text = self.data[self.position : end].decode("utf-8", "replace")
        self.position = end + 1
        return text

    def since_mark(self) -> list[object]:
        found, self.stack = self.stack, self.below.pop()
        return found

    def named(self, module: object, name: object) -> Named:
        if not isinstance(module, str) or not isinstance(name, str):
            raise FormatError("has a damaged pickle")
        full = f"{module}.{name}"
        return self.names.setdefault(full, Named(full))

    def called(self, function: object, arguments: object) -> object:
        if not isinstance(arguments, tuple):
            raise FormatError("has a damaged pickle")
        if isinstance(function, Named):
            return self.build(function.name, arguments)
        return Opaque("an object")


Step = Callable[[StackMachine], None]


def _push(make: Callable[[StackMachine], object]) -> Step:
    def step(machine: StackMachine) -> None:
        value = make(machine)  # which may replace the stack
        machine.stack.append(value)

    return step


def _text(form: str, encoding: str) -> Step:
    return _push(lambda m: m.take(m.number(form)).decode(encoding, "replace"))


def _integer(machine: StackMachine) -> object:
    size = machine.number("B")
    if size > _LONGEST_NUMBER:
        raise FormatError(f"has a pickle with a number of {size} bytes")
    return int.from_bytes(machine.take(size), "little", signed=True)


def _last(count: int) -> Step:
    def step(machine: StackMachine) -> None:
        if len(machine.stack) < count:
            raise IndexError
        machine.stack[-count:] = [tuple(machine.stack[-count:])]

    return step


def _mark(machine: StackMachine) -> None:
    machine.below.append(machine.stack)
    machine.stack = []


def _drop(machine: StackMachine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.stack = machine.below.pop()


def _make_dict(machine: StackMachine) -> None:
    items = machine.since_mark()
    machine.stack.append({})
    _fill(machine, items)


def _set_item(machine: StackMachine) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    _fill(machine, [key, value])


def _fill(machine: StackMachine, items: list[object]) -> None:
    target = machine.stack[-1]
    into = target.items if isinstance(target, Opaque) else target
    if not isinstance(into, dict) or len(items) % 2:
        raise FormatError("has a damaged pickle")
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, _KEYS):
            into[key] = value


def _extend(machine: StackMachine, items: list[object]) -> None:
    target = machine.stack[-1]
    if isinstance(target, list):
        target.extend(items)
    elif not isinstance(target, Opaque):
        raise FormatError("has a damaged pickle")


def _build_state(machine: StackMachine) -> None:
    state, target = machine.stack.pop(), machine.stack[-1]
    if isinstance(target, Opaque):
        target.state = state


def _reduce(machine: StackMachine) -> None:
    arguments, function = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(machine.called(function, arguments))


def _new(machine: StackMachine) -> None:
    machine.stack.pop()  # keyword arguments
    _reduce(machine)


def _global(machine: StackMachine) -> object:
    module = machine.line()
    return machine.named(module, machine.line())


def _stack_global(machine: StackMachine) -> object:
    name, module = machine.stack.pop(), machine.stack.pop()
    return machine.named(module, name)


def _remember(at: Callable[[StackMachine], int]) -> Step:
    def step(machine: StackMachine) -> None:
        machine.memo[at(machine)] = machine.stack[-1]

    return step


def _appended(machine: StackMachine) -> None:
    item = machine.stack.pop()
    _extend(machine, [item])


STEPS: dict[bytes, Step] = {
    b"\x80": lambda m: _ignore(m.take(1)),  # PROTO
    b"\x95": lambda m: _ignore(m.take(8)),  # FRAME
    b"(": _mark,
    b"0": _drop,
    b"1": lambda m: _ignore(m.since_mark()),  # POP_MARK
    b"2": _push(lambda m: m.stack[-1]),  # DUP
    b"N": _push(lambda _: None),
    b"\x88": _push(lambda _: True),
    b"\x89": _push(lambda _: False),
    b"J": _push(lambda m: m.number("i")),
    b"K": _push(lambda m: m.number("B")),
    b"M": _push(lambda m: m.number("H")),
    b"\x8a": _push(_integer),  # LONG1
    b"G": _push(lambda m: struct.unpack(">d", m.take(8))[0]),
    b"X": _text("I", "utf-8"),
    b"\x8c": _text("B", "utf-8"),
    b"\x8d": _text("Q", "utf-8"),
    b"T": _text("I", "latin-1"),
    b"U": _text("B", "latin-1"),
    b"B": _push(lambda m: m.take(m.number("I"))),
    b"C": _push(lambda m: m.take(m.number("B"))),
    b"\x8e": _push(lambda m: m.take(m.number("Q"))),
    b"]": _push(lambda _: []),
    b"\x8f": _push(lambda _: []),  # EMPTY_SET: its members are not wanted
    b"l": _push(lambda m: m.since_mark()),
    b"\x91": _push(lambda m: m.since_mark()),  # FROZENSET
    b"a": _appended,
    b"e": lambda m: _extend(m, m.since_mark()),
    b"\x90": lambda m: _extend(m, m.since_mark()),  # ADDITEMS
    b")": _push(lambda _: ()),
    b"t": _push(lambda m: tuple(m.since_mark())),
    b"\x85": _last(1),
    b"\x86": _last(2),
    b"\x87": _last(3),
    b"}": _push(lambda _: {}),
    b"d": _make_dict,
    b"s": _set_item,
    b"u": lambda m: _fill(m, m.since_mark()),
    b"c": _push(_global),
    b"\x93": _push(_stack_global),
    b"R": _reduce,
    b"\x81": _reduce,  # NEWOBJ
    b"\x92": _new,  # NEWOBJ_EX
    b"b": _build_state,
    b"q": _remember(lambda m: m.number("B")),
    b"r": _remember(lambda m: m.number("I")),
    b"\x94": _remember(lambda m: len(m.memo)),
    b"h": _push(lambda m: m.memo[m.number("B")]),
    b"j": _push(lambda m: m.memo[m.number("I")]),
    b"Q": _push(lambda m: Stored(m.stack.pop())),
}


def _ignore(_: object) -> None:
    """What an instruction carries and nobody needs."""
