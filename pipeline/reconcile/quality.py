"""Plausibility of single rows and cells: R10 forward estimates, R22 signs, R26 units, R27 malformed figures, R28 gaps, R29, R31."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from normalizers.text import fold
from normalizers.types import CellText, Line, RowKind, Value, ValueKind, ValueStatus
from pipeline.findings import Certainty, CheckStatus, Severity

from . import messages
from .intervals import magnitude
from .outcome import Observation, check, finding
from .row_arithmetic import QUARTERS
from .sheet import FORWARD, READABLE, UNREADABLE, Node, Sheet

SPENT = (("anggaran", "realisasi"), ("anggaran_perubahan", "realisasi"), ("target_rp", "realisasi_rp"))
_DOUBTS = {
    "LOW_CONFIDENCE": "terbaca kurang pasti dari pindaian",
    "OCR_CONFLICT": "terbaca dua macam dari pindaian",
    "EXTRACTOR_CONFLICT": "terbaca dua macam dari berkas",
    "TOO_LARGE": "lebih besar daripada anggaran mana pun",
}
_DIGITS_ONLY = re.compile(r"^(?:rp\.?)?[\s\d.,()-]+$", re.I)
_THOUSAND = 1000
_FILLED, _MANY_ROWS = 0.8, 5
_YEAR_TARGET = re.compile(r"^(target|proyeksi)_(20\d\d)$")
_LEAPS = Decimal(10), Decimal("0.2")


def forward_estimates(sheet: Sheet) -> Iterator[Observation]:
    """R10: where the table keeps one ratio of forward estimate to pagu, each row with a pagu has the estimate of that ratio."""
    factor = sheet.forward_factor
    if factor is None:
        return
    for node in sheet.level_nodes():
        plan, estimate = sheet.figure(node, "pagu"), sheet.figure(node, FORWARD)
        if plan is None or not plan.amount:
            continue
        expected = round(Decimal(plan.amount) * factor)
        missing = estimate is None and sheet.state(node, FORWARD) in (ValueStatus.EMPTY, ValueStatus.DASH)
        if estimate is None and not missing:
            continue
        agrees = estimate is not None and magnitude(estimate.amount - expected) <= _rounded_off(node, estimate.amount)
        made = None
        if not agrees:
            shown = messages.rupiah(estimate.amount) if estimate is not None else "kosong"
            ratio = messages.number((factor * 100).normalize() + 0)
            rest = f"pada baris lain {ratio}% dari pagu ({messages.rupiah(expected)})"
            text = f"{_place(sheet, plan.line, node.line)}, kolom pagu prakiraan maju: {shown}, {rest}."
            severity = Severity.WARNING if missing else Severity.INFO
            made = finding(
                "R10",
                sheet,
                plan.line,
                text,
                column=FORWARD,
                severity=severity,
                printed="" if estimate is None else estimate.value.printed,
                expected=messages.rupiah(expected),
                evidence=[node.line.id],
            )
        printed = estimate.amount if estimate is not None else None
        status = CheckStatus.AGREES if agrees else CheckStatus.DIFFERS
        yield Observation(check("R10", sheet, plan.line, status, column=FORWARD, printed=printed, computed=expected), made)


def _rounded_off(node: Node, amount: int | Decimal) -> int:
    """What rounding may have taken from an amount: up to a thousand a row that it adds up where it is printed in full thousands."""
    return 1 if amount % _THOUSAND else _leaves(node) * (_THOUSAND - 1)


def _leaves(node: Node) -> int:
    return sum(map(_leaves, node.children)) or 1


def negative_quarters(sheet: Sheet) -> Iterator[Observation]:
    """R22: no quarter's realisation is negative."""
    for node in sheet.nodes:
        for column in QUARTERS:
            figure = sheet.figure(node, column)
            if figure is not None and figure.amount < 0:
                where = f"{_place(sheet, figure.line, node.line)}, kolom {messages.column(column)}"
                text = f"{where}: realisasi tercetak negatif {messages.rupiah(figure.amount)}."
                made = finding(
                    "R22", sheet, figure.line, text, column=column, printed=figure.value.printed, value=figure.value, mark="negatif"
                )
                yield Observation(check("R22", sheet, figure.line, CheckStatus.DIFFERS, column=column, printed=figure.amount), made)


