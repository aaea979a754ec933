"""Figures in prose: R11 against the tables, R12 against each other, R27 amounts that are no amounts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from extractors.types import Bbox
from normalizers.text import fold
from normalizers.types import ProseFigure, RowKind, TypedDocument, ValueKind
from pipeline.findings import Certainty, Check, CheckStatus, Finding, Severity

from . import messages
from .causes import one_digit_apart, typing_slip
from .intervals import magnitude
from .outcome import Observation, identity
from .sheet import Figure, Node, Sheet

_LEAST_NAME, _LEAST_AMOUNT = 20, 10_000_000
_FEW_APART, _POINTS_APART = 3, 5
_SHARE_WORDS = re.compile(
    r"\b(dari|terhadap|sebesar|mencapai|atau|berkurang|bertambah|pengurangan|penambahan|penyerapan|realisasi)\b", re.I
)
_COUNTED = {"program": RowKind.PROGRAM, "kegiatan": RowKind.KEGIATAN, "sub kegiatan": RowKind.SUB_KEGIATAN}
_COUNT_WORDS = re.compile(r"\b(terdiri|sebanyak|meliputi|melaksanakan|memuat|didukung|dijabarkan|melalui)\b", re.I)
_BUDGET_WORDS = re.compile(r"\b(?:anggaran|pagu|realisasi|belanja|dana)\b", re.I)
_AMOUNT = re.compile(r"\bRp\.?\s?(\d{1,3}(?:\.\d+)+)(?![\d.]*\d)", re.I)


def prose_against_tables(document: TypedDocument, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R11: an amount of the prose stands in a table, or is a slip of one that does, or differs from the row that the sentence names."""
    if not document.prose:
        return
    by_amount: dict[int, list[Figure]] = defaultdict(list)
    named: list[tuple[str, Sheet, Node]] = []
    for sheet in sheets:
        for node in sheet.nodes:
            name = fold(node.name)
            named += [(name, sheet, node)] if len(name) >= _LEAST_NAME else []
            for printed in (figure for column in sheet.money if (figure := sheet.figure(node, column)) and figure.amount):
                by_amount[int(printed.amount)].append(printed)
    alone = _sentences(document)
    for told in document.prose:
        if told.kind is ValueKind.RUPIAH and told.rupiah and _is_whole(told):
            money = [other for other in alone[(told.page, told.sentence)] if other.kind is ValueKind.RUPIAH]
            yield _one_amount(document, told, by_amount, named if len(money) == 1 else [])
        elif told.kind is ValueKind.VOLUME:
            yield from _count(document, told, sheets)


def _one_amount(
    document: TypedDocument, prose: ProseFigure, by_amount: dict[int, list[Figure]], named: Sequence[tuple[str, Sheet, Node]]
) -> Observation:
    assert prose.rupiah is not None
    exact = by_amount.get(prose.rupiah)
    if exact:
        return Observation(_check("R11", document, prose, CheckStatus.AGREES, [exact[0].line.id]))
    near = [amount for amount in by_amount if not _is_rounded(prose) and prose.rupiah >= _LEAST_AMOUNT and _slipped(prose.rupiah, amount)]
    if len(near) == 1:
        return _differs(document, prose, by_amount[near[0]][0], "tidak sama dengan tabel")
    words = fold(prose.sentence)
    spoken = [(sheet, node) for name, sheet, node in named if name in words]
    for sheet, node in spoken[-1:] if _BUDGET_WORDS.search(prose.sentence) else ():
        figures = [figure for column in sheet.money if (figure := sheet.figure(node, column))]
        if figures and not _is_rounded(prose):
            return _differs(document, prose, figures[0], f"tidak ada pada {messages.row(node.line)}", Severity.INFO)
    reason = "angka ini tidak terdapat dalam tabel dokumen"
    return Observation(_check("R11", document, prose, CheckStatus.NOT_CHECKABLE, [], reason))


