"""`renja export`: the snapshot as CSV, XLSX, DuckDB or SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, latest_snapshot, settings_with


def export(
    form: Annotated[str, typer.Argument(help="csv, xlsx, duckdb or sqlite")],
    out: Annotated[Path, typer.Argument(help="Target: a folder for csv, a file for the rest.")],
    clean: CleanOption = None,
    region: Annotated[str | None, typer.Option(help="Kemendagri code; a province takes its regencies too (12 or 12.20).")] = None,
    year: Annotated[int | None, typer.Option(help="Budget year.")] = None,
    bidang: Annotated[str | None, typer.Option(help="Bidang urusan (2.17): only its lines and what hangs on them.")] = None,
) -> None:
    """Write the published dataset in another form.

    Examples:

        renja export duckdb renja.duckdb

        renja export xlsx sumut-2024.xlsx --region 12 --year 2024
    """
    settings = settings_with(clean)
    with clear_errors():
        from pipeline.dataset import Selection, connect
        from pipeline.export import ExportError
        from pipeline.export import export as write

        snapshot, selection = latest_snapshot(settings), Selection(region, year, bidang)
        with connect(snapshot, selection) as chosen:
            if selection != Selection() and not chosen.execute("select 1 from dokumen limit 1").fetchone():
                fail("no document of the dataset is of that region and year")
        try:
            written = write(snapshot, form, out, selection)
        except ExportError as error:
            fail(str(error))
        for path in written:
            console().print(str(path), highlight=False, markup=False, soft_wrap=True)
