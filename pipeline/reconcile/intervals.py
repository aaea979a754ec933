"""Arithmetic on printed figures: each stands for the interval of numbers that would print so.

A figure printed with d decimals on scale s may be off by half of s/10^d; whole rupiah are exact. The slack of a sum is bounded twice:
by the worst case (half a unit per addend), and by four standard deviations of independent rounding, so that it cannot grow with the
number of addends until it hides a real error (the trap known from XBRL calculation checks).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from normalizers.types import Value, ValueKind

ZERO = Decimal(0)
_NONZERO_DECIMALS = re.compile(r"[.,](?!0+\D*$)\d{1,2}\D*$")
_SIGMAS = 4
_SIGMA_OF_HALF = Decimal("0.57735")  # a uniform error of half-width h has standard deviation h / sqrt(3)


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of Decimals, `low <= high`."""

    low: Decimal
    high: Decimal

    @classmethod
    def around(cls, amount: int | Decimal, half: Decimal = ZERO) -> Interval:
        return cls(Decimal(amount) - half, Decimal(amount) + half)

    def ratio(self, denominator: Interval) -> Interval | None:
        """The quotients of both intervals; None where the denominator may be zero."""
        if denominator.low <= 0 <= denominator.high:
            return None
        ends = [a / b for a in (self.low, self.high) for b in (denominator.low, denominator.high)]
        return Interval(min(ends), max(ends))

    def meets(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high


def magnitude(amount: int | Decimal) -> int | Decimal:
    """The amount without its sign."""
    return -amount if amount < 0 else amount


def half_unit(value: Value, scale: int) -> Decimal:
    """Half of the last printed digit's unit, in rupiah or in the unit of the number; 0 for whole rupiah and counts."""
    if value.kind is ValueKind.VOLUME and not value.decimals:
        return ZERO
    if value.kind is not ValueKind.RUPIAH:
        return Decimal(1).scaleb(-value.decimals) / 2
    if scale > 1:
        return Decimal(scale).scaleb(-value.decimals) / 2
    return Decimal("0.5") if value.decimals and _NONZERO_DECIMALS.search(value.printed) else ZERO


def slack(halves: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """(usual, worst) slack of a sum whose members are off by at most `halves`: what rounding explains, and what it could at most."""
    worst = sum(halves, ZERO)
    if not worst:
        return ZERO, ZERO
    spread = sum((half * half for half in halves), ZERO).sqrt() * _SIGMA_OF_HALF * _SIGMAS
    return min(worst, spread + max(halves)), worst
