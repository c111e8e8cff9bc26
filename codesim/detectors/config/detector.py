"""The config detector: settings of two repositories, whatever format they are written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from codesim.commons import Fingerprints
from codesim.detectors.config.align import Aligned
from codesim.detectors.config.commonness import Frequencies, all_settings, public_settings
from codesim.detectors.config.evidence import (
    emptiness,
    file_pairs,
    is_rare,
    renames,
    summary,
    table,
)
from codesim.detectors.config.findable import common, found_by
from codesim.detectors.config.kinship import weighed
from codesim.detectors.config.matching import UnitPair, rank, unit_pairs
from codesim.detectors.config.profile import ConfigProfile
from codesim.detectors.config.public import explaining, held
from codesim.detectors.config.rarity import Rarity
from codesim.detectors.config.reader import read_profile
from codesim.detectors.config.strength import Bits, Steps, strength_of, surprise
from codesim.model import Evidence, Excluded, Fact, Skipped, Snapshot, Strength


@dataclass(frozen=True, slots=True)
class ConfigDetector:
    """Aligns keys one to one and weighs equal values by how rare they are in public projects."""

    # Of 14,900 JSON and YAML files in public packages, all above this are data.
    max_bytes: int = 1_000_000
    # A pair with less is listed only where most of its values are equal.
    listed_bits: float = 3.0
    # Value tables in a report; pairs beyond them are still listed.
    max_tables: int = 10
    steps: Steps = field(default_factory=Steps)

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return "config"

    def profile(self, snapshot: Snapshot) -> ConfigProfile:
        """Every setting of one snapshot."""
        return read_profile(snapshot, self.max_bytes)

    def compare(
        self, left: ConfigProfile, right: ConfigProfile, base: Sequence[ConfigProfile] = ()
    ) -> Evidence:
        """What the configuration of two snapshots shares beyond the base and public models."""
        rarity = _rarity(left, right, base)
        skipped = (*_unknown(rarity), *_skipped(left, right))
        empty = emptiness(left.units, right.units)
        pairs = [] if empty else _pairs(left, right, rarity)
        listed = [pair for pair in pairs if self._is_listed(pair)]
        if not listed:
            told = empty or "no values shared beyond chance"
            return Evidence(self.kind, Strength.NONE, 0.0, told, skipped=skipped)
        beyond = self._surprise(left, right, listed, rarity)
        strength = strength_of(beyond, _own_keys(listed, rarity), self.steps)
        return Evidence(
            kind=self.kind,
            strength=strength,
            score=round(max(0.0, beyond), 2),
            summary=summary(listed, strength),
            pairs=file_pairs(listed, rarity),
            renames=renames(listed),
            excluded=_excluded(listed[0], base),
            skipped=skipped,
            tables=tuple(table(pair, rarity) for pair in listed[: self.max_tables]),
            facts=_facts(listed),
        )

    def found_by(self, profile: ConfigProfile, base: Sequence[ConfigProfile] = ()) -> Fingerprints:
        """Rare values under their keys that no base has."""
        return found_by(profile, base)

    def common(self, profiles: Iterable[ConfigProfile], least: int) -> ConfigProfile:
        """What at least so many of these have, to be used as a base."""
        return common(profiles, least)

    def _is_listed(self, pair: UnitPair) -> bool:
        return pair.bits >= self.listed_bits or (pair.equal > 2 and 2 * pair.equal > pair.smaller)

    def _surprise(
        self,
        left: ConfigProfile,
        right: ConfigProfile,
        pairs: Sequence[UnitPair],
        rarity: Rarity,
    ) -> float:
        pairs = sorted(pairs, key=lambda pair: -pair.bits)
        sizes = tuple(len({held(s) for s in all_settings([side])}) for side in (left, right))
        return surprise(_fresh(pairs), _covered(pairs[0], rarity), (sizes[0], sizes[1]), self.steps)


def _rarity(left: ConfigProfile, right: ConfigProfile, base: Sequence[ConfigProfile]) -> Rarity:
    frequencies = Frequencies(public_settings())
    frequencies.learn(all_settings((left, right)))
    return Rarity(frequencies, all_settings(base))


def _pairs(left: ConfigProfile, right: ConfigProfile, rarity: Rarity) -> list[UnitPair]:
    found = unit_pairs(left.units, right.units, rarity)
    return sorted(weighed(found, left.units, right.units, rarity), key=rank)


def _own_keys(pairs: Sequence[UnitPair], rarity: Rarity) -> int:
    """Keys of rare agreements that no public project has, on either side."""
    agreed = (each for pair in pairs for each in pair.alignment.aligned if is_rare(each))
    return len({e.left.key for e in agreed if rarity.is_new(e.left) and rarity.is_new(e.right)})


def _fresh(pairs: Sequence[UnitPair]) -> list[Bits]:
    """Bits per pair that no pair before it has: copies within one side count once."""
    seen: set[tuple[str, str]] = set()
    found = []
    for pair in pairs:
        agreed = {held(each.left): each for each in pair.alignment.aligned if each.bits}
        fresh = [each for key, each in sorted(agreed.items()) if key not in seen]
        found.append(_bits(fresh))
        seen |= agreed.keys()
    return found


def _bits(agreed: Sequence[Aligned]) -> Bits:
    return Bits(
        rare=sum(each.bits for each in agreed if is_rare(each)),
        usual=sum(each.bits for each in agreed if not each.stock and not is_rare(each)),
        stock=sum(each.bits for each in agreed if each.stock),
    )


def _covered(pair: UnitPair, rarity: Rarity) -> float:
    """The share of all rare settings that agree, on the better covered side."""
    equal = [each for each in pair.alignment.aligned if each.equal]
    agreed = sum(min(rarity.bits(each.left), rarity.bits(each.right)) for each in equal)
    shares = []
    for unit in (pair.left, pair.right):
        total = sum(rarity.bits(setting) for setting in unit.settings)
        shares.append(min(1.0, agreed / total) if total else 0.0)
    return max(shares)


def _excluded(best: UnitPair, base: Sequence[ConfigProfile]) -> tuple[Excluded, ...]:
    """What a base or a public model explains of the most telling pair."""
    shared = {held(each.left) for each in best.alignment.aligned if each.equal}
    found = []
    for number, each in enumerate(base, 1):
        explained = shared & {held(setting) for setting in all_settings([each])}
        shared -= explained
        if explained:
            name = f"base configuration {each.name or number}"
            reason = "explained by a base that both sides may share"
            found.append(Excluded(name, _values(len(explained)), reason))
    for model, count in explaining(shared):
        if count >= _WORTH_NAMING:
            reason = f"both sides may have them from there ({model.source})"
            found.append(Excluded(f"public configuration {model.name}", _values(count), reason))
    return tuple(found)


# A public configuration that explains fewer values of a pair than this is not named.
_WORTH_NAMING = 3


def _values(count: int) -> str:
    return f"{count:,} value{'s' if count != 1 else ''}"


def _facts(pairs: Sequence[UnitPair]) -> dict[str, Fact]:
    best = pairs[0]
    aligned = best.alignment.aligned
    return {
        "shared": best.equal,
        "keys_left": len(best.left.settings),
        "keys_right": len(best.right.settings),
        "rare": sum(map(is_rare, aligned)),
        "changed": sum(not each.equal for each in aligned),
        "renamed": sum(each.equal and each.left.key != each.right.key for each in aligned),
        "only_left": len(best.alignment.only_left),
        "only_right": len(best.alignment.only_right),
        "pairs": len(pairs),
    }


def _unknown(rarity: Rarity) -> tuple[Skipped, ...]:
    """Says so when rarity is uniform because the table of common settings cannot be used."""
    problem = rarity.frequencies.commons.problem
    reason = f"{problem}; every value counts as rare"
    return (Skipped("table of common settings", reason),) * bool(problem)


def _skipped(left: ConfigProfile, right: ConfigProfile) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(f"{side}: {path}", reason)
        for side, profile in (("left", left), ("right", right))
        for path, reason in profile.skipped
    )
