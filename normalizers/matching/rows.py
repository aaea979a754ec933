"""From the rows of one table to a match for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from normalizers.matching.decision import NEEDED, NEEDED_FREE, Alternative, Choice, decide
from normalizers.matching.evidence import AGREEING, Evidence, Relation, read_row
from normalizers.matching.evidence import PrintedRow as PrintedRow
from normalizers.matching.reasons import needed_repairs, why, why_not_found, why_unsure
from normalizers.matching.scoring import Candidate, candidates, code_keys
from normalizers.nomenklatur import EditionView
from normalizers.nomenklatur.editions import bidang_of, parent_of
from normalizers.types import Match, MatchStatus, RowKind

CLEAR_MARGIN = 1.5  # points between the chosen entry and the next, below which a row is left undecided
_UNLIKE = 0.72  # a code alone does not carry a printed name less like the official one than this
_ALONE = 0.85  # a name without an agreeing code must be this like
_UNLISTED = 6.0  # points for a printed code that is well formed but in no edition at hand
_SHOWN = 3


def match_rows(rows: Sequence[PrintedRow], view: EditionView, bidang: Sequence[str]) -> list[Match]:
    """Match the rows of one table, in printed order; `bidang` are those of the agency, likeliest first."""
    return match_tables([[read_row(row) for row in rows]], view, bidang)[0]


def match_tables(tables: Sequence[Sequence[Evidence]], view: EditionView, bidang: Sequence[str]) -> list[list[Match]]:
    """Match several tables of one document; the string work is one batch, the decision is each table's own."""
    flat = iter(candidates([row for table in tables for row in table], view, bidang))
    matched: list[list[Match]] = []
    for table in tables:
        found = [next(flat) for _ in table]
        choices = _heed_children(table, found, decide(found, [_alternative(row, view) for row in table]))
        matched.append([_match(row, choice, own, view) for row, choice, own in zip(table, choices, found, strict=True)])
    return matched


def _alternative(row: Evidence, view: EditionView) -> Alternative:
    """A code that no edition at hand lists is a reading too: lists are never complete, and a like name elsewhere is then no match."""
    nothing = NEEDED_FREE if row.row.free else NEEDED
    code = row.official_code
    if code is None or code.template or code.partial or code.level is None or any(view.with_code(key) for key in code_keys(code)):
        return Alternative(nothing)
    agrees = 0.0 if row.row.level is None else 1.0 if row.row.level is code.level else -1.0
    return Alternative(nothing, code.normal, _UNLISTED + agrees)


def _heed_children(table: Sequence[Evidence], found: Sequence[Sequence[Candidate]], choices: list[Choice]) -> list[Choice]:
    """Give a kegiatan back its printed code where all its sub kegiatan lie under that code: then its name is a neighbour's."""
    heeded = list(choices)
    for place, (row, choice) in enumerate(zip(table, choices, strict=True)):
        chosen = choice.chosen
        if chosen is None or chosen.relation in AGREEING or chosen.listed.entry.level is not RowKind.KEGIATAN or row.official_code is None:
            continue
        own = next((c for c in found[place] if c.relation in AGREEING), None)
        below = _children(choices[place + 1 :])
        if own is not None and len(below) > 1 and all(parent_of(code) == own.code for code in below):
            heeded[place] = replace(choice, chosen=own, runner_up=chosen, margin=CLEAR_MARGIN)
    return heeded


def _children(following: Sequence[Choice]) -> list[str]:
    codes: list[str] = []
    for choice in following:
        if choice.chosen is None or choice.chosen.listed.entry.level is not RowKind.SUB_KEGIATAN:
            break
        codes.append(choice.chosen.code)
    return codes


def _match(evidence: Evidence, choice: Choice, found: Sequence[Candidate], view: EditionView) -> Match:
    chosen = choice.chosen
    shown = tuple((c.code, c.listed.entry.name, round(_score(evidence, c), 3)) for c in found[:_SHOWN])
    if chosen is None:
        foreign = evidence.code is not None and evidence.official_code is None
        status = MatchStatus.NOT_NOMENKLATUR if foreign or view.predates else MatchStatus.NOT_FOUND
        return Match(status, reason=why_not_found(evidence, view.predates), candidates=shown if status is MatchStatus.NOT_FOUND else ())
    score, margin = _score(evidence, chosen), _margin(choice)
    if _unsure(evidence, choice):
        return Match(MatchStatus.UNSURE, score=score, margin=margin, reason=why_unsure(evidence, choice), candidates=_first(chosen, found, evidence))
    entry = chosen.listed.entry
    return Match(
        _status(evidence, chosen),
        code=chosen.code,
        name=entry.name or None,
        level=entry.level,
        score=score,
        margin=margin,
        reason=why(evidence, chosen, view.year),
        edition=chosen.listed.edition,
        candidates=shown,
        indicator=entry.indicator or None,
        unit=entry.unit or None,
    )


def _unsure(evidence: Evidence, choice: Choice) -> bool:
    chosen = choice.chosen
    assert chosen is not None
    if choice.margin < CLEAR_MARGIN and not _same_but_for_bidang(choice):
        return True
    if evidence.name is None:
        return chosen.relation not in AGREEING
    return chosen.likeness < (_UNLIKE if chosen.relation in AGREEING else _ALONE)


def _same_but_for_bidang(choice: Choice) -> bool:
    """Whether chosen and runner-up are one penunjang row under two bidang of the same agency: the likelier bidang stands."""
    first, second = choice.chosen, choice.runner_up
    return first is not None and second is not None and first.listed is second.listed and bidang_of(first.code) != bidang_of(second.code)


def _status(evidence: Evidence, chosen: Candidate) -> MatchStatus:
    agrees = chosen.relation in AGREEING
    same_name = chosen.likeness == 1.0
    if same_name and (chosen.relation is Relation.SAME and not needed_repairs(evidence.code) or evidence.row.code is None):
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


def _first(chosen: Candidate, found: Sequence[Candidate], evidence: Evidence) -> tuple[tuple[str, str, float], ...]:
    ranked = [chosen, *(c for c in found if c.code != chosen.code)][:_SHOWN]
    return tuple((c.code, c.listed.entry.name, round(_score(evidence, c), 3)) for c in ranked)
