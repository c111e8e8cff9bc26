"""How much an agreement in one setting says, in bits beyond what public configuration shares."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from codesim.detectors.config.commonness import Frequencies
from codesim.detectors.config.profile import Setting
from codesim.detectors.config.public import Held, held, held_by_some, public_keys, public_values

# These say what a model is called, which classes run it and what wrote the file. Agreement in them
# is either the work of a tool or a claim that names its source.
_NEUTRAL = frozenset((
    "_name_or_path", "name_or_path", "transformers_version", "diffusers_version", "torch_dtype",
    "dtype", "architectures", "model_type", "auto_map", "version", "name", "class_name",
    "commit_hash", "target", "type", "description", "title", "author", "license", "url", "help",
    "from_model_config", "tokenizer_class", "processor_class", "image_processor_type",
    "feature_extractor_type", "video_processor_type", "task", "tags", "library_name",
    "pipeline_tag",
))  # fmt: skip
# A class and the library that has it, as a pipeline lists its parts.
_CLASS = re.compile(r"\[(?:diffusers|transformers|onnxruntime|null), \w+\]")
# A key that no public project has; one that a few have says less.
_NEW_KEY = 3.0
# A value under its key that one public project has. It may come from there.
_ONE_PROJECT = 1.0
# A text or list that some public project has, under whatever key.
_KNOWN_VALUE = 1.5
_FLAG_BITS, _TEXT_LEAST, _TEXT_MOST, _NUMBER_MOST = 1.0, 2.0, 8.0, 10.0
# A judgement, not a measurement: a digit carries 3.3 bits, and people like round numbers.
_BITS_PER_DIGIT = 2.0
# A list of more words than this names the classes of a data set, which everybody takes as they are.
_LABELS = 15
# An agreement of fewer bits is called common; from so many on it is called rare.
COMMON_BELOW, RARE_FROM = 1.0, 3.0


class Rarity:
    """Bits of settings, given the public tables and what a base explains."""

    def __init__(self, frequencies: Frequencies, base: Iterable[Setting] = ()) -> None:
        self.frequencies = frequencies
        self.base: frozenset[Held] = frozenset(map(held, base))
        self._known: dict[tuple[Held, str], float] = {}

    def bits(self, setting: Setting) -> float:
        """What it says that two configurations have this value under this key."""
        asked = held(setting), setting.form
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._bits(setting)
        return found

    def _bits(self, setting: Setting) -> float:
        pair = held(setting)
        if pair in self.base or pair in held_by_some() or setting.key.strip("_") in _STRIPPED:
            return 0.0
        if setting.form == "null" or not setting.key or _CLASS.fullmatch(setting.value):
            return 0.0
        key, _, both = self.frequencies.of(setting)
        if both:
            return max(0.0, _ONE_PROJECT - 0.5 * math.log2(both))
        if setting.key in public_keys():
            return self.value_bits(setting)
        return self.value_bits(setting) + max(0.0, _NEW_KEY - math.log2(key + 1))

    def value_bits(self, setting: Setting) -> float:
        """What it says that two configurations have this value, under whatever keys."""
        if setting.form in ("null", "name"):
            return 0.0
        if setting.form == "flag":
            return _FLAG_BITS
        plain = information(setting)
        if setting.form == "number":
            return plain
        return min(plain, _KNOWN_VALUE) if self.is_known_value(setting) else plain

    def is_new(self, setting: Setting) -> bool:
        """Whether no public project or model has the key."""
        return not self.frequencies.of(setting)[0] and setting.key not in public_keys()

    def is_known_value(self, setting: Setting) -> bool:
        """Whether some public project or model has the value, under whatever key."""
        known = setting.value in public_values() or self.frequencies.of(setting)[1]
        return bool(known) or setting.form in ("flag", "null", "name")

    def words(self, setting: Setting) -> str:
        """The rarity of a setting as a reader is told it."""
        if held(setting) in self.base:
            return "in the base"
        model = held_by_some().get(held(setting))
        if model:
            return f"as in {model}"
        if setting.key.strip("_") in _STRIPPED:
            return "says who, not what"
        key, _, both = self.frequencies.of(setting)
        total = len(self.frequencies.commons.projects)
        if not total:
            return "not known"
        if both:
            return f"in {both} of {total} public projects"
        if setting.form == "null":
            return "no value"
        if setting.key in public_keys():
            return "key of public models, never with this value"
        if key:
            return f"key in {key} of {total} public projects, never with this value"
        return f"key in none of {total} public projects"


_STRIPPED = frozenset(name.strip("_") for name in _NEUTRAL)


def information(setting: Setting) -> float:
    """Bits of a value by its look alone: round numbers and short words are everybody's."""
    if setting.form == "number":
        return _of_number(setting.value)
    if setting.form == "list":
        parts = {part.strip(" []{}") for part in setting.value.split(",")}
        words = sum(not p[:1].isdigit() and p[:1] not in "-+." for p in parts)
        if words > _LABELS:
            return _KNOWN_VALUE
        total = sum(_of_number(p) if p[:1].isdigit() else _of_text(p) / 2 for p in parts if p)
        return min(_NUMBER_MOST, total)
    return _of_text(setting.value)


def _of_number(text: str) -> float:
    try:
        value = abs(float(text))
    except ValueError:
        return _TEXT_LEAST
    mantissa = text.lower().partition("e")[0].lstrip("+-")
    digits = mantissa.replace(".", "").lstrip("0")
    if "." not in mantissa:
        digits = digits.rstrip("0")
    most = _BITS_PER_DIGIT * max(1, len(digits))
    # Powers of two, and those times three, are the round numbers of this trade.
    if value and value < 2**40 and (value.is_integer() and _is_round(int(value))):
        most = min(most, 2 * _BITS_PER_DIGIT)
    return min(_NUMBER_MOST, most)


def _is_round(value: int) -> bool:
    while value % 2 == 0 and value:
        value //= 2
    return value in (1, 3)


def _of_text(text: str) -> float:
    return min(_TEXT_MOST, _TEXT_LEAST + 0.25 * len(text))
