"""From the rows of one table to a match for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from normalizers.matching.context import document_bidang
from normalizers.matching.decision import NEEDED, NEEDED_FREE, Alternative, Choice, decide
from normalizers.matching.evidence import AGREEING, Evidence, PrintedRow, Relation, read_row
from normalizers.matching.fragments import KnownEntries, fill_gaps
from normalizers.matching.reasons import needed_repairs, why, why_not_found, why_unsure
from normalizers.matching.scoring import Candidate, code_keys, find_candidates
from normalizers.nomenklatur import EditionView
from normalizers.nomenklatur.editions import bidang_of, parent_of
from normalizers.types import Match, MatchStatus, RowKind

CLEAR_MARGIN = 1.5  # points between the chosen entry and the next, below which a row is left undecided
_UNLIKE = 0.72  # a code alone does not carry a printed name less like the official one than this
_ALONE = ((12, 20, 40), (0.88, 0.84, 0.80))  # letters of a name, and how like it must be where no code agrees
_ELSEWHERE = 0.90
_UNLISTED = 6.0  # points for a printed code that is well formed but in no edition at hand
_SHOWN = 3
_LOCAL = 0.5  # of the matched rows, whose codes are of another level than their entries


def match_table_rows(tables: Sequence[Sequence[PrintedRow]], view: EditionView, agency: str | None = None) -> list[list[Match]]:
    """Match the rows of a document's tables, in printed order; the agency's bidang are told from the rows and its name."""
    evidence = [[read_row(row) for row in table] for table in tables]
    return match_tables(evidence, view, document_bidang((row for table in evidence for row in table), view, agency))


def match_tables(tables: Sequence[Sequence[Evidence]], view: EditionView, bidang: Sequence[str]) -> list[list[Match]]:
    """Match several tables of one document; the string work is one batch, the decision is each table's own."""
    flat = iter(find_candidates([row for table in tables for row in table], view, bidang))
    found = [[next(flat) for _ in table] for table in tables]
    decided = [
        _heed_children(table, own, decide(own, [_alternative(row, view) for row in table]))
        for table, own in zip(tables, found, strict=True)
    ]
    unsure = [
        {place for place, (row, choice) in enumerate(zip(table, choices, strict=True)) if _is_open(row, choice, bidang)}
        for table, choices in zip(tables, decided, strict=True)
    ]
    known = KnownEntries(
        {
            choice.chosen.code: choice.chosen.listed
            for choices, gaps in zip(decided, unsure, strict=True)
            for place, choice in enumerate(choices)
            if choice.chosen is not None and place not in gaps
        }
    )
    matched: list[list[Match]] = []
    for table, own, choices, gaps in zip(tables, found, decided, unsure, strict=True):
        filled = {} if view.predates else fill_gaps(table, choices, gaps, known, view)
        matches = [
            _sure(row, filled[place], 0.5, candidates, view) if place in filled else _match(row, choice, candidates, view, bidang)
            for place, (row, choice, candidates) in enumerate(zip(table, choices, own, strict=True))
        ]
        matched.append(_without_local_codes(table, matches))
    return matched


def _without_local_codes(table: Sequence[Evidence], matches: list[Match]) -> list[Match]:
    """Matches without the entries of printed codes where the table counts its rows in its own way (`01.01.04` for a sub kegiatan)."""
    levels = [
        (row.official_code.level, match.level) for row, match in zip(table, matches, strict=True) if row.official_code and match.level
    ]
    if sum(printed is not level for printed, level in levels) <= _LOCAL * len(levels):
        return matches
    return [
        replace(match, candidates=tuple(c for c in match.candidates if row.official_code is None or c[0] != row.official_code.normal))
        for row, match in zip(table, matches, strict=True)
    ]


def _is_open(row: Evidence, choice: Choice, bidang: Sequence[str]) -> bool:
    """Whether a row found nothing, or nothing sure."""
    return not (row.row.free or row.is_agency) and (choice.chosen is None or _unsure(row, choice, bidang))


def _alternative(row: Evidence, view: EditionView) -> Alternative:
    """A code that no edition at hand lists is a reading too: lists are never complete, and a like name elsewhere is then no match."""
    nothing = NEEDED_FREE if row.row.free else NEEDED
    code = row.official_code
    if code is None or code.template or code.partial or code.level is None or any(view.with_code(key) for key in code_keys(code)):
        return Alternative(nothing)
    agrees = 0.0 if row.row.level is None else 1.0 if row.row.level is code.level else -1.0
    return Alternative(nothing, code.normal, _UNLISTED + agrees)


def _heed_children(table: Sequence[Evidence], found: Sequence[Sequence[Candidate]], choices: list[Choice]) -> list[Choice]:
    """Give a kegiatan its printed code where all its sub kegiatan lie under that code: then its name is a neighbour's."""
    heeded = list(choices)
    for place, (row, choice) in enumerate(zip(table, choices, strict=True)):
        chosen = choice.chosen
        if chosen is None or row.official_code is None or chosen.listed.entry.level is not RowKind.KEGIATAN:
            continue
        own = next((c for c in found[place] if c.relation in AGREEING), None)
        below = _children(choices[place + 1 :])
        if own is not None and own.likeness < 1.0 and len(below) > 1 and all(parent_of(code) == own.code for code in below):
            other = chosen if chosen is not own else choice.runner_up
            heeded[place] = Choice(own, other, max(choice.margin if chosen is own else 0.0, CLEAR_MARGIN))
    return heeded


