"""Equations between printed figures, and their end: holds, holds within the print, or does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from pipeline.findings import CheckStatus

from .intervals import ZERO, Interval, magnitude, slack
from .sheet import SURE_CONFIDENCE, Figure, Key, Sheet

Amounts = Mapping[Key, int | Decimal]
_NOTHING: Amounts = {}
COLUMN_SUMS = ("R01", "R02", "R03", "R08", "R09")  # sums of amounts that a spreadsheet may have rounded one by one
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an equation ended. `doubtful` marks a difference that rounding could explain, but only in the worst case."""

    status: CheckStatus
    printed: int | Decimal
    computed: int | Decimal | None
    doubtful: bool = False

    @property
    def difference(self) -> int | Decimal:
        return ZERO if self.computed is None else self.printed - self.computed


@dataclass(frozen=True, slots=True)
class Equation:
    """`target = sum(sign * figure)`, or with `divisor` `target = 100 * sum / divisor`.

    `blocked` says why a mismatch proves nothing (a cut group, an unreadable member); `solid` is False where the group is not certain
    enough for a `galat`; `soft` equations (two tables or two halves that ought to agree) help to locate an error but are no proof.
    """

    rule: str
    sheet: Sheet
    target: Figure
    terms: tuple[tuple[Figure, int], ...]
    divisor: Figure | None = None
    blocked: str = ""
    solid: bool = True
    soft: bool = False
    of: str = ""  # what is added up, for the message: "sub kegiatan", "program"
    figures: tuple[Figure, ...] = field(init=False, repr=False, compare=False)  # the target, then all that goes in
    _as_printed: Verdict | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        members = tuple(figure for figure, _ in self.terms)
        object.__setattr__(self, "figures", (self.target, *members) if self.divisor is None else (self.target, *members, self.divisor))

    @property
    def certain(self) -> bool:
        """Whether every figure was read beyond doubt."""
        return all(figure.certain for figure in self.figures)

    @property
    def is_doubtful_copy(self) -> bool:
        """Whether one figure repeats another and both were read from an image with little confidence: a misreading would repeat too."""
        return len(self.figures) == 2 and all(f.value.ocr and not f.certain and f.value.confidence < SURE_CONFIDENCE for f in self.figures)

    def total(self, amounts: Amounts = _NOTHING) -> int | Decimal:
        total: int | Decimal = 0
        for figure, sign in self.terms:
            total += sign * amounts.get(figure.key, figure.amount)
        return total

    def verdict(self, amounts: Amounts = _NOTHING) -> Verdict:
        """How the equation ends, with `amounts` in place of what is printed; the end as printed is worked out once."""
        if not amounts and self._as_printed is not None:
            return self._as_printed
        printed = amounts.get(self.target.key, self.target.amount)
        verdict = self._sum(printed, amounts) if self.divisor is None else self._ratio(printed, amounts, self.divisor)
        if not amounts:
            object.__setattr__(self, "_as_printed", verdict)
        return verdict

    def solve(self, key: Key, amounts: Amounts = _NOTHING) -> int | Decimal | None:
        """The figure that would make the equation hold, all others as they are; None where it cannot be told exactly."""
        if self.divisor is not None:
            computed = self.verdict(amounts).computed
            return computed if key == self.target.key else None
        printed = amounts.get(self.target.key, self.target.amount)
        difference = printed - self.total(amounts)
        if key == self.target.key:
            return printed - difference
        for figure, sign in self.terms:
            if figure.key == key:
                return amounts.get(key, figure.amount) + sign * difference
        return None

    def _sum(self, printed: int | Decimal, amounts: Amounts) -> Verdict:
        computed = self.total(amounts)
        difference = magnitude(printed - computed)
        if not difference:
            return Verdict(CheckStatus.AGREES, printed, computed)
        usual, worst = slack([figure.half for figure in self.figures])
        one_rupiah = difference == 1 and len(self.terms) > 1 and self.rule in COLUMN_SUMS
        if difference <= usual or one_rupiah:
            return Verdict(CheckStatus.ROUNDING, printed, computed)
        return Verdict(CheckStatus.DIFFERS, printed, computed, doubtful=difference <= worst)

    def _ratio(self, printed: int | Decimal, amounts: Amounts, divisor: Figure) -> Verdict:
        below = amounts.get(divisor.key, divisor.amount)
        if not below:
            return Verdict(CheckStatus.NOT_CHECKABLE, printed, None)
        exact = HUNDRED * self.total(amounts) / below
        half = self.target.half
        computed = Decimal(exact).quantize(Decimal(1).scaleb(-self.target.value.decimals), ROUND_HALF_UP)
        if abs(Decimal(printed) - Decimal(exact)) <= half:
            return Verdict(CheckStatus.AGREES, printed, computed)
        _, above = slack([figure.half for figure, _ in self.terms])
        span = Interval.around(self.total(amounts), above).ratio(Interval.around(below, divisor.half))
        # a percent cut off instead of rounded is off by less than one unit of its last digit
        if span is None or Interval.around(printed, 2 * half).meets(Interval(span.low * 100, span.high * 100)):
            return Verdict(CheckStatus.ROUNDING, printed, computed)
        return Verdict(CheckStatus.DIFFERS, printed, computed)
