"""One plain sentence, and the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence

from codesim.detectors.tokenizer.finding import Finding
from codesim.detectors.tokenizer.profile import TokenizerProfile
from codesim.detectors.tokenizer.recognise import Origin
from codesim.detectors.tokenizer.samefiles import DIFFERENT, IDENTICAL
from codesim.detectors.tokenizer.tokens import BASE, CHANGED, RENAMED, beyond
from codesim.model import Fact


def emptiness(left: TokenizerProfile, right: TokenizerProfile) -> str:
    """Why there is nothing to compare."""
    sides = [name for name, profile in (("left", left), ("right", right)) if not profile.tokenizers]
    return f"no tokenizer files on {'either side' if len(sides) == 2 else f'the {sides[0]}'}"


def summary(found: Sequence[Finding]) -> str:
    """What the most telling pair of tokenizers shares."""
    best = found[0]
    if not best.bits:
        return _nothing(best)
    clauses = [_tokens(best), _vocabulary(best), _files(best), _template(best)]
    said = "; ".join(clause for clause in clauses if clause)
    return said or _nothing(best)


def facts(found: Sequence[Finding]) -> dict[str, Fact]:
    """The figures of the most telling pair, by name."""
    best = found[0]
    figures: dict[str, Fact] = {
        "pairs": len(found),
        "bits": best.bits,
        "left_public_tokenizer": best.origins[0].name,
        "right_public_tokenizer": best.origins[1].name,
        "same_tokens": len(best.same),
        "same_tokens_other_id": len(beyond(best.rows, CHANGED)),
        "renamed_tokens": len(beyond(best.rows, RENAMED)),
        "identical_files": sum(1 for each in best.files if each.how == IDENTICAL),
        "equal_files": sum(1 for each in best.files if each.how != DIFFERENT),
        "chat_template": best.template,
    }
    for side, tokenizer in (("left", best.left), ("right", best.right)):
        names = {row.left.text for row in best.shared if row.left}
        figures[f"{side}_unused_tokens"] = len(names & tokenizer.unused)
    if best.vocabulary:
        figures["vocabulary_jaccard"] = round(best.vocabulary.jaccard, 4)
        figures["vocabulary_same_id"] = best.vocabulary.same_id
        figures["vocabulary_prefix"] = best.vocabulary.prefix
        figures["vocabulary_unexplained"] = best.vocabulary.unexplained
    if best.merges:
        figures["merges_prefix"] = best.merges.prefix
        figures["merges_tau"] = round(best.merges.tau, 4)
    return figures


def public_name(origins: tuple[Origin, Origin]) -> str:
    """What both sides are made from, in words; empty where that is not known."""
    names = {origin.name for origin in origins if origin.name}
    return " or ".join(sorted(names))


def counted(number: int, what: str) -> str:
    """A number of things in words: ``1 token``, ``13 tokens``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _tokens(finding: Finding) -> str:
    same, shared = len(finding.same), len(finding.shared)
    name = public_name(finding.origins) or "public tokenizers"
    if same:
        return f"same {counted(same, 'added token')} beyond {name}{_unused(finding)}"
    if shared:
        return f"{counted(shared, 'added token')} of the same name under other ids"
    return ""


def _unused(finding: Finding) -> str:
    """How many of the same tokens the code and text of a side never mention."""
    texts = {row.left.text for row in finding.same if row.left}
    counts = [len(texts & each.unused) for each in (finding.left, finding.right)]
    sides = zip(("left", "right"), counts, strict=True)
    said = [f"{count:,} of them never used on the {side}" for side, count in sides if count]
    return f" ({', '.join(said)})" if said else ""


def _vocabulary(finding: Finding) -> str:
    figures = finding.vocabulary
    if figures is None or not figures.bits:
        return ""
    return f"{figures.unexplained:,} tokens under the same id that no known tokenizer has"


def _files(finding: Finding) -> str:
    by_id = [each.left.form for each in finding.files if each.how == IDENTICAL and each.unread]
    whole = [each.left.form for each in finding.files if each.how == IDENTICAL and not each.unread]
    equal = [each.left.form for each in finding.files if each.how not in {IDENTICAL, DIFFERENT}]
    said = [
        f"{', '.join(forms)} {how}"
        for forms, how in ((by_id, "identical by content id"), (whole, "identical"))
        if forms
    ]
    if equal:
        said.append(f"{', '.join(equal)} equal as JSON")
    return "; ".join(said)


def _template(finding: Finding) -> str:
    return "same chat template" if finding.template == "same" else ""


def _nothing(finding: Finding) -> str:
    names = [origin.name for origin in finding.origins]
    explained = [names[0]] if names[0] and names[0] == names[1] else []
    vocabulary = finding.vocabulary is not None and finding.vocabulary.in_base > 0
    files = any(file.in_base for file in finding.files)
    if vocabulary or files or any(row.state == BASE for row in finding.rows):
        explained.append("the base")
    if explained:
        return f"nothing shared beyond {' and '.join(explained)}"
    if all(names):
        return f"different tokenizers ({names[0]} on the left, {names[1]} on the right)"
    return "different tokenizers"
