"""Arithmetic across one row: R04 and R05 differences, R07 percentages of money, R22 quarters, R09 kinds of spending."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from normalizers.types import Value, ValueKind, ValueStatus
from pipeline.findings import CheckStatus

from .equations import Equation
from .sheet import Figure, Node, Sheet

# (difference, after, possible bases): the base that most rows fit is the one that the table uses
DIFFERENCES = (
    ("selisih", "pagu_sesudah", ("pagu_sebelum",)),
    ("selisih", "pagu_rkpd_perubahan", ("pagu_apbd", "pagu_rkpd")),
    ("selisih", "anggaran_perubahan", ("anggaran_murni",)),
    ("selisih", "anggaran", ("realisasi",)),
    ("efisiensi", "anggaran", ("realisasi",)),
    ("sisa", "anggaran", ("realisasi",)),
    ("sisa", "anggaran_perubahan", ("realisasi",)),
)
# (percentage, numerator, denominator); of several for one percentage the one that most rows fit is taken
PERCENTAGES = (
    ("persen_realisasi", "realisasi", "anggaran"),
    ("persen_realisasi", "realisasi", "anggaran_perubahan"),
    ("persen_realisasi", "realisasi", "anggaran_murni"),
    ("persen_realisasi", "realisasi", "pagu"),
    ("tingkat_rp", "realisasi_rp", "target_rp"),
    ("tingkat_rp", "renstra_sd_rp", "renstra_rp"),
    ("capaian_rp", "realisasi_rp", "target_rp"),
    ("tingkat_capaian", "realisasi_rp", "target_rp"),
)
QUARTERS = ("tw1_rp", "tw2_rp", "tw3_rp", "tw4_rp")
_FEWEST_ROWS_TO_LEARN = 3
_SPENDING = re.compile(
    r"\bbel(?:anja)?\.?\s*(?P<kind>pegawai|barang\s*(?:&|dan)\s*jasa|modal)\s*:\s*(?:Rp\.?\s*)?(?P<amount>\d{1,3}(?:[.,]\d{3})+|-)", re.I
)
Builder = Callable[[Node], Equation | None]


def differences(sheet: Sheet) -> Iterator[Equation]:
    """R04: selisih = sesudah - sebelum, efisiensi and sisa = anggaran - realisasi; the base is the one that most rows fit."""
    done: set[str] = set()
    for result, after, bases in DIFFERENCES:
        if result in done or not {result, after} <= set(sheet.money):
            continue
        builders = [_difference(sheet, result, after, base) for base in bases if base in sheet.money]
        equations = list(_best(sheet, builders))
        if equations:
            done.add(result)
            yield from equations


def _difference(sheet: Sheet, result: str, after: str, base: str) -> Builder:
    def build(node: Node) -> Equation | None:
        target, minuend, subtrahend = (sheet.figure(node, column) for column in (result, after, base))
        if target is None or minuend is None or subtrahend is None:
            return None
        return Equation("R04", sheet, target, ((minuend, 1), (subtrahend, -1)), of=f"{after} - {base}")

    return build


def percentages(sheet: Sheet) -> Iterator[Equation]:
    """R07: the percentage spent equals realisation over budget, on total rows too."""
    for result in dict.fromkeys(percentage for percentage, _, _ in PERCENTAGES):
        pairs = [(above, below) for name, above, below in PERCENTAGES if name == result and {above, below} <= set(sheet.money)]
        yield from _unshifted(list(_best(sheet, [_percentage(sheet, result, above, below) for above, below in pairs])))


def _unshifted(equations: Sequence[Equation]) -> Iterator[Equation]:
    """The percentages; those that fail are blocked where several are the row above's or below's: the rows were cut apart wrongly.

    So in tables without rules between rows, whose columns stand on different baselines.
    """
    computed = [equation.verdict().computed for equation in equations]
    failing = [i for i, equation in enumerate(equations) if equation.verdict().status is CheckStatus.DIFFERS]
    shifted = [i for i in failing if equations[i].target.amount in (computed[i - 1] if i else None, *computed[i + 1 : i + 2])]
    if len(shifted) < 2:
        yield from equations
        return
    reason = "baris tidak pasti: persen baris ini tercetak pada baris tetangganya"
    yield from (replace(e, blocked=reason) if i in failing else e for i, e in enumerate(equations))


def _percentage(sheet: Sheet, result: str, above: str, below: str) -> Builder:
    def build(node: Node) -> Equation | None:
        target, numerator, divisor = (sheet.figure(node, column) for column in (result, above, below))
        if target is None or numerator is None or divisor is None or target.value.kind is not ValueKind.PERCENT:
            return None
        return Equation("R07", sheet, target, ((numerator, 1),), divisor=divisor, of=f"{above} / {below}")

    return build


def quarters(sheet: Sheet) -> Iterator[Equation]:
    """R22: the four quarters add up to the year; a quarter that is blank or a dash counts as nothing if the rest agrees."""
    if "realisasi_rp" not in sheet.money or not set(QUARTERS) & set(sheet.money):
        return

    def build(node: Node) -> Equation | None:
        target = sheet.figure(node, "realisasi_rp")
        figures = [figure for column in QUARTERS if (figure := sheet.figure(node, column))]
        if target is None or not figures or any(sheet.state(node, column) is ValueStatus.MALFORMED for column in QUARTERS):
            return None
        return Equation("R22", sheet, target, tuple((figure, 1) for figure in figures), of="triwulan")

    yield from _best(sheet, [build])


def _best(sheet: Sheet, builders: Sequence[Builder]) -> Iterator[Equation]:
    """The equations of the relation that most rows fit; nothing where the table does not keep any of them.

    A relation is the table's own only if at least half of the rows that could contradict it keep it.
    """
    best: tuple[int, list[Equation]] = (0, [])
    for build in builders:
        equations = [equation for node in sheet.nodes if (equation := build(node))]
        fits = sum(_fits(equation) for equation in equations)
        if equations and (not best[1] or fits > best[0]):
            best = fits, equations
    fits, equations = best
    if len(equations) >= _FEWEST_ROWS_TO_LEARN and fits * 2 < len(equations):
        return
    yield from equations


def _fits(equation: Equation) -> bool:
    verdict = equation.verdict()
    if verdict.status is not CheckStatus.DIFFERS:
        return True
    return equation.divisor is None and verdict.computed is not None and abs(verdict.printed) == abs(verdict.computed)


def sign_is_lost(equation: Equation) -> bool:
    """Whether a difference is right but for its sign."""
    verdict = equation.verdict()
    return verdict.computed is not None and bool(verdict.computed) and verdict.printed == -verdict.computed


def unsigned(equations: Sequence[Equation]) -> bool:
    """Whether a column prints decreases without sign throughout: every decrease lacks it, and there are at least two."""
    counts: Counter[bool] = Counter()
    for equation in equations:
        computed = equation.verdict().computed
        if computed is not None and computed < 0:
            counts[equation.target.amount > 0] += 1
    return counts[True] >= 2 and not counts[False]


def spending_kinds(sheet: Sheet) -> Iterator[Equation]:
    """R09: the spending block inside an indicator cell adds up to the row's pagu, and its totals to the grand total."""
    if "pagu" not in sheet.money:
        return
    for node in sheet.level_nodes():
        target = sheet.figure(node, "pagu")
        figures = [figure for line in node.rows for column in ("indikator", "target") for figure in _block(node, line.id, column, sheet)]
        if target is not None and figures:
            yield Equation("R09", sheet, target, tuple((figure, 1) for figure in figures), solid=False, of="jenis belanja")
    yield from _spending_totals(sheet)


