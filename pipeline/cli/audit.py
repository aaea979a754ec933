"""`renja audit`: the findings of the published dataset, in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, latest_snapshot, settings_with

_STYLES = {"galat": "bold red", "peringatan": "yellow", "info": "dim"}


def audit(
    document: Annotated[str | None, typer.Option(help="Part of a file name, or a dokumen_id.")] = None,
    rule: Annotated[str | None, typer.Option(help="A rule, e.g. R02.")] = None,
    level: Annotated[str, typer.Option(help="Least severity: galat, peringatan or info.")] = "peringatan",
    limit: Annotated[int, typer.Option(help="How many findings to show.", min=1)] = 50,
    clean: CleanOption = None,
) -> None:
    """List the findings of the latest dataset, errors and large amounts first.

    `galat` stands for what the print itself contradicts beyond doubt. Use `renja explain TEMUAN_ID` for the rows behind a finding.

    Examples:

        renja audit

        renja audit --rule R02 --level galat

        renja audit --document renja-2024 --level info --limit 200
    """
    settings = settings_with(clean)
    with clear_errors():
        from rich import box
        from rich.markup import escape
        from rich.table import Table

        from pipeline.reconcile import RULES
        from pipeline.snapshot import LEVELS, documents, findings

        if level not in LEVELS:
            fail(f"--level is one of {', '.join(LEVELS)}")
        if rule is not None and rule.upper() not in RULES:
            fail(f"--rule {rule}: there is no such rule; there are {', '.join(sorted(RULES))}")
        snapshot = latest_snapshot(settings)
        if document is not None and not documents(snapshot, document):
            fail(f"--document {document}: no document of the dataset has that id or name")
        wanted = set(LEVELS[: LEVELS.index(level) + 1])
        found = findings(snapshot, document=document, rule=rule, levels=wanted)
        out = console()
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("Finding", "Level", "Rule", "Document", "Page"):
            table.add_column(name, no_wrap=name != "Document", overflow="fold")
        table.add_column("Message", overflow="fold", ratio=1)
        for row in found[:limit]:
            style = _STYLES[row["tingkat"]]
            table.add_row(
                row["temuan_id"],
                f"[{style}]{row['tingkat']}[/]",
                row["aturan"],
                escape(row["nama_berkas"]),
                str(row["halaman"] or ""),
                escape(row["pesan"]),
            )
        out.print(table)
        shown = min(limit, len(found))
        out.print(f"{shown} of {len(found)} findings shown." if found else "No findings.", highlight=False)
