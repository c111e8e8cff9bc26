"""Patterns of places in a line where a name stands, each with words that such a line has.

Every pattern is looked for only in lines that have one of its words, and takes time that grows with
the line and not with its square: repeats are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codesim.report.anonymise.hosts import BEFORE_OWNER, HOSTING, PERSONAL

_I = re.IGNORECASE
_OWNER = r"(?P<owner>[A-Za-z0-9~][\w.~-]{0,99})"
_PROJECT = r"(?:/(?P<project>[A-Za-z0-9][\w.-]{0,99}))?"

MAIL = re.compile(
    r"(?<![\w.+%-])(?P<local>[A-Za-z0-9][\w.+%-]{0,63})@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,5}"
    r"(?:[a-z]{2}|com|org|net|edu|gov|info|name|dev|app|tech|xyz|cloud|online|site|science))"
    r"(?![\w(\[@-]|\.\w)"
)
HOSTED = re.compile(
    rf"(?<![\w-])(?:{'|'.join(map(re.escape, HOSTING))})[:/]{{1,2}}"
    rf"(?:(?:{'|'.join(BEFORE_OWNER)})/)?@?{_OWNER}{_PROJECT}",
    _I,
)
SUBDOMAIN = re.compile(
    rf"(?<![\w.-])(?P<owner>[A-Za-z0-9][\w-]{{0,62}})\.(?:{'|'.join(map(re.escape, PERSONAL))})"
    rf"(?:/(?P<project>[A-Za-z0-9][\w-]{{0,99}})(?=[/\s\"')>]|$))?",
    _I,
)
ON_HUB = re.compile(rf"(?<![\w:/])hf:(?:(?:spaces|datasets)/)?{_OWNER}{_PROJECT}")
LOADED = re.compile(
    r"(?:from_pretrained|push_to_hub|load_dataset|snapshot_download|hf_hub_download|load_model"
    r"|(?:repo|model|dataset)_(?:id|name|path)|_or_path|base_model|hub_name|finetuned_from)"
    rf"[\"']?\s{{0,8}}[(:=]\s{{0,8}}[\"']{_OWNER}/(?P<project>[\w.-]{{1,100}})[\"']"
)
TILDE = re.compile(r"(?<=/)~(?P<owner>[A-Za-z][\w.-]{1,40})(?=[/\s\"')>]|$)")
HOME = re.compile(
    r"(?:/(?:home|Users|nethome|netscratch|scratch)/(?:users?/)?"
    r"|\b[A-Za-z]:[\\/]{1,2}Users[\\/]{1,2})"
    r"(?P<who>[\w.-]{2,40})"
)
# Where data lies, a folder may be called after its owner, or after the data.
DISK = re.compile(
    r"(?<![\w/])/(?:data\d{0,2}|mnt|storage|nfs|lustre|gpfs|export|ssd|disk\d{0,2}|workspace)/"
    r"(?:users?/|home/)?(?P<who>[A-Za-z][\w.-]{1,40})(?=/)"
)
PROMPT = re.compile(r"(?<![\w.@-])(?P<who>[a-z][\w.-]{1,31})@[\w.-]{1,63}:(?=[~/])")
ACCOUNT = re.compile(
    r"\b(?:\w{0,20}_)?(?:user_?name|user|login|entity|owner|namespace|organi[sz]ation|account|team)"
    r"[\"']?\s{0,8}[:=]\s{0,8}[\"'](?P<who>[\w.@-]{2,60})[\"']",
    _I,
)
TASK = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NOTE)\s?\(@?(?P<who>[\w.-]{2,40})\)")
HANDLE = re.compile(r"(?<![\w.@/+`)\]-])@(?P<who>[A-Za-z0-9][A-Za-z0-9-]{1,38})(?![\w(\[/@]|\.\w)")
RIGHTS = re.compile(
    r"(?:copyright|copr\.|\u00a9|\(c\)(?=\s{0,3}(?:copyright|\d{4})))"
    r"(?:\s{0,4}(?:\(c\)|\u00a9|copyright|by|(?P<year>\d{4})|[\d,\u2013-]+)){0,8}"
    r"[\s:]{1,4}(?P<who>[^\n\r]{2,120})",
    _I,
)
FIELD = re.compile(
    r"(?:^|[\"'{\[,(\s@:\\])_{0,2}(?:authors?|author_name|author_email|maintainers?|creators?"
    r"|copyright_?holders?|credits?|contributors?|contact|family-names|given-names|full_?name"
    r"|\u4f5c\u8005)_{0,2}[\"']?\s{0,8}"  # the last one is author in Chinese
    # In code only a literal is a name: `author = get_author()` names nobody.
    r"(?:[:\uff1a]|=(?=\s{0,8}[\[({]?\s{0,8}[\"'{])|(?<=[a-z])\{)\s{0,8}(?P<who>[^\n\r]{2,200})",
    _I | re.MULTILINE,
)
BY = re.compile(
    r"(?P<first>^\W{0,12})?\b(?:written|created|contributed|developed|implemented|modified"
    r"|maintained|coded|made|ported|signed-off|co-authored|reviewed|acked)[ -]by\b"
    r"[\s:]{1,4}(?P<who>[^\n\r]{2,120})",
    _I | re.MULTILINE,
)
ENTRY = re.compile(r"\{\s{0,8}name\s{0,4}=\s{0,4}(?P<who>[\"'][^\"'\n\r]{2,80}[\"'])")
TAG = re.compile(r"[@\\](?:author|since|copyright)\b[\s:]{1,4}(?P<who>[^\n\r]{2,120})", _I)
BEFORE_MAIL = re.compile(
    r"(?P<who>(?:[^\W\d_][\w.'\u2019-]{0,30}[ \t]){1,4})[<(]?(?=[\w.+-]{1,64}@[\w-]{1,63}\.)"
)


# What none of the patterns does without; most texts of a document are short and have none of it.
ANY = re.compile(r"[@/=:\uff1a({\u00a9\\]|by\b|copyright|\.(?:io|space|dev|app|com)\b", _I)


class Place(NamedTuple):
    """A pattern, and words in small letters of which every line that fits has one."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]

    def matches(self, text: str, small: str) -> Iterator[re.Match[str]]:
        """Every match in a text. ``small`` is the text in small letters, of the same length."""
        words = [word for word in self.words if word in small]
        if words:
            for start, end in sorted({line for word in words for line in _lines(small, word)}):
                yield from self.pattern.finditer(text, start, end)