def _block(node: Node, line_id: str, column: str, sheet: Sheet) -> Iterator[Figure]:
    line = next(row for row in node.rows if row.id == line_id)
    cell = line.cells.get(column)
    for match in _SPENDING.finditer(cell.text) if cell else ():
        digits = re.sub(r"\D", "", match["amount"])
        if not digits:
            continue
        amount = int(digits) * sheet.table.scale
        kind = re.sub(r"\W+", "_", match["kind"].lower())
        name = f"belanja_{kind}"
        value = Value(name, ValueKind.RUPIAH, match["amount"], ValueStatus.OK, cell.page, cell.bbox, rupiah=amount) if cell else None
        if value is not None:
            yield Figure((line.id, name), line, node.line, value, amount, Decimal(0), certain=False)


def _spending_totals(sheet: Sheet) -> Iterator[Equation]:
    def labelled(*words: str) -> Node | None:
        return next((n for n in sheet.totals if any(word in n.text for word in words)), None)

    parts = [labelled("pegawai"), labelled("barang"), labelled("modal")]
    whole = next((n for n in sheet.totals if n not in parts and "rata" not in n.text), None)
    target = sheet.figure(whole, "pagu") if whole else None
    figures = [figure for node in parts if node and (figure := sheet.figure(node, "pagu"))]
    if target is not None and len(figures) >= 2:
        yield Equation("R09", sheet, target, tuple((figure, 1) for figure in figures), of="jenis belanja")
