"""`renja inspect`: what was found on a page, why, and a picture of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.cli.common import clear_errors, console, fail

if TYPE_CHECKING:
    from normalizers.tables import TableReason
    from pipeline.inspection import Inspection


def inspect(
    file: Annotated[Path, typer.Argument(help="A PDF.")],
    page: Annotated[int, typer.Option("--page", "-p", help="Page, counted from 1.", min=1)] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write the PNG.", show_default="FILE-pN.png here")] = None,
    context: Annotated[int, typer.Option(help="Pages before it that are read too, for the header of a table that continues.", min=0)] = 5,
) -> None:
    """Show how one page is read, and why that way.

    Writes a PNG with words (green), rulings (red), cells (blue), the kinds of rows and the names of columns.

    Examples:

        renja inspect renja-2024.pdf --page 12

        renja inspect renja-2024.pdf -p 12 -o halaman12.png
    """
    with clear_errors():
        from pipeline.inputs import require_pdf, shown

        require_pdf(file)
        from extractors import ExtractionError
        from pipeline.inspection import NoSuchPage, inspect_page

        try:
            with console().status("reading …") as status:
                found = inspect_page(file, page, context=context, on_page=lambda number: status.update(f"read page {number} …"))
        except NoSuchPage as error:
            fail(str(error))
        except ExtractionError as error:
            fail(f"{file}, page {page}: {error}")
        target = out or Path(f"{file.stem}-p{page}.png")
        target.write_bytes(found.picture)
    _tell_page(found)
    for reason in found.tables:
        _tell_table(reason)
    _say(f"Picture: {shown(target)}")


def _say(text: str) -> None:
    console().print(text, highlight=False, markup=False, soft_wrap=True)


def _tell_page(found: Inspection) -> None:
    content = found.content
    size = f"{content.width:.0f} x {content.height:.0f} pt, turned {content.rotation}°, {content.text_kind.value}"
    _say(f"Page {content.number} of {found.page_count}: {size}; {len(content.prose)} lines of text outside tables")
    _say(f"  why: {content.reason or 'nothing special'}")
    for problem in content.problems:
        _say(f"  problem: {problem}")
    for table in content.tables:
        _say(f"Grid {table.order + 1}: {table.n_rows} rows x {table.n_columns} columns, {table.method}, confidence {table.confidence:.2f}")
        if table.reason:
            _say(f"  why: {table.reason}")


def _tell_table(reason: TableReason) -> None:
    _say(
        f"\nTable of kind {reason.kind} ({reason.score:.2f}), pages {reason.first_page} to {reason.last_page}: {reason.title or 'no title'}"
    )
    _say(f"  why: {reason.reason}")
    columns = Table("column", "printed header", "read as", "sure", "why", box=None, pad_edge=False)
    for column in reason.columns:
        columns.add_row(column.name, column.header, column.kind, f"{column.score:.2f}", column.reason)
    console().print(columns)
    rows = Table("row kind", "printed", "why", box=None, pad_edge=False)
    for row in reason.rows:
        rows.add_row(row.kind.value, row.text[:60], row.reason)
    console().print(rows)
