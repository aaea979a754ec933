"""Documents of one agency against each other: R40 to R45."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from normalizers.facts import agency_key
from normalizers.tree import RANK, sure_code
from normalizers.types import TypedDocument
from pipeline.findings import CheckStatus, Severity

from . import messages
from .consistency import paired, printed_otherwise, unique_nodes
from .equations import Equation
from .hierarchy import unlike
from .outcome import Observation, check, finding
from .sheet import Figure, Node, Sheet

PLANS = ("renja", "rancangan_renja")
AFTER = ("pagu_sesudah", "pagu_rkpd_perubahan")
BEFORE = ("pagu_sebelum", "pagu_apbd", "pagu_rkpd")
BUDGET = ("anggaran_perubahan", "anggaran")
# rule, kinds and columns of the earlier document, kinds and columns of the later one, years between them
RELATIONS = (
    ("R40", PLANS, ("pagu",), ("renja_perubahan",), BEFORE, 0),
    ("R41", ("renja_perubahan",), AFTER, ("lkjip", "perjanjian_kinerja"), BUDGET, 0),
    ("R42", (*PLANS, "renja_perubahan", "perjanjian_kinerja"), ("target_sesudah", "target"), ("lkjip",), ("target", "target_k"), 0),
    ("R43", PLANS, ("pagu_maju",), PLANS, ("pagu",), 1),
    ("R44", ("lkjip",), ("realisasi", "realisasi_rp"), (*PLANS, "renja_perubahan"), ("n2_rp", "realisasi_n2"), 2),
)
_LEAST_SHARED = 3


class _Book:
    """One document with its tables."""

    def __init__(self, document: TypedDocument, sheets: Sequence[Sheet]) -> None:
        self.document = document
        self.sheets = sheets

    def table_with(self, columns: Sequence[str]) -> tuple[Sheet, str] | None:
        """The largest table that prints one of the columns, the first named before the others."""
        for column in columns:
            found = [sheet for sheet in self.sheets if any(sheet.figure(node, column) for node in sheet.nodes)]
            if found:
                return max(found, key=lambda sheet: len(sheet.nodes)), column
        return None


def across_documents(sheets: Mapping[str, Sequence[Sheet]], documents: Sequence[TypedDocument]) -> Iterator[Observation]:
    """All rules across the documents of each agency; `sheets` are the tables by document id."""
    agencies: dict[tuple[str, str], list[_Book]] = defaultdict(list)
    for document in documents:
        if key := agency_key(document.facts):
            agencies[key].append(_Book(document, sheets[document.id]))
    for books in agencies.values():
        if len(books) > 1:
            for relation in RELATIONS:
                yield from _related(books, *relation)
            yield from _stable_names(books)


def _related(
    books: Sequence[_Book],
    rule: str,
    kinds: Sequence[str],
    columns: Sequence[str],
    later_kinds: Sequence[str],
    later: Sequence[str],
    years: int,
) -> Iterator[Observation]:
    for first in books:
        for second in books:
            a, b = first.document.facts, second.document.facts
            if first is second or a.kind not in kinds or b.kind not in later_kinds or a.year is None or b.year != a.year + years:
                continue
            source, target = first.table_with(columns), second.table_with(later)
            if source and target:
                yield from _compared(rule, first, second, source, target)


def _compared(rule: str, first: _Book, second: _Book, source: tuple[Sheet, str], target: tuple[Sheet, str]) -> Iterator[Observation]:
    sheet, column = target
    pairs = [
        (one, other)
        for a, b in paired(unique_nodes(source[0]), unique_nodes(sheet))
        if (one := source[0].figure(a, source[1])) and (other := sheet.figure(b, column)) and one.value.kind is other.value.kind
    ]
    if len(pairs) < _LEAST_SHARED:
        return
    if rule == "R43":
        yield _forecast(first, sheet, pairs)
        return
    for one, other in pairs:
        yield _pair(rule, first, sheet, one, other)


def _pair(rule: str, first: _Book, sheet: Sheet, one: Figure, other: Figure) -> Observation:
    equation = Equation(rule, sheet, other, ((one, 1),), soft=True)
    status = equation.verdict().status
    there = f"{first.document.file_name} hlm. {one.value.page}, kolom {messages.column(one.column)}"
    made = printed_otherwise(equation, there, first.document.id) if status is CheckStatus.DIFFERS else None
    done = check(rule, sheet, other.line, status, column=other.column, printed=other.amount, computed=one.amount, members=[one.line.id])
    return Observation(done, made)


def _forecast(first: _Book, sheet: Sheet, pairs: Sequence[tuple[Figure, Figure]]) -> Observation:
    """R43: how far next year's pagu is from the forward estimate, over the rows that both print."""
    forecast = sum((Decimal(one.amount) for one, _ in pairs if not one.node.parent_id), Decimal(0))
    planned = sum((Decimal(other.amount) for one, other in pairs if not one.node.parent_id), Decimal(0))
    if not forecast:
        done = check("R43", sheet, None, CheckStatus.NOT_CHECKABLE, column="pagu", reason="tidak ada baris tingkat atas yang sama")
        return Observation(done)
    change = round(100 * (planned - forecast) / forecast, 2)
    text = (
        f"{first.document.file_name} memperkirakan {messages.rupiah(forecast)}, pagu tahun berikutnya {messages.rupiah(planned)} "
        f"({messages.number(change)}%), pada baris tingkat atas yang sama."
    )
    made = finding("R43", sheet, None, text, column="pagu", severity=Severity.INFO, difference=planned - forecast, mark=first.document.id)
    status = CheckStatus.AGREES if planned == forecast else CheckStatus.DIFFERS
    return Observation(check("R43", sheet, None, status, column="pagu", printed=planned, computed=forecast), made)


def _stable_names(books: Sequence[_Book]) -> Iterator[Observation]:
    """R45: a printed code that the documents give two names that are no spellings of one."""
    names: dict[str, tuple[_Book, Node]] = {}
    for book in sorted(books, key=lambda b: (b.document.facts.year or 0, b.document.file_name)):
        for sheet in book.sheets:
            for node in sheet.level_nodes():
                line = node.line
                if line.kind not in RANK or not line.code or not line.printed_name:
                    continue
                known, first = names.setdefault(line.code, (book, node))
                if known is book:
                    continue
                official = sure_code(line), sure_code(first.line)
                same = official[0] == official[1] if all(official) else not unlike(node.name, first.name)
                if same:
                    yield Observation(check("R45", sheet, line, CheckStatus.AGREES, column="kode"))
                    continue
                there = f'{known.document.file_name} hlm. {first.line.page} "{first.line.printed_name}"'
                text = f"{messages.place(line.page, sheet.table, line)}: kode {line.printed_code} pada {there} bernama lain."
                made = finding("R45", sheet, line, text, column="kode", printed=line.printed_name, evidence=[first.line.id])
                yield Observation(check("R45", sheet, line, CheckStatus.DIFFERS, column="kode", members=[first.line.id]), made)
