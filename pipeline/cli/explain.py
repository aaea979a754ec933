"""`renja explain`: everything known of one row or finding, from the page to the check."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, latest_snapshot, settings_with


def explain(
    identifier: Annotated[str, typer.Argument(metavar="BARIS_ID|TEMUAN_ID", help="An id, or its first digits.")],
    clean: CleanOption = None,
) -> None:
    """Tell where a row or a finding comes from: page, cells as printed, how each was read, its official name and why, its checks.

    Examples:

        renja explain b8e07f31c55a

        renja explain f03d9a1c
    """
    settings = settings_with(clean)
    with clear_errors():
        from rich.markup import escape

        from pipeline.explain import NotFound, explanation

        try:
            sections = explanation(latest_snapshot(settings), identifier)
        except NotFound as error:
            fail(str(error))
        out = console()
        for section in sections:
            out.print(f"[bold]{escape(section.title)}[/]", highlight=False)
            for name, value in section.entries:
                out.print(f"  [dim]{escape(name)}[/] {escape(value)}" if name else f"  {escape(value)}", highlight=False)
