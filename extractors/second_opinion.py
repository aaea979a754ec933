"""Other extractors' readings of a page, and where they differ from ours.

pdfplumber is asked only for tables that the fast way itself doubts, since it costs 5 to 20 times as much; camelot's reading is there for
measurements. A difference is written beside the cell (`Cell.conflict`); it never replaces what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from extractors.layout import within
from extractors.settings import Settings
from extractors.types import Bbox, Cell, PageContent, RawTable, TextKind

_CAMELOT_CHUNK = 20  # camelot keeps the images of all pages of one call


def checked(path: Path, content: PageContent, settings: Settings) -> PageContent:
    """The content with doubtful ruled tables compared to pdfplumber's reading of the same page.

    Turned pages are left alone: pdfplumber does not bring them upright.
    """
    doubtful = [t for t in content.tables if t.method == "lattice" and t.confidence < settings.second_opinion_below]
    if not doubtful or content.text_kind is not TextKind.TEXT or content.rotation:
        return content
    others = list(pdfplumber_tables(path, [content.number]))
    return replace(content, tables=tuple(_against(table, others) if table in doubtful else table for table in content.tables))


def _against(table: RawTable, others: Sequence[RawTable]) -> RawTable:
    other = max(others, key=lambda t: _overlap(table.bbox, t.bbox), default=None)
    if other is None or _overlap(table.bbox, other.bbox) < 0.5:
        return replace(table, reason=f"{table.reason}; pembaca kedua tidak menemukan tabel ini")
    compared, share = agree(table, other)
    reason = f"{table.reason}; pembaca kedua ({other.method}) sama pada {share:.0%} sel"
    return replace(compared, reason=reason, confidence=round(max(table.confidence, min(share, 0.9)), 4))


def agree(one: RawTable, two: RawTable) -> tuple[RawTable, float]:
    """`one` with `two`'s text as `conflict` wherever both cover a place and differ, and the share of filled cells that agree."""
    cells: list[Cell] = []
    filled = same = 0
    for cell in one.cells:
        theirs = [c for c in two.cells if within(c.bbox.centre, cell.bbox, 0.0) or within(cell.bbox.centre, c.bbox, 0.0)]
        text = " ".join(c.text for c in sorted(theirs, key=lambda c: (c.row, c.column)) if c.text)
        if _squash(text) == _squash(cell.text):
            filled += bool(cell.text)
            same += bool(cell.text)
            cells.append(cell)
        else:
            filled += 1
            cells.append(replace(cell, conflict=text))
    return replace(one, cells=tuple(cells)), same / filled if filled else 1.0


def pdfplumber_tables(path: Path, pages: Sequence[int]) -> Iterator[RawTable]:
    """pdfplumber's ruled tables, method `pdfplumber`; each page is closed after use. Raises what pdfplumber raises."""
    import pdfplumber

    for number in pages:
        with pdfplumber.open(path, pages=[number]) as document:
            page = document.pages[0]
            for order, table in enumerate(page.find_tables()):
                texts = table.extract(x_tolerance=1.5)
                cells = [
                    (Bbox(*(float(v) for v in box)), (text[column] or "") if column < len(text) else "")
                    for row, text in zip(table.rows, texts, strict=False)
                    for column, box in enumerate(row.cells)
                    if box is not None
                ]
                if cells:
                    yield _table(number, order, cells, "pdfplumber")
            page.close()


def camelot_tables(path: Path, pages: Sequence[int]) -> Iterator[RawTable]:
    """camelot's ruled tables, method `camelot`; pages are read in chunks to bound memory. Raises what camelot raises."""
    import camelot

    for start in range(0, len(pages), _CAMELOT_CHUNK):
        chunk = ",".join(str(number) for number in pages[start : start + _CAMELOT_CHUNK])
        for table in camelot.read_pdf(str(path), pages=chunk, flavor="lattice", engine="vector", split_text=True, suppress_stdout=True):
            height = _page_height(table)
            yield _table(int(table.page), int(table.order) - 1, _camelot_cells(table, height), "camelot")


def _page_height(table: Any) -> float:
    size = getattr(table, "pdf_size", None)
    return float(size[1]) if size else 0.0


def _camelot_cells(table: Any, height: float) -> list[tuple[Bbox, str]]:
    """Cells with a missing border between them are one; camelot repeats them without text."""
    return [
        (Bbox(float(c.x1), height - float(c.y2), float(c.x2), height - float(c.y1)), str(c.text or "").strip())
        for row in table.cells
        for c in row
    ]


def _table(page: int, order: int, found: Sequence[tuple[Bbox, str]], method: str) -> RawTable:
    xs = _edges([v for box, _ in found for v in (box.x0, box.x1)])
    ys = _edges([v for box, _ in found for v in (box.y0, box.y1)])
    cells = []
    for box, text in found:
        left, right = _nearest(xs, box.x0), _nearest(xs, box.x1)
        top, bottom = _nearest(ys, box.y0), _nearest(ys, box.y1)
        lines = tuple(line for line in (part.strip() for part in text.splitlines()) if line)
        cells.append(Cell(top, left, max(bottom - top, 1), max(right - left, 1), lines, box, page))
    bbox = Bbox(xs[0], ys[0], xs[-1], ys[-1])
    reason = "pembaca kedua"
    return RawTable(page, order, max(len(ys) - 1, 1), max(len(xs) - 1, 1), tuple(cells), bbox, tuple(xs), tuple(ys), method, reason)


def _edges(places: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > 1.0:
            edges.append(place)
    return edges


def _nearest(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - place))


def _overlap(one: Bbox, two: Bbox) -> float:
    """Shared area by the area of both."""
    wide, high = min(one.x1, two.x1) - max(one.x0, two.x0), min(one.y1, two.y1) - max(one.y0, two.y0)
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (one.width * one.height + two.width * two.height - shared)


def _squash(text: str) -> str:
    return re.sub(r"\s+", "", text)
