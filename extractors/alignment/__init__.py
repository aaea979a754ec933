"""Tables whose rules are missing, in part or wholly: rows and columns from horizontal rules, column rules, white space and alignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.alignment.continued import continued_table
from extractors.alignment.free import free_tables
from extractors.alignment.headed import with_body
from extractors.alignment.ruled import ruled_table
from extractors.alignment.rules import frames_of
from extractors.alignment.split import split_rows
from extractors.alignment.text import inside
from extractors.types import Bbox, Page, RawTable

__all__ = ["find_tables", "split_rows", "with_body", "with_columns"]


def find_tables(page: Page, taken: Sequence[Bbox], hints: Iterable[RawTable]) -> list[RawTable]:
    """The tables of `page` outside the `taken` boxes, from top to bottom; `hints` are tables of the page before, for their column edges."""
    words = [word for word in page.words if not any(inside(word, box, 1.0) for box in taken)]
    rulings = [ruling for ruling in page.rulings if not any(_covered(ruling.x0, ruling.y0, ruling.x1, ruling.y1, box) for box in taken)]
    tables: list[RawTable] = []
    for frame in frames_of(rulings, words, page.width):
        table = ruled_table(page, frame, words, hints)
        if table is not None and not any(_shared(table.bbox, box) > 0.1 for box in taken):
            tables.append(split_rows(page, table))
    rest = [word for word in words if not any(inside(word, table.bbox, 1.0) for table in tables)]
    tables += [table for table in free_tables(page, rest, hints) if not any(_shared(table.bbox, box) > 0.1 for box in taken)]
    if not tables and not taken and (rows := continued_table(page, words, hints)) is not None:
        tables = [rows]
    tables.sort(key=lambda table: table.bbox.y0)
    return [replace(table, order=order) for order, table in enumerate(tables)]


def with_columns(page: Page, table: RawTable, hints: Iterable[RawTable]) -> RawTable | None:
    """The ruled `table` read anew with columns from its text, for one whose column rules are missing; None where that finds no more."""
    column = Bbox(table.bbox.x0, 0.0, table.bbox.x1, page.height)
    words = [word for word in page.words if inside(word, column)]
    rulings = [ruling for ruling in page.rulings if _covered(ruling.x0, ruling.y0, ruling.x1, ruling.y1, column)]
    frames = frames_of(rulings, words, page.width)
    frame = max(frames, key=lambda each: _shared(each.box, table.bbox), default=None)
    found = ruled_table(page, frame, words, hints) if frame and _shared(frame.box, table.bbox) > 0.9 else None
    return found if found is not None and found.n_columns > table.n_columns else None


def _shared(first: Bbox, second: Bbox) -> float:
    """The part of the smaller box that the other covers."""
    wide = min(first.x1, second.x1) - max(first.x0, second.x0)
    high = min(first.y1, second.y1) - max(first.y0, second.y0)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / max(1.0, min(first.width * first.height, second.width * second.height))


def _covered(x0: float, y0: float, x1: float, y1: float, box: Bbox) -> bool:
    return box.x0 - 3 <= x0 and x1 <= box.x1 + 3 and box.y0 - 3 <= y0 and y1 <= box.y1 + 3