def _children(following: Sequence[Choice]) -> list[str]:
    codes: list[str] = []
    for choice in following:
        if choice.chosen is None or choice.chosen.listed.entry.level is not RowKind.SUB_KEGIATAN:
            break
        codes.append(choice.chosen.code)
    return codes


def _match(evidence: Evidence, choice: Choice, found: Sequence[Candidate], view: EditionView, bidang: Sequence[str]) -> Match:
    chosen = choice.chosen
    if chosen is None:
        foreign = evidence.is_agency or (evidence.code is not None and evidence.official_code is None)
        status = MatchStatus.NOT_NOMENKLATUR if foreign or view.predates else MatchStatus.NOT_FOUND
        shown = _shown(evidence, found) if status is MatchStatus.NOT_FOUND else ()
        return Match(status, reason=why_not_found(evidence, view.predates), candidates=shown)
    margin = _margin(choice)
    if _unsure(evidence, choice, bidang):
        first = (chosen, *(c for c in found if c.code != chosen.code))
        reason = why_unsure(choice)
        return Match(MatchStatus.UNSURE, score=_score(evidence, chosen), margin=margin, reason=reason, candidates=_shown(evidence, first))
    return _sure(evidence, chosen, margin, found, view)


def _sure(evidence: Evidence, chosen: Candidate, margin: float, found: Sequence[Candidate], view: EditionView) -> Match:
    entry = chosen.listed.entry
    return Match(
        _status(evidence, chosen),
        code=chosen.code,
        name=entry.name or None,
        level=entry.level,
        score=_score(evidence, chosen),
        margin=margin,
        reason=why(evidence, chosen, view.year),
        edition=chosen.listed.edition,
        candidates=_shown(evidence, found),
        indicator=entry.indicator or None,
        unit=entry.unit or None,
    )


def _unsure(evidence: Evidence, choice: Choice, bidang: Sequence[str]) -> bool:
    """Whether the chosen entry is too close to the next, or too far from what is printed."""
    chosen = choice.chosen
    assert chosen is not None
    if choice.margin < CLEAR_MARGIN and not _settled(choice):
        return True
    if evidence.name is None:
        return chosen.relation not in AGREEING
    if chosen.relation in AGREEING:
        return chosen.likeness < _UNLIKE
    if chosen.likeness < _ELSEWHERE and bidang_of(chosen.code) not in (*bidang, None):
        return True  # half alike, and of a bidang that the document does not otherwise speak of
    return chosen.likeness < float(np.interp(len(evidence.name.compact), *_ALONE))


def _settled(choice: Choice) -> bool:
    """Whether a narrow lead is enough: one penunjang row under two bidang of the agency, or one name under the codes of two editions."""
    first, second = choice.chosen, choice.runner_up
    if first is None or second is None:
        return False
    if first.listed is second.listed:
        return bidang_of(first.code) != bidang_of(second.code)
    same = first.listed.name.compact == second.listed.name.compact and first.listed.entry.level is second.listed.entry.level
    return same and first.listed.distance < second.listed.distance and second.relation not in AGREEING


def _status(evidence: Evidence, chosen: Candidate) -> MatchStatus:
    agrees = chosen.relation in AGREEING
    same_name = chosen.likeness == 1.0
    if same_name and ((chosen.relation is Relation.SAME and not needed_repairs(evidence.code)) or evidence.row.code is None):
        return MatchStatus.EXACT
    return MatchStatus.REPAIRED if agrees or same_name else MatchStatus.FUZZY


def _score(evidence: Evidence, candidate: Candidate) -> float:
    """One number 0..1: the likeness of the name, lifted by a code that agrees and lowered by one that does not."""
    if evidence.name is None:
        return 0.8 if candidate.relation in AGREEING else 0.3
    if candidate.relation in AGREEING:
        return round((1 + candidate.likeness) / 2, 4)
    return round(max(candidate.likeness - (0.0 if evidence.row.code is None else 0.05), 0.0), 4)


def _margin(choice: Choice) -> float:
    """The points between chosen and runner-up, brought to 0..1 (1: there was no other)."""
    return round(choice.margin / (choice.margin + 5.0), 4) if choice.margin != float("inf") else 1.0


def _shown(evidence: Evidence, found: Sequence[Candidate]) -> tuple[tuple[str, str, float], ...]:
    """The best candidates, and always the entry whose code is printed."""
    shown = [c for place, c in enumerate(found) if place < _SHOWN or c.relation in AGREEING]
    return tuple((c.code, c.listed.entry.name, round(_score(evidence, c), 3)) for c in shown)
