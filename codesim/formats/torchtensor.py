"""How a pickle of PyTorch describes a tensor: a view, by shape and strides, of a storage."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.formats.errors import FormatError
from codesim.formats.stackmachine import Named, Opaque, Stored
from codesim.formats.tensor import MOST_DIMENSIONS, product

# dtype and bytes per element, by the class of a storage and by the name of a dtype.
_STORAGES = {
    "DoubleStorage": ("F64", 8), "FloatStorage": ("F32", 4), "HalfStorage": ("F16", 2),
    "BFloat16Storage": ("BF16", 2), "LongStorage": ("I64", 8), "IntStorage": ("I32", 4),
    "ShortStorage": ("I16", 2), "CharStorage": ("I8", 1), "ByteStorage": ("U8", 1),
    "BoolStorage": ("BOOL", 1), "ComplexFloatStorage": ("C64", 8),
    "ComplexDoubleStorage": ("C128", 16), "UntypedStorage": ("U8", 1),
}  # fmt: skip
_DTYPES = {
    "float64": ("F64", 8), "float32": ("F32", 4), "float16": ("F16", 2), "bfloat16": ("BF16", 2),
    "int64": ("I64", 8), "int32": ("I32", 4), "int16": ("I16", 2), "int8": ("I8", 1),
    "uint8": ("U8", 1), "uint16": ("U16", 2), "uint32": ("U32", 4), "uint64": ("U64", 8),
    "bool": ("BOOL", 1), "complex64": ("C64", 8), "complex128": ("C128", 16),
    "float8_e4m3fn": ("F8_E4M3", 1), "float8_e5m2": ("F8_E5M2", 1),
    "float8_e4m3fnuz": ("F8_E4M3FNUZ", 1), "float8_e5m2fnuz": ("F8_E5M2FNUZ", 1),
}  # fmt: skip
_TENSORS = ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3")
_WRAPPERS = ("_rebuild_parameter", "_rebuild_parameter_with_state")
# What makes an empty container.
_DICTS = ("collections.OrderedDict", "collections.defaultdict", "builtins.dict", "__builtin__.dict")
# Plain values that are of no interest.
_PLAIN = ("torch.Size", "torch.device", "builtins.set", "__builtin__.set", "_codecs.encode")
_LARGEST = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class TorchTensor:
    """A tensor before its storage is found; ``offset`` and ``strides`` count elements."""

    key: str
    dtype: str
    width: int
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def reach(self) -> int:
        """Elements of the storage from the first to the last of the tensor."""
        if 0 in self.shape:
            return 0
        steps = zip(self.shape, self.strides, strict=True)
        return 1 + sum((size - 1) * stride for size, stride in steps)

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements lie in row-major order without gaps."""
        expected = 1
        for size, stride in zip(reversed(self.shape), reversed(self.strides), strict=True):
            if size != 1 and stride != expected:
                return 0 in self.shape
            expected *= size
        return True

    def check(self, name: str, stored: int) -> None:
        """Refuse a tensor that claims more than the bytes of its storage."""
        elements = product(self.shape)
        if max(elements, self.offset + self.reach) * self.width > stored:
            raise FormatError(
                f"claims {elements:,} elements for {name[:60]!r} and stores {stored:,} bytes"
            )


class Parts:
    """Understands the names that make a tensor; remembers the others."""

    def __init__(self) -> None:
        self.foreign: set[str] = set()

    def build(self, name: str, arguments: tuple[object, ...]) -> object:
        """What a name makes of its arguments, without calling anything."""
        module, _, last = name.rpartition(".")
        if module == "torch._utils" and last in _TENSORS:
            return _tensor(last, arguments)
        if module == "torch._utils" and last in _WRAPPERS and arguments:
            return arguments[0]
        if name == "torch._tensor._rebuild_from_type_v2" and len(arguments) > 2:
            inner, inside = arguments[0], arguments[2]
            if isinstance(inner, Named) and isinstance(inside, tuple) and inner.name != name:
                return self.build(inner.name, inside)
        if name in _DICTS:
            return {}
        if name not in _PLAIN:
            self.foreign.add(name[:120])
        return Opaque(name)


def _tensor(function: str, arguments: tuple[object, ...]) -> TorchTensor:
    if len(arguments) < 4:
        raise FormatError("has a damaged pickle")
    storage, offset, shape, strides = arguments[:4]
    key, dtype, width = _storage(storage)
    if function == "_rebuild_tensor_v3":
        if len(arguments) < 7:
            raise FormatError("has a damaged pickle")
        dtype, width = _named(arguments[6], _DTYPES)
    sizes, steps = _counts(shape), _counts(strides)
    if type(offset) is not int or not 0 <= offset < _LARGEST or len(sizes) != len(steps):
        raise FormatError("has a tensor whose shape and strides do not fit")
    return TorchTensor(key, dtype, width, offset, sizes, steps)


def _storage(storage: object) -> tuple[str, str, int]:
    """Key, dtype and bytes per element of ``('storage', class, key, device, elements)``."""
    key = storage.key if isinstance(storage, Stored) else None
    if not isinstance(key, tuple) or len(key) < 5 or key[0] != "storage":
        raise FormatError("has a tensor without storage")
    name = key[2]
    if not isinstance(name, str) or not 0 < len(name) < 100:
        raise FormatError("has a tensor without storage")
    return (name, *_named(key[1], _STORAGES))


def _named(value: object, table: dict[str, tuple[str, int]]) -> tuple[str, int]:
    name = value.name if isinstance(value, Named) else ""
    module, _, last = name.rpartition(".")
    if not module.startswith("torch") or last not in table:
        raise FormatError(f"has a tensor of the unknown type {name[:60]!r}")
    return table[last]


def _counts(value: object) -> tuple[int, ...]:
    if not isinstance(value, tuple) or len(value) > MOST_DIMENSIONS:
        raise FormatError("has a tensor whose shape and strides do not fit")
    if not all(type(item) is int and 0 <= item < _LARGEST for item in value):
        raise FormatError("has a tensor with a size that is none")
    return value
