"""PyTorch checkpoints: the pickle is interpreted, never loaded."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from format_files import Pickle, pytorch, zipped

from codesim.formats import FormatError, PytorchFile, read_pytorch
from codesim.formats.source import ByteSource


def saved(pickle: bytes, sizes: tuple[int, ...] = (64,)) -> bytes:
    data = [(f"m/data/{number}", bytes(size)) for number, size in enumerate(sizes)]
    return zipped([("m/data.pkl", pickle), *data, ("m/version", b"3\n")])


def read(pickle: bytes, sizes: tuple[int, ...] = (64,)) -> PytorchFile:
    return read_pytorch(saved(pickle, sizes))


def names(found: PytorchFile) -> list[str]:
    return [tensor.name for tensor in found.tensors]


def test_a_state_dict() -> None:
    data = pytorch({"a.weight": (2, 3), "a.bias": (2,)})
    found = read_pytorch(ByteSource.of(data, "pytorch_model.bin"))
    one, two = found.tensors
    assert (one.name, one.shape, one.dtype, one.bytes) == ("a.weight", (2, 3), "F32", 24)
    assert (two.name, two.shape, two.bytes, two.file) == ("a.bias", (2,), 8, "pytorch_model.bin")
    assert one.start is not None
    assert data[one.start - len("archive/data/0") : one.start] == b"archive/data/0"
    assert found.foreign == ()


def test_nested_containers_give_paths() -> None:
    pickle = Pickle().put(b"}").string("model").put(b"}").string("w").tensor("0", (4,))
    pickle.put(b"s").put(b"s").string("list").put(b"]").tensor("0", (2,), offset=2).put(b"as")
    assert names(read(pickle.end())) == ["model.w", "list.0"]


def test_tensors_of_one_storage_with_offsets_and_strides() -> None:
    pickle = Pickle().put(b"}").string("rows").tensor("0", (2, 3)).put(b"s")
    pickle.string("turned").tensor("0", (3, 2), (1, 3)).put(b"s")
    pickle.string("part").tensor("0", (3,), offset=3).put(b"s")
    rows, turned, part = read(pickle.end()).tensors
    assert (rows.strides, turned.strides, part.strides) == (None, (1, 3), None)
    assert rows.start == turned.start
    assert rows.start is not None
    assert part.start == rows.start + 12


def test_wrapped_parameters_half_precision_and_ordered_dicts() -> None:
    pickle = Pickle().named("collections", "OrderedDict").put(b")R").string("w")
    pickle.named("torch._utils", "_rebuild_parameter").put(b"(")
    pickle.tensor("0", (4,), storage="BFloat16Storage").put(b"\x88").named(
        "collections", "OrderedDict"
    )
    pickle.put(b")RtR").put(b"s").put(b"}").string("_metadata").put(b"Nsb")
    (tensor,) = read(pickle.end()).tensors
    assert (tensor.name, tensor.dtype, tensor.bytes) == ("w", "BF16", 8)


def test_a_module_saved_whole_is_named_and_its_tensors_are_listed() -> None:
    pickle = Pickle().named("mine", "Net").put(b")\x81}").string("_parameters").put(b"}")
    pickle.string("w").tensor("0", (4,)).put(b"ss").string("_modules").put(b"}").string("head")
    pickle.named("mine", "Net").put(b")\x81}").string("b").tensor("0", (2,)).put(b"sbss").put(b"b")
    found = read(pickle.end())
    assert names(found) == ["w", "head.b"]
    assert found.foreign == ("mine.Net",)


@pytest.mark.parametrize(
    ("module", "name"),
    [("posix", "system"), ("builtins", "eval"), ("torch", "load"), ("importlib", "import_module")],
)
def test_nothing_is_called(module: str, name: str, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    pickle = Pickle().named(module, name).put(b"(").string(f"touch {marker}").put(b"tR0")
    pickle.put(b"}").string("w").tensor("0", (4,)).put(b"s")
    before = set(sys.modules)
    found = read(pickle.end())
    assert not marker.exists()
    assert names(found) == ["w"]
    assert set(sys.modules) - before <= {"codesim"}


def test_names_that_the_state_of_an_object_hides_are_named() -> None:
    pickle = Pickle().put(b"}").string("args").named("posix", "system").put(b"(")
    pickle.string("true").put(b"tRs")
    assert read(pickle.end()).foreign == ("posix.system",)


EVIL = Pickle().named("posix", "system").put(b"(").string("true").put(b"tR").end()
LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."


def tensors(shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0) -> bytes:
    return Pickle().put(b"}").string("w").tensor("0", shape, strides, offset=offset).put(b"s").end()


def no_storage() -> bytes:
    pickle = Pickle().named("torch._utils", "_rebuild_tensor_v2").put(b"(").string("x")
    return pickle.number(0).numbers((1,)).numbers((1,)).put(b"tR").end()


REFUSED = {
    "empty": (b"", "no checkpoint"),
    "text": (b"hello world, no checkpoint", "no checkpoint"),
    "plain pickle": (EVIL, "plain pickle"),
    "legacy": (LEGACY, "before 1.6"),
    "cut zip": (pytorch({"a": (2,)})[:-30], "cut short"),
    "zip without a pickle": (zipped([("m/readme", b"x")]), "holds no checkpoint"),
    "two checkpoints": (zipped([("a/data.pkl", b"N."), ("b/data.pkl", b"N.")]), "no checkpoint"),
    "deflated": (zipped([("m/data.pkl", b"N.")], method=8), "compressed"),
    "bomb": (zipped([("m/data.pkl", b"N.")], declared=1 << 31), "pickle of 2,147"),
    "member given twice": (zipped([("m/data.pkl", b"N."), ("m/data.pkl", b"N.")]), "twice"),
    "expanded": (saved(tensors((1 << 40,), (0,))), "claims 1,099,511,627,776 elements"),
    "beyond its storage": (saved(tensors((17,), (1,))), "claims 17 elements"),
    "strides beyond": (saved(tensors((2, 2), (100, 1))), "stores 64 bytes"),
    "offset beyond": (saved(tensors((2,), (1,), 100)), "stores 64 bytes"),
    "negative stride": (saved(tensors((2,), (-1,))), "a size that is none"),
    "negative offset": (saved(tensors((2,), (1,), -1)), "do not fit"),
    "more strides than sizes": (saved(tensors((2,), (1, 1))), "do not fit"),
    "missing storage": (saved(Pickle().put(b"}").string("w").tensor("9", (1,)).put(b"s").end()),
                        "lacks the storage"),
    "no storage": (saved(no_storage()), "without storage"),
    "unknown storage": (
        saved(Pickle().tensor("0", (1,), storage="OddStorage").end()), "unknown type",
    ),
    "unknown instruction": (saved(b"\x80\x02\xfe."), "instruction"),
    "protocol 0": (saved(b"I1\n."), "instruction"),
    "empty pickle": (saved(b""), "cut short"),
    "no end": (saved(b"\x80\x02N"), "cut short"),
    "nothing on the stack": (saved(b"."), "damaged"),
    "unknown memo": (saved(b"h\x05."), "damaged"),
    "text beyond the end": (saved(b"X\xff\xff\xff\x7fabc."), "cut short"),
    "huge number": (saved(b"\x8a\xff" + b"\1" * 255 + b"."), "number of 255 bytes"),
    "deep lists": (saved(b"]" + b"]" * 5000 + b"a" * 5000 + b"."), "nested more than 64 deep"),
    "too many instructions": (saved(b"N0" * 600_000 + b"."), "instructions"),
    "pickle of 20 MB": (saved(bytes(20_000_000)), "pickle of 20,000,000"),
    "directory of many members": (
        b"PK" + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 65535, 65535, 0, 2, 0), "65,535 members",
    ),
    "directory that points nowhere": (
        b"PKPK" + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 1, 1, 100, 5000, 0), "cut short",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case, bounded) -> None:
    data, reason = REFUSED[case]
    with bounded(), pytest.raises(FormatError, match=reason):
        read_pytorch(data)


def test_lists_that_hold_each_other_many_times_cost_no_more_than_once(bounded) -> None:
    pickle = Pickle().put(b"]q\0").tensor("0", (4,)).put(b"a")
    for level in range(1, 30):
        pickle.put(b"]", bytes((ord("q"), level)), b"(", bytes((ord("h"), level - 1)) * 9, b"e")
    with bounded():
        assert len(read(pickle.end()).tensors) == 1


def test_a_list_in_itself() -> None:
    assert names(read(Pickle().put(b"]q\0h\0a").tensor("0", (4,)).put(b"a").end())) == ["1"]


def test_memory_of_many_containers(bounded) -> None:
    with bounded():
        assert not read(b"(" + b"}\x94" * 59_990 + b"t.").tensors


def test_keys_that_cannot_be_names_are_left_out() -> None:
    pickle = Pickle().put(b"}").put(b")").tensor("0", (4,)).put(b"s").number(7)
    assert names(read(pickle.tensor("0", (4,)).put(b"s").end())) == ["7"]


def test_one_tensor_under_a_long_name_many_times(bounded) -> None:
    pickle = Pickle().put(b"}").string("k" * 4_000).put(b"](").tensor("0", (4,)).put(b"q\1")
    pickle.put(b"h\1" * 49_000, b"es")
    with bounded(), pytest.raises(FormatError, match="characters in all"):
        read(pickle.end())
