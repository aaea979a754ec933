"""Sums down a column: R01 kegiatan, R02 program, R03 urusan and totals, R08 accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from normalizers.levels import GUESSED
from normalizers.tree import is_agency
from normalizers.types import RowKind
from pipeline.findings import Check, CheckStatus

from .equations import COLUMN_SUMS, Equation
from .hierarchy import is_under
from .sheet import UNREADABLE, Figure, Members, Node, Sheet

RULE_OF = {RowKind.KEGIATAN: "R01", RowKind.PROGRAM: "R02"}
NOUN = {
    RowKind.URUSAN: "urusan",
    RowKind.BIDANG_URUSAN: "bidang urusan",
    RowKind.PROGRAM: "program",
    RowKind.KEGIATAN: "kegiatan",
    RowKind.SUB_KEGIATAN: "sub kegiatan",
}
_UNRELATED = "rincian lebih besar daripada jumlahnya: susunan baris tidak pasti"
_NOT_A_SUM = ("rata", "pegawai", "barang", "modal")  # mean rows (R23) and kinds of spending (R09)
_OUTSIDE_PROGRAMS = "tidak langsung"  # spending that no program carried before 2021; it goes into the total of all
_OTHER_SECTIONS = 2  # whose totals hold tell that a table has totals of sections
Summed = Iterator[Equation | Check]


def group_sums(sheet: Sheet) -> Summed:
    """R01, R02, R03, R08: each row that has children equals their sum, in every rupiah column."""
    for node in sheet.level_nodes():
        if node.children:
            for column in sheet.money:
                yield from _one_sum(sheet, node, _spanned(sheet, node, column), column, _rule(sheet, node))


def total_sums(sheet: Sheet) -> Summed:
    """R03: a total row equals the rows of the table's highest level, or of its own section where the table has several totals."""
    totals = [node for node in sheet.totals if not _is_special(node)]
    for node in totals:
        if sheet.levelled and _OUTSIDE_PROGRAMS in node.text:
            continue
        for column in sheet.money:
            yield from _total(sheet, node, totals, column)


def _spanned(sheet: Sheet, node: Node, column: str) -> list[Node]:
    """The rows that a row adds up: its children; for an agency also those beside it (its UPTD, say), if its figure says so."""
    target = sheet.figure(node, column)
    if target is None or not is_agency(node.line):
        return node.children
    whole = [n for n in sheet.level_nodes() if n is not node and sheet.figure(n, column) and not _is_under_figure(sheet, n, node, column)]
    return whole if sum(figure.amount for figure in sheet.members(whole, column).figures) == target.amount else node.children


def _is_under_figure(sheet: Sheet, node: Node, apart: Node, column: str) -> bool:
    above = node.parent
    while above is not None and (above is apart or sheet.figure(above, column) is None):
        above = above.parent
    return above is not None


def _rule(sheet: Sheet, node: Node) -> str:
    return "R08" if sheet.accounts else RULE_OF.get(node.line.kind, "R03")


def _is_special(node: Node) -> bool:
    return any(word in node.text for word in _NOT_A_SUM)


def _one_sum(sheet: Sheet, node: Node, children: list[Node], column: str, rule: str) -> Summed:
    target = sheet.figure(node, column)
    members = sheet.members(children, column)
    if target is None:
        if sheet.state(node, column) in UNREADABLE:
            yield blocked(sheet, rule, node, column, "angka pada baris induk tidak terbaca", members)
        return
    if not members.figures:
        reason = "rincian tidak mencetak angka pada kolom ini"
        yield Check(rule, sheet.document.id, CheckStatus.NOT_CHECKABLE, sheet.table.id, node.line.id, column, target.amount, reason=reason)
        return
    certain_group = _belongs(node) and _of_one_level(members) and not members.blanks
    certain_group &= not any(sheet.has_further(figure) for figure in (target, *members.figures)) and not sheet.apart(node)
    solid = sheet.table.complete and certain_group and (bool(target.amount) or sheet.prints_amounts(node.line.kind, column))
    obstacle = _obstacle(sheet, node, members)
    readings = [members]
    if any(sheet.has_further(figure) for figure in members.figures):
        readings.append(sheet.members(children, column, every=True))
    if not _of_one_level(members):
        readings.append(Members(tuple(figure for child in children if (figure := sheet.figure(child, column))), (), ()))
    equations = [Equation(rule, sheet, target, _plus(m), blocked=obstacle, solid=solid, of=noun(m.figures)) for m in readings]
    yield _holding(equations)


def _of_one_level(members: Members) -> bool:
    """Whether the figures are those of rows of one level, none of it guessed: no row without a figure is stood for by its own children."""
    return len({figure.node.kind for figure in members.figures}) == 1 and not any(
        GUESSED in figure.node.notes for figure in members.figures
    )


def _plus(members: Members) -> tuple[tuple[Figure, int], ...]:
    return tuple((figure, 1) for figure in members.figures)


def _holding(equations: Sequence[Equation]) -> Equation:
    """Of several readings of one sum the first that holds, else the first."""
    return next((e for e in equations if e.verdict().status is not CheckStatus.DIFFERS), equations[0])


