"""`renja nomenklatur`: the official lists at hand, and new ones read in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, latest_snapshot, settings_with

if TYPE_CHECKING:
    from normalizers.nomenklatur import Edition, Nomenklatur

app = typer.Typer(
    help="Official codes and names: the editions at hand, and new ones read in.", no_args_is_help=True, rich_markup_mode="markdown"
)

_SHOWN_GAPS = 5


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"(20\d\d)(?:\s*[-:]\s*(20\d\d))?", text.strip())
    if match is None or int(match[2] or match[1]) < int(match[1]):
        fail(f"--years {text!r}: write one year or two, as 2025 or 2025-2026")
    return int(match[1]), int(match[2] or match[1])


def _loaded() -> Nomenklatur:
    from normalizers.nomenklatur import load

    return load(settings_with().imported_editions)


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Workbook (.xlsx), CSV, or the decree's annex (.pdf).")],
    edition: Annotated[str, typer.Option(help="The decree's number, as 900.1.15.5-3406/2024.")],
    years: Annotated[
        str | None, typer.Option(help="Budget years that it applies to, as 2025 or 2025-2026; known for known decrees.")
    ] = None,
) -> None:
    """Read an official list and keep it as an edition.

    Examples:

        renja nomenklatur import kepmendagri-3406.pdf --edition 900.1.15.5-3406/2024

        renja nomenklatur import sipd.xlsx --edition sipd-2027 --years 2027
    """
    from pipeline.nomenklatur_import import import_edition

    out = console()
    with clear_errors():
        try:
            done = import_edition(file, edition, _years(years), settings_with().nomenklatur_dir)
        except ValueError as error:
            fail(str(error))
    levels = Counter(entry.level.value for entry in done.edition.entries)
    out.print(
        f"{done.edition.id} ({done.edition.first_year}-{done.edition.last_year}): {len(done.edition.entries)} entries", highlight=False
    )
    out.print("  " + ", ".join(f"{count} {level}" for level, count in levels.most_common()), highlight=False)
    for kind, count in Counter(gap.kind for gap in done.gaps).most_common():
        some = ", ".join(f"{gap.code or '-'} (row {gap.row})" if gap.row else gap.code for gap in done.gaps if gap.kind is kind)
        shown = ", ".join(some.split(", ")[:_SHOWN_GAPS])
        out.print(f"  {kind.value}: {count}, as {shown}", highlight=False)
    out.print(f"kept in {done.path}", highlight=False, markup=False, soft_wrap=True)


@app.command("list")
def list_editions() -> None:
    """List the editions at hand, the years they apply to, and how many entries they have."""
    out = console()
    with clear_errors():
        for edition in _loaded().editions:
            kind = " (provisional, from the corpus)" if edition.provisional else ""
            years = str(edition.first_year) if edition.first_year == edition.last_year else f"{edition.first_year}-{edition.last_year}"
            out.print(f"{edition.id:28} {years:10} {len(edition.entries):6} entries  {edition.decree}{kind}", highlight=False)


@app.command()
def show(
    kode: Annotated[str, typer.Argument(metavar="KODE", help="An official or printed code.")],
    year: Annotated[int | None, typer.Option(help="Budget year; the newest editions first where none is given.")] = None,
) -> None:
    """Show what a code is called, in which edition, with its official indicator and unit.

    Examples:

        renja nomenklatur show 2.17.01.2.06.05 --year 2023
    """
    from normalizers import codes
    from normalizers.nomenklatur.editions import to_template

    normal = codes.normalise(kode)
    if normal is None:
        fail(f"{kode!r} is no code")
    out = console()
    with clear_errors():
        view = _loaded().for_year(year)
        found = [*view.with_code(normal), *(view.with_code(to_template(normal) or "") if to_template(normal) != normal else ())]
        if not found:
            fail(f"{normal} is in no edition at hand", 1)
        for listed in found:
            entry = listed.entry
            out.print(f"[bold]{entry.code}[/] {entry.name}", highlight=False)
            out.print(f"  {entry.level.value}, {entry.scope or 'kabkota and provinsi'}, edition {listed.edition}", highlight=False)
            if entry.indicator:
                out.print(f"  {entry.indicator} ({entry.unit or 'no unit'})", highlight=False)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="An edition's id.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another's.")],
) -> None:
    """Show which codes came, went or changed their name between two editions.

    Examples:

        renja nomenklatur diff 050-5889/2021 900.1.15.5-1317/2023
    """
    out = console()
    with clear_errors():
        editions = {edition.id: edition for edition in _loaded().editions}
        for id in (a, b):
            if id not in editions:
                fail(f"edition {id!r} is not at hand; there are {', '.join(editions)}")
        lines = list(_differences(editions[a], editions[b]))
    for line in lines:
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    out.print(f"{len(lines)} differences", highlight=False)


def _differences(a: Edition, b: Edition) -> Iterator[str]:
    from normalizers.nomenklatur.names import read_name

    before: dict[str, dict[str, str]] = {entry.code: {} for entry in a.entries}
    after: dict[str, dict[str, str]] = {entry.code: {} for entry in b.entries}
    for edition, names in ((a, before), (b, after)):
        for entry in edition.entries:
            names[entry.code][read_name(entry.name).compact] = entry.name
    for code in sorted({*before, *after}):
        old, new = before.get(code, {}), after.get(code, {})
        gone, come = (" / ".join(names[key] for key in sorted(names.keys() - other.keys())) for names, other in ((old, new), (new, old)))
        if gone and come:
            yield f"~ {code} {gone} -> {come}"
        elif gone or come:
            yield f"{'-' if gone else '+'} {code} {gone or come}"


@app.command()
def usulkan(
    documents: Annotated[int, typer.Option(min=2, help="Documents that must print the same code and name.")] = 2,
    clean: CleanOption = None,
) -> None:
    """Make a provisional edition of codes and names that several documents agree on and no edition at hand lists."""
    from normalizers.nomenklatur.provisional import propose
    from pipeline.nomenklatur_import import keep, unexplained_pairs

    out = console()
    with clear_errors():
        settings = settings_with(clean)
        pairs, years = unexplained_pairs(latest_snapshot(settings))
        if not years:
            fail("no published row is without an official entry", 1)
        edition = propose(pairs, min(years), max(years), documents)
        if not edition.entries:
            out.print(f"{len(pairs)} rows without an official entry, but no code and name that {documents} documents agree on")
            return
        path = keep(edition, "corpus", settings.nomenklatur_dir)
    for entry in edition.entries:
        out.print(f"{entry.code} {entry.name}", highlight=False, markup=False, soft_wrap=True)
    out.print(f"{len(edition.entries)} provisional entries kept in {path}", highlight=False, markup=False, soft_wrap=True)
