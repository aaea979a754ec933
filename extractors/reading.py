"""From document to page contents: the way of each page is chosen here, the cheapest that suffices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import Any

from pypdfium2 import PdfiumError

from extractors import alignment, pdfium
from extractors.alignment.split import split_rows
from extractors.document import chosen_pages, open_document
from extractors.errors import ExtractionError, UnreadablePage
from extractors.lattice import ruled_tables
from extractors.layout import prose_lines, within
from extractors.pages import Sheet, read_sheet
from extractors.settings import DEFAULTS, Settings
from extractors.spread import two_pages
from extractors.titled import with_titles
from extractors.types import Page, PageContent, RawTable, TextKind, TextLine
from extractors.walls import columns_missing

_ABOVE = 8
_PROBLEM_LENGTH = 120  # of what another library says of a strange file
_PAGE_FAULTS = (ExtractionError, PdfiumError, ValueError, ArithmeticError, LookupError, MemoryError, RecursionError)


def load_page(path: Path | str, number: int, settings: Settings = DEFAULTS) -> Page:
    """The page model of one page, by OCR where it is an image. Raises `UnreadableDocument`, `UnreadablePage`."""
    return read_model(Path(path), number, settings)[0]


def read_model(path: Path, number: int, settings: Settings) -> tuple[Page, PageContent]:
    """One page with its model and its content."""
    with open_document(path, settings) as opened:
        if not 1 <= number <= opened.probe.page_count:
            raise UnreadablePage(f"page {number} does not exist; the document has {opened.probe.page_count}")
        sheet, content = _Reader(opened.pdf, settings).read(number)
        return sheet.page, content


def read_pages(path: Path | str, pages: Sequence[int] | None = None, settings: Settings = DEFAULTS) -> Iterator[PageContent]:
    """Page contents in order, one page in memory at a time. `pages` count from 1; a page reads the same whatever others are asked for.

    Raises `UnreadableDocument` for the document as a whole; what goes wrong on one page becomes its `problems`.
    """
    with open_document(Path(path), settings) as opened:
        reader = _Reader(opened.pdf, settings)
        for number in chosen_pages(pages, opened.probe.page_count):
            try:
                content = reader.read(number)[1]
                if settings.second_opinion and any(table.confidence < settings.second_opinion_below for table in content.tables):
                    content = _second_opinion(Path(path), content, settings)
            except _PAGE_FAULTS as error:
                content = PageContent(number, 0.0, 0.0, 0, TextKind.EMPTY, "halaman tidak terbaca", (), (), (f"tidak terbaca ({error})",))
            yield content


class _Reader:
    """Reads pages; the tables of the page right before are evidence for the columns of a continuation, read only where asked for."""

    def __init__(self, document: Any, settings: Settings) -> None:
        self._document, self._settings = document, settings
        self._last, self._tables = 0, tuple[RawTable, ...]()  # the page read last, and its tables

    def read(self, number: int) -> tuple[Sheet, PageContent]:
        sheets: dict[int, Sheet] = {}
        wanted = [number]  # back to the first page that needs none before it
        while True:
            at = wanted[-1]
            try:
                if at not in sheets:
                    sheets[at] = _sheet(self._document, at, self._settings)
                content = content_of(sheets[at], _Before(self, at), self._settings)
                self._last, self._tables = at, content.tables
            except _NotReadYet:
                wanted.append(at - 1)
                continue
            except _PAGE_FAULTS:
                self._last, self._tables = at, ()
                if at == number:
                    raise
            wanted.pop()
            if not wanted:
                return sheets[number], content

    def tables_of(self, number: int) -> tuple[RawTable, ...]:
        if number and number != self._last:
            raise _NotReadYet
        return self._tables if number else ()


class _NotReadYet(Exception):
    """The tables of a page are asked for that was not read."""


class _Before:
    """The tables of the page before `number`, looked up when they are asked for."""

    def __init__(self, reader: _Reader, number: int) -> None:
        self._reader, self._number = reader, number

    def __iter__(self) -> Iterator[RawTable]:
        return iter(self._reader.tables_of(self._number - 1))


def _second_opinion(path: Path, content: PageContent, settings: Settings) -> PageContent:
    from extractors import second_opinion  # loads pdfplumber, which few documents need

    try:
        return second_opinion.checked(path, content, settings)
    except Exception as error:  # noqa: BLE001 - whatever another library raises on a strange file, our own reading stands
        return replace(content, problems=(*content.problems, f"pembaca kedua gagal ({shorten(str(error), _PROBLEM_LENGTH)})"))


def _sheet(document: Any, number: int, settings: Settings) -> Sheet:
    with pdfium.open_page(document, number) as page:
        sheet = read_sheet(page, number, settings)
        if not (sheet.needs_ocr or sheet.pictures):
            return sheet
        from extractors import imaged  # only pages with an image need arrays, OpenCV and a recogniser

        return imaged.read_by_ocr(page, sheet, settings) if sheet.needs_ocr else imaged.with_pictured_tables(page, sheet, settings)


def content_of(sheet: Sheet, before: Iterable[RawTable], settings: Settings) -> PageContent:
    """Tables and prose of a page; `before` are the tables of the page before, evidence for the columns of a continuation.

    Of a scan that shows two pages side by side, the left one is read first.
    """
    halves = two_pages(sheet.page) if sheet.needs_ocr else None
    if halves is None:
        return _content_of(sheet, before, settings)
    left = _content_of(replace(sheet, page=halves[0]), before, settings)
    right = _content_of(replace(sheet, page=halves[1]), left.tables, settings)
    tables = tuple(replace(table, order=order) for order, table in enumerate(left.tables + right.tables))
    return replace(left, prose=left.prose + right.prose, tables=tables)


def _content_of(sheet: Sheet, before: Iterable[RawTable], settings: Settings) -> PageContent:
    page = sheet.page
    ruled, used = ruled_tables(page, sheet.coloured, settings)
    rest = [word for index, word in enumerate(page.words) if index not in used]
    tables = [alignment.with_body(page, table, rest) or _with_all_columns(page, table, before) for table in ruled]
    tables = [with_titles(table, rest) or table for table in tables]
    others = alignment.find_tables(page, [table.bbox for table in tables], before)
    from_text = [*others, *(table for table in tables if table not in ruled)]
    tables = sorted([*(split_rows(page, table) for table in tables), *others], key=lambda table: (table.bbox.y0, table.bbox.x0))
    prose = prose_lines(
        word
        for index, word in enumerate(page.words)
        if index not in used and not any(within(word.bbox.centre, table.bbox) for table in from_text)
    )
    ordered = tuple(replace(table, order=order, above=_above(table, tables, prose)) for order, table in enumerate(tables))
    ordered = tuple(replace(table, method=f"ocr+{table.method}") if _from_pixels(table, sheet) else table for table in ordered)
    return PageContent(
        page.number, page.width, page.height, page.rotation, page.text_kind, page.reason, tuple(prose), ordered, sheet.problems, page.lay
    )


def _with_all_columns(page: Page, table: RawTable, before: Iterable[RawTable]) -> RawTable:
    """A ruled table without the rules of its columns is read by its text instead, where that tells the columns."""
    found = alignment.with_columns(page, table, before) if columns_missing(table) else None
    return found or table


def _from_pixels(table: RawTable, sheet: Sheet) -> bool:
    return sheet.needs_ocr or any(within(table.bbox.centre, box) for box in sheet.pictures)


def _above(table: RawTable, tables: Sequence[RawTable], prose: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The last lines over a table, as far up as the table before it."""
    top = max((t.bbox.y1 for t in tables if t is not table and t.bbox.y1 <= table.bbox.y0 + 2), default=0.0)
    lines = [line for line in prose if top - 2 <= line.bbox.centre[1] <= table.bbox.y0 + 2]
    return tuple(lines[-_ABOVE:])
