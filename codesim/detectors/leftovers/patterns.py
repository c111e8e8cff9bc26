"""What text is cut into. Every expression takes linear time: repetitions are possessive or bounded.

Lines beyond ``LONGEST`` characters are minified or data; only their beginning is looked at.
"""

from __future__ import annotations

import re

LONGEST = 2_000

# Comments and literals. One that is not closed runs to the end of its line or of the file, so that
# nothing is tried twice. Every branch begins with a literal sign, which makes the search fast.
HASH_TEXT = re.compile(
    r"\#[^\n]*+"
    r"|\"(?:\"\"(?:[^\"\\]++|\\.?|\"(?!\"\"))*+(?:\"\"\"|\Z)|(?:[^\"\\\n]++|\\.?)*+\"?)"
    r"|'(?:''(?:[^'\\]++|\\.?|'(?!''))*+(?:'''|\Z)|(?:[^'\\\n]++|\\.?)*+'?)",
    re.DOTALL,
)
SLASH_TEXT = re.compile(
    r"/(?:/[^\n]*+|\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))"
    r"|\"(?:[^\"\\\n]++|\\.?)*+\"?"
    r"|'(?:[^'\\\n]++|\\.?)*+'?"
    r"|`(?:[^`\\]++|\\.?)*+`?",
    re.DOTALL,
)

# Below, code without its comments and literals. Names of three letters say nothing.
NAME_OR_BREAK = re.compile(r"\n|[^\W\d]\w{3,80}")
DEFINITION = re.compile(
    r"^[ \t]*+(?:(?:export|default|static|async|pub|const|public)[ \t]++){0,4}"
    r"(?:def|class|function|struct|func|fn|interface|enum)[ \t]++([^\W\d]\w{0,120})",
    re.MULTILINE,
)
# The dot first: a search for one sign is fast.
OWN = re.compile(
    r"\.(?:(?<=\bself\.)|(?<=\bthis\.)|(?<=\bcls\.))([^\W\d]\w{0,120})[ \t]{0,4}"
    r"(?::[^=\n]{1,80})?=(?!=)"
)
# A variable at the beginning of a line. Arguments by name stand without spaces, and belong to what
# is called.
BOUND = re.compile(
    r"^[ \t]*+([^\W\d]\w{2,80})(?:[ \t]{0,2}:[ \t]{0,2}[\w.\[\], |]{1,80})?[ \t]{1,4}=(?!=)",
    re.MULTILINE,
)
PARAMETERS = re.compile(
    r"^[ \t]*+(?:async[ \t]++)?def[ \t]++\w++[ \t]*+\(([^()]{0,2000})", re.MULTILINE
)
PARAMETER = re.compile(r"(?:^|,)\s{0,40}\*{0,2}([^\W\d]\w{2,80})")
NUMBER = re.compile(r"\d[\d._]{4,60}(?:[eE][+-]?\d{1,4})?(?!\w)")

# Parts of names: getHTMLText_v2 is get, HTML, Text, v, 2. Other scripts have no capitals.
WORD = re.compile(r"[A-Z]++(?![a-z])|[A-Z]?[a-z]++|[A-Z]|\d++|[^\W\d_a-zA-Z]++")