def overspending(sheet: Sheet) -> Iterator[Observation]:
    """R29: realisation does not exceed the budget of its row."""
    pairs = [pair for pair in SPENT if set(pair) <= set(sheet.money)][:1]
    for budget, spent in pairs:
        for node in sheet.nodes:
            planned, realised = sheet.figure(node, budget), sheet.figure(node, spent)
            if planned is None or realised is None:
                continue
            over = realised.amount - planned.amount
            made = None
            if over > 0:
                text = (
                    f"{_place(sheet, realised.line, node.line)}: realisasi {messages.rupiah(realised.amount)} melebihi "
                    f"{messages.column(budget)} {messages.rupiah(planned.amount)} sebesar {messages.rupiah(over)}."
                )
                made = finding(
                    "R29", sheet, realised.line, text, column=spent, printed=realised.value.printed, difference=over, value=realised.value
                )
            status = CheckStatus.DIFFERS if over > 0 else CheckStatus.AGREES
            yield Observation(
                check("R29", sheet, realised.line, status, column=spent, printed=realised.amount, computed=planned.amount), made
            )


def units(sheet: Sheet) -> Iterator[Observation]:
    """R26: an indicator that counts is not measured in percent, and one that is a percentage is not counted."""
    for node in sheet.level_nodes():
        for line in node.rows:
            indicator = fold(line.cells["indikator"].text) if "indikator" in line.cells else ""
            values = [v for v in line.values_of("target") if v.status in READABLE]
            if len(values) != 1 or not indicator:
                continue
            percent = values[0].kind is ValueKind.PERCENT or fold(values[0].unit or "") in ("persen", "")
            if indicator.startswith("jumlah ") and "persen" not in indicator and values[0].kind is ValueKind.PERCENT:
                wrong = "indikator menghitung jumlah, tetapi targetnya persen"
            elif indicator.startswith(("persentase ", "presentase ")) and not percent:
                wrong = "indikator berupa persentase, tetapi targetnya bukan persen"
            else:
                continue
            text = f"{_place(sheet, line, node.line)}: {wrong} ({values[0].printed})."
            made = finding("R26", sheet, line, text, column="target", severity=Severity.INFO, printed=values[0].printed, value=values[0])
            yield Observation(check("R26", sheet, line, CheckStatus.DIFFERS, column="target", printed=values[0].printed), made)


def malformed(sheet: Sheet) -> Iterator[Observation]:
    """R27: figures that are none as printed, or that were read with doubt; words in a column of figures are no broken figures."""
    for line in sheet.table.lines:
        for value in line.values:
            if value.status in UNREADABLE and sum(c.isdigit() for c in value.printed) >= 1:
                broken = value.kind is ValueKind.RUPIAH and value.note not in _DOUBTS and bool(_DIGITS_ONLY.match(value.printed))
                text = f"{_place(sheet, line)}, kolom {messages.column(value.column)}: {_said_of(value, line.cells.get(value.column))}."
                made = finding(
                    "R27",
                    sheet,
                    line,
                    text,
                    column=value.column,
                    severity=Severity.WARNING if broken and not value.ocr else Severity.INFO,
                    certainty=Certainty.MAYBE_OCR if value.ocr else Certainty.CERTAIN,
                    printed=value.printed,
                    expected=messages.rupiah(value.candidates[0]) if value.candidates else "",
                    value=value,
                    mark=value.printed,
                )
                yield Observation(check("R27", sheet, line, CheckStatus.DIFFERS, column=value.column, printed=value.printed), made)


def _said_of(value: Value, cell: CellText | None) -> str:
    printed = cell.text if cell is not None and len(cell.text) <= 40 else value.printed
    maybe = " atau ".join(messages.rupiah(candidate) for candidate in value.candidates[:2])
    if value.status is ValueStatus.PROPOSED:
        return f"“{printed}” mungkin {messages.rupiah(value.candidates[0])}: dengan angka itu hitungan tabel cocok"
    if value.note in _DOUBTS:
        return f"“{printed}” {_DOUBTS[value.note]}"
    if value.kind is not ValueKind.RUPIAH:
        return f"“{printed}” tidak terbaca pasti sebagai angka"
    return f"“{printed}” bukan angka yang utuh" + (f"; mungkin {maybe}" if maybe else "")


