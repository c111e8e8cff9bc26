"""Which files are read as what: code, prose, configuration; and which are third-party."""

from __future__ import annotations

import re

CODE, PROSE, CONFIG = "code", "prose", "configuration"

_HASH = "py pyi pyw ipynb sh bash zsh r jl rb pl mk cmake gin"
_SLASH = "c cc cpp cxx h hpp hh cu cuh js jsx ts tsx mjs java go rs swift kt cs scala proto"
_PROSE = "md rst txt tex markdown"
_CONFIG = "json yaml yml toml ini cfg conf env jsonl"
HASH_SUFFIXES, SLASH_SUFFIXES = frozenset(_HASH.split()), frozenset(_SLASH.split())
PROSE_SUFFIXES, CONFIG_SUFFIXES = frozenset(_PROSE.split()), frozenset(_CONFIG.split())
NAMED = {
    "Dockerfile": CODE,
    "Makefile": CODE,
    "README": PROSE,
    "CHANGELOG": PROSE,
    ".env": CONFIG,
}

# Folders in which projects keep what others wrote.
_VENDORED = re.compile(
    r"(?:^|/)(?:third[_-]?party|3rd[_-]?party|vendor|vendored|_vendor|externals?|node_modules"
    r"|site-packages|submodules|deps)/",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:^|/)(?:licen[cs]es?|copying|notice|patents|authors|code_of_conduct)(?:[-_.][\w.-]*)?$"
    r"|(?:^|/)licen[cs]es/",
    re.IGNORECASE,
)
# Vocabularies, merges, tensor lists and lock files are data, which other detectors read.
_DATA = re.compile(
    r"(?:^|/)(?:tokenizer|vocab|added_tokens|merges)\.(?:json|txt)$|index\.json$"
    r"|(?:^|/)(?:package-lock|npm-shrinkwrap)\.json$|\.min\.\w+$|requirements[\w.-]*\.lock$",
    re.IGNORECASE,
)


def role_of(path: str) -> str:
    """What a file is read as; empty for what is not read."""
    if _DATA.search(path):
        return ""
    name = path.rpartition("/")[2]
    if name in NAMED:
        return NAMED[name]
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in HASH_SUFFIXES or suffix in SLASH_SUFFIXES:
        return CODE
    if suffix in PROSE_SUFFIXES:
        return PROSE
    return CONFIG if suffix in CONFIG_SUFFIXES else ""


def has_slash_comments(path: str) -> bool:
    """True for languages of the C family."""
    return path.rpartition(".")[2].lower() in SLASH_SUFFIXES


def third_party(path: str) -> str:
    """Why a file is set aside as somebody else's; empty where it is not."""
    if _LEGAL.search(path):
        return "legal text, which is the same everywhere"
    return "third-party code by its folder" if _VENDORED.search(path) else ""


# Files that every repository of a model hub may have; tools name them whether they are there or
# not.
_STANDARD = """
    config.json generation_config.json tokenizer.json tokenizer_config.json special_tokens_map.json
    added_tokens.json vocab.json vocab.txt merges.txt tokenizer.model preprocessor_config.json
    processor_config.json chat_template.json model_index.json adapter_config.json
    adapter_model.safetensors adapter_model.bin pytorch_model.bin pytorch_model.bin.index.json
    model.safetensors model.safetensors.index.json diffusion_pytorch_model.safetensors
    diffusion_pytorch_model.bin scheduler_config.json training_args.bin trainer_state.json
    modules.json spiece.model sentencepiece.bpe.model consolidated.00.pth params.json
    requirements.txt setup.py setup.cfg pyproject.toml README.md package.json __init__.py
"""
STANDARD_NAMES = frozenset(_STANDARD.split())
