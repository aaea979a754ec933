"""`renja inspect`: what was found on a page, and a picture of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import clear_errors, console, fail


def inspect(
    file: Annotated[Path, typer.Argument(help="A PDF.")],
    page: Annotated[int, typer.Option("--page", "-p", help="Page, counted from 1.", min=1)] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write the PNG.", show_default="FILE-pN.png here")] = None,
) -> None:
    """Show how one page is read, and why that way; writes a PNG with words (green), rulings (red) and cells (blue).

    Examples:

        renja inspect renja-2024.pdf --page 12

        renja inspect renja-2024.pdf -p 12 -o halaman12.png
    """
    with clear_errors():
        from pipeline.inputs import require_pdf

        require_pdf(file)
        import extractors

        try:
            count = extractors.probe(file).page_count
            if page > count:
                fail(f"{file} has {count} pages, there is no page {page}")
            content = next(iter(extractors.read_pages(file, pages=[page])))
            picture = extractors.debug_image(file, page, content=content)
        except extractors.ExtractionError as error:
            fail(f"{file}, page {page}: {error}")
        target = out or Path(f"{file.stem}-p{page}.png")
        target.write_bytes(picture)
    screen = console()
    screen.print(
        f"Page {page} of {count}: {content.width:.0f} x {content.height:.0f} pt, turned {content.rotation}°, {content.text_kind.value}",
        highlight=False,
    )
    screen.print(f"  why: {content.reason or 'nothing special'}", highlight=False, markup=False)
    for problem in content.problems:
        screen.print(f"  problem: {problem}", highlight=False, markup=False)
    for table in content.tables:
        screen.print(
            f"Table {table.order}: {table.n_rows} rows x {table.n_columns} columns, {table.method}, confidence {table.confidence:.2f}",
            highlight=False,
        )
        if table.reason:
            screen.print(f"  why: {table.reason}", highlight=False, markup=False)
        for line in table.above[-2:]:
            screen.print(f"  above: {line.text}", highlight=False, markup=False)
    screen.print(f"{len(content.tables)} tables, {len(content.prose)} lines of text outside them", highlight=False)
    screen.print(f"Picture: {target}", highlight=False, markup=False, soft_wrap=True)
