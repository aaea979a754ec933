"""Column edges of a table that goes on from the page before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from extractors.alignment.gutters import Gutter, middle
from extractors.alignment.text import KEYS, TOUCH, Line, is_key, is_number
from extractors.types import RawTable

_UNKNOWN = 0.25  # of the edges, how many gutters the table of the page before may not know
_UNKNOWN_WHERE_STRUCK = 0.15  # the same where words stand on an edge
_HEADER_ROWS = 8  # rows at the top of a table that may be its header


def edges_by_hints(
    hints: Iterable[RawTable], header: Sequence[Line], body: Sequence[Line], numbers: Sequence[Line], white: Sequence[Gutter]
) -> list[float]:
    """The edges of the first of `hints` that goes on here: it has no other header, and there are hardly any gutters that it does not know.

    Titles of a repeated header may stand on edges. The parts of a code have gutters between them, and a sparse column may have one
    between short texts at its left and figures at its right.
    """
    for hint in hints:
        if not _may_continue(hint, header, numbers):
            continue
        lines = body if _repeats(hint, header) else [*header, *body]
        edges = _moved(hint, lines, white)
        unknown = sum(1 for gutter in _without_code_parts(white, lines) if not any(gutter[0] - 2 <= x <= gutter[1] + 2 for x in edges))
        most = _UNKNOWN_WHERE_STRUCK if any(_struck(edge, lines) for edge in edges[1:-1]) else _UNKNOWN
        if edges and unknown <= most * len(edges):
            return edges
    return []


def _without_code_parts(white: Sequence[Gutter], lines: Sequence[Line]) -> list[Gutter]:
    """The gutters that do not part two columns of codes, which are one where each column holds a part of a code."""
    ends = [float("-inf"), *(middle(gutter) for gutter in white), float("inf")]
    texts = [[word.text for line in lines for word in line.words if x0 <= word.bbox.centre[0] < x1] for x0, x1 in pairwise(ends)]
    keys = [sum(map(is_key, own)) >= KEYS * len(own) for own in texts]
    return [gutter for gutter, both in zip(white, pairwise(keys), strict=True) if not all(both)]


def _may_continue(hint: RawTable, header: Sequence[Line], numbers: Sequence[Line]) -> bool:
    """Whether the first lines are the header of `hint` again, or no header at all (codes or figures stand among them)."""
    known = _header_words(hint)
    if not all(word.text in known for number in numbers for word in number.words):
        return False
    return _repeats(hint, header) or any(is_key(word.text) or is_number(word.text) for line in header for word in line.words)


def _repeats(hint: RawTable, header: Sequence[Line]) -> bool:
    """Whether lines are the header of `hint` again."""
    known = _header_words(hint)
    words = [word.text for line in header for word in line.words]
    return sum(word in known for word in words) >= 0.7 * len(words)


def _header_words(hint: RawTable) -> set[str]:
    return {word for cell in hint.cells if cell.row < _HEADER_ROWS for word in cell.text.split()}


def _moved(hint: RawTable, lines: Sequence[Line], white: Sequence[Gutter]) -> list[float]:
    """The edges of the same table on the page before, off this page's words into its gutters; empty where the words contradict them."""
    inner = list(hint.column_edges[1:-1])
    if not inner or not lines:
        return []
    shifts = sorted(_nearest(edge, white) for edge in inner if white and abs(_nearest(edge, white)) <= 12)
    shift = shifts[len(shifts) // 2] if shifts else 0.0
    edges = []
    for edge, following, before in zip(inner, hint.column_edges[2:], hint.column_edges, strict=False):
        move = _nearest(edge + shift, white) if _struck(edge + shift, lines) else 0.0
        room = 0.4 * min(following - edge, edge - before)
        edges.append(edge + shift + (move if abs(move) <= min(room, 12) else 0.0))
    words = [word for line in lines for word in line.words]
    crossed = sum(1 for word in words if any(word.bbox.x0 + 1.5 < edge < word.bbox.x1 - 1.5 for edge in edges))
    if crossed > 0.04 * len(words) or any(b - a < 3 for a, b in pairwise(edges)):
        return []
    return [
        min(hint.column_edges[0] + shift, *(word.bbox.x0 for word in words)),
        *edges,
        max(hint.column_edges[-1] + shift, *(word.bbox.x1 for word in words)),
    ]


def _struck(edge: float, lines: Sequence[Line]) -> bool:
    """Whether a word stands on an edge."""
    return any(word.bbox.x0 + TOUCH < edge < word.bbox.x1 - TOUCH for line in lines for word in line.words)


def _nearest(edge: float, white: Sequence[Gutter]) -> float:
    """How far `edge` is from the nearest gutter; 0 inside one."""
    return min((min(max(edge, gutter[0]), gutter[1]) - edge for gutter in white), key=abs, default=0.0)
