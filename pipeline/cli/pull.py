"""`renja pull` and `renja sources check`: documents from their sources into the raw folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import clear_errors, console, fail, settings_with

if TYPE_CHECKING:
    from pipeline.sources import Outcome, SourcesFile

DEFAULT = Path("sources.yml")
_STYLES = {"new": "green", "changed": "green", "moved": "cyan", "vanished": "yellow", "failed": "red", "unchanged": "dim"}

FileArgument = Annotated[Path, typer.Argument(help="The sources file.", show_default=True)]

sources = typer.Typer(help="Work with the sources file.", no_args_is_help=True, rich_markup_mode="markdown")


def pull(
    file: FileArgument = DEFAULT,
    raw: Annotated[Path | None, typer.Option("--raw", help="Folder for the documents.", show_default="data/raw")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Pull this source alone; may be given again.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show only what is new, changed, gone or failed.")] = False,
) -> None:
    """Fetch new and changed documents of the configured sources.

    What is at hand is asked for conditionally and not fetched again. A changed document replaces the older version, which is kept in
    RAW/arsip; RAW/sources.csv tells where each file came from.

    Ends with 0 when every source could be pulled, 1 when something failed (the rest was pulled), 2 when nothing could be done.

    Examples:

        renja pull

        renja pull sumber/jatim.yml --only dinas-koperasi
    """
    config = _load(file, only)
    settings = settings_with(raw_dir=raw)
    with clear_errors("what was fetched is kept"):
        from rich.markup import escape

        from pipeline.logs import log_to, logger
        from pipeline.publish import exclusive
        from pipeline.sources import Fetcher, Pull

        log_to(settings.log_dir)
        out = console()

        def show(outcome: Outcome) -> None:
            logger().info("pull", source=outcome.source, uri=outcome.uri, state=outcome.state, reason=outcome.reason)
            if not quiet or outcome.state != "unchanged":
                style = _STYLES[outcome.state]
                tail = f" [dim]({escape(outcome.reason)})[/]" if outcome.reason else ""
                out.print(
                    f"[{style}]{outcome.state:>9}[/] {escape(outcome.source)}: {escape(outcome.uri)}{tail}", highlight=False, soft_wrap=True
                )

        with exclusive(settings.raw_dir), Fetcher() as fetcher:
            count = Pull(config, settings.raw_dir, fetcher).run(show)
    told = ", ".join(f"{count[state]} {state}" for state in _STYLES if count[state]) or "no documents"
    out.print(f"{told}; documents are in {settings.raw_dir}", highlight=False, markup=False)
    raise typer.Exit(1 if count["failed"] else 0)


@sources.command()
def check(file: FileArgument = DEFAULT) -> None:
    """Validate a sources file and show what it names, without fetching anything.

    Examples:

        renja sources check

        renja sources check sumber/jatim.yml
    """
    config = _load(file, None)
    out = console()
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Source", "Type", "What", "Region", "Kind", "Licence"):
        table.add_column(name, overflow="fold")
    faults = []
    for source in config.sources:
        what, fault = _described(source)
        faults += [f"{source.name}: {fault}"] if fault else []
        table.add_row(source.name, source.type, escape(what), source.region or "", source.kind or "", escape(source.licence or ""))
    out.print(table)
    for fault in faults:
        out.print(f"[red]{escape(fault)}[/]", highlight=False)
    out.print(
        f"{len(config.sources)} sources, {len(faults)} of them cannot be used" if faults else f"{len(config.sources)} sources, all fine"
    )
    raise typer.Exit(1 if faults else 0)


def _described(source: object) -> tuple[str, str | None]:
    """What a source points at, and what is wrong with it as far as this machine can tell."""
    from pipeline.sources.config import CsvSource, FolderSource, IndexSource, StoreSource, UrlSource

    match source:
        case FolderSource():
            return f"{source.path}/{source.glob}", None if source.path.is_dir() else f"there is no folder {source.path}"
        case CsvSource():
            return f"{source.path}, column {source.column}", None if source.path.is_file() else f"there is no file {source.path}"
        case UrlSource():
            return f"{len(source.urls)} addresses, first {source.urls[0]}", None
        case IndexSource():
            return f"{source.url}, links matching {source.pattern}", None
        case StoreSource():
            return f"{source.location}/{source.glob}", _store_fault(source.location)
    raise TypeError(f"unknown source {source!r}")


def _store_fault(location: str) -> str | None:
    import fsspec

    try:
        fsspec.get_filesystem_class(location.partition("://")[0])
    except ImportError as error:
        return f"{error} (pip install -e '.[s3]' in the project's folder)"
    return None


def _load(file: Path, only: list[str] | None) -> SourcesFile:
    from pipeline.sources import SourcesError, load_sources

    try:
        config = load_sources(file)
    except SourcesError as error:
        fail(str(error))
    unknown = sorted(set(only or ()) - {source.name for source in config.sources})
    if unknown:
        fail(f"{file} names no source {', '.join(unknown)}")
    return config.model_copy(update={"sources": tuple(s for s in config.sources if s.name in only)}) if only else config
