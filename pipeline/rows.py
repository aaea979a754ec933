"""From typed documents and their audit to the rows of the published tables; one function for each table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from extractors.types import Bbox
from normalizers.types import CellText, Column, Line, TypedDocument, TypedTable
from pipeline.coverage import Coverage
from pipeline.findings import Audit, Check, Finding
from pipeline.identity import numbered_values, short_id
from pipeline.results import DocumentResult
from pipeline.tidy import budget_rows, performance_rows

Row = dict[str, Any]
_MOST_INTEGER = 2**63 - 1  # that a column of whole numbers holds
_PLACES = 2  # decimals of a printed box: a hundredth of a point is finer than any print


def dataset_rows(results: Iterable[DocumentResult], documents: Mapping[str, TypedDocument], audit: Audit) -> dict[str, list[Row]]:
    """All rows of all tables, documents by id, then in reading order. `documents` maps dokumen_id to what was read."""
    rows: dict[str, list[Row]] = {
        name: [] for name in ("dokumen", "tabel", "baris", "nilai", "narasi", "anggaran", "kinerja", "temuan", "pemeriksaan", "koreksi")
    }
    coverage = Coverage(audit.checks)
    for result in sorted(results, key=lambda result: result.source.id):
        document = documents.get(result.source.id)
        rows["dokumen"].append(document_row(result, document, coverage))
        if document is None:
            continue
        for table in document.tables:
            rows["tabel"].append(table_row(document, table))
            for line in table.lines:
                rows["baris"].append(line_row(document, table, line))
                rows["nilai"].extend(value_rows(document, table, line))
            rows["anggaran"].extend(budget_rows(document, table, coverage))
            rows["kinerja"].extend(performance_rows(document, table))
        rows["narasi"].extend(prose_rows(document))
        rows["koreksi"].extend(correction_rows(document))
    rows["temuan"].extend(sorted(map(finding_row, audit.findings), key=lambda row: (row["dokumen_id"], row["aturan"], row["temuan_id"])))
    rows["pemeriksaan"].extend(check_rows(audit.checks))
    return rows


def document_row(result: DocumentResult, document: TypedDocument | None, coverage: Coverage) -> Row:
    amounts, checked = coverage.counts(document) if document else (0, 0)
    source, facts = result.source, document.facts if document else None
    problems = list(dict.fromkeys([*([result.reason] if result.reason else []), *_own_problems(result, document)]))
    status = "sebagian" if result.status == "ok" and problems else result.status
    return {
        "dokumen_id": source.id,
        "sha256": source.sha256,
        "nama_berkas": source.file_name,
        "sumber": source.origin.uri,
        "lisensi": source.origin.licence,
        "jenis_dokumen": facts.kind if facts else None,
        "tahun": facts.year if facts else None,
        "kode_wilayah": facts.region_code if facts else None,
        "nama_wilayah": facts.region_name if facts else None,
        "perangkat_daerah": facts.agency if facts else None,
        "jumlah_halaman": document.page_count if document else result.page_count,
        "halaman_ocr": len(document.ocr_pages) if document else 0,
        "jumlah_nominal": amounts,
        "nominal_teruji": checked,
        "status": status,
        "galat": "; ".join(problems) or None,
    }


def correction_rows(document: TypedDocument) -> list[Row]:
    return [
        {
            "koreksi_id": short_id(document.id, c.place, c.line_id),
            "dokumen_id": document.id,
            "koreksi": c.place,
            "baris_id": c.line_id,
            "status": c.status,
            "keterangan": c.detail,
        }
        for c in sorted(document.corrections, key=lambda c: (c.place, c.line_id))
    ]


def _own_problems(result: DocumentResult, document: TypedDocument | None) -> Iterator[str]:
    """Problems that the result does not tell already."""
    for problem in document.problems if document else ():
        if problem not in (result.reason or ""):
            yield problem


def table_row(document: TypedDocument, table: TypedTable) -> Row:
    return {
        "tabel_id": table.id,
        "dokumen_id": document.id,
        "urutan": table.order,
        "jenis_tabel": table.kind,
        "judul": table.title or None,
        "halaman_awal": table.first_page,
        "halaman_akhir": table.last_page,
        "jumlah_baris": len(table.lines),
        "kolom": to_json([_column(column) for column in table.columns]),
        "skala": table.scale,
        "metode": table.method,
        "jenis_teks": table.text_kind.value,
        "keyakinan": table.confidence,
        "lengkap": table.complete,
        "catatan": to_json(table.notes),
    }


def _column(column: Column) -> Row:
    return {
        "nama": column.name,
        "tercetak": column.header,
        "satuan": column.unit,
        "jenis": column.kind,
        "nomor": column.number,
        "rumus": column.formula,
        "keyakinan": column.binding,
    }


def line_row(document: TypedDocument, table: TypedTable, line: Line) -> Row:
    match = line.match
    return {
        "baris_id": line.id,
        "tabel_id": table.id,
        "dokumen_id": document.id,
        "urutan": line.order,
        "halaman": line.page,
        "putaran": document.rotations.get(line.page, 0),
        **box(line.bbox),
        "jenis_baris": line.kind.value,
        "induk_baris_id": line.parent_id,
        "kode_tercetak": line.printed_code,
        "uraian_tercetak": line.printed_name,
        "kode_ref": match.code if match else None,
        "uraian_ref": match.name if match else None,
        "status_cocok": match.status.value if match else None,
        "skor_cocok": match.score if match else None,
        "alasan_cocok": (match.reason or None) if match else None,
        "edisi_nomenklatur": match.edition if match else None,
        "sel": to_json(printed_cells(table, line.cells)),
        "catatan": to_json(line.notes),
    }


def printed_cells(table: TypedTable, cells: Mapping[str, CellText]) -> dict[str, str]:
    """Canonical column -> text, in the order of the table's columns."""
    order = {column.name: place for place, column in enumerate(table.columns)}
    names = sorted(cells, key=lambda name: (order.get(name, len(order)), name))
    return {name: cells[name].text for name in names if cells[name].text.strip()}


