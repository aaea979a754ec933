"""The rows of `wilayah` and `nomenklatur`: the bundled lists, and what a release uses of other lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from normalizers.nomenklatur.editions import level_of, parent_of
from normalizers.nomenklatur.store import bundled_editions, known_editions
from normalizers.regions import all_regions
from pipeline.layout import batches
from pipeline.schemas.arrow import to_arrow, write_parquet
from pipeline.schemas.references import NOMENKLATUR, WILAYAH

Row = dict[str, Any]
Use = tuple[str | None, str | None, str | None]  # code, official name and edition of a row


def write_references(folder: Path) -> None:
    """Write both tables beside the published ones in `folder`."""
    write_parquet(to_arrow(WILAYAH, list(region_rows())), folder / f"{WILAYAH.name}.parquet")
    write_parquet(to_arrow(NOMENKLATUR, nomenklatur_rows(_used(folder))), folder / f"{NOMENKLATUR.name}.parquet")


def region_rows() -> Iterator[Row]:
    """All provinces, kabupaten and kota by code."""
    for region in sorted(all_regions(), key=lambda region: region.code):
        yield {
            "kode_wilayah": region.code,
            "nama_wilayah": region.official_name,
            "jenis": region.kind,
            "kode_provinsi": region.province_code,
        }


def _used(folder: Path) -> set[Use]:
    """Each code that the tables use, once."""
    found: set[Use] = set()
    for rows in batches(folder, "baris", columns=["kode_ref", "uraian_ref", "edisi_nomenklatur"]):
        found.update(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    return found


def nomenklatur_rows(used: Iterable[Use]) -> list[Row]:
    """Codes by edition, from the lists first, then those that are used."""
    rows: dict[str, Row] = {}
    for edition in bundled_editions():
        for entry in edition.entries:
            row = _row(edition.id, entry.code, entry.name, "daftar")
            rows.setdefault(row["nomenklatur_id"], row | {"indikator": entry.indicator or None, "satuan": entry.unit or None})
    for code, name, edition_id in sorted(used, key=str):
        if code and edition_id and level_of(code):
            row = _row(edition_id, code, name, "rilis")
            rows.setdefault(row["nomenklatur_id"], row)
    return [rows[key] for key in sorted(rows)]


def _row(edition_id: str, code: str, name: str | None, origin: str) -> Row:
    known, level = known_editions().get(edition_id), level_of(code)
    return {
        "nomenklatur_id": f"{edition_id}:{code}",
        "edisi": edition_id,
        "kode": code,
        "uraian": name or None,
        "tingkat": level.value if level else None,
        "kode_induk": parent_of(code),
        "indikator": None,
        "satuan": None,
        "tahun_awal": known.first_year if known else None,
        "tahun_akhir": known.last_year if known else None,
        "asal": origin,
    }
