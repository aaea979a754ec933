"""The command `renja`. Heavy libraries are imported inside the commands that need them."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from pipeline.cli.audit import audit
from pipeline.cli.browse import browse
from pipeline.cli.diff import diff
from pipeline.cli.explain import explain
from pipeline.cli.export import export
from pipeline.cli.inspect import inspect
from pipeline.cli.nomenklatur import app as nomenklatur
from pipeline.cli.pull import pull, sources
from pipeline.cli.report import report
from pipeline.cli.review import review
from pipeline.cli.run import run
from pipeline.cli.serve import serve
from pipeline.cli.status import status

app = typer.Typer(
    name="renja",
    help="Turns Renja, Perubahan Renja and LKjIP PDFs into clean, audited Parquet datasets.\n\n"
    "Start with `renja run`, then open the report that it names; `renja audit` lists the findings here.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_show_locals=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"renja {version('renja')}")
        raise typer.Exit


@app.callback()
def root(
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)] = False,
) -> None:
    pass


for command in (pull, run, status, audit, explain, inspect, review, diff, report, browse, export, serve):
    app.command()(command)
app.add_typer(nomenklatur, name="nomenklatur")
app.add_typer(sources, name="sources")


def main() -> None:
    """The entry point of the console script."""
    app()
