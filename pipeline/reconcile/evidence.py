"""What arithmetic and a second reading say about figures that were read from an image, or that are malformed as printed.

Nothing is repaired to make a total fit: a figure that gets a proposal keeps its printed text, is published as `usulan`, and takes no part
in any check.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from extractors.types import Bbox
from normalizers.types import TypedDocument, Value, ValueKind, ValueStatus
from pipeline.findings import CheckStatus

from .engine import equations_of
from .equations import Equation
from .locate import locate
from .sheet import Figure, Key, Sheet

Place = tuple[int, Bbox]  # page, box
Readings = Mapping[Place, tuple[str, float]]  # text, confidence
CERTAIN = 0.997  # the weakest digit of a right reading has more (measured on scans of 90 dpi and better)
MOST_FIGURES = 150
OCR_DIGIT, FITS = "OCR_DIGIT", "FITS_SUM"
_DOUBTED = 0.5  # two looks at the figure had differed
_CONFUSABLE = tuple(map(frozenset, ("08", "06", "03", "09", "86", "83", "89", "63", "69", "39", "17", "56", "53", "14", "47")))


def figures_in_doubt(document: TypedDocument) -> list[Value]:
    """Figures read from an image that stand in a failing check, the smallest checks first, at most `MOST_FIGURES`."""
    failing = [e for e in _equations(document) if not e.blocked and e.verdict().status is CheckStatus.DIFFERS]
    found: dict[Place, Value] = {}
    for equation in sorted(failing, key=lambda e: len(e.figures)):
        found.update({(f.value.page, f.value.bbox): f.value for f in equation.figures if f.value.ocr and not f.value.confirmed})
        if len(found) >= MOST_FIGURES:
            break
    return list(found.values())


def with_second_readings(document: TypedDocument, readings: Readings) -> TypedDocument:
    """The document with figures confirmed where the second reading is sure and the same, and with it as a candidate where it differs."""

    def judged(value: Value) -> Value:
        text, confidence = readings.get((value.page, value.bbox), ("", 0.0))
        if not value.ocr or confidence < CERTAIN or value.confidence <= _DOUBTED:
            return value
        if _digits(text) == _digits(value.printed) and _negative(text) == _negative(value.printed):
            return replace(value, confirmed=True)
        other = _amount(value, text)
        return value if other is None or other in value.candidates else replace(value, candidates=(*value.candidates, other))

    return _changed(document, lambda _, value: judged(value))


def with_proposals(document: TypedDocument) -> TypedDocument:
    """The document with `usulan` for figures that the checks contradict or that are malformed, where exactly one other figure fits.

    A figure read from an image needs two checks that one confusable digit repairs (or one check, and a second reading that says so);
    a malformed figure needs one check that holds with its candidate, and none that fails.
    """
    proposed = dict(_misread(document))
    malformed = _changed(document, lambda _, value: _as_first_candidate(value))
    if malformed != document:
        proposed.update(_fitting(document, _equations(malformed)))
    return _changed(document, lambda line_id, value: _proposal(value, proposed.get((line_id, value.column)))) if proposed else document


def _misread(document: TypedDocument) -> Iterator[tuple[Key, int]]:
    equations = _equations(document)
    for fault in locate(equations):
        if len(fault.equations) > 1 and _may_be_misread(fault.figure, fault.needed):
            yield fault.figure.key, int(fault.needed)
    for equation in equations:
        if equation.blocked or equation.soft or equation.verdict().status is not CheckStatus.DIFFERS:
            continue
        for figure in equation.figures:
            needed = equation.solve(figure.key)
            if needed is not None and needed in figure.value.candidates and _may_be_misread(figure, needed):
                yield figure.key, int(needed)


def _may_be_misread(figure: Figure, needed: int | Decimal) -> bool:
    value = figure.value
    if not value.ocr or value.confirmed or value.kind is not ValueKind.RUPIAH:
        return False
    return _one_confusable_digit(int(figure.amount), int(needed))


def _fitting(document: TypedDocument, equations: Sequence[Equation]) -> Iterator[tuple[Key, int]]:
    """Malformed figures whose candidate, tried in place of the print, makes a check hold and none fail."""
    lines = (line for table in document.tables for line in table.lines)
    tried = {(line.id, value.column) for line in lines for value in line.values if value.status is ValueStatus.MALFORMED}
    ends: dict[Key, set[CheckStatus]] = defaultdict(set)
    amounts: dict[Key, int] = {}
    for equation in (e for e in equations if not e.blocked):
        involved = [figure for figure in equation.figures if figure.key in tried]
        for figure in involved:
            ends[figure.key].add(equation.verdict().status if len(involved) == 1 else CheckStatus.BLOCKED)
            amounts[figure.key] = int(figure.amount)
    for key, statuses in ends.items():
        if CheckStatus.AGREES in statuses and CheckStatus.DIFFERS not in statuses:
            yield key, amounts[key]


def _as_first_candidate(value: Value) -> Value:
    if value.status is not ValueStatus.MALFORMED or value.kind is not ValueKind.RUPIAH or not value.candidates:
        return value
    return replace(value, status=ValueStatus.OK, rupiah=value.candidates[0])


def _proposal(value: Value, amount: int | None) -> Value:
    if amount is None or value.kind is not ValueKind.RUPIAH or value.status not in (ValueStatus.OK, ValueStatus.MALFORMED):
        return value
    note = OCR_DIGIT if value.status is ValueStatus.OK else f"{value.note or 'MALFORMED'}; {FITS}"
    others = (value.rupiah, *value.candidates) if value.rupiah is not None else value.candidates
    candidates = tuple(dict.fromkeys((amount, *others)))
    return replace(value, status=ValueStatus.PROPOSED, rupiah=amount, candidates=candidates, note=note)


def _one_confusable_digit(one: int, other: int) -> bool:
    a, b = str(one), str(other)
    pairs = [frozenset(pair) for pair in zip(a, b, strict=False) if pair[0] != pair[1]]
    return len(a) == len(b) and len(pairs) == 1 and pairs[0] in _CONFUSABLE


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def _negative(text: str) -> bool:
    return text.strip().startswith(("-", "(", "–"))


def _amount(value: Value, text: str) -> int | None:
    """The amount that a second reading of as many digits says, on the scale of the first."""
    first, second = _digits(value.printed), _digits(text)
    if value.rupiah is None or len(first) != len(second) or not int(first or 0):
        return None
    whole, rest = divmod(abs(value.rupiah) * int(second), int(first))
    return None if rest else -whole if value.rupiah < 0 else whole


def _equations(document: TypedDocument) -> list[Equation]:
    return equations_of([Sheet(document, table) for table in document.tables])[0]


def _changed(document: TypedDocument, change: Callable[[str, Value], Value]) -> TypedDocument:
    tables = []
    for table in document.tables:
        lines = tuple(replace(line, values=tuple(change(line.id, value) for value in line.values)) for line in table.lines)
        tables.append(table if lines == table.lines else replace(table, lines=lines))
    return document if tuple(tables) == document.tables else replace(document, tables=tuple(tables))
