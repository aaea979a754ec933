"""The figures of a table's cells, read in the style of their column and the scale of their table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from normalizers.labels import belanja_block
from normalizers.numbers import NumberStyle, column_style, read_money, read_percent
from normalizers.quantities import Quantity, read_target
from normalizers.stitch import PrintedRow
from normalizers.text import squash
from normalizers.types import CellText, Value, ValueKind, ValueStatus

_SCALES: tuple[tuple[re.Pattern[str], int], ...] = (
    (
        re.compile(
            r"\bjuta(?:an)?\b|\(\s*jt\.?\s*\)|\brp\.?\s*(?:1[.,])?000[.,]000\b|\(\s*000[.,]000\s*\)|\bx\s*1[.,]?000[.,]?000\b", re.I
        ),
        10**6,
    ),
    (
        re.compile(
            r"\bribu(?:an)?\b|\brp\.?\s*['’]?(?:1[.,])?\.?000\b|\(\s*['’.]?000\s*(?:rp\.?|rupiah)?\s*\)|\bx\s*(?:rp\.?\s*)?1[.,]?000\b",
            re.I,
        ),
        1_000,
    ),
)
_UNIT_OF_A_TITLE = re.compile(r"\([^()]*\)|\b(?:dalam|dlm)\s+(?:rp\.?\s*)?(?:juta|ribu)\w*", re.I)
_FULL_RUPIAH = 100_000_000  # a median of this size in print leaves no room for a scale
_IMPOSSIBLE = 1_000_000_000_000  # rupiah in the median row: more than any agency plans
_LOW_CONFIDENCE = 0.5
_PERCENT = re.compile(r"-?\d{1,3}(?:[.,]\d+)?\s?%")
_KINDS = {"rupiah": ValueKind.RUPIAH, "persen": ValueKind.PERCENT}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table's figures are read: the style of each column, one scale for all money, and why the scale is doubted."""

    styles: Mapping[str, NumberStyle]
    scale: int = 1
    doubt: str | None = None


def printed_scale(text: str) -> int:
    """The scale that a header declares: `(Rp.000)` 1000, `(dlm juta)` 1000000, else 1."""
    return next((scale for pattern, scale in _SCALES if pattern.search(text)), 1)


def reading_of(rows: Sequence[PrintedRow], kinds: Mapping[str, str], headers: Mapping[str, str], title: str = "") -> Reading:
    """Decide styles and scale of a table from all its cells; `kinds` and the printed `headers` are by column name.

    Where no header declares a scale, a unit in the `title` over the table does.

    A declared scale holds only where the printed amounts leave room for it.
    """
    texts = {column: [row.cells[column].text for row in rows if column in row.cells] for column in kinds}
    money = [text for column, kind in kinds.items() if kind == "rupiah" for text in texts[column]]
    default = column_style(money)
    styles = {column: column_style(texts[column], default, _KINDS.get(kind, ValueKind.VOLUME)) for column, kind in kinds.items()}
    declared = [printed_scale(headers.get(column, "")) for column, kind in kinds.items() if kind == "rupiah"]
    scale = max(declared, default=1)
    if scale == 1:
        scale = max((printed_scale(unit) for unit in _UNIT_OF_A_TITLE.findall(title)), default=1)
    if scale > 1:
        amounts = [value for text in money if (value := read_money(text, default).rupiah)]
        usual = median(map(abs, amounts)) if amounts else 0
        if usual * scale >= _IMPOSSIBLE or (usual >= _FULL_RUPIAH and any(value % 1000 for value in amounts)):
            return Reading(styles, 1, f"label skala {scale} diabaikan: angka tercetak sudah rupiah penuh")
    return Reading(styles, scale)


