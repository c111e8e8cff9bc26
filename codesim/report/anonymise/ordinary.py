"""Which words name nobody: what public projects say themselves, short words, and our own."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable
from functools import lru_cache

from codesim.commons.words import frequencies
from codesim.report.anonymise.split import WORD, humps, plain

# Of the 50 packages of the table, surnames and given names are words in at most 13 (smith, zhang)
# and hardly ever names of variables; large organisations are words in 19 (facebook) to 36
# (google), and words such as white, vision or combination in 26 and more.
_MOST_NAMES = 1
_MOST_WORDS = 18
_LEAST_LETTERS = 3
# The table counts words from five letters on. These are shorter, or spelled as codesim spells.
_SHORT = """
    able about across act add after again age ago aim air all also always am an and any are arm art
    as ask at away back bad bar base be best big bit both box but buy by call can car case city code
    cold come cost cut data date day deal deep dir do does done down draw drop dry due each ease
    east easy edge else end ever face fact fair fall far fast feed feel few file fill film find fine
    fire firm fish fit five fix flat flow foot for form four free from full fun game gate get give
    go goal gold good grow half hand hard has have he head hear heat help her here hide high him his
    hit hold home hope hour how huge idea if in inch into is it its job join jump just keep key kind
    know lack land last late law lay lead left less let life lift like line link list live load long
    look lose loss lot love low main make many mark mass max may mean meet mind min mine miss mode
    more most move much must name near need net new news next nice no none nor not note now of off
    often old on once one only onto open or order other our out over own pack page pair part pass
    past path pay pick plan play plus point poor post pull push put race rain rank rate read real
    red rest rich right ring rise road role room root rule run safe said sale same save say sea seat
    see seed seek seem self sell send set she ship show side sign site size skip slow so soft some
    son soon sort star stay step stop such sure take talk tall task team tell ten test text than
    that the them then they thin this thus time tiny to top town tree trip true try turn two type
    unit up upon use user used very view wait walk wall want war warm was wave way we weak wear week
    well went were west what when who why wide wife will win wind wise wish with word work yard
    year yes yet you young your zero
    attribution base behaviour canonical cell clone commons config copied coverage detector evidence
    exact excluded fragment header identical leftovers licence licences lines match matched matches
    notebook overall pairs project projects prefixes rare rename renamed renames repository
    restructured shared sides similarity skipped snapshot strength strong structure submission
    tensor tensors tokenizer tokenizers tokens unknown upstream weak weights whole archive memory
    folder git https http www com org net html json markdown sarif csv
    bert blip clip gemma gpt gpt2 gpt3 gpt4 llama lora mae mpt opt phi phi2 phi3 qwen sam swin t5
    timm unet vit yolo
    admin anonymous app authors author contributors dev guest info jovyan me none noreply nobody
    null root runner someone test todo ubuntu unknown user username users you yourname
"""
_STOP = frozenset((
    *_SHORT.split(),
    *map(str.lower, keyword.kwlist),
    *map(str.lower, dir(builtins)),
))  # fmt: skip


def is_ordinary(text: str) -> bool:
    """True for a word that many public projects use, so that it names no person or repository."""
    small = plain(text)
    letters = sum(map(str.isalpha, small))
    if small in _STOP or letters == 0 or (small.isascii() and letters < _LEAST_LETTERS):
        return True
    return is_public(small) or _is_public_compound(text)


@lru_cache(maxsize=65536)
def is_public(small: str) -> bool:
    """True for a word in small letters that the table of words knows well, in any casing."""
    as_name, as_capital, as_constant, as_word = frequencies(
        [
            ("name", small),
            ("name", small.capitalize()),
            ("name", small.upper()),
            ("word", small),
        ]
    )
    return max(as_name, as_capital, as_constant) > _MOST_NAMES or as_word > _MOST_WORDS


@lru_cache(maxsize=65536)
def is_public_repository(name: str) -> bool:
    """True for an owner/name that two or more public projects speak of."""
    return frequencies([("repository", name)]) != [0]


def _is_public_compound(text: str) -> bool:
    """True where a name of several words is one that code uses: ``data_loader``."""
    parts = [hump.text for word in WORD.findall(text) for hump in humps(word)]
    if len(parts) < 2:
        return False
    spellings: Iterable[str] = (
        "_".join(parts),
        "".join(parts),
        "".join(map(str.capitalize, parts)),
    )
    return max(frequencies([("name", each) for each in spellings])) > _MOST_NAMES
