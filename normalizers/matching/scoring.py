"""How well one official entry fits one printed row, before the rest of the table is heard.

The evidence is added up in points, all in one place: `NAME_POINTS`, `CODE_POINTS` and the level's. A name that is exactly an entry's
outweighs any code; a code outweighs a name that fits two entries about equally; neither is a veto.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from normalizers.codes import Code
from normalizers.matching.evidence import AGREEING, Evidence, Relation, relate
from normalizers.nomenklatur import EditionView, Listed
from normalizers.nomenklatur.editions import TEMPLATE_BIDANG, bidang_of, is_template, to_template, with_bidang
from normalizers.nomenklatur.names import Name

NAME_POINTS = ((0.0, -8.0), (0.5, -6.0), (0.6, -3.0), (0.7, 0.0), (0.8, 3.0), (0.9, 6.0), (0.97, 8.0), (0.9999, 9.0), (1.0, 14.0))
_LIKENESSES, _POINTS = zip(*NAME_POINTS, strict=True)
CODE_POINTS: dict[Relation, float] = {
    Relation.NONE: 0.0,
    Relation.SAME: 6.0,
    Relation.TEMPLATE: 5.0,
    Relation.PARTIAL: 5.0,
    Relation.OTHER_BIDANG: 3.0,
    Relation.NEAR: 2.0,
    Relation.SIBLING: 0.0,
    Relation.DIFFERENT: -2.0,
    Relation.FOREIGN: 0.0,
}
_ALIKE = 12  # entries with a like name that are looked at closely
_KEPT = 6  # candidates that go on to the table's decision
_SPREAD = 12.0  # a candidate this far behind the best is dropped
_NEXT_BIDANG = 1.0  # a penunjang row belongs to the agency's first bidang rather than to its second
_SPECIAL_AUTONOMY = 2.5  # rows for Aceh, Papua, Yogyakarta need more than the name that they share with the common ones
_YEAR_APART = 0.4  # for each year that an entry's edition lies outside its own
_TRUNCATED = (0.70, 0.25)  # likeness of a name cut short: base, and what full coverage adds
_EXTENDED = (0.65, 0.25)  # likeness of a name with more text behind it
_SHORT_NAME = 12  # letters under which a name proves little: `PERENCANAAN` is a bidang, and a label in many tables
_SHORT_COST, _SHORT_CONFLICT = 6.0, 6.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An official entry for a row. `code` is concrete (template rows carry a bidang where one is known), `points` the local evidence."""

    listed: Listed
    code: str
    likeness: float
    relation: Relation
    points: float


def find_candidates(rows: Sequence[Evidence], view: EditionView, bidang: Sequence[str]) -> list[list[Candidate]]:
    """Return for each row its candidates, best first; the string work is done in one batch over all rows."""
    pools = [_pool(row, view) for row in rows]
    likeness = _likeness(rows, pools)
    found: list[list[Candidate]] = []
    for row, pool, likes in zip(rows, pools, likeness, strict=True):
        made = [
            _candidate(row, listed, like, code, _strangeness(code, bidang))
            for listed, like in zip(pool, likes, strict=True)
            for code in _concrete(row, listed, bidang)
        ]
        if view.predates:
            made = [c for c in made if c.relation is Relation.SAME and c.likeness >= 0.9]
        found.append(_best(made))
    return found


def _pool(row: Evidence, view: EditionView) -> list[Listed]:
    """The entries worth a look: those with the printed code, those with exactly the name, else those with a like name."""
    pool: dict[int, Listed] = {}
    if row.is_agency:
        return []
    code = row.official_code
    if code is not None:
        for key in code_keys(code):
            pool.update((listed.position, listed) for listed in view.with_code(key))
    if row.name is not None:
        exact = view.named(row.name)
        level_lost = row.name.level is None and any(listed.name.level is not None for listed in exact)
        alike = exact if exact and not level_lost else (*exact, *view.alike(row.name, _ALIKE))
        pool.update((listed.position, listed) for listed in alike)
    return list(pool.values())


def code_keys(code: Code) -> tuple[str, ...]:
    """Return the codes under which the lists may hold a printed code: its own, and the template's for a penunjang row."""
    if code.partial:
        return (f"{TEMPLATE_BIDANG}.{code.normal}",)
    template = to_template(code.normal)
    return (code.normal, template) if template and template != code.normal else (code.normal,)


def _concrete(row: Evidence, listed: Listed, bidang: Sequence[str]) -> Sequence[str]:
    """The codes that an entry may stand for: one, or for a penunjang row one per bidang that the document knows."""
    code = listed.entry.code
    if not is_template(code):
        return (code,)
    own = row.official_code
    choices = list(bidang)
    if own is not None and not own.template and not own.partial:
        printed = bidang_of(own.normal)
        if printed and printed not in choices and own.parts[2:3] == ("01",):
            choices.append(printed)
    return [with_bidang(code, choice) for choice in choices] or (code,)


