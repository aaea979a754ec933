"""What was found on one page and why: the facts behind `renja inspect`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from extractors.types import Bbox, PageContent
from normalizers.tables import TableReason
from normalizers.types import TypedTable
from pipeline.inputs import shown

Label = tuple[Bbox, str, str]  # box, text, kind


class NoSuchPage(LookupError):
    """The document has no page of this number."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One page as read and as understood; `picture` is a PNG with words, rulings, cells, row kinds and column names."""

    page_count: int
    content: PageContent
    tables: tuple[TableReason, ...]
    picture: bytes


def inspect_page(path: Path, number: int, *, context: int, on_page: Callable[[int], None] = lambda _: None) -> Inspection:
    """Read page `number` and up to `context` pages before it, where the header of a table that continues may stand.

    Raises ExtractionError (the document cannot be read) and NoSuchPage.
    """
    import extractors
    from normalizers.tables import explain_page, understand

    count = extractors.probe(path).page_count
    if number > count:
        raise NoSuchPage(f"{path} has {count} pages, there is no page {number}")
    pages = []
    for page in extractors.read_pages(path, pages=range(max(1, number - context), number + 1)):
        pages.append(page)
        on_page(page.number)
    content = pages[-1]
    reasons = explain_page(pages, number)
    labels = _labels(reasons, understand(pages, shown(path.name)), number)
    return Inspection(count, content, reasons, extractors.debug_image(path, number, labels, content=content))


def _labels(reasons: tuple[TableReason, ...], tables: tuple[TypedTable, ...], number: int) -> list[Label]:
    """The kind at the left of each row, and the name of each column over its first cell on the page."""
    found = [(row.bbox, row.kind.value, row.kind.value) for reason in reasons for row in reason.rows]
    for table in tables:
        named: set[str] = set()
        for line in table.lines:
            for column, cell in line.cells.items():
                if cell.page == number and column not in named:
                    named.add(column)
                    found.append((cell.bbox, column, "kolom"))
    return found
