"""The same quantity printed twice: R14 both sides of a review, R25 and R26 two tables of one document, R23 mean rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from normalizers.text import compact, fold
from normalizers.tree import RANK, is_account_code, sure_code
from normalizers.types import Line, RowKind, ValueKind
from pipeline.findings import Certainty, CheckStatus, Finding, Severity

from . import messages
from .equations import Equation
from .hierarchy import unlike
from .intervals import magnitude
from .outcome import Observation, check, finding
from .sheet import Figure, Key, Node, Sheet

PLANNED = (
    "pagu",
    "target_rp",
    "pagu_kebutuhan",
    "pagu_rkpd",
    "anggaran",
    "pagu_sebelum",
    "pagu_sesudah",
    "anggaran_murni",
    "anggaran_perubahan",
    "pagu_apbd",
    "pagu_rkpd_perubahan",
)
QUANTITIES = (PLANNED, ("realisasi", "realisasi_rp"), ("pagu_maju",))
TARGETS = ("target", "target_k", "target_kebutuhan", "target_rkpd", "target_sebelum", "target_sesudah", "target_n1")
SIDES = ("rkpd", "kebutuhan")
SIDE_TEXTS = ("uraian", "lokasi", "indikator", "target")
# one pair of columns that means the same in a report whatever the rows say: the budget after its change
_BY_FORM = ("pagu_sesudah", "anggaran")
_LEAST_SHARED, _SAME_QUANTITY, _SAME_BY_FORM, _SAME_TARGET = 3, 0.8, 0.3, 0.2
_LEVEL_WORD = re.compile(r"^\W*(program|sub\s*kegiatan|kegiatan)\b", re.I)
_LEAST_NAME = 8
_PROPOSALS = 0.2
NodeKey = tuple[str, str]


def two_sides(sheet: Sheet) -> Iterator[Equation]:
    """R14: both amounts of a row of T-C.31; one that differs is worth a look, but may be a proposal."""
    left, right = (f"pagu_{side}" for side in SIDES)
    if not {left, right} <= set(sheet.money):
        return
    for node in sheet.nodes:
        planned, needed = sheet.figure(node, left), sheet.figure(node, right)
        if planned is not None and needed is not None:
            yield Equation("R14", sheet, needed, ((planned, 1),), soft=True, of="rancangan awal RKPD")


def two_tables(sheets: Sequence[Sheet]) -> Iterator[Equation]:
    """R25: columns of two tables that print the same quantity for nearly all of their common rows."""
    for first, second, pairs in _shared(sheets):
        for columns in QUANTITIES:
            for below in (column for column in columns if column in second.money):
                yield from _best(first, second, pairs, [c for c in columns if c in first.money], below)


def _best(first: Sheet, second: Sheet, pairs: Sequence[tuple[Node, Node]], columns: Sequence[str], below: str) -> Iterator[Equation]:
    """The column of the first table that agrees best with one of the second, where the two are the same quantity."""
    best: tuple[float, list[Equation]] = (0.0, [])
    for above in columns:
        equations = [e for pair in pairs if (e := _same(first, second, pair, above, below))]
        share = sum(e.verdict().status is not CheckStatus.DIFFERS for e in equations) / len(equations) if equations else 0.0
        by_form = (above, below) in (_BY_FORM, _BY_FORM[::-1]) and first.document.facts.kind == "lkjip"
        least = _SAME_BY_FORM if by_form else _SAME_QUANTITY
        if len(equations) >= _LEAST_SHARED and share >= least and share > best[0]:
            best = share, equations
    yield from best[1]


def _same(first: Sheet, second: Sheet, pair: tuple[Node, Node], above: str, below: str) -> Equation | None:
    one, other = first.figure(pair[0], above), second.figure(pair[1], below)
    if one is None or other is None or not (one.amount or other.amount):
        return None
    return Equation("R25", second, other, ((one, 1),), soft=True, of=first.table.title or first.table.kind)


def _shared(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Sheet, list[tuple[Node, Node]]]]:
    """Pairs of tables with the rows that both have."""
    keyed = [unique_nodes(sheet) for sheet in sheets]
    for (first, rows), (second, other_rows) in combinations(zip(sheets, keyed, strict=True), 2):
        shared = paired(rows, other_rows)
        if len(shared) >= _LEAST_SHARED:
            yield first, second, shared


def paired(rows: Mapping[NodeKey, Node], others: Mapping[NodeKey, Node]) -> list[tuple[Node, Node]]:
    """The rows that both have, by code before name, each row once."""
    taken: set[str] = set()
    pairs: list[tuple[Node, Node]] = []
    for key in sorted(rows.keys() & others.keys()):
        one, other = rows[key], others[key]
        if taken.isdisjoint((one.line.id, other.line.id)):
            taken.update((one.line.id, other.line.id))
            pairs.append((one, other))
    return sorted(pairs, key=lambda pair: pair[1].line.order)


def unique_nodes(sheet: Sheet) -> Mapping[NodeKey, Node]:
    """The rows that a code, or a name without the word of its level, names alone in the table."""
    if sheet.named_alone is not None:
        return sheet.named_alone
    found: dict[NodeKey, list[Node]] = defaultdict(list)
    for node in sheet.nodes:
        if node.is_total:
            found[("total", "")].append(node)
            continue
        if node.code:
            found[("kode", node.code)].append(node)
        name = compact(_LEVEL_WORD.sub("", node.name))
        if len(name) >= _LEAST_NAME:
            found[("nama", name)].append(node)
    sheet.named_alone = {key: nodes[0] for key, nodes in found.items() if len(nodes) == 1}
    return sheet.named_alone


def witnesses(equations: Sequence[Equation]) -> Mapping[Key, list[Figure]]:
    """What another table (or the other half of a row) prints for a figure, where the two differ."""
    found: dict[Key, list[Figure]] = defaultdict(list)
    for equation in equations:
        if equation.soft and equation.verdict().status is CheckStatus.DIFFERS:
            one, other = equation.figures
            found[one.key].append(other)
            found[other.key].append(one)
    return found


def soft_findings(equations: Sequence[Equation], blamed: set[Key]) -> Iterator[Finding]:
    """R14 and R25 where neither figure is explained by another finding already."""
    proposals = _tables_of_proposals(equations)
    for equation in equations:
        verdict = equation.verdict()
        if not equation.soft or verdict.status is not CheckStatus.DIFFERS or blamed & {figure.key for figure in equation.figures}:
            continue
        other = equation.terms[0][0]
        there = f"hlm. {other.value.page}, kolom {messages.column(other.column)}" if equation.rule == "R14" else _there(equation, other)
        proposal = equation.rule == "R14" and equation.sheet.table.id in proposals
        yield printed_otherwise(equation, there, other.line.id, Severity.INFO if proposal else Severity.WARNING)


def printed_otherwise(equation: Equation, there: str, mark: str, severity: Severity = Severity.WARNING) -> Finding:
    """What a soft equation of two figures tells where they differ; `there` says in words where the other one is printed."""
    target, other = equation.target, equation.terms[0][0]
    difference = equation.verdict().difference
    kind = target.value.kind
    printed, theirs = messages.figure(target.amount, kind), messages.figure(other.amount, other.value.kind)
    where = f"{messages.place(target.value.page, equation.sheet.table, target.line, target.node)}, kolom {messages.column(target.column)}"
    gap = messages.figure(magnitude(difference), kind)
    return finding(
        equation.rule,
        equation.sheet,
        target.line,
        f"{where}: tercetak {printed}, sedangkan {there} {theirs} (selisih {gap}).",
        column=target.column,
        severity=severity,
        certainty=Certainty.CERTAIN if equation.certain else Certainty.MAYBE_OCR,
        printed=target.value.printed,
        expected=theirs,
        difference=difference,
        evidence=[other.line.id, other.node.id, target.node.id],
        value=target.value,
        mark=mark,
    )


def _tables_of_proposals(equations: Sequence[Equation]) -> set[str]:
    """Reviews in which many rows differ: there the right side proposes, and a difference is no slip."""
    ends: dict[str, list[bool]] = defaultdict(list)
    for equation in equations:
        if equation.rule == "R14":
            ends[equation.sheet.table.id].append(equation.verdict().status is CheckStatus.DIFFERS)
    return {table for table, differs in ends.items() if sum(differs) > _PROPOSALS * len(differs)}


def _there(equation: Equation, other: Figure) -> str:
    title = equation.of if len(equation.of) <= 60 else equation.of[:59].rstrip() + "…"
    return f'tabel "{title}" (hlm. {other.value.page}), kolom {messages.column(other.column)},'


def side_texts(sheet: Sheet) -> Iterator[Observation]:
    """R14: name, place, indicator and target of both sides of T-C.31 read the same, and no side is left empty."""
    for what in SIDE_TEXTS:
        left, right = (f"{what}_{side}" for side in SIDES)
        rows = [(line, line.cells.get(left), line.cells.get(right)) for node in sheet.level_nodes() for line in node.rows]
        both = [(line, a.text, b.text) for line, a, b in rows if a and b]
        if len(both) < _LEAST_SHARED:
            continue
        for line, one, other in both:
            certain = sheet.text_is_certain(line, left) and sheet.text_is_certain(line, right)
            if compact(one) == compact(other) or (not certain and not unlike(one, other)):
                yield Observation(check("R14", sheet, line, CheckStatus.AGREES, column=right))
                continue
            where, sure = _place(sheet, line), Certainty.CERTAIN if certain else Certainty.MAYBE_OCR
            text = f"{where}: {what} kedua sisi berbeda: “{_short(one)}” dan “{_short(other)}”."
            made = finding(
                "R14", sheet, line, text, column=right, severity=Severity.INFO, certainty=sure, printed=_short(other), expected=_short(one)
            )
            yield Observation(check("R14", sheet, line, CheckStatus.DIFFERS, column=right, printed=other, computed=one), made)


def same_targets(sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R25 and R26: the target of one row in two tables of one plan, in number and in unit."""
    for first, second, pairs in _shared(sheets):
        columns = ((a, b) for a in TARGETS for b in TARGETS if first.table.column(a) and second.table.column(b))
        best: tuple[float, list[tuple[Figure, Figure]]] = (0.0, [])
        for above, below in columns:
            if _same_year(first, above, second, below):
                both = [(_only(first, a, above), _only(second, b, below)) for a, b in pairs if _same_thing(a, b)]
                found = [(one, other) for one, other in both if one and other]
                share = sum(one.amount == other.amount for one, other in found) / len(found) if found else 0.0
                if len(found) >= _LEAST_SHARED and share >= _SAME_TARGET and share > best[0]:
                    best = share, found
        yield from _targets(first, second, best[1])


