"""The README, citation and change log that stand beside the tables of a snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline.layout import batches, read_table, row_count
from pipeline.schemas import REFERENCE_TABLES, SCHEMA_VERSION, TABLES

Row = dict[str, Any]
_TEXTS = Path(__file__).parent / "schemas"


def data_changes() -> str:
    """The history of the schema, with what counts as a major change."""
    return (_TEXTS / "changes.md").read_text(encoding="utf-8")


def citation(version: str) -> str:
    """How to cite a snapshot, in the Citation File Format 1.2."""
    return f"""cff-version: 1.2.0
type: dataset
title: "renja: figures of Indonesian regional work plans and accountability reports, audited"
message: "Cite the snapshot by its version, and the documents by dokumen.sumber."
version: "{version}"
date-released: {version.split(".")[0]}
authors:
  - name: "The renja contributors"
keywords: [Indonesia, regional budgets, Renja, LKjIP, nomenklatur, open data]
references:
  - type: software
    title: renja
    version: "{metadata.version("renja")}"
    authors:
      - name: "The renja contributors"
"""


def data_readme(folder: Path, version: str) -> str:
    """The README of a snapshot: what is in it, how to read it, and what is known to be weak in each document."""
    documents: list[Row] = sorted(read_table(folder, "dokumen").to_pylist(), key=lambda row: (row["nama_berkas"], row["dokumen_id"]))
    limits = _limits(folder, documents)
    tables = "\n".join(
        f"| `{spec.name}` | {row_count(folder, spec.name):,} | {spec.indonesian} | {spec.english} |"
        for spec in (*TABLES, *REFERENCE_TABLES)
    )
    listed = "\n".join(_document_line(document, limits[document["dokumen_id"]]) for document in documents)
    return f"""# Data renja {version}

Angka yang tercetak dalam {len(documents)} dokumen Renja, Perubahan Renja, dan LKjIP; setiap angka dengan halaman dan kotaknya, nama
resminya, dan pemeriksaannya. Kolom-kolomnya dijelaskan di `KAMUS.md`.

*The figures printed in {len(documents)} planning and accountability documents, each with its page and box, its official name and its
checks. Schema {SCHEMA_VERSION}; every column is explained in `KAMUS.md`, the rules of versions are in `CHANGELOG.md`.*

## Tables

| table | rows | isi | what one row is |
|---|---:|---|---|
{tables}

Start with `anggaran` (one row per program, kegiatan, sub kegiatan; rupiah as whole numbers) and `kinerja`. `kode` is the official code
where a row was matched with certainty: join on it across regencies. `baris_id` leads to the printed row, and from there to `nilai` (the
box on the page) and `temuan`.

```sql
select nama_wilayah, uraian, coalesce(pagu_sesudah, pagu) as pagu from 'anggaran.parquet' where tingkat = 'program'
```

`sha256sum --check CHECKSUMS` verifies the files.

## Known limits

Nothing here is repaired to make a total fit. A figure that could not be read is `cacat` and has no number; a row whose official name is
not certain is `ragu` or `tidak_ditemukan` and keeps its printed code. `galat` marks what the print itself contradicts; other findings
may be our own misreading. *Teruji* is the share of the amounts that stand under a check that passed.

| dokumen | status | teruji | limits |
|---|---|---:|---|
{listed}

## Rights

The figures are facts of public documents. `wilayah` is derived from idn-area-data and is under the Open Database License (ODbL) 1.0.
"""


def _limits(folder: Path, documents: Sequence[Row]) -> dict[str, list[str]]:
    """What is weak in each document, as phrases."""
    cut = _count(folder, "tabel", "lengkap", {False})
    unread = _count(folder, "nilai", "status", {"cacat"})
    unsure = _count(folder, "baris", "status_cocok", {"ragu", "tidak_ditemukan"})
    blocked = _count(folder, "pemeriksaan", "status", {"terhalang"})
    limits: dict[str, list[str]] = {}
    for document in documents:
        key = document["dokumen_id"]
        said = [
            (document["halaman_ocr"], "pages read by OCR"),
            (cut[key], "tables with a part missing"),
            (unread[key], "malformed figures"),
            (unsure[key], "rows without a certain official name"),
            (blocked[key], "blocked checks"),
        ]
        limits[key] = [f"{number:,} {what}" for number, what in said if number]
        if document["galat"]:
            limits[key].append(document["galat"])
    return limits


def _count(folder: Path, table: str, column: str, values: Collection[str | bool]) -> Counter[str]:
    """How many rows of each document have one of the values."""
    count: Counter[str] = Counter()
    for rows in batches(folder, table, columns=["dokumen_id", column]):
        count.update(document for document, value in zip(*(c.to_pylist() for c in rows.columns), strict=True) if value in values)
    return count


def _document_line(document: Row, limits: list[str]) -> str:
    amounts = document["jumlah_nominal"]
    share = f"{100 * document['nominal_teruji'] / amounts:.0f} %" if amounts else "–"
    said = "; ".join(limits).replace("|", "\\|").replace("\n", " ") or "none known"
    return f"| {document['nama_berkas'].replace('|', '_')} (`{document['dokumen_id']}`) | {document['status']} | {share} | {said} |"
