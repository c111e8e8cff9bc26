"""Every string of a record, seen or changed, whatever record it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from msgspec import Struct

R = TypeVar("R")


def strings(value: Any, fixed: Collection[str] = ()) -> Iterator[str]:
    """Every string in a record, its lists and its maps, but for fields named in ``fixed``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in fixed:
                yield from strings(getattr(value, name), fixed)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(key)
            yield from strings(each, fixed)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each, fixed)


def mapped(value: R, change: Callable[[str], str], fixed: Collection[str] = ()) -> R:
    """The same record with every string changed, but for fields named in ``fixed``."""
    return _mapped(value, change, fixed)  # type: ignore[no-any-return]


def _mapped(value: Any, change: Callable[[str], str], fixed: Collection[str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Struct):
        old = {name: getattr(value, name) for name in value.__struct_fields__}
        new = {n: v if n in fixed else _mapped(v, change, fixed) for n, v in old.items()}
        return type(value)(**new)
    if isinstance(value, dict):
        return {_mapped(k, change, fixed): _mapped(v, change, fixed) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_mapped(each, change, fixed) for each in value)
    return value
