"""Rows whose name is only a remnant: read against what the document says elsewhere, and what can stand between their neighbours.

A scan loses words (`Gaii dan Tunj ASN`, `Dava Air dan Listrik`). Against the whole nomenklatur such a remnant says nothing; against
the entries that the document names in full elsewhere, or that fit between the rows before and after, it often leaves one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest

import numpy as np
from rapidfuzz import fuzz

from normalizers.matching.decision import Choice, fit
from normalizers.matching.evidence import Evidence, relate
from normalizers.matching.scoring import Candidate
from normalizers.nomenklatur import EditionView, Listed
from normalizers.nomenklatur.editions import bidang_of, is_template, parent_of, to_template, with_bidang
from normalizers.types import RowKind

_TOKEN = 70.0  # likeness from which two words are taken as one
_FOUND = ((20, 50), (0.72, 0.80))  # letters of a remnant, and the share of them that must be found, in order
_CLEAR = 0.12  # by which the best must lead the next
_LETTERS = 8  # printed letters that a remnant needs at least; fewer where its level is printed
_LETTERS_OF_LEVEL = 5
_HEAD, _POOL = 3, 16  # letters by which words are looked up, and entries that are looked at closely
_PLACE = 0.03  # what a point of fit with the neighbours adds


class KnownEntries:
    """The entries, by code, that a document's rows were matched to; found again by the heads of their words."""

    def __init__(self, entries: Mapping[str, Listed]) -> None:
        self._entries = entries
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for code, listed in entries.items():
            for head in _heads(listed.name.tokens):
                self._by_head[head].append(code)

    def sharing_words(self, tokens: str) -> dict[str, Listed]:
        """Return the few entries that share the most, and the rarest, word heads with a name."""
        votes: dict[str, float] = defaultdict(float)
        for head in _heads(tokens):
            codes = self._by_head.get(head, ())
            for code in codes:
                votes[code] += 1 + 1 / len(codes)
        return {code: self._entries[code] for code in nlargest(_POOL, votes, key=lambda code: (votes[code], code))}


def _heads(tokens: str) -> set[str]:
    return {token[:_HEAD] for token in tokens.split() if len(token) >= _HEAD}


def fill_gaps(
    table: Sequence[Evidence], choices: Sequence[Choice], open_rows: Iterable[int], known: KnownEntries, view: EditionView
) -> dict[int, Candidate]:
    """Return for the open rows of a table the entry that alone fits their remnant of a name.

    `known` are what the document's other rows were matched to. Rows with a code are left to the code.
    """
    filled: dict[int, Candidate] = {}
    gaps = set(open_rows)
    for place in sorted(gaps):
        row = table[place]
        if row.name is None or row.code is not None:
            continue
        if len(row.name.compact) < (_LETTERS if row.name.level is None else _LETTERS_OF_LEVEL):
            continue
        before = _neighbour(choices, range(place - 1, -1, -1), gaps - set(filled), filled)
        after = _neighbour(choices, range(place + 1, len(table)), gaps, {})
        pool = _between(before, after, view, row) | known.sharing_words(row.name.tokens)
        found = _only(row, pool, before, after)
        if found is not None:
            filled[place] = found
    return filled


def _neighbour(choices: Sequence[Choice], places: range, skipped: set[int], filled: dict[int, Candidate]) -> str | None:
    for place in places:
        if place in filled:
            return filled[place].code
        chosen = choices[place].chosen
        if chosen is not None and place not in skipped:
            return chosen.code
    return None


def _between(before: str | None, after: str | None, view: EditionView, row: Evidence) -> dict[str, Listed]:
    """The entries that lie beside, under or above the neighbours."""
    parents = {parent for code in (before, after) if code for parent in (code, parent_of(code), parent_of(parent_of(code) or "")) if parent}
    pool: dict[str, Listed] = {}
    for parent in parents:
        for listed in (*view.children(parent), *view.children(to_template(parent) or "")):
            bidang = bidang_of(parent)
            code = with_bidang(listed.entry.code, bidang) if is_template(listed.entry.code) and bidang else listed.entry.code
            pool.setdefault(code, listed)
    if row.name is not None and row.name.level is RowKind.BIDANG_URUSAN:
        pool.update((listed.entry.code, listed) for listed in view.entries if listed.entry.level is RowKind.BIDANG_URUSAN)
    return pool


def _only(row: Evidence, pool: Mapping[str, Listed], before: str | None, after: str | None) -> Candidate | None:
    assert row.name is not None
    level = row.name.level or row.row.level
    printed = row.name.tokens.split()
    scored: list[tuple[float, str, float]] = []
    needed = float(np.interp(len(row.name.compact), *_FOUND))
    for code, listed in pool.items():
        if code in (before, after) or (level is not None and listed.entry.level is not level):
            continue
        share = _found(printed, listed.name.tokens.split())
        if share >= needed - 2 * _CLEAR:
            scored.append((share + _PLACE * max(fit(before, code) + fit(code, after), 0.0), code, share))
    scored.sort(key=lambda item: (-item[0], item[1]))
    if not scored or scored[0][0] < needed or (len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEAR):
        return None
    _, code, share = scored[0]
    return Candidate(pool[code], code, share, relate(row.code, code), 0.0)


def _found(printed: Sequence[str], official: Sequence[str]) -> float:
    """The share of the printed letters that are found in the official words, in order; a little more where little is missing."""
    total = sum(len(word) for word in printed)
    matched = covered = place = 0
    for word in printed:
        for ahead in range(place, len(official)):
            if _same_word(word, official[ahead]):
                matched, covered, place = matched + len(word), covered + len(official[ahead]), ahead + 1
                break
    return matched / total * (0.75 + 0.25 * covered / max(sum(len(word) for word in official), 1)) if total else 0.0


@lru_cache(maxsize=262144)
def _same_word(printed: str, official: str) -> bool:
    if len(printed) >= 2 and official.startswith(printed):
        return True
    return fuzz.ratio(printed, official) >= _TOKEN
