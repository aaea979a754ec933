"""Typed documents made directly: from a few rows for one rule, or from a truth file as a perfect reading would give them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.types import Bbox, TextKind
from normalizers.codes import normalise
from normalizers.tree import with_parents
from normalizers.types import (
    CellText,
    Column,
    DocumentFacts,
    Line,
    Match,
    MatchStatus,
    ProseFigure,
    RowKind,
    TypedDocument,
    TypedTable,
    Value,
    ValueKind,
    ValueStatus,
)

BOX = Bbox(10, 10, 100, 20)
AMOUNT = re.compile(r"^(pagu|selisih|anggaran|realisasi$|efisiensi|sisa|belanja)|_rp$")
PERCENT = re.compile(r"^(persen_|tingkat_|capaian)")
NUMBER = re.compile(r"^(target|realisasi|volume|n2_k|tw\d_k|renstra)")
TEXT_COLUMNS = ("kode", "no", "uraian", "indikator", "lokasi", "satuan", "sumber_dana", "catatan", "keterangan", "sasaran")
KINDS = {kind.value: kind for kind in RowKind}
Row = tuple[str, str, str, Mapping[str, int | str]]  # level, code, name, cells


def value(column: str, printed: str, scale: int = 1, amount: int | None = None, ocr: bool = False) -> Value | None:
    """The value of a printed cell, read as plainly as a test needs it."""
    text = printed.strip()
    if AMOUNT.search(column) and not PERCENT.search(column):
        return _money(column, text, scale, amount, ocr)
    kind = ValueKind.PERCENT if PERCENT.search(column) or text.endswith("%") else ValueKind.VOLUME
    match = re.match(r"^(-?[\d.,]+)\s*(.*)$", text)
    if (not NUMBER.search(column) and kind is not ValueKind.PERCENT) or not match:
        return None
    digits = match[1].rstrip(".,")
    if kind is ValueKind.VOLUME and re.fullmatch(r"\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    digits = digits.replace(".", ",") if digits.count(".") == 1 and "," not in digits else digits.replace(".", "")
    whole, _, decimals = digits.partition(",")
    number = Decimal(f"{whole or 0}.{decimals or 0}") if decimals else Decimal(whole or 0)
    status = ValueStatus.OK if number else ValueStatus.ZERO
    return Value(column, kind, text, status, 1, BOX, number=number, unit=match[2] or None, decimals=len(decimals), ocr=ocr)


def _money(column: str, text: str, scale: int, amount: int | None, ocr: bool) -> Value:
    if text in ("", "-", "–"):
        return Value(column, ValueKind.RUPIAH, text, ValueStatus.DASH if text else ValueStatus.EMPTY, 1, BOX)
    body = re.sub(r"(?i)rp\.?|\s|,-$", "", text)
    negative = body.startswith(("(", "-"))
    body = body.strip("()-")
    body = re.sub(r",-$", "", body)
    match = re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})*|\d+)(?:[.,](\d{1,2}))?", body)
    if match is None or (match[2] and re.search(r"[.,]", match[1].replace(match[2], ""))):
        return Value(column, ValueKind.RUPIAH, text, ValueStatus.MALFORMED, 1, BOX)
    decimals = match[3] or ""
    exact = Decimal(re.sub(r"\D", "", match[1]) + ("." + decimals if decimals else "")) * scale
    rupiah = amount if amount is not None else int(-exact if negative else exact)
    return Value(
        column,
        ValueKind.RUPIAH,
        text,
        ValueStatus.OK if rupiah else ValueStatus.ZERO,
        1,
        BOX,
        rupiah=rupiah,
        decimals=len(decimals),
        ocr=ocr,
    )


def line(
    identity: str, order: int, level: str, code: str, name: str, cells: Mapping[str, int | str], scale: int = 1, page: int = 1
) -> Line:
    """One row; integer cells print as Indonesian rupiah."""
    texts = {column: f"{text:,}".replace(",", ".") if isinstance(text, int) else text for column, text in cells.items()}
    values = tuple(v for column, text in texts.items() if (v := value(column, text, scale)) and v.status is not ValueStatus.EMPTY)
    shown = {"kode": code, "uraian": name, **texts}
    return Line(
        id=identity,
        order=order,
        page=1,
        bbox=BOX,
        kind=KINDS.get(level, RowKind.OTHER),
        cells={column: CellText(text, 1, BOX) for column, text in shown.items() if text},
        values=values,
        printed_code=code or None,
        printed_name=name or None,
        code=normalise(code) if code else None,
        label="opd" if level == "opd" else None,
    )


def table(rows: Iterable[Row], kind: str = "rencana_renja", scale: int = 1, identity: str = "t", **changes: Any) -> TypedTable:
    """A table of (level, code, name, cells) rows, with its tree; line ids are `<table>0`, `<table>1` ..."""
    lines = tuple(line(f"{identity}{i}", i, *row, scale=scale) for i, row in enumerate(rows))
    names = dict.fromkeys(column for one in lines for column in one.cells)
    columns = tuple(Column(name, name, "teks" if name in TEXT_COLUMNS else "rupiah") for name in names)
    made = TypedTable(identity, 0, kind, "", columns, lines, 1, 1, scale=scale)
    return with_parents(replace(made, **changes))


def document(
    *tables: TypedTable, identity: str = "d", prose: Sequence[ProseFigure] = (), text: Sequence[str] = (), **facts: Any
) -> TypedDocument:
    paragraphs = tuple((1, paragraph) for paragraph in text)
    return TypedDocument(identity, identity, f"{identity}.pdf", DocumentFacts(**facts), tables, tuple(prose), paragraphs, 1)


TRUTH_KINDS = {
    "tc33": "rencana_renja",
    "tc31": "review_rkpd",
    "tc29": "evaluasi_renja",
    "tc30": "kinerja_pelayanan",
    "tc32": "usulan_pemangku",
    "perubahan": "rencana_perubahan",
    "apbd_perubahan": "perubahan_anggaran",
    "ringkasan_anggaran": "ringkasan_akun",
    "perjanjian_kinerja_anggaran": "pk_anggaran",
}


def from_truth(path: Path, matched: bool = True) -> TypedDocument:
    """The document of a truth file as a perfect reading gives it; line ids are `<document>/<table>/<row>`."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    tables = tuple(_truth_table(truth["id"], number, one, matched) for number, one in enumerate(truth["tables"]))
    facts = DocumentFacts(kind=truth["jenis"], year=truth["tahun"], region_name=truth["wilayah"], agency=truth["opd"])
    return TypedDocument(truth["id"], truth["id"], path.name, facts, tables, (), (), truth.get("pages") or 1)


