"""Which files are configuration of a model, by name; what the rest of them are."""

from __future__ import annotations

import re

JSON, YAML, TOML, INI, ENV, GIN, PYTHON = "json", "yaml", "toml", "ini", ".env", "gin", "python"
_SUFFIXES = {
    ".json": JSON, ".json5": JSON, ".jsonc": JSON, ".yaml": YAML, ".yml": YAML, ".toml": TOML,
    ".ini": INI, ".cfg": INI, ".env": ENV, ".gin": GIN, ".py": PYTHON,
}  # fmt: skip

# Other detectors compare these, or they hold results and data rather than choices.
_NOT_CONFIG = re.compile(
    r"tokenizer|vocab|merges|special_tokens|added_tokens|chat_template|^normalizer\.json$|\.index\.json$|"
    r"(?:^|[_-])(?:results?|metrics|scores|predictions|annotations|outputs?|labels|log|logs)"
    r"(?:[_.-]|$)|trainer_state|dataset_infos?|\.ipynb|\.schema\.json$|_schema\.json$|"
    # What a recorder of runs writes beside each video.
    r"\.(?:meta|stats|manifest)\.json$",
    re.IGNORECASE,
)
# How a project is built, checked and served: it says nothing about a model.
_TOOLING = re.compile(
    r"^(?:package(?:-lock)?|tsconfig.*|jsconfig|composer|bower|lerna|nx|turbo|vercel|now|biome|"
    r"renovate|manifest|components|babel\.config|angular|firebase|devcontainer.*|launch|tasks|"
    r"extensions|c_cpp_properties|compile_commands|citation|zenodo|\.zenodo|codemeta|"
    r"pyproject|poetry|pipfile|cargo|netlify|fly|taplo|rustfmt|clippy|ruff|setup|tox|mypy|pytest|"
    r"pylintrc|flake8|logging|alembic|uv|pdm|"
    r"docker-compose.*|compose.*|mkdocs|codecov|cog|action|appveyor|environment.*|conda.*|meta|"
    r"pnpm-.*|_config|_toc|dependabot|labeler|openapi.*|swagger.*|chart|values|kustomization|"
    r"apt|requirements.*|recipe-lock|contributors|all-contributorsrc|typos|deptry|cliff)$",
    re.IGNORECASE,
)
_TOOLING_FOLDERS = frozenset(
    (".github", ".gitlab", ".circleci", ".vscode", ".idea", ".devcontainer", ".husky", ".git",
     "node_modules", "site-packages", "__pycache__", ".azure-pipelines", ".buildkite")
)  # fmt: skip
_DATA_FOLDERS = frozenset(("test", "tests", "testing", "testdata", "locale", "locales", "i18n"))


def format_of(path: str) -> str:
    """The format that a file of model configuration has by its name; empty for any other file."""
    *folders, name = path.lower().split("/")
    stem, dot, suffix = name.rpartition(".")
    if name == ".env" or name.startswith(".env."):
        return ENV
    format_ = _SUFFIXES.get(dot + suffix, "")
    if not format_ or _TOOLING_FOLDERS.intersection(folders):
        return ""
    if format_ is PYTHON:
        return (
            "" if _DATA_FOLDERS.intersection(folders) or stem in {"setup", "conftest"} else PYTHON
        )
    if stem.startswith(".") or _TOOLING.match(stem) or _NOT_CONFIG.search(name):
        return ""
    return "" if _DATA_FOLDERS.intersection(folders) else format_


def is_named_config(path: str) -> bool:
    """Whether a file calls itself a configuration, so that leaving it out must be said."""
    return (
        "config" in path.lower() or "param" in path.lower() or format_of(path) in {TOML, GIN, ENV}
    )