def values_of(row: PrintedRow, kinds: Mapping[str, str], reading: Reading) -> tuple[Value, ...]:
    """The figures of one row, in the order of its cells. A cell without a figure to read gives none."""
    found: list[Value] = []
    amounts = [cell.text.strip() for column, cell in row.cells.items() if kinds.get(column) == "rupiah"]
    percents = len(amounts) > 1 and all(map(_PERCENT.fullmatch, amounts))  # `Persentase | 96,39 % | 94,65 %` under amounts by years
    for column, cell in row.cells.items():
        kind = kinds.get(column, "teks")
        style = reading.styles.get(column, NumberStyle.ID)
        match kind:
            case "rupiah" if percents:
                found.append(_percent(column, cell, style, row.ocr))
            case "rupiah":
                found.append(_money(column, cell, style, reading.scale, row.ocr))
            case "persen":
                found.append(_percent(column, cell, style, row.ocr))
            case "target" | "volume" | "predikat":
                found.extend(_quantity(column, cell, quantity, row.ocr) for quantity in read_target(cell.text, style))
            case "teks" if column.startswith("indikator"):
                found.extend(_money(name, _part(cell, amount), NumberStyle.ID, 1, row.ocr) for name, amount in belanja_block(cell.text))
    return tuple(found)


def _part(cell: CellText, text: str) -> CellText:
    return CellText(text, cell.page, cell.bbox, cell.bold, cell.confidence, None)


def _doubtful(cell: CellText, ocr: bool) -> str | None:
    """Why a figure that reads well is not to be trusted: two readers disagree on it, or OCR was unsure."""
    if cell.conflict is not None and squash(cell.conflict) != squash(cell.text):
        return "OCR_CONFLICT" if ocr else "EXTRACTOR_CONFLICT"
    return "LOW_CONFIDENCE" if ocr and cell.confidence < _LOW_CONFIDENCE else None


def _money(column: str, cell: CellText, style: NumberStyle, scale: int, ocr: bool) -> Value:
    reading = read_money(cell.text, style, scale)
    value = _value(column, ValueKind.RUPIAH, cell, ocr)
    value = replace(
        value,
        status=reading.status,
        rupiah=reading.rupiah,
        unit="Rp",
        decimals=reading.decimals,
        note=reading.note,
        candidates=reading.candidates,
    )
    doubt = _doubtful(cell, ocr)
    if doubt is None or value.status is not ValueStatus.OK:
        return value
    other = read_money(cell.conflict, style, scale).rupiah if cell.conflict else None
    if other == value.rupiah:
        return value  # both readings mean the same amount
    candidates = tuple(amount for amount in (value.rupiah, other) if amount is not None)
    return replace(value, status=ValueStatus.MALFORMED, rupiah=None, note=doubt, candidates=candidates)


def _percent(column: str, cell: CellText, style: NumberStyle, ocr: bool) -> Value:
    reading = read_percent(cell.text, style)
    value = _value(column, ValueKind.PERCENT, cell, ocr)
    value = replace(value, status=reading.status, number=reading.number, unit="%", decimals=reading.decimals, note=reading.note)
    agrees = cell.conflict is not None and read_percent(cell.conflict, style).number == value.number
    return value if agrees else _unless_doubtful(value, cell, ocr)


def _quantity(column: str, cell: CellText, quantity: Quantity, ocr: bool) -> Value:
    value = replace(
        _value(column, quantity.kind, cell, ocr),
        printed=quantity.printed,
        status=quantity.status,
        number=quantity.number,
        unit=quantity.unit,
        decimals=quantity.decimals,
        note=quantity.note,
    )
    return _unless_doubtful(value, cell, ocr)


def _unless_doubtful(value: Value, cell: CellText, ocr: bool) -> Value:
    doubt = _doubtful(cell, ocr)
    return replace(value, status=ValueStatus.MALFORMED, number=None, note=doubt) if doubt and value.status is ValueStatus.OK else value


def _value(column: str, kind: ValueKind, cell: CellText, ocr: bool) -> Value:
    return Value(column, kind, cell.text, ValueStatus.EMPTY, cell.page, cell.bbox, confidence=cell.confidence, ocr=ocr)