def _strangeness(code: str, bidang: Sequence[str]) -> float:
    """What counts against a penunjang row of a bidang that is not the agency's first."""
    if to_template(code) is None or is_template(code):
        return 0.0
    own = bidang_of(code)
    return _NEXT_BIDANG * (bidang.index(own) if own in bidang else len(bidang) + 1)


def _candidate(row: Evidence, listed: Listed, likeness: float, code: str, strangeness: float) -> Candidate:
    relation = relate(row.code, code)
    points = CODE_POINTS[relation] + _level_points(row, listed) - _YEAR_APART * min(listed.distance, 4) - strangeness
    if row.name is not None:
        points += _name_points(row, row.name, likeness, relation)
    if listed.entry.scope == "khusus":
        points -= _SPECIAL_AUTONOMY
    if listed.provisional:
        points -= 1.0
    return Candidate(listed, code, likeness, relation, points)


def _name_points(row: Evidence, name: Name, likeness: float, relation: Relation) -> float:
    points = float(np.interp(likeness, _LIKENESSES, _POINTS))
    if len(name.compact) < _SHORT_NAME and relation not in AGREEING:
        points -= _SHORT_COST
        if row.official_code is not None:
            points -= _SHORT_CONFLICT
    return points


def _level_points(row: Evidence, listed: Listed) -> float:
    level = listed.entry.level
    points = 0.0
    if row.row.level is not None:
        points += 1.0 if row.row.level is level else -1.0
    code = row.official_code
    if code is not None and code.level is not None:
        points += 1.0 if code.level is level else -1.0
    if row.name is not None and row.name.level is not None:
        points += 1.5 if row.name.level is level else -3.0
    return points


def _best(made: list[Candidate]) -> list[Candidate]:
    by_code: dict[str, Candidate] = {}
    for candidate in sorted(made, key=lambda c: (-c.points, c.code, c.listed.position)):
        by_code.setdefault(candidate.code, candidate)
    ranked = list(by_code.values())
    near = [candidate for candidate in ranked[:_KEPT] if candidate.points >= ranked[0].points - _SPREAD]
    own = next((candidate for candidate in ranked if candidate.relation in AGREEING), None)
    return near if own is None or own in near else [*near, own]  # who prints an official code is always heard


def _likeness(rows: Sequence[Evidence], pools: Sequence[Sequence[Listed]]) -> list[list[float]]:
    """Likeness 0..1 of every (row, entry) pair, 1.0 only where the compact names are the same."""
    pairs = [(row.name, listed.name) for row, pool in zip(rows, pools, strict=True) for listed in pool if row.name is not None]
    flat = iter(_pair_likeness(pairs))
    return [[next(flat) if row.name is not None else 0.0 for _ in pool] for row, pool in zip(rows, pools, strict=True)]


def _pair_likeness(pairs: Sequence[tuple[Name, Name]]) -> list[float]:
    if not pairs:
        return []
    printed, official = [a.compact for a, _ in pairs], [b.compact for _, b in pairs]
    whole = _ratios(printed, official)
    short = _ratios([a.short for a, _ in pairs], [b.short for _, b in pairs]) * 0.98
    moved = np.asarray(cpdist([a.tokens for a, _ in pairs], [b.tokens for _, b in pairs], scorer=fuzz.token_sort_ratio)) / 100 * 0.97
    best = np.maximum(np.minimum(np.maximum(whole, np.maximum(short, moved)), 0.999), _cut_likeness(printed, official))
    same = np.array([a == b for a, b in zip(printed, official, strict=True)])
    return [float(value) for value in np.where(same, 1.0, best)]


def _cut_likeness(printed: Sequence[str], official: Sequence[str]) -> npt.NDArray[np.float64]:
    """Likeness where one name is the beginning of the other: cut short by the print, or with more text behind it."""
    lengths = np.array([[len(a), len(b)] for a, b in zip(printed, official, strict=True)], dtype=np.float64)
    shorter = lengths.min(axis=1)
    coverage = shorter / np.maximum(lengths.max(axis=1), 1.0)
    heads = [int(length) + 2 for length in shorter]
    begun = _ratios([a[:n] for a, n in zip(printed, heads, strict=True)], [b[:n] for b, n in zip(official, heads, strict=True)])
    truncated = lengths[:, 0] <= lengths[:, 1]
    base = np.where(truncated, _TRUNCATED[0], _EXTENDED[0])
    gain = np.where(truncated, _TRUNCATED[1], _EXTENDED[1])
    fits = (begun >= 0.9) & (shorter >= _SHORT_NAME)
    return np.where(fits, (base + gain * coverage) * begun, 0.0)


def _ratios(a: Sequence[str], b: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.asarray(cpdist(a, b, scorer=fuzz.ratio), dtype=np.float64) / 100