def _slipped(one: int, other: int) -> bool:
    return one_digit_apart(one, other) or (typing_slip(one, other) or "").startswith(("dua angka", "satu angka"))


def _is_rounded(prose: ProseFigure) -> bool:
    """Whether the amount is told in round figures (`Rp12,5 miliar`), which no table prints."""
    return prose.rupiah is not None and prose.rupiah % 100_000 == 0


def _differs(document: TypedDocument, prose: ProseFigure, figure: Figure, what: str, severity: Severity = Severity.WARNING) -> Observation:
    assert prose.rupiah is not None
    text = (
        f"Halaman {prose.page}, narasi: tercetak {messages.rupiah(prose.rupiah)}, {what}; {messages.row(figure.line, figure.node)} "
        f"(hlm. {figure.value.page}), kolom {messages.column(figure.column)}, {messages.rupiah(figure.amount)}."
    )
    made = _finding(
        document,
        "R11",
        prose,
        text,
        messages.rupiah(figure.amount),
        prose.rupiah - figure.amount,
        [figure.line.id, figure.node.id],
        severity,
    )
    return Observation(_check("R11", document, prose, CheckStatus.DIFFERS, [figure.line.id]), made)


def _count(document: TypedDocument, prose: ProseFigure, sheets: Sequence[Sheet]) -> Iterator[Observation]:
    """R11: a number of programs or kegiatan that the prose tells, against the rows of the tables."""
    kind = _COUNTED.get(fold(prose.unit or ""))
    if kind is None or prose.number is None or not _COUNT_WORDS.search(prose.sentence):
        return
    counts = {sum(node.line.kind is kind for node in sheet.nodes) for sheet in sheets} - {0}
    if not counts:
        return
    agrees = int(prose.number) in counts
    near = any(abs(int(prose.number) - count) <= max(_FEW_APART, count // 4) for count in counts)  # else it speaks of other rows
    made = None
    if near and not agrees:
        shown = ", ".join(str(count) for count in sorted(counts))
        text = f"Halaman {prose.page}, narasi menyebut {prose.number} {prose.unit}, sedangkan tabel memuat {shown}."
        made = _finding(document, "R11", prose, text, shown, None, [], Severity.INFO)
    end = CheckStatus.AGREES if agrees else CheckStatus.DIFFERS if near else CheckStatus.NOT_CHECKABLE
    yield Observation(_check("R11", document, prose, end, []), made)


def arithmetic_in_sentences(document: TypedDocument) -> Iterator[Observation]:
    """R12: a percentage told beside two amounts or counts is the share of one in the other, or of their difference."""
    for figures in _sentences(document).values():
        percents = [figure for figure in figures if figure.kind is ValueKind.PERCENT and figure.number is not None]
        amounts = [figure for figure in figures if figure.kind is ValueKind.RUPIAH and figure.rupiah and _is_whole(figure)]
        if len(percents) != 1 or not 2 <= len(amounts) <= 3 or not _SHARE_WORDS.search(figures[0].sentence):
            continue
        yield _share(document, percents[0], amounts)


def _is_whole(figure: ProseFigure) -> bool:
    """Whether a figure is not only the readable beginning of a malformed one (`4.424` of `4.424.1981.783`)."""
    return not re.search(re.escape(figure.printed.rstrip(" .,-")) + r"\.\d", figure.sentence)


def _share(document: TypedDocument, percent: ProseFigure, amounts: Sequence[ProseFigure]) -> Observation:
    assert percent.number is not None
    half = Decimal(1).scaleb(-percent.decimals)
    values = [Decimal(figure.rupiah or 0) for figure in amounts]
    shares = [100 * a / b for a, b in permutations(values, 2)] + [100 * magnitude(a - b) / b for a, b in permutations(values, 2)]
    low, high = min(values), max(values)
    likely = 100 * low / high
    wrong = 100 * low / (high - low) if high > low else likely
    base_wrong = (len(values) == 2 or _before_after(values)) and magnitude(percent.number - wrong) <= half < magnitude(
        percent.number - likely
    )
    agrees = any(magnitude(percent.number - share) <= half for share in shares) and not base_wrong
    made = None
    if not (agrees or base_wrong) and magnitude(percent.number - likely) > _POINTS_APART:  # a share of something else
        return Observation(_check("R12", document, percent, CheckStatus.NOT_CHECKABLE, []))
    if not agrees:
        shown = f"{messages.number(round(likely, max(percent.decimals, 2)))}%"
        text = (
            f"Halaman {percent.page}, narasi: tercetak {messages.number(percent.number)}%, sedangkan {messages.rupiah(int(low))} "
            f"dari {messages.rupiah(int(high))} adalah {shown}."
        )
        gap = percent.number - round(likely, max(percent.decimals, 2))
        made = _finding(document, "R12", percent, text, shown, gap, [], Severity.WARNING if base_wrong else Severity.INFO)
    return Observation(_check("R12", document, percent, CheckStatus.AGREES if agrees else CheckStatus.DIFFERS, []), made)


def _before_after(values: Sequence[Decimal]) -> bool:
    """Whether the smallest of three amounts is the difference of the others: its share is that of the amount before."""
    low, middle, high = sorted(values)
    return high - middle == low


def malformed_amounts(document: TypedDocument) -> Iterator[Observation]:
    """R27: an amount in prose whose groups of digits are not groups of three."""
    for page, paragraph in document.prose_text:
        for match in _AMOUNT.finditer(paragraph):
            _, *groups = match[1].split(".")
            if all(len(group) == 3 for group in groups) or (
                len(groups) > 1 and groups[-1] == "00" and all(len(g) == 3 for g in groups[:-1])
            ):
                continue
            text = f"Halaman {page}, narasi: {match[0]} bukan angka yang utuh (kelompok angka tidak tiga-tiga)."
            made = _document_finding(document, "R27", page, None, text, match[0], "", None, [], Severity.WARNING)
            yield Observation(Check("R27", document.id, CheckStatus.DIFFERS, printed=match[0]), made)


def _sentences(document: TypedDocument) -> dict[tuple[int, str], list[ProseFigure]]:
    found: dict[tuple[int, str], list[ProseFigure]] = defaultdict(list)
    for figure in document.prose:
        found[(figure.page, figure.sentence)].append(figure)
    return found


def _check(rule: str, document: TypedDocument, prose: ProseFigure, status: CheckStatus, members: Sequence[str], reason: str = "") -> Check:
    return Check(rule, document.id, status, printed=prose.printed, members=tuple(members), reason=reason)


def _finding(
    document: TypedDocument,
    rule: str,
    prose: ProseFigure,
    text: str,
    expected: str,
    difference: int | Decimal | None,
    evidence: Sequence[str],
    severity: Severity = Severity.WARNING,
) -> Finding:
    return _document_finding(document, rule, prose.page, prose.bbox, text, prose.printed, expected, difference, evidence, severity)


def _document_finding(
    document: TypedDocument,
    rule: str,
    page: int,
    bbox: Bbox | None,
    text: str,
    printed: str,
    expected: str,
    difference: int | Decimal | None,
    evidence: Sequence[str],
    severity: Severity,
) -> Finding:
    """A finding on running text; it stands on no row."""
    scanned = page in document.ocr_pages
    return Finding(
        id=identity(document.id, rule, str(page), printed, expected),
        rule=rule,
        document_id=document.id,
        status=CheckStatus.DIFFERS,
        severity=severity,
        certainty=Certainty.MAYBE_OCR if scanned else Certainty.CERTAIN,
        message=text,
        printed=printed,
        expected=expected,
        difference=difference,
        evidence=tuple(dict.fromkeys(evidence)),
        page=page,
        bbox=bbox,
    )
