"""Small repositories in memory, and what the detector says of two of them."""

from __future__ import annotations

from codesim.detectors.leftovers import LeftoversDetector
from codesim.model import Evidence, Snapshot
from codesim.snapshot import snapshot_of

Files = dict[str, str]


def snapshot(files: Files, name: str = "side") -> Snapshot:
    return snapshot_of({path: text.encode() for path, text in files.items()}, name)


def compared(left: Files, right: Files, *base: Files) -> Evidence:
    detector = LeftoversDetector()
    one, two, *rest = (detector.profile(snapshot(files)) for files in (left, right, *base))
    return detector.compare(one, two, rest)


def rows(evidence: Evidence, title: str) -> list[tuple[str, ...]]:
    return [row for table in evidence.tables if title in table.title for row in table.rows]


def dangling(evidence: Evidence) -> set[tuple[str, str]]:
    """(side and place of the mention, name)"""
    return {(row[3], row[2]) for row in rows(evidence, "only the other")}


def shared(evidence: Evidence) -> set[tuple[str, str]]:
    """(kind, text)"""
    return {(row[1], row[2]) for row in rows(evidence, "Rare")}


NOTE = "    # tiles kwiver in the last rowe, see notes of lena\n"
ORIGINAL: Files = {
    "configuration_lumigrid.py": "class LumigridConfig:\n    quiver_slots = 96\n",
    "modeling_lumigrid.py": (
        '"""Lumigrid joins quivers of tiles."""\n'
        "from .quiverpool import QuiverPooler\n\n\n"
        "class LumigridTokenizerWrapper:\n"
        "    def quiver_begin_token(self):\n"
        '        raise ValueError(f"quiver {self} begins before lumigrid was lit")\n'
    ),
    "quiverpool.py": f"class QuiverPooler:\n{NOTE}    x = 1\n",
    "tokenizer_config.json": (
        '{"auto_map": {"AutoTokenizer": ["modeling_lumigrid.LumigridTokenizerWrapper", null]}}\n'
    ),
}
COPY: Files = {
    "mine/config.py": "class Config:\n    size = 64\n",
    "mine/tokenizer_config.json": (
        '{\n "auto_map": {\n  "AutoTokenizer": [\n'
        '   "modeling_lumigrid.LumigridTokenizerWrapper", null]}}\n'
    ),
    "mine/pool.py": f"class Pool:\n{NOTE}    y = 2\n",
}
UNRELATED: Files = {
    "train.py": (
        '"""Train a model."""\nimport torch\nfrom transformers import AutoModel\n\n\n'
        "def main(batch_size=32, learning_rate=1e-4):\n"
        "    # move the model to the device\n"
        '    model = AutoModel.from_pretrained("bert-base-uncased")\n'
        "    # TODO: add support for multiple gpus\n"
        '    print("Training finished")\n'
    ),
    "config.json": '{"_target_": "torch.optim.AdamW", "model_type": "bert"}\n',
    "README.md": "Run `train.py` with `config.json`; see https://github.com/huggingface\n",
}
