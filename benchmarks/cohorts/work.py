"""One piece of work: what an author writes on top of the starter code, and in which files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from benchmarks.cohorts.author import Author, text_of
from benchmarks.cohorts.imports import defined, library_lines, local_lines
from benchmarks.cohorts.layout import Plan, plan_of, report, write_parts
from benchmarks.cohorts.style import typed

_STARTER = Path(__file__).resolve().parent / "starter.txt"
_MARK = re.compile(r"^( *)#@ ([\w.]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Work:
    """Files by path. ``starter`` names those that came with the assignment and were filled in,
    ``notebooks`` the modules that are handed in as notebooks.
    """

    modules: Mapping[str, str]
    starter: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=dict)
    notebooks: frozenset[str] = frozenset()


@cache
def handout() -> Mapping[str, str]:
    """The files of the assignment, with marks where something is to be written."""
    parts = re.split(r"^=== (.+)\n", _STARTER.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def starter() -> dict[str, str]:
    """The files as everybody gets them."""
    return {
        path: _MARK.sub(lambda found: _todo(found[1]), text) for path, text in handout().items()
    }


def _todo(margin: str) -> str:
    return f"{margin}raise NotImplementedError  # TODO" if margin else "# TODO: what you need"


def written(author: Author) -> Work:
    """Everything that an author hands in."""
    filled = _filled(author)
    others = write_parts(author)
    return assembled(author, filled, {**others, **report(author)})


def assembled(author: Author, filled: Mapping[str, str], others: Mapping[str, str]) -> Work:
    """The parts that an author has, spread over files with the imports that they need."""
    plan = plan_of(author)
    texts = {path: _joined(author, names) for path, names in plan.files.items()}
    # What the main part assigns is its own.
    offers = {
        path: defined(_joined(author, tuple(name for name in names if name != "main")))
        for path, names in plan.files.items()
    }
    modules = {
        path: _headed(author, path, text, offers, plan) for path, text in sorted(texts.items())
    }
    return Work(modules, filled, others, plan.notebooks)


def _filled(author: Author) -> dict[str, str]:
    """The starter files with something of the author's in each mark."""
    for rule in ("starter.habits", "starter.bigram", "model.arch"):
        author.write(rule)
    return {
        path: _filled_in(author, text) for path, text in handout().items() if _MARK.search(text)
    }


def _filled_in(author: Author, text: str) -> str:
    def put(found: re.Match[str]) -> str:
        lines = text_of(author.write(found[2]), {"indent": "four"}).splitlines()
        return "\n".join(f"{found[1]}{line}".rstrip() for line in lines)

    made = _MARK.sub(put, text)
    head, mark, rest = made.partition("from __future__ import annotations\n\n")
    lines = library_lines(rest, author.chance)
    new = [line for line in lines if not line.startswith("from tidelog")]
    return head + mark + "".join(f"{line}\n" for line in new) + rest


def _joined(author: Author, names: tuple[str, ...]) -> str:
    texts = (author.written.get(name, "") for name in names)
    return "\n\n".join(text for text in texts if text.strip())


def _headed(
    author: Author, path: str, text: str, offers: Mapping[str, tuple[str, ...]], plan: Plan
) -> str:
    """A module with its imports and perhaps a docstring in front."""
    libraries = library_lines(text, author.chance)
    local = local_lines(path, text, offers, plan.dot, author.chance)
    title = author.one("module.title", (path.rpartition("/")[2].removesuffix(".py"),))
    opening = [f'"""{title}."""'] if author.flags["docs"] != "none" else []
    blocks = [opening, libraries, local]
    head = "\n\n".join("\n".join(block) for block in blocks if block)
    return typed(f"{head}\n\n\n{text}" if head else text, author.flags)