def _targets(first: Sheet, second: Sheet, found: Sequence[tuple[Figure, Figure]]) -> Iterator[Observation]:
    for one, other in found:
        units = [set(fold(figure.value.unit).split()) for figure in (one, other) if figure.value.unit]
        rule = "R25" if one.amount != other.amount else "R26"
        line = other.line
        if rule == "R26" and (len(units) < 2 or not all(units) or units[0] & units[1]):
            yield Observation(check("R25", second, line, CheckStatus.AGREES, column=other.column, members=[one.line.id]))
            continue
        what = "target" if rule == "R25" else "satuan target"
        title = _short(first.table.title or first.table.kind)
        text = (
            f"{_place(second, line, other.node)}: {what} tercetak {_printed(other)}, "
            f"sedangkan tabel “{title}” (hlm. {one.value.page}) {_printed(one)}."
        )
        made = finding(
            rule,
            second,
            line,
            text,
            column=other.column,
            severity=Severity.WARNING if rule == "R25" else Severity.INFO,
            certainty=Certainty.CERTAIN if one.certain and other.certain else Certainty.MAYBE_OCR,
            printed=_printed(other),
            expected=_printed(one),
            evidence=[one.line.id, one.node.id],
            value=other.value,
            mark=one.line.id,
        )
        done = check(rule, second, line, CheckStatus.DIFFERS, column=other.column, printed=_printed(other), computed=_printed(one))
        yield Observation(done, made)


