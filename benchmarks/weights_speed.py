"""Bytes per second of the streaming pass over weights, beside a plain read of the same files."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.eight_billion import write_pair
from benchmarks.options import BenchmarkError, Options
from benchmarks.processes import measured, python
from benchmarks.table import Cell, Table

# The embedding and two layers: 1.92 GB a side.
_LAYERS = 2
# Each way is measured in turn, and the fastest of these counts: others use the machine too.
_ROUNDS = 2
# In one process; what is compiled and what memory is taken at first is there from the second on.
_REPEATS = 3
_CODE = "import sys; from benchmarks.weights_speed import main; main(*sys.argv[1:])"
_REFERENCE = "chunked torch"
# Rows of a chunk of the reference.
_CHUNK = 1024
_GOAL = 0.5


def run(options: Options) -> list[Table]:
    """Every way in a process of its own, over files in the page cache."""
    if importlib.util.find_spec("torch") is None:
        raise BenchmarkError("needs PyTorch: pip install 'codesim[weights]'")
    with tempfile.TemporaryDirectory(prefix="codesim-weights-") as folder:
        left, right = write_pair(Path(folder), options.size(_LAYERS), options.seed)
        size = left.stat().st_size + right.stat().st_size
        found: dict[str, list[dict[str, float]]] = {way: [] for way in _ways()}
        for number in range(_ROUNDS):
            for way, results in found.items():
                if number and way == _REFERENCE:
                    continue  # it takes minutes
                command = python(_CODE, way, left, right)
                process = measured(command, Path(folder))
                result = json.loads(process.output.splitlines()[-1])
                results.append({**result, "megabytes": process.megabytes})
    return [_table(found, size)]


def _ways() -> tuple[str, ...]:
    import torch

    gpu = ("streaming pass, cuda", "copy to cuda", "permutation test, cuda")
    return ("plain read", _REFERENCE, "streaming pass") + gpu * torch.cuda.is_available()


def _table(found: dict[str, list[dict[str, float]]], size: int) -> Table:
    plain = min(each["seconds"] for each in found["plain read"])
    rows: list[tuple[Cell, ...]] = []
    for way, results in found.items():
        best = min(results, key=lambda each: each["seconds"])
        seconds = best["seconds"]
        rows.append((way, seconds, best["processor"], size / seconds / 1e9, plain / seconds,
                     round(max(each["megabytes"] for each in results)),
                     best.get("r"), best.get("sigma")))  # fmt: skip
    return Table(
        f"Streaming {size / 1e9:.2f} GB of bfloat16 in the shapes of an 8B model",
        ("way", "seconds", "processor seconds", "GB/s", "of plain read", "peak MB", "r", "sigma"),
        tuple(rows),
        (
            f"fastest of {_ROUNDS} rounds of {_REPEATS}, warm page cache; plain read: one buffer "
            "of 1 MB, used again",
            f"goals: {_GOAL} of the plain read, peak memory below 1,000 MB",
        ),
    )


def main(way: str, left: str, right: str) -> None:
    """Do one thing, again and again so that it finds everything warm, and print what it took at
    best.
    """
    import time

    found = []
    for _ in range(1 if way == _REFERENCE else _REPEATS):
        start, processor = time.perf_counter(), time.process_time()
        figures = _WAYS[way](Path(left), Path(right))
        figures["seconds"] = figures.get("seconds", time.perf_counter() - start)
        figures["processor"] = time.process_time() - processor
        found.append(figures)
    print(json.dumps(min(found, key=lambda each: each["seconds"])))


def _plain(left: Path, right: Path) -> dict[str, float]:
    buffer = bytearray(1 << 20)
    for path in (left, right):
        with path.open("rb", buffering=0) as file:
            while file.readinto(buffer):
                pass
    return {}


def _chunked(left: Path, right: Path) -> dict[str, float]:
    """What one would write first: chunks of rows as float32, one sum after the other."""
    import torch

    names = ("n", "a", "b", "aa", "bb", "ab", "d2", "d3", "d4", "equal")
    total = dict.fromkeys(names, 0.0)
    for one, two in zip(_values(left), _values(right), strict=True):
        for first in range(0, one.rows, _CHUNK):
            last = min(one.rows, first + _CHUNK)
            a, b = one.read(first, last), two.read(first, last)
            d = b - a
            product, square = a * b, d * d
            sums = {
                "n": a.numel(), "a": a.sum(), "b": b.sum(), "aa": (a * a).sum(),
                "bb": (b * b).sum(), "ab": product.sum(1).sum(), "d2": square.sum(1).sum(),
                "d3": (square * d).sum(), "d4": (square * square).sum(), "equal": (d == 0).sum(),
            }  # fmt: skip
            product.sum(0), square.sum(0), (a.abs() * d.abs()).sum(), torch.isfinite(d).all()
            for name, value in sums.items():
                total[name] += float(value)
    n = total["n"]
    return {
        "r": total["ab"] / (total["aa"] * total["bb"]) ** 0.5,
        "sigma": (total["d2"] / n - ((total["b"] - total["a"]) / n) ** 2) ** 0.5,
    }


def _values(path: Path) -> list[Any]:
    from codesim.detectors.weights.models import open_model
    from codesim.snapshot import open_snapshot

    return list(open_model(open_snapshot(str(path))).tensors)


def _streamed(left: Path, right: Path, device: str = "cpu") -> dict[str, float]:
    """The pass alone: what it takes to list tensors grows with their number, not their size."""
    import time

    from codesim.detectors.weights.alignment import Aligned
    from codesim.detectors.weights.sampling import Window
    from codesim.detectors.weights.stream import measured as streamed

    pairs = [
        Aligned(Window.of(one), Window.of(two), 0.0, "name")
        for one, two in zip(_values(left), _values(right), strict=True)
    ]
    start = time.perf_counter()
    found = streamed(pairs, device)
    seconds = time.perf_counter() - start
    aa, bb, ab, d2 = (sum(getattr(m, name) for m in found) for name in ("aa", "bb", "ab", "d2"))
    sigma = (d2 / sum(m.count for m in found)) ** 0.5
    return {"r": ab / (aa * bb) ** 0.5, "sigma": sigma, "seconds": seconds}


def _streamed_on_gpu(left: Path, right: Path) -> dict[str, float]:
    return _streamed(left, right, "cuda")


def _copied(left: Path, right: Path) -> dict[str, float]:
    """Both files read and brought to the GPU: the bound of anything that is done there."""
    import torch

    for path in (left, right):
        for values in _values(path):
            for first in range(0, values.rows, _CHUNK):
                values.raw(first, min(values.rows, first + _CHUNK)).cuda()
    torch.cuda.synchronize()
    return {}


def _permuted(left: Path, right: Path) -> dict[str, float]:
    """Trace and norm of all products of 14,336 neurons' gate and up rows; only this is timed."""
    import time

    import torch

    sides = []
    for path in (left, right):
        chosen = [v for v in _values(path) if "layers.0.mlp" in v.name and "down" not in v.name]
        rows = torch.cat([values.read(0, values.rows) for values in chosen], 1).cuda()
        sides.append(rows - rows.mean(0))
    torch.cuda.synchronize()
    start = time.perf_counter()
    products = sides[0] @ sides[1].T
    trace, norm = float(products.trace()), float(products.norm())
    seconds = time.perf_counter() - start
    return {"r": trace / norm * (len(products) - 1) ** 0.5, "seconds": seconds}


_WAYS = {
    "plain read": _plain, _REFERENCE: _chunked, "streaming pass": _streamed,
    "streaming pass, cuda": _streamed_on_gpu, "copy to cuda": _copied,
    "permutation test, cuda": _permuted,
}  # fmt: skip
