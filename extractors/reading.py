"""From document to page contents: the way of each page is chosen here, the cheapest that suffices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pypdfium2 import PdfiumError

from extractors import pdfium
from extractors.document import chosen_pages, open_document
from extractors.errors import ExtractionError, UnreadablePage
from extractors.lattice import ruled_tables
from extractors.layout import prose_lines
from extractors.pages import Sheet, read_sheet
from extractors.settings import DEFAULTS, Settings
from extractors.types import PageContent, RawTable, TextKind, TextLine

_ABOVE = 8


def load_page(path: Path | str, number: int, settings: Settings = DEFAULTS) -> Sheet:
    """The page model of one page (`Sheet.page`). Raises `UnreadableDocument`, `UnreadablePage`."""
    with open_document(Path(path), settings) as opened:
        if not 1 <= number <= opened.probe.page_count:
            raise UnreadablePage(f"page {number} does not exist; the document has {opened.probe.page_count}")
        return _sheet(opened.pdf, number, settings)


def read_pages(path: Path | str, pages: Sequence[int] | None = None, settings: Settings = DEFAULTS) -> Iterator[PageContent]:
    """Page contents in order, one page in memory at a time. `pages` count from 1.

    Raises `UnreadableDocument` for the document as a whole; what goes wrong on one page becomes its `problems`.
    """
    with open_document(Path(path), settings) as opened:
        before: Sequence[RawTable] = ()
        for number in chosen_pages(pages, opened.probe.page_count):
            try:
                content = content_of(_sheet(opened.pdf, number, settings), before, settings)
            except (ExtractionError, PdfiumError, ValueError, ArithmeticError, LookupError, MemoryError, RecursionError) as error:
                content = PageContent(number, 0.0, 0.0, 0, TextKind.EMPTY, "halaman tidak terbaca", (), (), (f"page {number}: {error}",))
            before = content.tables
            yield content


def _sheet(document: Any, number: int, settings: Settings) -> Sheet:
    with pdfium.open_page(document, number) as page:
        return read_sheet(page, number, settings)


def content_of(sheet: Sheet, before: Sequence[RawTable], settings: Settings) -> PageContent:
    """Tables and prose of a page; `before` are the tables of the page before, evidence for the columns of a continuation."""
    page = sheet.page
    tables, used = ruled_tables(page, sheet.coloured, settings)
    prose = prose_lines(word for index, word in enumerate(page.words) if index not in used)
    ordered = [replace(table, order=order, above=_above(table, tables, prose)) for order, table in enumerate(tables)]
    return PageContent(page.number, page.width, page.height, page.rotation, page.text_kind, page.reason, tuple(prose), tuple(ordered), sheet.problems)


def _above(table: RawTable, tables: Sequence[RawTable], prose: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The last lines over a table, as far up as the table before it."""
    top = max((t.bbox.y1 for t in tables if t is not table and t.bbox.y1 <= table.bbox.y0 + 2), default=0.0)
    lines = [line for line in prose if top - 2 <= line.bbox.centre[1] <= table.bbox.y0 + 2]
    return tuple(lines[-_ABOVE:])
