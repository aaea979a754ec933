"""`renja export`: the snapshot as CSV, XLSX, DuckDB or SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def export(
    form: Annotated[str, typer.Argument(help="csv, xlsx, duckdb or sqlite")],
    out: Annotated[Path, typer.Argument(help="Target: a folder for csv, a file for the rest.")],
    clean: Annotated[Path, typer.Option(help="Folder of the published datasets.")] = Path("data/clean"),
    region: Annotated[str | None, typer.Option(help="Kemendagri code; a province takes its regencies too (12 or 12.20).")] = None,
    year: Annotated[int | None, typer.Option(help="Budget year.")] = None,
    bidang: Annotated[str | None, typer.Option(help="Bidang urusan (2.17): only its lines and what hangs on them.")] = None,
) -> None:
    """Write the published dataset in another form.

    Examples:

        renja export duckdb renja.duckdb

        renja export xlsx sumut-2024.xlsx --region 12 --year 2024
    """
    from pipeline.dataset import DatasetError, Selection
    from pipeline.export import ExportError
    from pipeline.export import export as write

    try:
        written = write(clean / "latest", form, out, Selection(region, year, bidang))
    except (DatasetError, ExportError) as error:
        Console(stderr=True).print(f"renja: {error}", style="red", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    for path in written:
        Console().print(str(path), highlight=False, soft_wrap=True)
