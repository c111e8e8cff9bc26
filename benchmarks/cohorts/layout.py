"""Which parts an author writes, and how they are spread over files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.cohorts.author import Author, Placed, text_of
from benchmarks.cohorts.grouping import grouped

# Parts by the file in which most people put them; a part in brackets is not in every work.
_USUAL = (
    ("data", ("clean", "split", "stats", "batches")),
    ("train", ("fit",)),
    ("evaluate", ("metrics", "classify")),
    ("generate", ("sample",)),
    ("support", ("seed", "log", "save", "picture")),
    ("tuning", ("search", "extra")),
)
_SOMETIMES = {
    "clean": 0.5, "stats": 0.6, "seed": 0.5, "save": 0.5, "picture": 0.6, "search": 0.3,
    "extra": 0.7,
}  # fmt: skip
_STEPS = (
    "get", "seed", "read", "clean", "stats", "split", "vocab", "rows", "baseline", "model", "fit",
    "picture", "save", "measure", "sample", "label", "search", "extra",
)  # fmt: skip
# Steps that may stand anywhere behind `fit`.
_LATE = ("picture", "save", "measure", "sample", "label", "search", "extra")


@dataclass(frozen=True)
class Plan:
    """Parts by file, how modules name each other, and which files become notebooks."""

    files: Mapping[str, tuple[str, ...]]
    dot: str
    notebooks: frozenset[str]


def write_parts(author: Author) -> dict[str, str]:
    """Let an author write all parts of the code; returns the settings, where they are a file."""
    chance = author.chance
    parts = [part for _, group in _USUAL for part in group]
    parts = [part for part in parts if chance.often(_SOMETIMES.get(part, 1.0))]
    for part in parts:
        author.written[part] = _part(author, part)
    author.written["main"] = _main(author, parts)
    author.written["config"], others = _config(author)
    return others


def plan_of(author: Author) -> Plan:
    """Spread what an author has written over files."""
    parts = [part for _, group in _USUAL for part in group if part in author.written]
    shape = author.flags["shape"]
    single = shape in ("script", "notebook")
    files = _single(author, parts) if single else _spread(author, parts)
    main = next(path for path, names in files.items() if "main" in names)
    return Plan(
        files,
        "." if shape == "package" else "",
        frozenset([main]) if shape in ("notebook", "mixed") else frozenset(),
    )


def _part(author: Author, part: str) -> str:
    if part == "fit":
        lines = [*author.write("device"), (0, ""), (0, ""), *author.write("measure")]
        lines += [(0, ""), (0, ""), *author.write("fit")]
        return text_of(lines, author.flags).lstrip("\n")
    return text_of(author.write(part), author.flags)


def _single(author: Author, parts: list[str]) -> dict[str, tuple[str, ...]]:
    chance = author.chance
    order = ["config", *parts, "main"]
    if chance.often(0.4):  # some write in the order of the work, some as it comes
        inner = order[1:-1]
        chance.shuffle(inner)
        order = ["config", *inner, "main"]
    name = chance.choice(("main", "solution", "train", "run", "assignment", "tides", "notes_model"))
    return {f"{name}.py": tuple(order)}


def _spread(author: Author, parts: list[str]) -> dict[str, tuple[str, ...]]:
    """Several modules: the usual groups, some of them joined and some parts moved."""
    chance = author.chance
    folder = _folder(author)
    groups = {name: [part for part in group if part in parts] for name, group in _USUAL}
    for name in [name for name in groups if name != "data"]:
        if chance.often(0.35):
            other = chance.choice([each for each in groups if each != name])
            groups[other] += groups.pop(name)
    loose = [part for group in groups.values() for part in group]
    for part in chance.sample(loose, 2):
        for inner in groups.values():
            if part in inner:
                inner.remove(part)
        groups[chance.choice(sorted(groups))].append(part)
    groups.setdefault("config" if chance.often(0.5) else "main", []).insert(0, "config")
    groups.setdefault("main", []).append("main")
    files = {}
    for name, inner in groups.items():
        if inner:
            files[f"{folder}{author.one(f'file.{name}')}.py"] = tuple(inner)
    return files


def _folder(author: Author) -> str:
    if author.flags["shape"] == "package":
        return author.chance.choice(("src/", "tides/", "notes/", "project/", "solution/", "code/"))
    return ""


def _main(author: Author, parts: list[str]) -> str:
    chance = author.chance
    asked = {"label": "classify"}
    known = {*parts, "get", "read", "vocab", "rows", "baseline", "model", "measure", "label"}
    steps = [step for step in _STEPS if asked.get(step, step) in known]
    late = [step for step in steps if step in _LATE]
    chance.shuffle(late)
    steps = [step for step in steps if step not in _LATE] + late
    return _framed(author, [_step(author, step, step in steps[7:]) for step in steps])


def _step(author: Author, step: str, odd: bool) -> list[Placed]:
    """The lines of one step, perhaps with something else behind it."""
    lines = [*author.write("main.heading", (step,)), *author.write(_rule(step))]
    if odd:
        lines += author.write("main.odd")
    return lines + [(0, "")] * author.chance.often(0.4)


def _rule(step: str) -> str:
    if step == "get":
        return "config.get"
    return "main.stats" if step == "stats" else f"main.{step}"


def _framed(author: Author, steps: list[list[Placed]]) -> str:
    """The steps as some functions, as one, or as they stand."""
    functions: list[Placed] = []
    lines = [line for step in steps for line in step]
    if author.chance.often(0.5):
        functions, lines = grouped(author, steps)
    if author.flags["shape"] == "notebook" or author.flags["loop"] == "script":
        return text_of([*functions, *lines], author.flags)
    name = author.one("main.name")
    inner = [(depth + 1, text) for depth, text in lines]
    frame = [(0, f"def {name}():"), *inner, (0, ""), (0, ""), (0, 'if __name__ == "__main__":')]
    return text_of([*functions, *frame, (1, f"{name}()")], author.flags)


def _config(author: Author) -> tuple[str, dict[str, str]]:
    """The settings as code, or as a file beside it."""
    chance, kind = author.chance, author.flags["config"]
    wanted = sorted(author.settings)
    chance.shuffle(wanted)
    if not wanted:
        return "", {}
    items = [author.one("config.item", _item(author, each)) for each in wanted]
    if kind == "yaml":
        return "", {author.name("yamlfile"): "".join(f"{item}\n" for item in items)}
    if kind == "json":
        return "", {author.name("jsonfile"): "{\n  " + ",\n  ".join(items) + "\n}\n"}
    placed = [(int(item.startswith("_")), item.lstrip("_ ")) for item in items]
    lines = [*author.write("config.open"), *placed]
    closing = author.write("config.close")
    lines += [(int(text.startswith("_")), text.lstrip("_ ")) for _, text in closing]
    return text_of(lines, author.flags), {}


def _item(author: Author, setting: str) -> tuple[str, str, str]:
    """Name, value and type of a setting."""
    value = author.settings[setting]
    if author.flags["config"] in ("yaml", "json") and "e" in value and value[0].isdigit():
        value = f"{float(value):.4f}"  # YAML takes 5e-4 for a word
    return author.key(setting), value, _type(value)


def _type(value: str) -> str:
    if value.startswith('"'):
        return "str"
    return "int" if value.isdigit() else "float"


def report(author: Author) -> dict[str, str]:
    """What an author writes about the work, if anything."""
    if not author.chance.often(0.8):
        return {}
    if "arch" not in author.flags:  # a copier has to say something too
        author.write("model.arch")
    return {author.one("file.report"): text_of(author.write("report"), {"indent": "four"})}