def _lines(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Where the lines that have a word begin and end."""
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text.rfind("\n", 0, at) + 1, end
        at = text.find(word, end)


_LOADERS = (
    "from_pretrained", "push_to_hub", "load_dataset", "snapshot_download", "hf_hub_download",
    "load_model", "_id", "_name", "_path", "base_model", "finetuned_from",
)  # fmt: skip
_ACCOUNTS = ("user", "login", "entity", "owner", "namespace", "organi", "account", "team")
_FIELDS = (
    "author", "maintainer", "creator", "copyright", "credit", "contributor", "contact",
    "family-name", "given-name", "full_name", "fullname", "\u4f5c\u8005",
)  # fmt: skip

MAILS = Place(MAIL, ("@",))
# Owner and project of an address; behind the others an owner stands only if it is no usual word.
OWNED_SURELY = (Place(HOSTED, HOSTING), Place(TILDE, ("/~",)))
OWNED = (Place(SUBDOMAIN, PERSONAL), Place(ON_HUB, ("hf:",)), Place(LOADED, _LOADERS))
PERSONS = (
    Place(HOME, ("/home/", "users", "scratch/", "nethome/")),
    Place(PROMPT, ("@",)),
    Place(ACCOUNT, _ACCOUNTS),
    Place(TASK, ("todo", "fixme", "xxx", "hack", "note")),
    Place(HANDLE, ("@",)),
)
FOLDERS = Place(
    DISK,
    ("/data", "/mnt", "/storage", "/nfs", "/lustre", "/gpfs", "/export", "/ssd", "/disk", "/work"),
)
RIGHTS_LINES = Place(RIGHTS, ("copyright", "copr.", "\u00a9", "(c)"))
BY_LINES = Place(BY, ("-by", " by"))
LISTS = (
    Place(FIELD, _FIELDS),
    Place(TAG, ("author", "since", "copyright")),
    Place(ENTRY, ("name",)),
    Place(BEFORE_MAIL, ("@",)),
)
