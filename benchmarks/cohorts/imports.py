"""The imports that a module needs, read from what its text uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from benchmarks.ladder.chance import Chance

# What stands in the text, and the lines that provide it: one of them is chosen.
_NEEDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bargparse\.", ("import argparse",)),
    (r"\bcollections\.", ("import collections",)),
    (r"\bcontextlib\.", ("import contextlib",)),
    (r"\bcopy\.", ("import copy",)),
    (r"\bcsv\.", ("import csv",)),
    (r"\bdataclasses\.", ("import dataclasses",)),
    (r"\bdifflib\.", ("import difflib",)),
    (r"\bhashlib\.", ("import hashlib",)),
    (r"\bheapq\.", ("import heapq",)),
    (r"\bitertools\.", ("import itertools",)),
    (r"\bjson\.", ("import json",)),
    (r"\blogging\.", ("import logging",)),
    (r"\bmath\.", ("import math",)),
    (r"\boperator\.", ("import operator",)),
    (r"\bos\.", ("import os",)),
    (r"\brandom\.|=random\)", ("import random",)),
    (r"\bre\.", ("import re",)),
    (r"\bshutil\.", ("import shutil",)),
    (r"\bstatistics\.", ("import statistics",)),
    (r"\bstring\.", ("import string",)),
    (r"\btime\.", ("import time",)),
    (r"\btypes\.", ("import types",)),
    (r"\btyping\.", ("import typing",)),
    (r"\bunicodedata\.", ("import unicodedata",)),
    (r"\bzlib\.", ("import zlib",)),
    (r"\bCounter\b", ("from collections import Counter",)),
    (r"\bdefaultdict\b", ("from collections import defaultdict",)),
    (r"\bPath\b", ("from pathlib import Path",)),
    (r"\bplt\.", ("import matplotlib.pyplot as plt", "from matplotlib import pyplot as plt")),
    (r"\bnp\.", ("import numpy as np",)),
    (r"\btorch\.", ("import torch",)),
    (r"\byaml\.", ("import yaml",)),
    (r"\boptim\.Adam\(", ("from torch import optim", "import torch.optim as optim")),
    (r"\bF\.", ("import torch.nn.functional as F", "from torch.nn import functional as F")),
    (r"\bnn\.", ("from torch import nn", "import torch.nn as nn")),
    (r"\btqdm\b", ("from tqdm import tqdm", "from tqdm.auto import tqdm")),
    (r"\bBigram\b", ("from tidelog.baseline import Bigram",)),
    (r"\bNextSymbol\b", ("from tidelog.model import NextSymbol",)),
    (r"\bread_notes\b", ("from tidelog.reading import read_notes",)),
    (r"\bNote\(", ("from tidelog.reading import Note",)),
    (r"\bperplexity\(", ("from tidelog.scoring import perplexity",)),
    (r"\bVocabulary\b", ("from tidelog.vocabulary import Vocabulary",)),
)
_DEFINED = re.compile(r"^(?:def|class) (\w+)|^(\w+) = ", re.MULTILINE)


def defined(text: str) -> tuple[str, ...]:
    """Names that a module offers to others."""
    return tuple(dict.fromkeys(a or b for a, b in _DEFINED.findall(text)))


def library_lines(text: str, chance: Chance) -> list[str]:
    """Import lines for libraries and the starter code, in an order that a person might choose."""
    bare = _bare(text)
    lines = [
        chance.choice(lines)
        for pattern, lines in _NEEDS
        if re.search(pattern, bare) and not _has(bare, lines)
    ]
    if chance.often(0.3):
        chance.shuffle(lines)
    return lines


def local_lines(
    path: str, text: str, offers: Mapping[str, Iterable[str]], dot: str, chance: Chance
) -> list[str]:
    """Import lines for what the other modules of the same work offer. ``dot`` leads to them."""
    used = set(re.findall(r"\b\w+\b", _bare(text)))
    lines = []
    for other in sorted(offers):
        names = [name for name in offers[other] if name in used and name not in defined(text)]
        if other != path and names:
            module = other.rpartition("/")[2].removesuffix(".py")
            if chance.often(0.3):
                names.sort()
            lines.append(f"from {dot}{module} import {', '.join(names)}")
    return lines


def _bare(text: str) -> str:
    """The text without plain strings and comments; f-strings stay, since they hold code."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return re.sub(r'(?<![fF])"(?:[^"\\\n]|\\.)*"', '""', "\n".join(lines))


def _has(text: str, lines: Iterable[str]) -> bool:
    """Whether one of some import lines stands in a text."""
    names = [re.escape(line) for line in lines]
    return any(re.search(rf"^{name}$", text, re.MULTILINE) for name in names)
