"""What would explain a mismatch, if exactly one thing does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from normalizers.types import ValueKind

from .equations import HUNDRED, Equation
from .intervals import magnitude
from .locate import Fault
from .messages import column as column_name
from .messages import row, rupiah
from .sheet import Figure, Key, Sheet


def typing_slip(printed: int | Decimal, expected: int | Decimal) -> str | None:
    """The slip of hand that turns `expected` into `printed`: transposed, dropped or doubled digit, a lost sign, a shifted scale."""
    if printed == expected or not printed or not expected:
        return None
    if printed == -expected:
        return "tanda minus hilang atau terbalik"
    if (printed < 0) != (expected < 0):
        return None
    a, b = _digits(printed), _digits(expected)
    if len(a) == len(b):
        wrong = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(wrong) == 2 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]:
            return f"dua angka bertukar tempat ({b[wrong[0]]} dan {b[wrong[1]]})"
        return None
    if len(a) == len(b) - 1 and _without_one(b, a):
        return "satu angka hilang"
    if len(a) == len(b) + 1 and _without_one(a, b):
        return "satu angka tercetak berlebih"
    ratio = Decimal(max(magnitude(printed), magnitude(expected))) / Decimal(min(magnitude(printed), magnitude(expected)))
    if ratio in (1000, 1_000_000):
        return "skala ribuan tertukar"
    return None


def _digits_slipped(printed: int | Decimal, expected: int | Decimal) -> bool:
    return expected > 0 and (typing_slip(printed, expected) or "").startswith(("dua angka", "satu angka"))


def one_digit_apart(printed: int | Decimal, expected: int | Decimal) -> bool:
    """Whether the two differ in one digit only, as after a misread or mistyped digit."""
    a, b = _digits(printed), _digits(expected)
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _digits(amount: int | Decimal) -> str:
    return str(abs(amount)).replace(".", "")


def _without_one(longer: str, shorter: str) -> bool:
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def explain(fault: Fault, grand_total: bool, witnesses: Mapping[Key, Sequence[Figure]]) -> str | None:
    """One Indonesian clause if exactly one cause explains the fault, else None."""
    if grand_total:
        return "jumlah seluruh tabel tercetak pada baris ini"
    told = list(dict.fromkeys(_of_witnesses(fault, witnesses)))
    if len(told) == 1:
        return told[0]
    found = list(dict.fromkeys(_causes(fault)))
    if len(found) == 1:
        return found[0]
    if not found and fault.figure.value.kind is ValueKind.RUPIAH and one_digit_apart(fault.figure.amount, fault.needed):
        return "satu angka berbeda"
    return None


def _causes(fault: Fault) -> Iterator[str]:
    printed, equation = fault.figure.amount, fault.equations[0]
    slip = typing_slip(printed, fault.needed)
    if slip:
        yield slip
    if equation.divisor is not None:
        yield from _of_percentage(fault, equation)
        return
    if equation.target.key == fault.figure.key and len(equation.terms) > 1 and equation.rule not in ("R04", "R05"):
        yield from _of_members(fault, equation)
    if fault.figure.value.kind is ValueKind.RUPIAH:
        yield from _of_neighbours(fault.figure, equation.sheet)


def _of_members(fault: Fault, equation: Equation) -> Iterator[str]:
    difference = equation.target.amount - fault.needed
    lost = [figure for figure, _ in equation.terms if figure.amount and figure.amount == -difference]
    doubled = [figure for figure, _ in equation.terms if figure.amount and figure.amount == difference]
    slipped = [figure for figure, sign in equation.terms if sign == 1 and _digits_slipped(figure.amount, figure.amount + difference)]
    if len(lost) == 1:
        yield f"{row(lost[0].line, lost[0].node)} tidak ikut dijumlahkan"
    if len(doubled) == 1:
        yield f"{row(doubled[0].line, doubled[0].node)} terhitung dua kali"
    if len(slipped) == 1 and not fault.located:
        needed = slipped[0].amount + difference
        slip = typing_slip(slipped[0].amount, needed)
        yield f"{row(slipped[0].line, slipped[0].node)} tercetak {rupiah(slipped[0].amount)}, mungkin {rupiah(needed)}: {slip}"


def _of_witnesses(fault: Fault, witnesses: Mapping[Key, Sequence[Figure]]) -> Iterator[str]:
    """Another table prints a member differently, and with its figure the sum holds."""
    equation = fault.equations[0]
    if equation.divisor is not None or fault.located:
        return
    for figure, sign in equation.terms:
        for other in witnesses.get(figure.key, ()):
            if sign * (other.amount - figure.amount) == equation.target.amount - fault.needed:
                there = f"{rupiah(other.amount)} pada halaman {other.value.page}, kolom {column_name(other.column)}"
                here = f"{row(figure.line, figure.node)} tercetak {rupiah(figure.amount)}"
                yield f"{here}, tetapi {there}, dan dengan angka itu jumlahnya cocok"


def _of_neighbours(figure: Figure, sheet: Sheet) -> Iterator[str]:
    node = sheet.by_line[figure.line.id]
    siblings = node.parent.children if node.parent else sheet.roots
    if node not in siblings:
        return
    position = siblings.index(node)
    for other in siblings[max(0, position - 1) : position] + siblings[position + 1 : position + 2]:
        theirs = sheet.figure(other, figure.column)
        if theirs is not None and theirs.amount == figure.amount and figure.amount:
            yield f"angka {row(theirs.line, theirs.node)} tercetak di sini"


def _of_percentage(fault: Fault, equation: Equation) -> Iterator[str]:
    sheet, target = equation.sheet, equation.target
    node = sheet.by_line[target.line.id]
    members = node.children or (sheet.roots if node.is_total else [])
    percents = [figure.amount for member in members if (figure := sheet.figure(member, target.column))]
    if len(percents) > 1 and _prints_as(Decimal(sum(percents)) / len(percents), target):
        yield "rata-rata persen rincian tercetak sebagai ganti persen dari jumlahnya"
    yield from (f"pembagi yang dipakai adalah kolom {column.replace('_', ' ')}" for column in other_bases(equation))


def other_bases(equation: Equation) -> Iterator[str]:
    """The other columns of amounts of a percentage's row over which it holds as printed."""
    node = equation.sheet.by_line[equation.target.line.id]
    used = {figure.column for figure in equation.figures}
    above = equation.total()
    for column in equation.sheet.money:
        other = equation.sheet.figure(node, column)
        if column in used or other is None or not other.amount or equation.divisor is None or other.amount == equation.divisor.amount:
            continue
        if _prints_as(HUNDRED * Decimal(above) / Decimal(other.amount), equation.target):
            yield column


def _prints_as(exact: Decimal, target: Figure) -> bool:
    return abs(exact - Decimal(target.amount)) <= target.half
