"""One published row or finding, told from the page to the check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pipeline.snapshot import Row, rows, rows_starting

_SHOWN = 10


class NotFound(LookupError):
    """No row and no finding has this id, or several begin with it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its (name, value) entries."""

    title: str
    entries: tuple[tuple[str, str], ...]


def explanation(snapshot: Path, identifier: str) -> tuple[Section, ...]:
    """The sections for a `baris_id` or `temuan_id`, or a beginning of one that is unique; else `NotFound`."""
    finding = rows_starting(snapshot, "temuan", "temuan_id", identifier)
    line = rows_starting(snapshot, "baris", "baris_id", identifier)
    exact = [row for row in (*finding, *line) if identifier in (row.get("temuan_id"), row["baris_id"])]
    found = exact[:1] or [*finding, *line]
    if not found:
        raise NotFound(f"no row and no finding has the id {identifier}")
    if len(found) > 1:
        ids = ", ".join(row.get("temuan_id") or row["baris_id"] for row in found[:_SHOWN])
        raise NotFound(f"{len(found)} ids begin with {identifier}: {ids}")
    (row,) = found
    return _finding(snapshot, row) if "temuan_id" in row else _line(snapshot, row)


def _finding(snapshot: Path, row: Row) -> tuple[Section, ...]:
    head = Section(
        f"Temuan {row['temuan_id']}",
        _entries(
            ("pesan", row["pesan"]),
            ("aturan", row["aturan"]),
            ("tingkat", f"{row['tingkat']}, {row['kepastian']}"),
            ("kolom", row["kolom"]),
            ("tercetak", row["tercetak"]),
            ("seharusnya", row["seharusnya"]),
            ("selisih", row["selisih_teks"]),
            ("dugaan sebab", row["dugaan_sebab"]),
            ("terkait", ", ".join(json.loads(row["terkait"]))),
        ),
    )
    evidence = [line for line_id in json.loads(row["bukti"]) for line in rows(snapshot, "baris", baris_id=line_id)]
    sections = [head, *_place(snapshot, row)]
    if evidence:
        sections.append(
            Section("Bukti", tuple((f"{line['baris_id']}  hal. {line['halaman']}", _figure(line, row["kolom"])) for line in evidence))
        )
    return tuple(sections)


def _line(snapshot: Path, row: Row) -> tuple[Section, ...]:
    sections = [
        Section(
            f"Baris {row['baris_id']}",
            _entries(("jenis", row["jenis_baris"]), ("kode", row["kode_tercetak"]), ("uraian", row["uraian_tercetak"])),
        ),
        *_place(snapshot, row),
        Section("Sel sebagaimana tercetak", tuple(json.loads(row["sel"]).items())),
        Section("Nilai", tuple((value["kolom"], _value(value)) for value in rows(snapshot, "nilai", baris_id=row["baris_id"]))),
        Section(
            "Nomenklatur",
            _entries(
                ("kode resmi", row["kode_ref"]),
                ("nama resmi", row["uraian_ref"]),
                ("status", row["status_cocok"]),
                ("skor", None if row["skor_cocok"] is None else f"{row['skor_cocok']:.2f}"),
                ("alasan", row["alasan_cocok"]),
                ("edisi", row["edisi_nomenklatur"]),
            ),
        ),
        Section("Induk", tuple(("", _printed(parent)) for parent in _parents(snapshot, row))),
        Section(
            "Pemeriksaan",
            tuple(_check(check) for check in rows(snapshot, "pemeriksaan", dokumen_id=row["dokumen_id"]) if _touches(check, row)),
        ),
        Section(
            "Temuan",
            tuple((f["temuan_id"], f["pesan"]) for f in rows(snapshot, "temuan", dokumen_id=row["dokumen_id"]) if _evidence(f, row)),
        ),
    ]
    return tuple(section for section in sections if section.entries)


def _place(snapshot: Path, row: Row) -> tuple[Section, ...]:
    (document,) = rows(snapshot, "dokumen", dokumen_id=row["dokumen_id"])
    table = rows(snapshot, "tabel", tabel_id=row["tabel_id"]) if row["tabel_id"] else []
    box = None if row["x0"] is None else "{x0:.1f}, {y0:.1f} - {x1:.1f}, {y1:.1f} pt".format(**row)
    return (
        Section(
            "Tempat",
            _entries(
                ("dokumen", f"{document['nama_berkas']} ({document['dokumen_id']})"),
                ("sumber", document["sumber"]),
                ("tabel", f"{table[0]['judul'] or 'tanpa judul'} ({table[0]['jenis_tabel']}, {table[0]['metode']})" if table else None),
                ("halaman", None if row["halaman"] is None else str(row["halaman"])),
                ("kotak", box),
            ),
        ),
    )


def _parents(snapshot: Path, row: Row) -> list[Row]:
    parents: list[Row] = []
    seen = {row["baris_id"]}
    while row["induk_baris_id"] and row["induk_baris_id"] not in seen:
        (row,) = rows(snapshot, "baris", baris_id=row["induk_baris_id"])
        seen.add(row["baris_id"])
        parents.append(row)
    return parents


def _value(value: Row) -> str:
    read = value["rupiah"] if value["rupiah"] is not None else value["angka"]
    figure = "tidak terbaca" if read is None else f"{read:,}".replace(",", ".") if isinstance(read, int) else f"{read:g}"
    details = [value["status"], value["satuan"], value["catatan"], "OCR" if value["ocr"] else None]
    return f"{value['tercetak']} -> {figure} ({', '.join(detail for detail in details if detail)})"


def _check(check: Row) -> tuple[str, str]:
    parts = [
        check["status"],
        f"tercetak {check['tercetak']}",
        f"dihitung {check['dihitung']}",
        f"{check['jumlah_anggota']} anggota",
        check["alasan"],
    ]
    return f"{check['aturan']} {check['kolom'] or ''}".strip(), ", ".join(part for part in parts if part)


def _touches(check: Row, row: Row) -> bool:
    return check["baris_id"] == row["baris_id"] or row["baris_id"] in json.loads(check["anggota"])


def _evidence(finding: Row, row: Row) -> bool:
    return finding["baris_id"] == row["baris_id"] or row["baris_id"] in json.loads(finding["bukti"])


def _figure(line: Row, column: str | None) -> str:
    """What a row says in the column of a finding: figure, code, name; all its cells where it says nothing there."""
    cells = json.loads(line["sel"])
    if column not in cells:
        return _printed(line)
    return "  ".join(text for text in (cells[column], line["kode_tercetak"], line["uraian_tercetak"]) if text)


def _printed(row: Row) -> str:
    return " | ".join(str(text) for text in json.loads(row["sel"]).values())


def _entries(*pairs: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if value)