def _truth_table(document_id: str, number: int, truth: Mapping[str, Any], matched: bool) -> TypedTable:
    heads = " ".join(str(cell[0]) for head in truth["header"] for cell in head)
    scale = 1000 if re.search(r"Rp\.?\s*000", heads) else 1
    names = list(dict.fromkeys("kode" if re.fullmatch(r"kode_\d", name) else name for name in truth["cols"]))
    columns = tuple(_column(name, truth) for name in names)
    lines = tuple(_truth_line(f"{document_id}/{number}/{i}", i, row, truth["cols"], scale, matched) for i, row in enumerate(truth["rows"]))
    kind = TRUTH_KINDS.get(truth["kind"], truth["kind"])
    made = TypedTable(f"{document_id}/{number}", number, kind, truth["title"], columns, lines, 1, 1, scale=scale)
    return with_parents(replace(made, text_kind=TextKind.TEXT))


def _column(name: str, truth: Mapping[str, Any]) -> Column:
    leaves = _leaf_headers(truth)
    header, number = leaves.get(name, (name, None))
    match = re.fullmatch(r"\(?(\d+)\)?\s*(?:=\s*(.+))?", number.strip()) if number else None
    kind = "teks" if name in TEXT_COLUMNS else "rupiah" if AMOUNT.search(name) else "target"
    return Column(name, header, kind, number=match[1] if match else None, formula=match[2] if match and match[2] else None)


def _leaf_headers(truth: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Header text and printed number of each column, merged header cells spread over the columns under them."""
    width = len(truth["cols"])
    grid: list[list[str | None]] = [[None] * width for _ in truth["header"]]
    for depth, cells in enumerate(truth["header"]):
        for text, across, down in ((cell[0] or "", cell[1], cell[2]) for cell in cells):
            start = next((i for i, taken in enumerate(grid[depth]) if taken is None), width)
            for row in grid[depth : depth + down]:
                row[start : min(start + across, width)] = [text] * (min(start + across, width) - start)
    last = [text or "" for text in grid[-1]] if grid else [""] * width
    numbered = sum(bool(re.match(r"^\(?\d+\)?", text)) and len(text) < 20 for text in last) > width / 2
    texts = [" > ".join(dict.fromkeys(row[i] or "" for row in (grid[:-1] if numbered else grid))) for i in range(width)]
    return {name: (texts[i], last[i] if numbered else None) for i, name in enumerate(truth["cols"])}


def _truth_line(identity: str, order: int, row: Mapping[str, Any], cols: Sequence[str], scale: int, matched: bool) -> Line:
    cells: dict[str, str] = {}
    for column, text in zip(cols, row["cells"], strict=True):
        key = "kode" if re.fullmatch(r"kode_\d", column) else column
        if text and text.strip():
            cells[key] = f"{cells[key]}.{text.strip()}" if key == "kode" and key in cells else text.strip()
    name = cells.get("uraian") or cells.get("uraian_rkpd") or cells.get("sasaran")
    number = re.match(r"^(\d{1,3}|[IVX]+|[A-Z])[.)]?\s+(.*)$", name or "")
    code = cells.get("kode") or cells.get("kode_rekening") or ""
    level = row.get("level") or "lain"
    made = line(identity, order, level, code, number[2] if number else name or "", {})
    amounts = row.get("amounts") or {}
    values = tuple(v for column, text in cells.items() if (v := value(column, text, scale, amounts.get(column))))
    shown = {column: CellText(text, 1, BOX) for column, text in cells.items()}
    match = _truth_match(made, row) if matched else None
    return replace(made, cells=shown, values=values, match=match, number=number[1] if number else cells.get("no"))


def _truth_match(made: Line, row: Mapping[str, Any]) -> Match | None:
    official = row.get("gold_code")
    if not official or made.kind in (RowKind.INDIKATOR, RowKind.TOTAL):
        return None
    groups = official.count(".") + 1
    level = {1: RowKind.URUSAN, 2: RowKind.BIDANG_URUSAN, 3: RowKind.PROGRAM, 5: RowKind.KEGIATAN, 6: RowKind.SUB_KEGIATAN}.get(groups)
    code = normalise(official)
    same = made.code is not None and (made.code == code or made.code.startswith("X."))
    rivals = () if same or made.code is None else ((made.code, "", 0.2),)
    return Match(MatchStatus.EXACT if same else MatchStatus.REPAIRED, code, row.get("gold_name"), level, 1.0, 0.5, candidates=rivals)
