"""Scans that show two pages side by side, as of an open book."""

from __future__ import annotations

from dataclasses import replace

from extractors.types import Page

_WIDE = 1.15  # width over height, from which a page may be two
_GUTTER = 0.02  # of the width: what is free between two pages
_OFF = 0.05  # of the width: how far from the middle they may part
_RULES = 3  # that each of them has, across and down: a page in columns has none, a wide table crosses the middle


def two_pages(page: Page) -> tuple[Page, Page] | None:
    """The left and the right page of a spread, both in the coordinates of the whole; None for one page."""
    if page.width < _WIDE * page.height:
        return None
    middle = _gutter(page)
    if middle is None:
        return None
    left = replace(
        page,
        words=tuple(word for word in page.words if word.bbox.x1 <= middle),
        rulings=tuple(ruling for ruling in page.rulings if ruling.x1 <= middle),
    )
    right = replace(
        page,
        words=tuple(word for word in page.words if word.bbox.x0 >= middle),
        rulings=tuple(ruling for ruling in page.rulings if ruling.x0 >= middle),
    )
    return (left, right) if _ruled(left) and _ruled(right) else None


def _gutter(page: Page) -> float | None:
    """Where nothing that is printed stands, nearest to the middle; None where something crosses it."""
    low, high = (0.5 - _OFF) * page.width, (0.5 + _OFF) * page.width
    spans = [(word.bbox.x0, word.bbox.x1) for word in page.words] + [(ruling.x0, ruling.x1) for ruling in page.rulings]
    taken = sorted((start, end) for start, end in spans if end > low and start < high)
    free, at = [], low
    for start, end in [*taken, (high, high)]:
        if start - at >= _GUTTER * page.width:
            free.append((at + start) / 2)
        at = max(at, end)
    return min(free, key=lambda place: abs(place - page.width / 2), default=None)


def _ruled(half: Page) -> bool:
    down = sum(ruling.vertical for ruling in half.rulings)
    return down >= _RULES and len(half.rulings) - down >= _RULES
