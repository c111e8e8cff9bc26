"""The recorded recipe of the tiny models in ``fixtures``: who was trained from whom, and how.

Run as ``python -m benchmarks.lineage.recipe FOLDER``; it takes a few minutes on one core. Every
seed, number of steps and learning rate stands here. Floating-point sums differ between processors,
so that another machine gives other last bits, and the same relations.
"""

from __future__ import annotations

import copy
import re
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.lineage.language_model import VOCABULARY, LanguageModel

_BATCH, _LENGTH = 16, 128
_RANK = 4
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
# Two domains of the standard library's source: what programs import, and how text is encoded.
_DOMAINS = {"a": ("*.py", "json/*.py", "email/*.py", "unittest/*.py", "xml/**/*.py"),
            "b": ("encodings/*.py", "idlelib/*.py", "tkinter/*.py")}  # fmt: skip

Loss = Callable[[Tensor, Tensor], Tensor]


def main(folder: Path) -> None:
    """Train every model and write its weights in bfloat16."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in _family(domains()):
        write(model, folder / f"{name}.safetensors")


def domains() -> dict[str, Tensor]:
    """The ids of both domains, by the vocabulary of the first."""
    texts = {name: _tokens(name) for name in _DOMAINS}
    vocabulary = [t for t, _ in Counter(texts["a"]).most_common(VOCABULARY - 1)]
    ids = {token: number for number, token in enumerate(vocabulary, 1)}
    return {n: torch.tensor([ids.get(t, 0) for t in found]) for n, found in texts.items()}


def _family(data: dict[str, Tensor]) -> Iterator[tuple[str, LanguageModel]]:
    first = trained(LanguageModel(1), data["a"], steps=500, seed=11)
    yield "parent", first
    yield "independent", trained(LanguageModel(2), data["a"], steps=500, seed=11)
    yield "same_seed", trained(LanguageModel(1), data["a"], steps=500, seed=12)
    yield "tuned", trained(first, data["b"], steps=120, seed=13, rate=3e-4)
    yield "sibling", trained(first, data["b"], steps=120, seed=14, rate=3e-4)
    yield "tuned_lightly", trained(first, data["a"], steps=60, seed=15, rate=1e-4)
    yield "continued", trained(first, data["b"], steps=500, seed=16)
    yield "adapted", adapted(first, data["b"], steps=150, seed=17)
    yield "distilled", distilled(LanguageModel(3), first, data["a"], steps=500, seed=18)


def trained(
    start: LanguageModel, data: Tensor, steps: int, seed: int, rate: float = 5e-3
) -> LanguageModel:
    """A model trained further on next tokens; ``start`` stays as it is."""
    model = copy.deepcopy(start)
    _fit(model, list(model.parameters()), data, (steps, seed, rate), _next_token)
    return model


def distilled(
    fresh: LanguageModel, teacher: LanguageModel, data: Tensor, steps: int, seed: int
) -> LanguageModel:
    """A fresh model that learnt the teacher's distributions and saw none of its weights."""
    student = copy.deepcopy(fresh)

    def loss(tokens: Tensor, logits: Tensor) -> Tensor:
        with torch.no_grad():
            target = teacher(tokens[:, :-1]).log_softmax(-1)
        return functional.kl_div(logits.log_softmax(-1), target, log_target=True,
                                 reduction="none").sum(-1).mean()  # fmt: skip

    _fit(student, list(student.parameters()), data, (steps, seed, 5e-3), loss)
    return student


def adapted(start: LanguageModel, data: Tensor, steps: int, seed: int) -> LanguageModel:
    """Low-rank adapters (LoRA, Hu et al., 2021) on queries and values, trained and merged."""
    model = copy.deepcopy(start).requires_grad_(False)
    torch.manual_seed(seed)
    chosen = [m for n, m in model.named_modules() if n.endswith(("q_proj", "v_proj"))]
    factors = []
    for linear in chosen:
        assert isinstance(linear, nn.Linear)
        down = nn.Parameter(torch.randn(_RANK, linear.in_features) / linear.in_features**0.5)
        up = nn.Parameter(torch.zeros(linear.out_features, _RANK))
        factors.append((linear, up, down))
        linear.register_forward_hook(_adding(up, down))
    parameters = [each for _, up, down in factors for each in (up, down)]
    _fit(model, parameters, data, (steps, seed, 5e-3), _next_token)
    for linear, up, down in factors:
        linear._forward_hooks.clear()
        linear.weight.data += (up @ down).detach()
    return model


def _adding(
    up: nn.Parameter, down: nn.Parameter
) -> Callable[[nn.Module, tuple[Tensor], Tensor], Tensor]:
    def hook(_: nn.Module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
        return output + inputs[0] @ down.T @ up.T

    return hook


def _fit(
    model: LanguageModel,
    parameters: list[nn.Parameter],
    data: Tensor,
    plan: tuple[int, int, float],
    loss: Loss,
) -> None:
    steps, seed, rate = plan
    chance = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    for _ in range(steps):
        starts = torch.randint(len(data) - _LENGTH - 1, (_BATCH,), generator=chance)
        tokens = torch.stack([data[start : start + _LENGTH + 1] for start in starts.tolist()])
        optimiser.zero_grad()
        value = loss(tokens, model(tokens[:, :-1]))
        value.backward()
        optimiser.step()
        schedule.step()
    print(f"{steps} steps, last loss {value.item():.3f}", file=sys.stderr)


def _next_token(tokens: Tensor, logits: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def _tokens(domain: str) -> list[str]:
    library = Path(sysconfig.get_path("stdlib"))
    paths = sorted(path for pattern in _DOMAINS[domain] for path in library.glob(pattern))
    return [t for path in paths for t in _TOKEN.findall(path.read_text("utf-8", "replace"))]


def write(model: LanguageModel, path: Path) -> None:
    """The weights in bfloat16."""
    from safetensors.torch import save_file

    save_file({n: v.detach().bfloat16().contiguous() for n, v in model.state_dict().items()}, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