def running_numbers(sheet: Sheet) -> Iterator[Observation]:
    """R28: running numbers of one level go up by one, over the table or anew under each parent."""
    by_kind: dict[RowKind, list[Node]] = defaultdict(list)
    for node in sheet.level_nodes():
        if node.line.number and node.line.number.strip(" .)").isdigit():
            by_kind[node.line.kind].append(node)
    for nodes in by_kind.values():
        steps = [(before, after, _number(after) - _number(before)) for before, after in pairwise(nodes)]
        if len(steps) < _MANY_ROWS or sum(step == 1 for _, _, step in steps) < _FILLED * len(steps):
            continue
        for before, after, step in steps:
            if step == 1 or _number(after) == 1:
                continue
            what = "dipakai dua kali" if step == 0 else "mundur" if step < 0 else "melompat"
            text = f"{_place(sheet, after.line)}: nomor urut {after.line.number} {what} setelah {before.line.number}."
            made = finding(
                "R28", sheet, after.line, text, severity=Severity.INFO, printed=after.line.number or "", evidence=[before.line.id]
            )
            yield Observation(check("R28", sheet, after.line, CheckStatus.DIFFERS, printed=after.line.number), made)


def _number(node: Node) -> int:
    return int((node.line.number or "0").strip(" .)"))


def blank_cells(sheet: Sheet) -> Iterator[Observation]:
    """R28: a row without an amount where nearly all rows of its level have one; one finding for a row, whatever its columns."""
    blanks: dict[str, list[str]] = defaultdict(list)
    for kind in (RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN):
        nodes = [node for node in sheet.level_nodes() if node.line.kind is kind]
        for column in (c for c in sheet.money if c not in ("selisih", FORWARD)):
            blank = [node for node in nodes if sheet.figure(node, column) is None and sheet.state(node, column) is ValueStatus.EMPTY]
            if len(nodes) >= _MANY_ROWS and len(blank) <= (1 - _FILLED) * len(nodes):
                for node in blank:
                    blanks[node.line.id].append(column)
    for line_id, columns in blanks.items():
        line = sheet.by_line[line_id].line
        names = ", ".join(messages.column(column) for column in columns)
        text = f"{_place(sheet, line)}: {names} kosong, padahal hampir semua {messages.level(line.kind)} lain berisi angka."
        made = finding("R28", sheet, line, text, column=columns[0], severity=Severity.INFO, certainty=Certainty.INCOMPLETE)
        yield Observation(check("R28", sheet, line, CheckStatus.DIFFERS, column=columns[0]), made)


def leaping_targets(sheet: Sheet) -> Iterator[Observation]:
    """R31: from one year's target to the next no more than tenfold, and no drop by more than 80 percent."""
    years = sorted((m[2], column.name) for column in sheet.table.columns if (m := _YEAR_TARGET.match(column.name)) and m[1] == "target")
    for (_, earlier), (_, later) in pairwise(years):
        for line in sheet.table.lines:
            one, other = _quantity(line, earlier), _quantity(line, later)
            if one is None or other is None or fold(one.unit or "") != fold(other.unit or "") or not one.number or other.number is None:
                continue
            ratio = other.number / one.number
            made = None
            if ratio > _LEAPS[0] or 0 < ratio < _LEAPS[1]:
                text = f"{_place(sheet, line)}: target {one.printed} menjadi {other.printed} dalam satu tahun."
                made = finding(
                    "R31", sheet, line, text, column=later, severity=Severity.INFO, printed=other.printed, expected=one.printed, value=other
                )
            status = CheckStatus.DIFFERS if made else CheckStatus.AGREES
            yield Observation(check("R31", sheet, line, status, column=later, printed=other.number, computed=one.number), made)


def _quantity(line: Line, column: str) -> Value | None:
    values = [value for value in line.values_of(column) if value.status is ValueStatus.OK and value.number is not None]
    return values[0] if len(values) == 1 else None


def _place(sheet: Sheet, line: Line, name: Line | None = None) -> str:
    return messages.place(line.page, sheet.table, line, name)
