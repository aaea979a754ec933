"""`renja status`: what is published, what is in quarantine and why, what would run now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, settings_with

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.settings import Settings


_ENDS = {
    "terbit": "[green]published[/]",
    "isi_sama": "same content",
    "tidak_berubah": "nothing to do",
    "ditahan": "[red]held back[/]",
    "gagal": "[red]failed[/]",
    "dihentikan": "[yellow]stopped[/]",
}


def status(
    paths: Annotated[list[Path] | None, typer.Argument(help="What `renja run` would be given.", show_default="data/raw")] = None,
    clean: CleanOption = None,
    runs: Annotated[int, typer.Option(help="How many of the last runs to show.", min=0)] = 5,
) -> None:
    """Show what is published, the last runs, what is in quarantine and why, and what a run would do now.

    Delete a file of the quarantine folder to have that document tried again.

    Examples:

        renja status

        renja status arsip/ --clean hasil
    """
    settings = settings_with(clean)
    with clear_errors():
        out = console()
        _published(settings, out)
        _last_runs(settings, runs, out)
        _quarantine(settings, out)
        _would_run(paths or [], settings, out)


def _published(settings: Settings, out: Console) -> None:
    from pipeline.publish import broken_files, current, versions
    from pipeline.state import read_state

    snapshot = current(settings.clean_dir)
    if snapshot is None:
        out.print(f"Nothing is published in {settings.clean_dir} yet.", highlight=False, markup=False)
        return
    state = read_state(settings.clean_dir)
    when = f", last run {state.when}" if state else ""
    out.print(f"Latest: {snapshot.name} of {len(versions(settings.clean_dir))} snapshots{when}", highlight=False)
    broken = broken_files(snapshot)
    if broken:
        out.print(f"[red]Damaged:[/] {', '.join(broken)}; the next run publishes anew", highlight=False)


def _last_runs(settings: Settings, limit: int, out: Console) -> None:
    from rich.markup import escape

    from pipeline.history import runs

    found = runs(settings.clean_dir, limit)
    if found:
        out.print("Last runs:")
    for run in found:
        seconds = sum(run.detik.values())
        counts = (
            f"{run.dokumen} documents, {run.diproses} processed, {run.karantina} in quarantine, {seconds:.0f} s, {run.puncak_memori_mb} MB"
        )
        tail = escape(f" {run.versi}" if run.versi else "") + (f" [dim]{escape(run.alasan)}[/]" if run.alasan else "")
        out.print(f"  {run.mulai} {_ENDS.get(run.akhir, run.akhir)}{tail} ({counts})", highlight=False, soft_wrap=True)
        for stop in run.gerbang:
            reason = f", accepted: {stop['alasan']}" if stop["alasan"] else ""
            out.print(f"    gate {stop['gerbang']}: {stop['dilihat']}{reason}", highlight=False, markup=False)


def _quarantine(settings: Settings, out: Console) -> None:
    import json

    from rich.markup import escape

    files = sorted(settings.quarantine_dir.glob("*.json"))
    if not files:
        out.print("Quarantine: empty")
        return
    out.print(f"Quarantine ({settings.quarantine_dir}):", highlight=False, markup=False)
    for path in files:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            out.print(f"  {escape(record['nama_berkas'])}: {escape(record['alasan'])}", highlight=False)
        except (OSError, ValueError, KeyError, TypeError):
            out.print(f"  {escape(path.name)}: not readable", highlight=False)


def _would_run(paths: list[Path], settings: Settings, out: Console) -> None:
    from pipeline.documents import is_done
    from pipeline.inputs import shown
    from pipeline.run import known_result, plan

    prepared = plan(paths, settings)
    waiting = [source for source in prepared.sources if not is_done(source, prepared.work)]
    if waiting:
        out.print(f"A run would read {len(waiting)} of {len(prepared.sources)} documents:", highlight=False)
        for source in waiting:
            out.print(f"  {shown(source.path)}", highlight=False, markup=False)
    elif known_result(prepared) is not None:
        out.print(f"A run would do nothing: all {len(prepared.sources)} documents are published.", highlight=False)
    else:
        out.print(f"A run would read nothing and publish anew ({len(prepared.sources)} documents).", highlight=False)