def value_rows(document: TypedDocument, table: TypedTable, line: Line) -> Iterator[Row]:
    for value_id, value in numbered_values(line):
        yield {
            "nilai_id": value_id,
            "baris_id": line.id,
            "tabel_id": table.id,
            "dokumen_id": document.id,
            "kolom": value.column,
            "jenis_nilai": value.kind.value,
            "tercetak": value.printed,
            "rupiah": value.rupiah,
            "angka": as_float(value.number),
            "satuan": value.unit,
            "status": value.status.value,
            "catatan": value.note,
            "kandidat": to_json(value.candidates),
            "desimal": value.decimals,
            "keyakinan": value.confidence,
            "ocr": value.ocr,
            "halaman": value.page,
            **box(value.bbox),
        }


def prose_rows(document: TypedDocument) -> Iterator[Row]:
    for place, figure in enumerate(document.prose):
        yield {
            "narasi_id": short_id("narasi", document.id, str(place)),
            "dokumen_id": document.id,
            "halaman": figure.page,
            "kalimat": figure.sentence,
            "tercetak": figure.printed,
            "jenis_nilai": figure.kind.value,
            "rupiah": figure.rupiah,
            "angka": as_float(figure.number),
            "satuan": figure.unit,
            **box(figure.bbox),
        }


def finding_row(finding: Finding) -> Row:
    difference = finding.difference
    return {
        "temuan_id": finding.id,
        "dokumen_id": finding.document_id,
        "tabel_id": finding.table_id,
        "baris_id": finding.line_id,
        "kolom": finding.column,
        "aturan": finding.rule,
        "status": finding.status.value,
        "tingkat": finding.severity.value,
        "kepastian": finding.certainty.value,
        "tercetak": finding.printed or None,
        "seharusnya": finding.expected or None,
        "selisih": difference if isinstance(difference, int) and abs(difference) <= _MOST_INTEGER else None,
        "selisih_teks": plain(difference),
        "pesan": finding.message,
        "dugaan_sebab": finding.cause,
        "bukti": to_json(finding.evidence),
        "terkait": to_json(finding.related),
        "halaman": finding.page,
        **(box(finding.bbox) if finding.bbox else dict.fromkeys(("x0", "y0", "x1", "y1"))),
    }


def check_rows(checks: Sequence[Check]) -> Iterator[Row]:
    """Sorted by document and rule; equal checks are told apart by their place."""
    seen: dict[str, int] = {}
    for check in sorted(checks, key=_check_order):
        what = short_id(check.rule, check.document_id, check.table_id or "", check.line_id or "", check.column or "")
        place = seen.get(what, 0)
        seen[what] = place + 1
        yield {
            "pemeriksaan_id": short_id(what, str(place)),
            "aturan": check.rule,
            "dokumen_id": check.document_id,
            "tabel_id": check.table_id,
            "baris_id": check.line_id,
            "kolom": check.column,
            "status": check.status.value,
            "tercetak": plain(check.printed),
            "dihitung": plain(check.computed),
            "jumlah_anggota": len(check.members),
            "anggota": to_json(check.members),
            "alasan": check.reason or None,
        }


def _check_order(check: Check) -> tuple[str, ...]:
    return (
        check.document_id,
        check.rule,
        check.table_id or "",
        check.line_id or "",
        check.column or "",
        str(check.printed),
        str(check.computed),
    )


def box(bbox: Bbox) -> Row:
    return {name: round(float(edge), _PLACES) for name, edge in zip(("x0", "y0", "x1", "y1"), bbox, strict=True)}


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def plain(number: int | Decimal | str | None) -> str | None:
    """A figure as text without an exponent."""
    if isinstance(number, Decimal):
        return format(number, "f")
    return None if number is None else str(number)