def _printed(figure: Figure) -> str:
    text = figure.value.printed
    unit = figure.value.unit
    return text if unit is None or fold(unit) in fold(text) else f"{text} {unit}"


def _same_year(first: Sheet, above: str, second: Sheet, below: str) -> bool:
    """Whether both columns speak of one year: the plan's own, unless a header says otherwise."""
    if {above, below} == {"target_sebelum", "target_sesudah"}:
        return False
    year = first.document.facts.year
    return _year(first, above, year) == _year(second, below, year) and (above, below) != ("target_n1", "target_n1")


def _year(sheet: Sheet, name: str, year: int | None) -> int | None:
    column = sheet.table.column(name)
    years = [int(word) for word in fold(column.header if column else "").split() if word.isdigit() and len(word) == 4]
    return years[-1] if years else (None if name == "target_n1" else year)


def _same_thing(one: Node, other: Node) -> bool:
    """Whether two rows of one name are one thing: a program, kegiatan or sub kegiatan, or a sasaran with the same indicator."""
    if one.line.kind in RANK and other.line.kind in RANK:
        return True
    indicators = [compact(node.line.cells["indikator"].text) for node in (one, other) if "indikator" in node.line.cells]
    return len(indicators) == 2 and indicators[0] == indicators[1]


def _only(sheet: Sheet, node: Node, column: str) -> Figure | None:
    values = [value for line in node.rows for value in line.values_of(column)]
    return sheet.figure(node, column) if len(values) == 1 and values[0].kind is not ValueKind.PREDICATE else None