URL = re.compile(r"https?://[^\s\"'<>)\]}`\\]{4,300}")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
# Where people keep data and checkouts; system folders are the same everywhere.
PLACES = (
    "home|Users|data|mnt|root|work|workspace|nfs|gpfs|scratch|media|ssd|raid|lustre|cluster"
    "|share|shared|export|checkpoint|checkpoints|projects|storage|disk|opt|private|volume|afs|dfs"
)
ABSOLUTE = re.compile(
    rf"(?<![\w./:~-])/(?:{PLACES})\d{{0,3}}(?:/[\w.+-]{{1,80}}){{1,12}}"
    r"|\b[A-Z]:\\{1,2}[\w.-]{1,80}(?:\\{1,2}[\w.-]{1,80}){1,12}"
)
HUB = re.compile(
    r"(?:huggingface\.co|hf\.co|github\.com|gitlab\.com|modelscope\.cn/models|wandb\.ai)/"
    r"(?:datasets/|spaces/)?([A-Za-z0-9][\w.-]{0,60}/[\w.-]{1,96})"
)
# A whole literal that reads owner/name, without the ending of a file.
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{1,60}/[A-Za-z][\w.-]{2,95}")
FILE_NAME = re.compile(
    r"(?<![\w.])[\w-][\w./-]{1,120}\."
    r"(?:py|ipynb|sh|ya?ml|json|toml|cfg|ini|md|pth?|ckpt|safetensors|bin|onnx|npz|npy|txt|csv)\b"
)
DOTTED = re.compile(r"(?<![\w./@-])[^\W\d]\w{0,80}(?:\.[^\W\d]\w{0,80}){1,8}(?![\w/(-])")
HANDLE = re.compile(
    r"(?:TODO|FIXME|XXX|HACK|NOTE)\s?\(@?([\w.-]{2,40})\)|(?<![\w.@/])@([A-Za-z][\w-]{2,38})"
)
TODO = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
ENVIRONMENT = re.compile(
    r"(?:environ|getenv)[\w.]{0,20}\s{0,3}[\[(]\s{0,3}[\"']([A-Za-z_]\w{2,60})"
    r"|\$\{?([A-Z][A-Z0-9_]{3,60})"
)
TRACKED = re.compile(r"\b(?:entity|project|wandb_\w{2,20})\s{0,3}=\s{0,3}[\"']([\w.-]{3,60})[\"']")
BACKTICKED = re.compile(r"`{1,2}([^\W\d][\w.]{3,80})(?:\(\))?`")
# A name that is more than a word: parts joined by underscores or humps.
COMPOUND = re.compile(r"[^\W\d]\w{0,120}_\w{1,80}|[A-Za-z][a-z0-9]{1,40}[A-Z]\w{1,80}")
QUOTED = re.compile(r"\"((?:[^\"\\\n]++|\\.)*+)\"|'((?:[^'\\\n]++|\\.)*+)'")

FROM_IMPORT = re.compile(
    r"^[ \t]*+from[ \t]++(\.*+)([\w.]*+)[ \t]++import\b[ \t]*+(?:\(([^()]{0,4000})\)|([^\n#(]*+))",
    re.MULTILINE,
)
IMPORT = re.compile(r"^[ \t]*+import[ \t]++([^\n#;]++)", re.MULTILINE)

# Invisible, bidirectional or full-width signs where ASCII is meant.
ODD = re.compile("[\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\uff01-\uff5e]")
SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# In small letters. Lines about rights belong to another kind of evidence; everybody's are the same.
RIGHTS = re.compile(
    r"copyright|licen[cs]e|warrant|rights reserved|spdx|merchantab|apache|redistribut"
    r"|permission|liable|liability|infring|damages|consequential|endorse|promote products"
    r"|disclaim|negligen|substitute goods|business interruption|above notice|hereby granted"
    r"|free of charge|sublicen|fitness for|conditions are met|express or implied|contributors"
    r"|such damage|use of this software|permit persons|limitation the rights|deal in the software",
)
# What tools are told is the same wherever the tool is used.
DIRECTIVE = re.compile(
    r"^(?:pylint|noqa|type: ?ignore|pragma|mypy|pytype|flake8|isort|fmt|yapf|ruff|nosec|nolint"
    r"|\.?\. ?\w|version(?:added|changed)|-\*-)",
    re.IGNORECASE,
)
STATEMENT = re.compile(
    r"^(?:[\w.\[\]'\", ]{1,80}\s?[-+*/|&]?=(?!=)\s?\S"
    r"|(?:return|import|from|raise|del|assert|yield)\s\S.{0,200}[\w)\]'\"]$"
    r"|(?:if|for|while|elif|def|class|with|else|try|except)\b.{0,200}:$"
    r"|[\w.]{2,80}\(.{0,300}\)[;,]?$)"
)
