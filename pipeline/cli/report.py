"""`renja report`: the audit report of the published dataset, written anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import CleanOption, OriginalsOption, clear_errors, console, fail, latest_snapshot, originals, settings_with

_LANGUAGES = ("id", "en")


def report(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")] = Path("laporan"),
    lang: Annotated[str, typer.Option(help="Language of the report: id or en.")] = "id",
    clean: CleanOption = None,
    pdfs: OriginalsOption = None,
) -> None:
    """Write the audit report (HTML and XLSX) of the latest dataset, in Indonesian or English.

    The report that `renja run` wrote stays as it is. The sentences of the findings are Indonesian in both languages.

    Examples:

        renja report --lang en --out report

        renja report --pdfs arsip/
    """
    if lang not in _LANGUAGES:
        fail(f"--lang is one of {', '.join(_LANGUAGES)}")
    settings = settings_with(clean)
    with clear_errors():
        from pipeline.report import write_html, write_workbook

        snapshot = latest_snapshot(settings)
        index = write_html(snapshot, out, sources=originals(pdfs, settings), lang=lang)
        workbook = write_workbook(snapshot, out / "temuan.xlsx", lang=lang)
    console().print(f"Report: {index}", highlight=False, markup=False, soft_wrap=True)
    console().print(f"Workbook: {workbook}", highlight=False, markup=False, soft_wrap=True)
