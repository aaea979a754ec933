"""`renja diff`: what changed from one published snapshot to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import CleanOption, clear_errors, console, fail, settings_with

if TYPE_CHECKING:
    from pipeline.diff import Diff
    from pipeline.settings import Settings


def diff(
    old: Annotated[str | None, typer.Argument(help="A version, or the folder of a snapshot.", show_default="the one before NEW")] = None,
    new: Annotated[str, typer.Argument(help="A version, the folder of a snapshot, or `latest`.")] = "latest",
    limit: Annotated[int, typer.Option(help="How many lines to show of each kind.", min=0)] = 20,
    json_output: Annotated[bool, typer.Option("--json", help="Every change as one JSON object a line.")] = False,
    clean: CleanOption = None,
) -> None:
    """Show which documents, rows, figures and findings were added, changed or went.

    Everything is followed by its stable id. Each snapshot carries the changes to the one before as perubahan.parquet.

    Examples:

        renja diff

        renja diff 2026-11-19.1 2026-11-20.1

        renja diff 2026-11-19.1 latest --json > perubahan.jsonl
    """
    settings = settings_with(clean)
    after = _snapshot(new, settings)
    before = _snapshot(old, settings) if old else _before(after, settings)
    with clear_errors():
        from pipeline.diff import diff as compare

        found = compare(before, after)
        if json_output:
            for row in found.changes.to_pylist():
                typer.echo(_line(row))
        else:
            _show(found, before, after, limit)


def _line(row: dict[str, object]) -> str:
    import json

    return json.dumps(row, ensure_ascii=False)


def _snapshot(name: str, settings: Settings) -> Path:
    for path in (settings.clean_dir / "snapshots" / name, settings.clean_dir / name, Path(name)):
        if (path / "datapackage.json").is_file():
            return path.resolve()
    fail(f"no snapshot {name} in {settings.clean_dir}")


def _before(after: Path, settings: Settings) -> Path:
    from pipeline.publish import versions

    known = versions(settings.clean_dir)
    if after.name not in known[1:]:
        fail(f"there is no snapshot before {after.name} in {settings.clean_dir}; name two")
    return settings.clean_dir / "snapshots" / known[known.index(after.name) - 1]


def _show(found: Diff, before: Path, after: Path, limit: int) -> None:
    from rich import box
    from rich.table import Table

    from pipeline.diff import ADDED, CHANGED, GONE

    out = console()
    out.print(f"From {found.lama} to {found.baru}", highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading in ("Added", "Changed", "Gone"):
        table.add_column(heading, justify="right")
    for name, words in (("dokumen", "documents"), ("baris", "rows"), ("nilai", "figures"), ("temuan", "findings")):
        count = found.counts[name]
        table.add_row(words, str(count.baru), str(count.berubah), str(count.hilang))
    out.print(table)
    if found.empty:
        out.print("The content is the same.")
        return
    for heading, name, change, snapshot in (
        ("New documents", "dokumen", ADDED, after),
        ("Changed documents", "dokumen", CHANGED, after),
        ("Documents that are gone", "dokumen", GONE, before),
        ("New findings", "temuan", ADDED, after),
        ("Changed findings", "temuan", CHANGED, after),
        ("Findings that are gone", "temuan", GONE, before),
    ):
        _list(heading, snapshot, name, found.ids(name, change), limit)
    for pair in found.replaced:
        out.print(f"{pair.nama_berkas}: {pair.lama} was replaced by {pair.baru}", highlight=False, markup=False)


def _list(heading: str, snapshot: Path, name: str, ids: list[str], limit: int) -> None:
    from pipeline.layout import read_table

    if not ids or not limit:
        return
    out = console()
    out.print(f"{heading}: {len(ids)}", highlight=False)
    names = {
        row["dokumen_id"]: row["nama_berkas"] for row in read_table(snapshot, "dokumen", columns=["dokumen_id", "nama_berkas"]).to_pylist()
    }
    wanted = set(ids[:limit])
    for row in read_table(snapshot, name).to_pylist():
        if name == "dokumen" and row["dokumen_id"] in wanted:
            out.print(f"  {row['dokumen_id']} {row['nama_berkas']} ({row['status']})", highlight=False, markup=False)
        elif name == "temuan" and row["temuan_id"] in wanted:
            line = f"  {row['temuan_id']} {row['tingkat']} {row['aturan']} {names[row['dokumen_id']]}: {row['pesan']}"
            out.print(line, highlight=False, markup=False)
    if len(ids) > limit:
        out.print(f"  and {len(ids) - limit} more", highlight=False)
