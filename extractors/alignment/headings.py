"""Headers without rules: which titles stand over several columns, and where the titles of those columns begin under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.alignment.text import Line, phrases_of
from extractors.layout import hull
from extractors.types import Bbox

_REACH = 2.0  # a title may reach this far over the edges of its column, which stand in the white between texts
_OFF = 12.0  # how far from the middle of its columns a title may stand
_WRAPPED = 0.25  # how much further apart than usual the lines of one title may stand, in font sizes
_TIGHT = 0.12  # the same for a line in one column and one over several, which may be two titles
_ALIKE = 1.5  # texts set on one middle or one side, and heights that are one


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of the columns `first` to `last`, and the height under it."""

    first: int
    last: int
    bottom: float


def headings_of(header: Sequence[Line], edges: Sequence[float]) -> list[Heading]:
    """The titles over two columns or more, from top to bottom.

    Such a title stands on the middle of columns that each have a title of their own below it. A column beside them whose title is set on
    the middle of the whole header runs from top to bottom and is under none.
    """
    blocks = _blocks(header, edges)
    found = [heading for block in blocks if (heading := _heading(block, blocks, edges)) is not None]
    level: list[Heading] = []
    for heading in sorted(found, key=lambda each: each.bottom):
        near = next((other.bottom for other in level if abs(other.bottom - heading.bottom) <= _ALIKE), heading.bottom)
        level.append(Heading(heading.first, heading.last, near))
    return level


def lone_titles(header: Sequence[Line], edges: Sequence[float], bottom: float) -> list[Heading]:
    """The titles on the middle of several columns of which none has a title of its own, down to the `bottom` of the header."""
    blocks = _blocks(header, edges)
    titled = [any(block.x0 < right - _REACH and left + _REACH < block.x1 for block in blocks) for left, right in pairwise(edges)]
    found: list[Heading] = []
    for block in blocks:
        own = [at for at, (left, right) in enumerate(pairwise(edges)) if block.x0 < right - _REACH and left + _REACH < block.x1]
        first, last = (own[0], own[-1]) if own else (0, -1)
        runs = [
            (first - before, last + after)
            for before in range(_run(titled[:first][::-1]) + 1)
            for after in range(_run(titled[last + 1 :]) + 1)
            if own and before + after
        ]
        fitting = [(a, b) for a, b in runs if abs(block.centre[0] - (edges[a] + edges[b + 1]) / 2) <= _ALIKE]
        if fitting:
            found.append(Heading(*max(fitting, key=lambda run: run[1] - run[0]), bottom))
    return found


def _run(titled: Sequence[bool]) -> int:
    """How many columns in a row have no title."""
    return next((at for at, told in enumerate(titled) if told), len(titled))


def _blocks(header: Sequence[Line], edges: Sequence[float]) -> list[Bbox]:
    """The boxes of the titles: wrapped lines stand right under each other, on one middle or one side, in the same column."""
    phrases = [phrase for line in header for phrase in phrases_of(line, 0.6)]
    near = _wrapped([phrase.bbox for phrase in phrases], max((phrase.size for phrase in phrases), default=0.0))
    blocks: list[tuple[Bbox, bool]] = []
    for phrase in phrases:
        box, own = phrase.bbox, _column(phrase.bbox, edges) is not None
        room = [(block, near + (_WRAPPED if alone == own else _TIGHT) * phrase.size) for block, alone in blocks]
        above = next((at for at, (block, most) in enumerate(room) if _aligned(block, box) and -most <= box.y0 - block.y1 <= most), None)
        if above is None:
            blocks.append((box, own))
        else:
            blocks[above] = (blocks[above][0].union(box), own)
    return [block for block, _ in blocks]


def _wrapped(boxes: Sequence[Bbox], size: float) -> float:
    """The usual white between two lines of a title: the lower quarter of what is between lines on one middle."""
    gaps = sorted(
        below.y0 - above.y1
        for above in boxes
        for below in boxes
        if abs(above.centre[0] - below.centre[0]) <= _ALIKE and 0 < below.centre[1] - above.centre[1] < 2 * size
    )
    return max(gaps[len(gaps) // 4], 0.0) if gaps else 0.0


def _aligned(one: Bbox, two: Bbox) -> bool:
    """Whether two texts are set on one middle, or on one side."""
    return abs(one.centre[0] - two.centre[0]) <= _ALIKE or abs(one.x0 - two.x0) <= _ALIKE or abs(one.x1 - two.x1) <= _ALIKE


def _column(box: Bbox, edges: Sequence[float]) -> int | None:
    """The column that a text stands in with both ends; None where it reaches over an edge."""
    inside = (at for at in range(len(edges) - 1) if edges[at] - _REACH <= box.x0 and box.x1 <= edges[at + 1] + _REACH)
    return next(inside, None)


def _heading(title: Bbox, blocks: Sequence[Bbox], edges: Sequence[float]) -> Heading | None:
    """The heading that a title is, over the columns on whose middle it stands best; None where it is the title of one column."""
    below = _titles_below(title, blocks, edges)
    best: tuple[float, int, int] | None = None
    for first in below:
        last = first
        while last + 1 in below:
            last += 1
            if edges[first] - _REACH <= title.x0 and title.x1 <= edges[last + 1] + _REACH:
                own = hull(below[at] for at in range(first, last + 1))
                off = min(abs(title.centre[0] - (edges[first] + edges[last + 1]) / 2), abs(title.centre[0] - own.centre[0]))
                best = min([(off, first, last), *([best] if best else [])])
    if best is None or best[0] > _OFF:
        return None
    top = min(below[at].y0 for at in range(best[1], best[2] + 1))
    return Heading(best[1], best[2], (title.y1 + top) / 2)


def _titles_below(title: Bbox, blocks: Sequence[Bbox], edges: Sequence[float]) -> dict[int, Bbox]:
    """The columns that have titles of their own only under `title`, with the box around these."""
    whole = hull(blocks)
    titles: dict[int, list[Bbox]] = {}
    for block in blocks:
        column = _column(block, edges)
        if column is not None and block is not title:
            titles.setdefault(column, []).append(block)
    found: dict[int, Bbox] = {}
    for column, own in titles.items():
        box = hull(own)
        beside = [
            block for block in blocks if block is not title and block.x0 < edges[column + 1] - _REACH and edges[column] + _REACH < block.x1
        ]
        level = any(block.y0 < title.y1 - _ALIKE and title.y0 + _ALIKE < block.y1 for block in beside)
        through = len(own) == 1 and abs(box.centre[1] - whole.centre[1]) <= _ALIKE and box.y0 < title.y1 + title.height
        if box.centre[1] > title.y1 and box.y0 >= title.y0 + 0.5 * (title.y1 - title.y0) and not level and not through:
            found[column] = box
    return found