def same_names(sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R17: a name that stands once in each of several tables carries one code there; the code of most tables is taken for right."""
    rows: dict[str, list[tuple[Sheet, Node]]] = defaultdict(list)
    for sheet in sheets:
        for (how, name), node in unique_nodes(sheet).items():
            if how == "nama" and node.line.code and node.line.kind is RowKind.SUB_KEGIATAN:
                rows[name].append((sheet, node))
    for found in rows.values():
        counts = Counter(node.line.code for _, node in found)
        if len(counts) < 2:
            continue
        usual, _ = counts.most_common(1)[0]
        witness = next(node for _, node in found if node.line.code == usual)
        for sheet, node in found:
            line = node.line
            if line.code == usual or is_account_code(line.printed_code) or sure_code(line):
                continue
            text = f"{_place(sheet, line)}: kode {line.printed_code}, pada halaman {witness.line.page} berkode {witness.line.printed_code}."
            made = finding(
                "R17", sheet, line, text, column="kode", printed=line.printed_code or "", evidence=[witness.line.id], mark="nama"
            )
            yield Observation(check("R17", sheet, line, CheckStatus.DIFFERS, column="kode", members=[witness.line.id]), made)


def mean_rows(sheet: Sheet) -> Iterator[Observation]:
    """R23: a row called mean prints the mean of the rows above it, down to the mean row before."""
    start = -1
    for total in (node for node in sheet.nodes if "rata" in node.text and node.is_total):
        members = [n for n in sheet.nodes if start < n.line.order < total.line.order and not n.is_total]
        for column in sheet.table.columns:
            target = sheet.figure(total, column.name)
            amounts = [Decimal(f.amount) for n in members if (f := sheet.figure(n, column.name)) and f.value.kind is ValueKind.PERCENT]
            if target is not None and target.value.kind is ValueKind.PERCENT and len(amounts) > 1:
                yield _mean(sheet, target, sum(amounts, Decimal(0)) / len(amounts), [n.line.id for n in members])
        start = total.line.order


def _mean(sheet: Sheet, target: Figure, mean: Decimal, members: Sequence[str]) -> Observation:
    gap = magnitude(Decimal(target.amount) - mean)
    status = CheckStatus.AGREES if gap <= target.half else CheckStatus.ROUNDING if gap <= 2 * target.half else CheckStatus.DIFFERS
    shown = round(mean, max(target.value.decimals, 2))
    made = None
    if status is CheckStatus.DIFFERS:
        where, printed = f"{_place(sheet, target.line)}, kolom {messages.column(target.column)}", target.value.printed
        text = f"{where}: tercetak {printed}, rata-rata {len(members)} baris di atasnya {messages.number(shown)}%."
        made = finding("R23", sheet, target.line, text, column=target.column, printed=printed, evidence=members, value=target.value)
    done = check("R23", sheet, target.line, status, column=target.column, printed=target.amount, computed=shown, members=members)
    return Observation(done, made)


def _place(sheet: Sheet, line: Line, name: Line | None = None) -> str:
    return messages.place(line.page, sheet.table, line, name)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79].rstrip() + "…"
