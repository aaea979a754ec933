"""Whether figures are likely: R25 one indicator twice, R26 declared scale, R27 style of print, R29 pace, R31 end-of-period targets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from normalizers.text import compact, fold
from normalizers.types import Line, RowKind, Value, ValueKind, ValueStatus
from pipeline.findings import Certainty, CheckStatus, Finding, Severity

from . import messages
from .equations import HUNDRED
from .hierarchy import unlike
from .intervals import magnitude
from .outcome import Observation, check, finding
from .sheet import Node, Sheet

# (performance in percent, money in percent) of one row
PACES = (
    ("tingkat_k", "tingkat_rp"),
    ("capaian_k", "capaian_rp"),
    ("capaian_kinerja", "persen_realisasi"),
    ("tingkat_capaian", "persen_realisasi"),
)
# (a year's target, the target at the end of the plan)
ENDS = (("target_n2", "target_renstra"), ("target_n1", "target_renstra"), ("n2_k", "renstra_k"), ("target_k", "renstra_k"))
_HALF_YEAR = re.compile(r"\b(?:triwulan|tw|semester)\s*\.?\s*(?:I{1,2}|1|2)\b(?!\s*[IV])", re.I)
ACHIEVED = ("tingkat_realisasi_n2", "tingkat_capaian_renstra", "tingkat_capaian", "tingkat_k", "capaian_k", "capaian", "capaian_kinerja")
_SPENT, _AHEAD = Decimal(80), Decimal(120)
_FEWEST, _ODD = 20, 2
_STYLES = (("berdesimal", re.compile(r"[.,]\d{2}\D*$")), ("tanpa pemisah ribuan", re.compile(r"\d{4,}")))
_LEVELS = (RowKind.PROGRAM, RowKind.KEGIATAN)


def pace(sheet: Sheet) -> Iterator[Observation]:
    """R29: performance of nothing beside spending of more than 80 percent; more than 120 percent achieved before the year is over."""
    half_year = bool(_HALF_YEAR.search(sheet.table.title))
    for performance, money in (pair for pair in PACES if all(sheet.table.column(name) for name in pair)):
        for node in sheet.nodes:
            done, spent = sheet.figure(node, performance), sheet.figure(node, money)
            if done is None or spent is None or ValueKind.PERCENT not in (done.value.kind, spent.value.kind):
                continue
            wrong = None
            if not done.amount and spent.amount > _SPENT:
                wrong = f"kinerja tercetak {done.value.printed}, padahal anggaran terserap {spent.value.printed}"
            elif half_year and done.value.kind is ValueKind.PERCENT and done.amount > _AHEAD:
                wrong = f"kinerja sudah {done.value.printed} pada tengah tahun: target mungkin terlalu rendah"
            made = _info("R29", sheet, node.line, wrong, performance, done.value) if wrong else None
            status = CheckStatus.DIFFERS if made else CheckStatus.AGREES
            yield Observation(
                check("R29", sheet, done.line, status, column=performance, printed=done.amount, members=[spent.line.id]), made
            )


def end_targets(sheet: Sheet) -> Iterator[Observation]:
    """R31: what an indicator counts in one year is no more than its target at the end of the plan, in the same unit."""
    for year, end in (pair for pair in ENDS if all(sheet.table.column(name) for name in pair)):
        for node in sheet.nodes:
            indicator = fold(node.line.cells["indikator"].text) if "indikator" in node.line.cells else ""
            one, last = _only(node.line, year), _only(node.line, end)
            if one is None or last is None or not indicator.startswith("jumlah ") or fold(one.unit or "") != fold(last.unit or ""):
                continue
            if one.number is None or not last.number:
                continue
            over = one.number > last.number
            what = f"target setahun {one.printed} melebihi target akhir periode {last.printed}"
            made = _info("R31", sheet, node.line, what, year, one) if over else None
            status = CheckStatus.DIFFERS if over else CheckStatus.AGREES
            yield Observation(check("R31", sheet, node.line, status, column=year, printed=one.number, computed=last.number), made)


def overshoot(sheet: Sheet) -> Iterator[Observation]:
    """R29: an achievement of more than twice its target says more of the target."""
    for column in (c.name for c in sheet.table.columns if c.name in ACHIEVED):
        for node in sheet.nodes:
            done = sheet.figure(node, column)
            if done is None or done.value.kind is not ValueKind.PERCENT:
                continue
            far = done.amount > 2 * HUNDRED
            made = (
                _info("R29", sheet, done.line, f"capaian {done.value.printed}: target mungkin terlalu rendah", column, done.value)
                if far
                else None
            )
            status = CheckStatus.DIFFERS if far else CheckStatus.AGREES
            yield Observation(check("R29", sheet, done.line, status, column=column, printed=done.amount), made)


def changed_indicators(sheet: Sheet) -> Iterator[Observation]:
    """R26: the indicator after a change speaks of what it spoke of before; another one may have slipped in from a neighbouring row."""
    for node in sheet.level_nodes():
        before, after = (node.line.cells.get(f"indikator_{side}") for side in ("sebelum", "sesudah"))
        if before is None or after is None or not (sheet.text_is_certain(node.line, "indikator_sebelum") and before.text and after.text):
            continue
        other = unlike(before.text, after.text)
        made = None
        if other:
            place = messages.place(after.page, sheet.table, node.line)
            text = f"{place}: indikator sebelum perubahan “{before.text[:80]}” dan sesudahnya “{after.text[:80]}” berbeda."
            made = finding(
                "R26",
                sheet,
                node.line,
                text,
                column="indikator_sesudah",
                severity=Severity.INFO,
                printed=after.text[:80],
                expected=before.text[:80],
                mark="indikator",
            )
        status = CheckStatus.DIFFERS if other else CheckStatus.AGREES
        yield Observation(check("R26", sheet, node.line, status, column="indikator_sesudah"), made)


def declared_scale(sheet: Sheet) -> Iterator[Observation]:
    """R26: a scale that the header declares (Rp.000) leaves room for it in the amounts; where it does not, it was not applied."""
    for note in sheet.table.notes:
        if note.startswith("label skala"):
            text = f'Halaman {sheet.table.first_page}, tabel "{messages.table_name(sheet.table)}", kepala tabel: {note}.'
            made = finding("R26", sheet, None, text, severity=Severity.INFO, printed=note.split()[2], mark="skala")
            yield Observation(check("R26", sheet, None, CheckStatus.DIFFERS), made)


def odd_print(sheet: Sheet) -> Iterator[Observation]:
    """R27: one or two amounts of a long column printed in another style than all others: with decimals, or without separators."""
    for column in sheet.money:
        amounts = [
            (n.line, f.value) for n in sheet.nodes if (f := sheet.figure(n, column)) and magnitude(f.amount) >= 1000 and not f.value.ocr
        ]
        for what, pattern in _STYLES:
            odd = [(line, value) for line, value in amounts if pattern.search(value.printed)]
            if len(amounts) >= _FEWEST and 0 < len(odd) <= _ODD:
                for line, value in odd:
                    told = f"“{value.printed}” {what}, tidak seperti {len(amounts) - len(odd)} angka lain di kolom ini"
                    yield Observation(
                        check("R27", sheet, line, CheckStatus.DIFFERS, column=column, printed=value.printed),
                        _info("R27", sheet, line, told, column, value),
                    )


def repeated_indicators(sheet: Sheet) -> Iterator[Observation]:
    """R25: one program or kegiatan printed twice in a table has one target for one indicator."""
    rows: dict[tuple[str, str], list[tuple[Node, Value]]] = defaultdict(list)
    for node in sheet.nodes:
        if node.line.kind in _LEVELS and "indikator" in node.line.cells and (value := _only(node.line, "target")):
            rows[(compact(node.name), compact(node.line.cells["indikator"].text))].append((node, value))
    for (name, _), found in rows.items():
        (first, target), *others = found
        for node, value in others:
            if not name or value.number == target.number:
                continue
            told = f"target {value.printed}, pada halaman {target.page} untuk indikator yang sama {target.printed}"
            made = _info("R25", sheet, node.line, told, "target", value, [first.line.id])
            yield Observation(check("R25", sheet, node.line, CheckStatus.DIFFERS, column="target", printed=value.printed), made)


def _only(line: Line, column: str) -> Value | None:
    values = [value for value in line.values_of(column) if value.number is not None and value.status is ValueStatus.OK]
    return values[0] if len(values) == 1 else None


def _info(rule: str, sheet: Sheet, line: Line, what: str, column: str, value: Value, evidence: tuple[str, ...] | list[str] = ()) -> Finding:
    certain = not value.ocr or value.confirmed
    return finding(
        rule,
        sheet,
        line,
        f"{messages.place(value.page, sheet.table, line)}, kolom {messages.column(column)}: {what}.",
        column=column,
        severity=Severity.INFO,
        certainty=Certainty.CERTAIN if certain else Certainty.MAYBE_OCR,
        printed=value.printed,
        evidence=evidence,
        value=value,
        mark="kewajaran",
    )
