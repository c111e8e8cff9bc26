"""``result.json``: the document as bytes, the same bytes every time, and back."""

from __future__ import annotations

import msgspec

from codesim.errors import CodesimError
from codesim.report.document import SCHEMA, FragmentRecord, ResultDocument, Side
from codesim.report.mistaken import AUDIT_AGAIN, by_beginning, by_schema, not_finite, says_audit
from codesim.report.spans import line_count
from codesim.report.words import STRENGTHS, count
from codesim.text import display

_AGAIN = "Write it again with `codesim compare LEFT RIGHT --json FILE`."

# Editors on Windows write one; it says nothing.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Header(msgspec.Struct):
    schema: str


def encode(document: ResultDocument) -> bytes:
    """UTF-8 JSON with fixed field order, sorted map keys, one-space indent and a final newline."""
    compact = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(compact, indent=1) + b"\n"


def decode(data: bytes) -> ResultDocument:
    """Read a result document back. Raises CodesimError, with what was expected and found."""
    data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        header = msgspec.json.decode(data, type=_Header)
        _check_version(header.schema)
        document = msgspec.json.decode(data, type=ResultDocument)
    except msgspec.ValidationError as error:
        what = by_beginning(data)
        raise CodesimError(
            f"the file is no result: {what}."
            if what
            else f"the file is JSON but not a codesim result: {display(str(error))}. {_AGAIN}"
        ) from None
    except RecursionError:
        raise CodesimError(f"the result file is nested too deeply to read. {_AGAIN}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CodesimError(_undecodable(data, error)) from None
    _check_strength(document)
    _check_lines(document)
    _check_tables(document)
    return document


def _undecodable(data: bytes, error: Exception) -> str:
    """Why this is no JSON, in the words of whoever gave the wrong file or half of one."""
    what = by_beginning(data)
    if what:
        return f"the file is no result: {what}."
    again = AUDIT_AGAIN if says_audit(data) else _AGAIN
    if "truncated" in str(error):
        return (
            f"the result file was cut short: it ends after {count(len(data), 'byte')}, in the "
            f"middle of the JSON. {again}"
        )
    number = not_finite(data)
    why = number or display(str(error))
    return f"the result file is damaged or is not JSON: {why}. {again}"


def _check_strength(document: ResultDocument) -> None:
    """Refuse an overall strength that is not that of the strongest kind."""
    told = document.overall.strength
    found = [evidence.strength for evidence in document.evidence]
    strongest = max(found, key=STRENGTHS.index, default=STRENGTHS[0])
    if told != strongest:
        raise CodesimError(
            f"the result file contradicts itself: the overall strength is {told!r}, and the "
            f"strongest kind of evidence in it is {strongest!r}. {_AGAIN}"
        )


def _check_tables(document: ResultDocument) -> None:
    """Refuse a row with more or fewer cells than its table has columns."""
    for evidence in document.evidence:
        for table in evidence.tables:
            for row in table.rows:
                if len(row) != len(table.columns):
                    raise CodesimError(
                        f"the result file contradicts itself: {display(evidence.kind)}, table "
                        f"{display(table.title)!r}: a row has {len(row)} cells, expected "
                        f"{len(table.columns)}, one for each column. {_AGAIN}"
                    )


def _check_lines(document: ResultDocument) -> None:
    """Refuse line numbers that no file can have: a report would leave such a match out unsaid."""
    lengths: dict[Side, dict[str, int]] = {
        "left": {path: line_count(text) for path, text in document.sources.left.items()},
        "right": {path: line_count(text) for path, text in document.sources.right.items()},
    }
    for evidence in document.evidence:
        for pair in evidence.pairs:
            for match in pair.matches:
                _check_fragment("left", match.left, lengths["left"])
                _check_fragment("right", match.right, lengths["right"])


def _check_fragment(side: Side, fragment: FragmentRecord, lengths: dict[str, int]) -> None:
    start, end = fragment.start, fragment.end
    if start is None and end is None:
        return
    if start is None or end is None:
        problem = "its first and its last line go together, one is missing"
    elif start > end:
        problem = f"lines {start} to {end} are not a range"
    elif end > lengths.get(fragment.path, end):
        problem = f"line {end} is past the end, line {lengths[fragment.path]}"
    else:
        return
    where = f"{side} {display(fragment.path)}"
    raise CodesimError(f"the result file contradicts itself: {where}: {problem}. {_AGAIN}")


def _check_version(found: str) -> None:
    if found == SCHEMA:
        return
    family, _, version = found.rpartition("/")
    known_family, _, known = SCHEMA.rpartition("/")
    if family == known_family and version.isdecimal() and int(version[:9]) > int(known):
        raise CodesimError(
            f"the result file has format {display(found)}, this codesim reads {SCHEMA}. "
            "Install the newer codesim that wrote it."
        )
    what = by_schema(found)
    if what:
        raise CodesimError(f"the file is no result: {what}.")
    raise CodesimError(
        f"the file has format {display(found)!r}, this codesim reads {SCHEMA}. {_AGAIN}"
    )
