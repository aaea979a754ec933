"""The nomenklatur: official codes and names of urusan, program, kegiatan and sub kegiatan, by edition and budget year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normalizers.nomenklatur.editions import Edition, Entry
from normalizers.nomenklatur.index import EditionView, Listed
from normalizers.nomenklatur.names import read_name
from normalizers.nomenklatur.store import bundled_editions, read_edition

FIRST_YEAR = 2021  # the first budget year under the codes of Permendagri 90/2019 as renewed by 050-3708/2020

__all__ = ["FIRST_YEAR", "Edition", "EditionView", "Entry", "Listed", "Nomenklatur", "load"]


class Nomenklatur:
    """All editions at hand; `for_year` gives the view that a document of that year is matched against."""

    def __init__(self, editions: Sequence[Edition]) -> None:
        self.editions: tuple[Edition, ...] = tuple(editions)
        self._views: dict[tuple[int | None, str | None], EditionView] = {}

    def for_year(self, year: int | None, scope: str | None = None) -> EditionView:
        """Return the view for a budget year (None: unknown, newest editions first) and scope (kabkota, provinsi, None: both).

        An edition whose codes were given other meanings afterwards (90/2019) answers for its own years alone.
        """
        key = (year, scope)
        if key not in self._views:
            own = [edition for edition in self.editions if year is not None and edition.isolated and edition.distance(year) == 0]
            editions = own or [edition for edition in self.editions if not edition.isolated]
            predates = year is not None and year < FIRST_YEAR and not own
            self._views[key] = EditionView(editions, year, scope, predates)
        return self._views[key]


def load(extra: Sequence[Path] = ()) -> Nomenklatur:
    """Load the bundled editions and imported ones (Parquet); what is imported under a bundled edition's id is added to it."""
    editions = {edition.id: edition for edition in bundled_editions()}
    for path in sorted(extra):
        imported = read_edition(path)
        known = editions.get(imported.id)
        editions[imported.id] = imported if known is None else _joined(imported, known)
    return Nomenklatur(list(editions.values()))


def _joined(edition: Edition, other: Edition) -> Edition:
    """The edition with those entries of the other that it lacks."""
    listed = {(entry.code, read_name(entry.name).compact) for entry in edition.entries}
    lacking = (entry for entry in other.entries if (entry.code, read_name(entry.name).compact) not in listed)
    return replace(edition, entries=(*edition.entries, *lacking))
