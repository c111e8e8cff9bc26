"""The names a repository goes by, and which of them are rare enough to be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from codesim.detectors.attribution.profile import OwnName

# Words that name no particular work. A repository called so is only found by owner and name.
_GENERIC_WORDS = """
    app apps base baseline bench benchmark bot chat chatbot cli client code codebase common config
    core data dataset datasets deep demo demos dev docs eval evaluation example examples experiment
    experiments final finetune finetuning framework generation image images inference init instruct
    large lib library main master memory mini model modeling modelling models mono multi multimodal
    nano network networks neural new notebook notebooks paper pipeline plus preview pro processor
    processors project projects prompt public python pytorch release repo repository research
    result results sample samples script scripts server simple small source speech src test tests
    text tiny tool tools toolkit torch train trainer training transformer transformers tutorial
    util utils v1 v2 v3 version video vision vqa web weights work mirror backup copy fork clone
    config configuration tokenizer image_processing image_processor processing language assistant
    introduction installation overview usage readme about mine untitled welcome requirements
    decoder encoder projection projector resampler vision_model visual audio agent agents engine
    activations attention block blocks embeddings head heads input inputs layers loss losses norm
    output outputs
"""
# Public families that thousands build on: to speak of them names nobody's repository.
_FAMILIES = """
    alpaca bert blip clip codellama deberta deepseek diffusers falcon flamingo gemma gpt gpt2 gpt3
    gpt4 gptj huggingface idefics idefics2 llama llama2 llama3 llama31 llama32 lora mae mistral
    mixtral moco mpt numpy opt phi phi2 phi3 pythia qwen qwen2 resnet roberta sam siglip
    stablediffusion stablelm swin t5 timm unet vicuna vit wav2vec2 whisper yi yolo zephyr meta
    openai google microsoft facebook facebookresearch nvidia metallama meta-llama
"""
_PARTS = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
GENERIC = frozenset(_GENERIC_WORDS.split())
FAMILIES = frozenset(_FAMILIES.split())
# Sizes and versions: 7b, 2, v3, 448px.
_SIZE = re.compile(r"v?\d+[a-z]{0,2}")
_LEAST = 4
# Of a longer name the end is a version.
_MOST_PARTS = 8


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a name in small letters: MiniTile-V_2.5 is minitile, v, 2, 5."""
    return tuple(_PARTS.findall(text.lower()))


def plain(text: str) -> str:
    """A name without separators."""
    return "".join(parts_of(text))


def says(text: str, name: str) -> bool:
    """True where a text has a name as whole words or whole parts of words.

    ``LumigridPooler`` has Lumigrid, and "existing code" no name of its letters.
    """
    return plain(name) in runs_of(text)


def runs_of(text: str) -> set[str]:
    """Parts of words that follow each other in a text, joined: all that a name in it can be."""
    humps = tuple(part.lower() for part in _HUMP.findall(text))
    return {
        "".join(parts[start : start + count])
        for parts in (parts_of(text), humps)
        for start in range(len(parts))
        for count in range(1, _MOST_PARTS + 1)
    }


def is_rare(name: str) -> bool:
    """False for names that many repositories go by, or that anybody speaks of."""
    parts = parts_of(name)
    joined = "".join(parts)
    if len(joined) < _LEAST or joined.isdigit() or joined in GENERIC or joined in FAMILIES:
        return False
    return any(
        len(part) > 1 and part not in GENERIC and part not in FAMILIES and not _SIZE.fullmatch(part)
        for part in parts
    )


def is_front(path: str) -> bool:
    """True for the front page of a repository."""
    return "/" not in path and parts_of(path)[:1] == ("readme",)


def leading(name: str) -> str:
    """The first part of a name where it alone is rare: minitile of MiniTile-V-2_5."""
    first = next(iter(parts_of(name)), "")
    return first if len(first) > _LEAST and is_rare(first) else ""


def split_repository(text: str) -> tuple[str, str]:
    """Owner and name of an address or an id; two empty strings where it is neither."""
    text = re.sub(r"^(?:https?://|git@|ssh://)?[\w.-]+\.(?:com|co|org|cn|net|io)[/:]", "", text)
    pieces = [piece for piece in text.removesuffix(".git").split("/") if piece]
    pieces = [piece for piece in pieces if piece not in ("datasets", "spaces", "models")]
    return (pieces[0], pieces[1]) if len(pieces) >= 2 else ("", "")


def distinct(names: Iterable[OwnName]) -> tuple[OwnName, ...]:
    """Each name once, with the first source given for it, sorted."""
    kept: dict[str, OwnName] = {}
    for name in names:
        kept.setdefault(name.name.lower(), name)
    return tuple(kept[key] for key in sorted(kept))
