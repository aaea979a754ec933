"""Page contents to one typed document: the order in which tables, facts, names and parents are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from extractors.types import Lay, PageContent, TextKind
from normalizers.facts import document_facts
from normalizers.matching import match_document
from normalizers.nomenklatur import Nomenklatur
from normalizers.prose import figures, paragraphs
from normalizers.tables import understand
from normalizers.tree import with_parents
from normalizers.types import CellText, Line, ProseFigure, TypedDocument, Value

Placed = TypeVar("Placed", Line, CellText, Value, ProseFigure)


def understand_document(pages: Sequence[PageContent], *, sha256: str, file_name: str) -> TypedDocument:
    """The typed document of all its pages, in order, before its rows are named."""
    document_id = sha256[:16]
    prose = [(page.number, page.prose) for page in pages]
    tables = tuple(with_parents(table) for table in understand(pages, document_id))
    return TypedDocument(
        id=document_id,
        sha256=sha256,
        file_name=file_name,
        facts=document_facts(pages, tables),
        tables=tables,
        prose=figures(prose),
        prose_text=tuple((paragraph.page, paragraph.text) for paragraph in paragraphs(prose)),
        page_count=len(pages),
        ocr_pages=tuple(page.number for page in pages if page.text_kind in (TextKind.SCAN, TextKind.MIXED)),
        problems=tuple(_problems(pages)),
        rotations={page.number: page.rotation for page in pages if page.rotation},
        lays={page.number: page.lay for page in pages if page.lay},
    )


def _problems(pages: Sequence[PageContent]) -> Iterator[str]:
    """What went wrong on pages, each problem once with the pages that have it: `halaman 3-5, 8: ...`."""
    found: dict[str, list[int]] = {}
    for page in pages:
        for problem in page.problems:
            found.setdefault(problem, []).append(page.number)
    for problem, numbers in found.items():
        yield f"halaman {', '.join(_ranges(numbers))}: {problem}"


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Ascending numbers with those that follow each other as `3-5`."""
    places = {number: place for place, number in enumerate(numbers)}
    runs = (list(run) for _, run in groupby(numbers, key=lambda number: number - places[number]))
    return (f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def name_document(document: TypedDocument, nomenklatur: Nomenklatur) -> TypedDocument:
    """The document with official names on its rows; parents are found anew, since names tell more of them than print does."""
    return with_trees(match_document(document, nomenklatur))


def with_trees(document: TypedDocument) -> TypedDocument:
    """The document with the parents of its rows found anew."""
    return replace(document, tables=tuple(with_parents(table) for table in document.tables))


def as_displayed(document: TypedDocument) -> TypedDocument:
    """The document with its boxes on the pages as they are displayed, no longer as they were made level and flat for reading."""
    if not document.lays:
        return document
    tables = tuple(replace(table, lines=tuple(_line_displayed(line, document.lays) for line in table.lines)) for table in document.tables)
    prose = tuple(_displayed(figure, document.lays) for figure in document.prose)
    return replace(document, tables=tables, prose=prose, lays={})


def _line_displayed(line: Line, lays: Mapping[int, Lay]) -> Line:
    cells = {column: _displayed(cell, lays) for column, cell in line.cells.items()}
    return replace(_displayed(line, lays), cells=cells, values=tuple(_displayed(value, lays) for value in line.values))


def _displayed(item: Placed, lays: Mapping[int, Lay]) -> Placed:
    lay = lays.get(item.page)
    return replace(item, bbox=lay.displayed(item.bbox)) if lay else item