def _total(sheet: Sheet, node: Node, totals: Sequence[Node], column: str) -> Summed:
    """Several totals may be section sums, running repetitions or the sum of sections: the reading that holds is taken.

    In a table of accounts the rows without a code may be the details of the account above them, or further rows of the total.
    """
    target = sheet.figure(node, column)
    if target is None or not sheet.roots:
        return
    coded = [root for root in sheet.roots if root.code] if sheet.accounts else []
    readings = [coded, sheet.roots] if coded and len(coded) < len(sheet.roots) else [sheet.roots]
    if len(totals) > 1:
        section = _section(sheet, node, totals)
        readings += [section] if section else []
        earlier = [other for other in totals if other.line.order < node.line.order]
        readings += [earlier] if earlier else []
    sectioned = _in_sections(sheet, node, totals, column)
    if sectioned:
        readings.insert(0, _section(sheet, node, totals))
    equations = []
    for i, members_of in enumerate(readings):
        members = sheet.members(list(members_of), column)
        if members.figures:
            whole = _of_one_level(members) and not members.blanks and not any(sheet.has_further(figure) for figure in members.figures)
            only = len(readings) == 1 or (sectioned and i == 0)
            solid = sheet.table.complete and only and whole
            obstacle = _obstacle(sheet, node, members)
            equations.append(Equation("R03", sheet, target, _plus(members), blocked=obstacle, solid=solid, of=noun(members.figures)))
    if equations:
        yield _holding(equations)


def _in_sections(sheet: Sheet, node: Node, totals: Sequence[Node], column: str) -> bool:
    """Whether a total is surely that of its section: it has one, and the two or more others that have one all are sums of theirs."""
    sections = {total.line.id: (total, rows) for total in totals if (rows := _section(sheet, total, totals))}
    if sections.pop(node.line.id, None) is None or len(sections) < _OTHER_SECTIONS:
        return False
    return all(_is_sum(sheet, total, rows, column) for total, rows in sections.values())


def _is_sum(sheet: Sheet, node: Node, rows: Sequence[Node], column: str) -> bool:
    target, members = sheet.figure(node, column), sheet.members(list(rows), column)
    return target is not None and sum(figure.amount for figure in members.figures) == target.amount


def _section(sheet: Sheet, node: Node, totals: Sequence[Node]) -> list[Node]:
    previous = max((t.line.order for t in totals if t.line.order < node.line.order), default=-1)
    return [root for root in sheet.roots if previous < root.line.order < node.line.order]


def _obstacle(sheet: Sheet, node: Node, members: Members) -> str:
    if members.unreadable:
        return "angka pada baris rincian tidak terbaca: " + "; ".join(line.printed_name or line.id for line in members.unreadable[:3])
    if sheet.nested:
        return "tingkat baris tidak dicetak"
    if sheet.orphaned and node.is_total:
        return "awal tabel tidak ada"
    if strays := sheet.strays(node):
        return "tingkat baris ini tidak dikenali: " + "; ".join(line.printed_name or line.id for line in strays[:3])
    if not sheet.table.complete and _at_the_edge(sheet, node):
        return "tabel terpotong pada kelompok ini"
    return ""


def _at_the_edge(sheet: Sheet, node: Node) -> bool:
    """Whether a cut table may have lost rows of this group: it is the first or the last of its level, or spans the whole."""
    return node.is_total or node.parent is None or node.line.id in sheet.edges


def _belongs(node: Node) -> bool:
    """Whether no child's code says that it stands under the wrong row: children that agree on another parent mean a lost row."""
    code = node.code
    if is_agency(node.line) or code is None or node.line.kind not in RULE_OF:
        return True
    foreign = [child.code for child in node.children if child.code is not None and not is_under(code, child.code)]
    return len(foreign) < 2 or len({other.rpartition(".")[0] for other in foreign if other}) > 1


def follows_codes(equation: Equation) -> bool:
    """Whether the printed codes of all rows of a sum go on from the code of the row that they add up to (`29` and `29.1`)."""
    target, *members = [(figure.node.printed_code or "").strip(" .") for figure in equation.figures]
    return bool(target) and all(is_under(target, code) for code in members)


def vouched(equations: Sequence[Equation]) -> list[Equation]:
    """The equations; a sum down a page image, or down rows that no rules part, is solid only where another amount column holds over the
    same rows, so that none was lost."""
    doubted = [e.rule in COLUMN_SUMS and e.solid and (e.target.value.ocr or not e.sheet.ruled) for e in equations]
    if not any(doubted):
        return list(equations)
    held = {_group(e) for e in equations if e.rule in COLUMN_SUMS and e.terms and e.verdict().status is not CheckStatus.DIFFERS}
    return [replace(e, solid=False) if doubt and _group(e) not in held else e for e, doubt in zip(equations, doubted, strict=True)]


def related(equations: Sequence[Equation]) -> list[Equation]:
    """The equations, uncertain sums blocked whose rows plainly belong elsewhere."""
    return [replace(e, blocked=e.blocked or _UNRELATED) if _is_unrelated(e) else e for e in equations]


def _is_unrelated(equation: Equation) -> bool:
    """Whether an uncertain group holds a member larger than what it should add up to: then its rows belong elsewhere."""
    if equation.rule not in COLUMN_SUMS or equation.solid or equation.verdict().status is not CheckStatus.DIFFERS:
        return False
    amounts = [figure.amount for figure, _ in equation.terms]
    return len(amounts) > 1 and min(amounts) >= 0 and max(amounts) > equation.target.amount


def _group(equation: Equation) -> tuple[str, ...]:
    return tuple(figure.node.id for figure in equation.figures)


def noun(figures: Sequence[Figure]) -> str:
    """What is added up, in a word."""
    kinds = {figure.node.kind for figure in figures}
    return NOUN.get(next(iter(kinds)), "baris") if len(kinds) == 1 else "baris"


def blocked(sheet: Sheet, rule: str, node: Node, column: str, reason: str, members: Members | None = None) -> Check:
    """A check that could not be made, with the rows that would have gone in."""
    lines = tuple(figure.line.id for figure in members.figures) if members else ()
    return Check(rule, sheet.document.id, CheckStatus.BLOCKED, sheet.table.id, node.line.id, column, members=lines, reason=reason)
