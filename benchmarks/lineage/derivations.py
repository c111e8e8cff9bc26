"""Derivations that no fixture holds, of models that no threshold was chosen on.

Every case says beforehand what may be found: one relation, or several where the change is a
mixture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Both are among the tests, which ``cases_module`` makes importable.
import relations as make
import stored
import torch
from torch import Tensor

from benchmarks.lineage import exports

Model = dict[str, Tensor]
EVIDENCE = "any relation"


Make = Callable[[], object]


@dataclass(frozen=True)
class Derived:
    """A right side made from a left one, further models given as bases, and what may be found."""

    name: str
    left: Make
    right: Make
    allowed: tuple[str, ...]
    bases: tuple[Make, ...] = ()


@dataclass(frozen=True)
class Zoo:
    """The files of the trained models, opened as the detector reads them."""

    paths: Mapping[str, Path]

    def state(self, name: str) -> Model:
        """The tensors of one model."""
        return dict(_loaded(self.paths[name]))

    def of(self, name: str, change: Callable[[Model], Model] = dict) -> Make:
        """One model, changed."""
        return lambda: _opened(change(self.state(name)))


def cases(paths: Mapping[str, Path]) -> list[Derived]:
    """Every derivation, of the trained models in these files."""
    zoo = Zoo(paths)
    groups = (_noised(zoo), _trained(zoo), _exported(zoo), _rebuilt(zoo), _disguised(zoo),
              _beside_a_base(zoo))  # fmt: skip
    return [Derived(*row) for group in groups for row in group]


def _noised(zoo: Zoo):  # type: ignore[no-untyped-def]
    base, copy, of = zoo.of("llama-1"), ("noised copy",), zoo.of
    yield "noise 0.01", base, of("llama-1", lambda m: make.noised(m, 0.01)), copy
    yield (
        "noise 0.15, float32", base,
        of("llama-1", lambda m: make.noised(m, 0.15, 7, torch.float32)), copy,
    )  # fmt: skip
    yield (
        "noise 1, bfloat16", base, of("llama-1", lambda m: make.noised(m, 1.0, 8, torch.bfloat16)),
        copy,
    )  # fmt: skip
    yield (
        "noise 0.02 of each tensor", base,
        of("llama-1", lambda m: make.noised(m, 0.02, 9, proportional=True)), copy,
    )  # fmt: skip
    yield (
        "noise 0.05, plain MLPs, renamed", of("plain-1"),
        of("plain-1", lambda m: make.renamed(make.noised(m, 0.05))), copy,
    )  # fmt: skip


def _trained(zoo: Zoo):  # type: ignore[no-untyped-def]
    base, tuned, of = zoo.of("llama-1"), ("fine-tuned",), zoo.of
    yield "fine-tuned", base, of("llama-1-tuned"), tuned
    yield "fine-tuned, plain MLPs", of("plain-1"), of("plain-1-tuned"), tuned
    yield "fine-tuned, tied", of("tied-1"), of("tied-1-tuned"), tuned
    yield "int8, then fine-tuned", base, of("llama-1-int8-tuned"), tuned
    yield (
        "fine-tuned and pruned by 0.3", base, of("llama-1-tuned", lambda m: make.pruned(m, 0.3)),
        ("pruned", "fine-tuned"),
    )  # fmt: skip
    yield "LoRA", base, of("llama-1-adapted"), ("LoRA-merged",)
    yield (
        "LoRA and noise 0.03", base, of("llama-1-adapted", lambda m: make.noised(m, 0.03)),
        ("LoRA-merged", "fine-tuned", "noised copy"),
    )  # fmt: skip
    for name, change in (("", dict), (", permuted", make.permuted)):
        yield f"distilled{name}", base, of("llama-1-distilled", change), ("no evidence",)
    plain = of("plain-1"), of("plain-1-distilled")
    yield "distilled, plain MLPs", *plain, ("no evidence",)


def _exported(zoo: Zoo):  # type: ignore[no-untyped-def]
    base, of = zoo.of("llama-1"), zoo.of
    fp8, int8 = of("llama-1", exports.fp8), of("llama-1", exports.int8)
    yield "fp8", base, fp8, ("re-encoded", "quantised")
    yield "int8 with scales", base, int8, ("quantised",)
    yield "fp8 and int8 of one model", fp8, int8, ("quantised", "re-encoded")
    yield "GGUF, Q4_K and other names", of("blocks-1"), lambda: _gguf(zoo), ("quantised",)


def _gguf(zoo: Zoo) -> object:
    made = exports.gguf_tensors(zoo.state("blocks-1"), heads=4, key_heads=2)
    counts = {"llama.attention.head_count": 4, "llama.attention.head_count_kv": 2}
    file = stored.gguf(made, {"general.architecture": "llama"}, counts)
    return stored.model({"model.gguf": file})


def _rebuilt(zoo: Zoo):  # type: ignore[no-untyped-def]
    base, of = zoo.of("llama-1"), zoo.of
    yield (
        "two layers exchanged", base, of("llama-1", lambda m: make.with_layers(m, [0, 2, 1, 3])),
        ("re-encoded",),
    )  # fmt: skip
    yield "60 % of the neurons", base, of("llama-1", lambda m: narrowed(m, 0.6)), (EVIDENCE,)
    yield "60 % of the vocabulary", base, of("llama-1", lambda m: fewer(m, 0.6)), (EVIDENCE,)
    yield "upcycled", base, of("llama-1", lambda m: upcycled(m, 4, 0.0)), ("re-encoded",)
    yield (
        "upcycled, experts noised by 0.1", base, of("llama-1", lambda m: upcycled(m, 4, 0.1)),
        ("noised copy", "derived", "fine-tuned"),
    )  # fmt: skip


def _disguised(zoo: Zoo):  # type: ignore[no-untyped-def]
    base, of = zoo.of("llama-1"), zoo.of
    yield (
        "permuted, noise 0.05, renamed", base,
        of("llama-1", lambda m: make.renamed(make.noised(make.permuted(m), 0.05))),
        ("noised copy",),
    )  # fmt: skip
    yield "plain MLPs permuted", of("plain-1"), of("plain-1", permuted_plain), ("re-encoded",)
    yield "fine-tuned and rotated", base, of("llama-1-tuned", make.rotated), ("fine-tuned",)


def _beside_a_base(zoo: Zoo):  # type: ignore[no-untyped-def]
    tuned, sibling, adapted = (zoo.of(f"llama-1-{n}") for n in ("tuned", "sibling", "adapted"))
    base, of = zoo.of("llama-1"), zoo.of

    def merged() -> object:
        parts = [(0.5, "llama-1-tuned"), (0.3, "llama-1-sibling"), (0.2, "llama-1-adapted")]
        return _opened(make.linear([(share, zoo.state(name)) for share, name in parts]))

    yield "merge of three, two given", tuned, merged, ("merged",), (sibling, adapted)
    yield "merge of three, none given", tuned, merged, ("fine-tuned",)
    yield "siblings beside their base", tuned, sibling, ("shared base",), (base,)
    yield (
        "copy of a fine-tune beside the base", tuned,
        of("llama-1-tuned", lambda m: make.renamed(make.noised(m, 0.03))), ("noised copy",),
        (base,),
    )  # fmt: skip
    yield (
        "base and noise beside the base", tuned, of("llama-1", lambda m: make.noised(m, 0.03)),
        ("shared base",), (base,),
    )  # fmt: skip


@cache
def _loaded(path: Path) -> Mapping[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(path)


def _opened(state: Model) -> object:
    """A model as the detector reads it from a file."""
    return stored.model({"model.safetensors": stored.safetensors(state)})


def _layers(model: Model) -> list[str]:
    return sorted({name.partition(".mlp.")[0] for name in model if ".mlp." in name})


def narrowed(model: Model, share: float) -> Model:
    """The neurons of every gated MLP that have the largest down columns, in their order."""
    made = dict(model)
    for layer in _layers(model):
        gate, up, down = (f"{layer}.mlp.{part}_proj.weight" for part in ("gate", "up", "down"))
        energy = model[down].float().norm(dim=0)
        kept = energy.topk(int(share * len(energy))).indices.sort().values
        made[gate], made[up], made[down] = model[gate][kept], model[up][kept], model[down][:, kept]
    return made


def fewer(model: Model, share: float) -> Model:
    """A part of the vocabulary, spread over all of it."""
    rows = len(model["model.embed_tokens.weight"])
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(11))
    kept = order[: int(share * rows)].sort().values
    tables = ("model.embed_tokens.weight", "lm_head.weight")
    return {n: value[kept] if n in tables else value for n, value in model.items()}


def upcycled(model: Model, experts: int, noise: float) -> Model:
    """Every MLP as so many experts and a router that was just initialised."""
    chance = torch.Generator().manual_seed(12)
    made = {name: value for name, value in model.items() if ".mlp." not in name}
    for name, value in model.items():
        for expert in range(experts if ".mlp." in name else 0):
            added = noise * value.float().std() * torch.randn(value.shape, generator=chance)
            place = name.replace(".mlp.", f".mlp.experts.{expert}.")
            made[place] = (value.float() + added).to(value.dtype)
    for layer in _layers(model):
        width = model[f"{layer}.mlp.gate_proj.weight"].shape[1]
        router = 0.02 * torch.randn(experts, width, generator=chance)
        made[f"{layer}.mlp.router.weight"] = router.bfloat16()
    return made


def permuted_plain(model: Model) -> Model:
    """The neurons of MLPs without a gate in another order."""
    chance, made = torch.Generator().manual_seed(13), dict(model)
    for layer in _layers(model):
        inner, bias, down = (
            f"{layer}.mlp.{part}" for part in ("fc1.weight", "fc1.bias", "fc2.weight")
        )
        order = torch.randperm(len(model[inner]), generator=chance)
        made[inner], made[bias] = model[inner][order], model[bias][order]
        made[down] = model[down][:, order]
    return made
