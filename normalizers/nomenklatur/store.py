"""Editions at rest: the bundled CSV lists, and Parquet files of imported editions."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from normalizers.nomenklatur.editions import Edition, Entry, is_template, level_of, scope_of
from normalizers.types import RowKind

_PACKAGE = "normalizers.nomenklatur"
_META = b"renja_nomenklatur"
_BUNDLED_LISTS = ("penunjang.csv", "2.07.csv", "2.17.csv")
_ISOLATED = "90/2019"
_PROGRAM_PARTS = 3
_OWN_IN_PROVINCES = ("13", "14")  # kegiatan of the Sekretariat Daerah, which provinces number and name in their own way
_COLUMNS = ("kode", "nama", "tingkat", "cakupan", "kinerja", "indikator", "satuan")


def bundled_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file of the package's `data` folder."""
    with resources.files(_PACKAGE).joinpath("data", name).open(encoding="utf-8") as handle:
        yield from csv.DictReader(handle)


@cache
def known_editions() -> dict[str, Edition]:
    """Return the editions that the project knows of, without entries, by id (`data/edisi.csv`)."""
    return {
        row["edisi"]: Edition(
            row["edisi"], row["keputusan"], int(row["tahun_awal"]), int(row["tahun_akhir"]), (), isolated=row["edisi"] == _ISOLATED
        )
        for row in bundled_rows("edisi.csv")
    }


@cache
def bundled_editions() -> tuple[Edition, ...]:
    """Return the editions that ship with the project, oldest first."""
    entries: dict[str, list[Entry]] = {}
    for name in _BUNDLED_LISTS:
        for row in bundled_rows(name):
            for edition in row["edisi"].split("|"):
                entries.setdefault(edition, []).extend(_bundled_entries(row))
    upper = [
        Entry(row["kode"], row["nama"], _level(row["kode"]), scope if len(scopes) == 1 else None)
        for row in bundled_rows("urusan.csv")
        for scopes in [row["cakupan"].split("|")]
        for scope in scopes[:1]
    ]
    known = known_editions()
    return tuple(
        Edition(id, known[id].decree, known[id].first_year, known[id].last_year, (*upper, *entries[id]))
        for id in sorted(entries, key=lambda id: known[id].first_year)
    )


def _bundled_entries(row: dict[str, str]) -> Iterator[Entry]:
    """A row's entry, and for a penunjang row the provincial one of the same name, which has group 1 in place of 2."""
    parts = row["kode"].split(".")
    entry = Entry(row["kode"], row["nama"], _level(row["kode"]), scope_of(row["kode"]) or "kabkota", "", row["indikator"], row["satuan"])
    yield entry
    if not is_template(row["kode"]):
        return
    if len(parts) == _PROGRAM_PARTS:
        yield replace(entry, name=entry.name.replace("KABUPATEN/KOTA", "PROVINSI"), scope="provinsi")
    elif parts[4] not in _OWN_IN_PROVINCES:
        yield replace(entry, code=".".join([*parts[:3], "1", *parts[4:]]), scope="provinsi")


def _level(code: str) -> RowKind:
    level = level_of(code)
    if level is None:
        raise ValueError(f"nomenklatur: {code!r} is not an official code")
    return level


def write_edition(edition: Edition, path: Path, source: str) -> None:
    """Write an edition as Parquet; `source` says what it was read from. The bytes depend on the content alone."""
    columns: dict[str, list[str | None]] = {name: [] for name in _COLUMNS}
    for entry in sorted(edition.entries, key=lambda entry: (entry.code, entry.scope or "", entry.name)):
        values = (entry.code, entry.name, entry.level.value, entry.scope, entry.performance, entry.indicator, entry.unit)
        for name, value in zip(_COLUMNS, values, strict=True):
            columns[name].append(value)
    meta = {
        "edisi": edition.id,
        "keputusan": edition.decree,
        "tahun_awal": edition.first_year,
        "tahun_akhir": edition.last_year,
        "terpisah": edition.isolated,
        "sementara": edition.provisional,
        "sumber": source,
    }
    schema = pa.schema([(name, pa.string()) for name in _COLUMNS], metadata={_META: json.dumps(meta, sort_keys=True).encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns, schema=schema), path, compression="zstd")


def read_edition(path: Path) -> Edition:
    """Read an edition that `write_edition` wrote; raises ValueError naming the file where it is none."""
    table = pq.read_table(path)
    raw = (table.schema.metadata or {}).get(_META)
    if raw is None:
        raise ValueError(f"{path.name}: not an imported nomenklatur edition")
    meta: dict[str, Any] = json.loads(raw)
    columns = [table.column(name).to_pylist() for name in _COLUMNS]
    entries = tuple(Entry(code, name, RowKind(level), scope, *rest) for code, name, level, scope, *rest in zip(*columns, strict=True))
    return Edition(
        meta["edisi"],
        meta["keputusan"],
        meta["tahun_awal"],
        meta["tahun_akhir"],
        entries,
        isolated=meta["terpisah"],
        provisional=meta["sementara"],
    )
