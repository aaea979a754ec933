"""`renja run`: PDFs in, published tables and a report out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, settings_with

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pipeline.run import RunResult
    from pipeline.summary import DocumentSummary

_SHOWN = 60  # documents in the summary; the report has them all
_STATUS_STYLE = {"ok": "green", "sebagian": "yellow", "karantina": "red"}


def run(
    paths: Annotated[list[Path] | None, typer.Argument(help="PDF files, or folders with PDFs.", show_default="data/raw")] = None,
    clean: CleanOption = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes.", show_default="all cores", min=1)] = None,
    accept: Annotated[list[str] | None, typer.Option(metavar="GATE=REASON", help="Publish although a gate says no; see above.")] = None,
    engine: Annotated[str | None, typer.Option(help="local, or dask for an existing cluster.", show_default="local")] = None,
    address: Annotated[str | None, typer.Option(help="Scheduler of the cluster, e.g. tcp://10.0.0.5:8786.")] = None,
    partitioned: Annotated[bool | None, typer.Option("--partitioned", help="Publish tables in folders by year and region.")] = None,
) -> None:
    """Read PDFs, audit them and publish the tables.

    Writes all tables, their description and an HTML report to CLEAN/latest. What was read before from the same bytes is not read again;
    where nothing changed, nothing is published.

    A run that looks like a mishap is held back by a gate: the checked amounts fell (coverage), many documents are newly in quarantine
    (quarantine), documents are missing (documents), columns changed (schema). Where it is right all the same, say why: the reason is
    kept with the snapshot.

    Ends with 0 when every document was read, 1 when some went to quarantine (see `renja status`), 2 when nothing could be done, 3 when
    a gate held the tables back.

    Examples:

        renja run

        renja run ~/unduhan/renja-2024.pdf --clean hasil

        renja run arsip/ --workers 4

        renja run --accept "documents=ditarik oleh dinas"

        renja run arsip/ --engine dask --address tcp://10.0.0.5:8786
    """
    settings = settings_with(clean, workers=workers, engine=engine, engine_address=address, partitioned=partitioned)
    accepted = accepted_gates(accept or [])
    with clear_errors("nothing was published, the next run goes on from here"):
        from pipeline.logs import log_to
        from pipeline.run import run as run_pipeline

        log_to(settings.log_dir)
        out = console()
        with _Progress(out) as progress:
            result = run_pipeline(paths or [], settings, listener=progress.listener, accepted=accepted)
    _show(result, out)
    raise typer.Exit(1 if result.quarantined else 0)


def accepted_gates(given: list[str]) -> dict[str, str]:
    """Gate -> reason from `GATE=REASON` options; ends with a clear line where one is no gate or has no reason."""
    from pipeline.gates import Gate

    accepted = {}
    for text in given:
        gate, _, reason = text.partition("=")
        if gate not in set(Gate) or not reason.strip():
            fail(f"--accept {text!r}: write GATE=REASON with a gate out of {', '.join(Gate)}")
        accepted[gate] = reason.strip()
    return accepted


class _Progress:
    """A bar over the documents, with the pages read so far."""

    def __init__(self, out: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from pipeline.results import DocumentResult
        from pipeline.run import Listener

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pages]} pages"),
            TimeElapsedColumn(),
            console=out,
            transient=True,
        )
        self._bar = bar
        task = bar.add_task("finding documents", total=None, pages=0)

        class Listening(Listener):
            pages = 0

            def planned(self, documents: int) -> None:
                bar.update(task, description="reading", total=documents)

            def page(self) -> None:
                self.pages += 1
                bar.update(task, pages=self.pages)

            def done(self, result: DocumentResult) -> None:
                bar.advance(task)

            def stage(self, name: str) -> None:
                bar.update(task, description={"reconcile": "reconciling", "publish": "publishing"}[name])

        self.listener = Listening()

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()


def _show(result: RunResult, out: Console) -> None:
    from rich.markup import escape

    shown = sorted(result.documents, key=_urgency)[:_SHOWN]
    out.print(summary_table(shown))
    if len(shown) < len(result.documents):
        out.print(f"{len(result.documents) - len(shown)} more documents, see the report", highlight=False)
    for document in result.documents:
        if document.reason:
            out.print(
                f"[{_STATUS_STYLE[document.status]}]{document.status}[/] {escape(document.file)}: {escape(document.reason)}",
                highlight=False,
            )
    for place in result.stray_corrections:
        out.print(f"[yellow]Correction {escape(place)} is for none of these documents.[/]", highlight=False)
    if not result.changed:
        out.print(f"Nothing has changed; {result.published.version} is the latest dataset.", highlight=False)
    elif result.published.new:
        out.print(
            f"Published {result.published.version}: {len(result.documents)} documents, {result.fresh} of them processed now.",
            highlight=False,
        )
    else:
        out.print(f"The content is the same as before; {result.published.version} stays the latest dataset.", highlight=False)
    out.print(f"Tables: {escape(str(result.latest))}", highlight=False, soft_wrap=True)
    out.print(f"Report: {escape(str(result.report))}", highlight=False, soft_wrap=True)


def _urgency(document: DocumentSummary) -> tuple[bool, bool, int]:
    """What a person should see first where there are too many documents to show: what was not read, then the most errors."""
    return document.status != "karantina", document.status == "ok", -document.errors


def summary_table(documents: Sequence[DocumentSummary]) -> Table:
    """One line a document: what it is, what is in it, what the audit says."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), collapse_padding=True)
    table.add_column("Document, agency, region", overflow="fold", ratio=1)
    table.add_column("Kind, year", overflow="fold", min_width=10)
    for name in ("Pages", "Tables", "Lines", "Checked", "Errors", "Warnings", "Notes"):
        table.add_column(name, justify="right", no_wrap=True)
    for document in sorted(documents, key=lambda document: document.file):
        share = document.share_checked
        name = f"[{_STATUS_STYLE[document.status]}]{escape(document.file)}[/]"
        place = ", ".join(part for part in (document.agency, document.region) if part)
        table.add_row(
            f"{name}\n[dim]{escape(place)}[/]" if place else name,
            escape(" ".join(str(part) for part in (document.kind or document.status, document.year) if part)),
            str(document.pages or ""),
            str(document.tables),
            str(document.lines),
            "" if share is None else f"{share:.0%}",
            str(document.errors),
            str(document.warnings),
            str(document.infos),
        )
    return table
