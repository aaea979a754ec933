"""Rows numbered as an outline: `1`, `1.1`, `1.1.1`, `1.2` ... count rows, and are no codes, whatever codes they look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from normalizers.text import squash

Number = tuple[int, ...]

_NUMBER = re.compile(r"(?P<number>[1-9]\d?(?:\.[1-9]\d?){0,3})[.)]?(?:\s+(?P<rest>.*))?", re.DOTALL)
_LEAST_ROWS = 4
_MOSTLY = 0.8  # of the steps from row to row that must count on


def outline_number(text: str) -> str | None:
    """The number that a name, or a cell of numbers, begins with (`1.1 Pendataan ...`); None where it begins otherwise."""
    match = _NUMBER.fullmatch(squash(text))
    return match["number"] if match else None


def is_outline(numbers: Sequence[str]) -> bool:
    """Whether numbers in printed order count the rows of an outline of several levels, from 1 on."""
    counted = [tuple(map(int, number.split("."))) for number in numbers]
    if len(counted) < _LEAST_ROWS or counted[0] != (1,) or max(map(len, counted)) < 2:
        return False
    steps = [_counts_on(before, after) for before, after in pairwise(counted)]
    return sum(steps) >= _MOSTLY * len(steps)


def _counts_on(before: Number, after: Number) -> bool:
    """Whether a number is the first under the one before it, or the next beside it or beside one above it."""
    return after == (*before, 1) or (len(after) <= len(before) and after == (*before[: len(after) - 1], before[len(after) - 1] + 1))
