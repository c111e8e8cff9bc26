"""What a repository calls itself: by its address, configurations, packages, files and title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from codesim.detectors.attribution.names import (
    distinct,
    is_front,
    is_rare,
    leading,
    plain,
    split_repository,
)
from codesim.detectors.attribution.papers import own_papers
from codesim.detectors.attribution.profile import OwnName
from codesim.model import Snapshot

_MODULE = re.compile(
    r"(?:^|/)(?:modeling|configuration|tokenization|processing|image_processing)_(\w{3,60})\.py$"
)
_VALUE = re.compile(r"\"(_name_or_path|model_type)\"\s{0,4}:\s{0,4}\"([^\"\n]{3,120})\"")
_PACKAGE = re.compile(r"^\s{0,8}name\s{0,4}=\s{0,4}[\"']([\w.-]{2,80})[\"']", re.MULTILINE)
_TITLE = re.compile(r"^#\s{1,4}([^\n]{2,100})$|<h1[^>]{0,80}>([^<\n]{2,100})", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?:github\.com|huggingface\.co|hf\.co|gitlab\.com)/(?:spaces/|datasets/)?"
    r"([A-Za-z0-9][\w.-]{0,60}/[\w.-]{2,96})"
)
_LOADED = re.compile(r"from_pretrained\(\s{0,20}[\"']([\w.-]{2,60}/[\w.-]{2,96})[\"']")
# Badges and links of a project itself stand at the top of its front page.
_FRONT = 2_500


class Identity(NamedTuple):
    """Names of the work, of who made it, both at once, and papers."""

    works: tuple[OwnName, ...]
    owners: tuple[OwnName, ...]
    repositories: tuple[OwnName, ...]
    papers: tuple[OwnName, ...]


def identity(snapshot: Snapshot, texts: dict[str, str]) -> Identity:
    """What a snapshot calls itself. ``texts`` are its front page, configurations and set-up."""
    works = [name for name in _works(snapshot, texts) if is_rare(name.name)]
    known = {plain(name.name) for name in works}
    repositories = list(_origin(snapshot))
    for repository in _claimed(texts):
        if _belongs(repository.name, known):
            repositories.append(repository)
    for repository in repositories:
        name = split_repository(repository.name)[1]
        works += [OwnName(each, repository.source) for each in (name, leading(name)) if each]
    owners = _owners(repositories)
    return Identity(
        distinct(name for name in works if is_rare(name.name)),
        distinct(name for name in owners if is_rare(name.name)),
        distinct(repositories),
        distinct(own_papers(texts, [name.name for name in works if is_rare(name.name)])),
    )


def _owners(repositories: list[OwnName]) -> Iterator[OwnName]:
    """Owners by address and configuration, and the one that the front page links most."""
    linked: Counter[str] = Counter()
    for repository in repositories:
        owner = OwnName(split_repository(repository.name)[0], repository.source)
        if is_front(repository.source):
            linked[owner.name.lower()] += 1
        else:
            yield owner
    most = max(linked.values(), default=0)
    for repository in repositories:
        owner = OwnName(split_repository(repository.name)[0], repository.source)
        if most and linked[owner.name.lower()] == most:
            yield owner


def _origin(snapshot: Snapshot) -> Iterator[OwnName]:
    origin = snapshot.origin.partition("@")[0] if "://" not in snapshot.origin else snapshot.origin
    if re.match(r"https?://|ssh://|git@|hf:", origin):
        owner, name = split_repository(origin)
        if owner:
            yield OwnName(f"{owner}/{name}", "its address")


def _works(snapshot: Snapshot, texts: dict[str, str]) -> Iterator[OwnName]:
    for entry in snapshot.entries:
        match = _MODULE.search(entry.path)
        if match:
            yield OwnName(match.group(1), entry.path)
        folders = entry.path.split("/")
        if folders[-1] == "__init__.py" and len(folders) == 2:
            yield OwnName(folders[0], entry.path)
    for path, text in sorted(texts.items()):
        for key, value in _VALUE.findall(text):
            if key == "model_type":
                yield OwnName(value, path)
        if path.endswith((".toml", "setup.py", "setup.cfg")):
            for name in _PACKAGE.findall(text)[:1]:
                yield OwnName(name, path)
        if is_front(path):
            yield from (OwnName(title, path) for title in _titles(text))


def _titles(text: str) -> Iterator[str]:
    """The first word of the title of a front page, where it is a name and no word of speech."""
    match = _TITLE.search(text[:_FRONT])
    title = (match.group(1) or match.group(2)).strip() if match else ""
    first = re.split(r"[:,\s(\[\u2013]", title, maxsplit=1)[0].strip("*_`")
    telling = any(c.isupper() for c in first[1:]) or re.search(r"[\d_-]", first)
    if first and (telling or first == title):
        yield first


def _claimed(texts: dict[str, str]) -> Iterator[OwnName]:
    """Repositories that may be its own: those of its front page and of its configuration."""
    for path, text in sorted(texts.items()):
        for key, value in _VALUE.findall(text):
            if key == "_name_or_path" and "/" in value:
                yield OwnName(value, path)
        if is_front(path):
            for name in (*_LOADED.findall(text), *_ADDRESS.findall(text[: 8 * _FRONT])):
                yield OwnName(name.removesuffix(".git").rstrip("."), path)


def _belongs(repository: str, known: set[str]) -> bool:
    """True when a repository is called like the files or the package that stand here."""
    name = split_repository(repository)[1]
    first = leading(name)
    joined = plain(name)
    return any(
        joined == each or (first and (each.startswith(first) or first == each)) for each in known
    )
