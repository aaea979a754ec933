"""The entries that answer for one budget year, found by code, by name, or by likeness of name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normalizers.nomenklatur.editions import Edition, Entry, is_template, to_template
from normalizers.nomenklatur.names import Name, read_name

_GRAM = 3
_COMMON = 0.06  # a trigram in more than this share of the names does not choose candidates
_USED_GRAMS = 24  # the rarest trigrams of a name are enough to find its like


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry with the edition that lists it nearest to the asked year; `distance` is in years, 0 where the edition applies."""

    position: int
    entry: Entry
    name: Name
    edition: str
    distance: int
    provisional: bool


class EditionView:
    """Everything that may be official in one year and scope: the applying edition first, then the nearest ones.

    `predates` says that no edition reaches back to the year (before 2021 another code system was in force): then code and name must agree.
    """

    def __init__(self, editions: Sequence[Edition], year: int | None, scope: str | None, predates: bool) -> None:
        self.year = year
        self.scope = scope
        self.predates = predates
        self.entries: tuple[Listed, ...] = tuple(_listed(editions, year, scope))
        self._by_code: dict[str, list[Listed]] = defaultdict(list)
        self._by_name: dict[str, list[Listed]] = defaultdict(list)
        self._children: dict[str, list[Listed]] = defaultdict(list)
        for listed in self.entries:
            self._by_code[listed.entry.code].append(listed)
            if listed.entry.parent:
                self._children[listed.entry.parent].append(listed)
            if listed.name.compact:
                self._by_name[listed.name.compact].append(listed)
        self._grams: _Grams | None = None

    def with_code(self, code: str) -> Sequence[Listed]:
        """Return what is listed under an official code (a template code for penunjang rows), nearest edition first."""
        return self._by_code.get(code, ())

    def named(self, name: Name) -> Sequence[Listed]:
        """Return what is listed under exactly this name."""
        return self._by_name.get(name.compact, ())

    def children(self, code: str) -> Sequence[Listed]:
        """Return what is listed one level under an official code."""
        return self._children.get(code, ())

    def alike(self, name: Name, limit: int) -> list[Listed]:
        """Return up to `limit` entries whose names share the most rare trigrams with `name`, most alike first."""
        if self._grams is None:
            self._grams = _Grams([listed.name.compact for listed in self.entries])
        return [self.entries[position] for position in self._grams.nearest(name.compact, limit)]


def _listed(editions: Sequence[Edition], year: int | None, scope: str | None) -> Iterable[Listed]:
    """Each (code, name) once, from the edition nearest to the year; entries of the other scope stay out."""
    newest = max((edition.last_year for edition in editions), default=0)
    ranked = sorted(
        (((edition.distance(year) if year is not None else newest - edition.last_year), edition) for edition in editions),
        key=lambda pair: (pair[1].provisional, pair[0], -pair[1].first_year),
    )
    templates = {
        (entry.code, read_name(entry.name).compact) for edition in editions for entry in edition.entries if is_template(entry.code)
    }
    seen: set[tuple[str, str]] = set()
    position = 0
    for distance, edition in ranked:
        for entry in edition.entries:
            if scope is not None and entry.scope is not None and entry.scope not in (scope, "khusus"):
                continue
            name = read_name(entry.name)
            if (entry.code, name.compact) in seen or _repeats(entry.code, name, templates):
                continue  # listed nearer to the year, or a penunjang row that some lists repeat for one bidang
            seen.add((entry.code, name.compact))
            yield Listed(position, entry, name, edition.id, distance, edition.provisional)
            position += 1


def _repeats(code: str, name: Name, templates: set[tuple[str, str]]) -> bool:
    return not is_template(code) and (to_template(code) or "", name.compact) in templates


class _Grams:
    """An inverted index of trigrams over compact names, weighted by rarity."""

    def __init__(self, names: Sequence[str]) -> None:
        postings: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(names):
            for gram in set(_grams(name)):
                postings[gram].append(position)
        limit = max(_COMMON * len(names), 50)
        self._size = len(names)
        self._postings: dict[str, npt.NDArray[np.int32]] = {
            gram: np.array(found, dtype=np.int32) for gram, found in postings.items() if len(found) <= limit
        }
        lengths = np.array([max(len(name) - _GRAM + 1, 1) for name in names], dtype=np.float64)
        self._damping = 1.0 / np.sqrt(lengths)

    def nearest(self, name: str, limit: int) -> list[int]:
        found = [self._postings[gram] for gram in set(_grams(name)) if gram in self._postings]
        if not found:
            return []
        found.sort(key=len)
        chosen = found[:_USED_GRAMS]
        weights = np.repeat([np.log1p(self._size / len(posting)) for posting in chosen], [len(posting) for posting in chosen])
        scores = np.bincount(np.concatenate(chosen), weights=weights, minlength=self._size) * self._damping
        count = min(limit, int(np.count_nonzero(scores)))
        best = np.argpartition(-scores, count - 1)[:count]
        order = np.lexsort((best, -scores[best]))
        return [int(position) for position in best[order]]


def _grams(name: str) -> Iterable[str]:
    return (name[start : start + _GRAM] for start in range(len(name) - _GRAM + 1))
