"""Column edges without vertical rules: from the ends of rule segments, from white gutters, from the column-number row, from hints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from extractors.alignment.rules import Frame
from extractors.alignment.text import Line, column_number, is_key, phrases_of
from extractors.types import RawTable, Ruling

_BIN = 0.5  # points
Gutter = tuple[float, float]


def segment_edges(frame: Frame) -> list[float]:
    """Edges at which the segments of most rules meet: printers that draw the rule cell by cell tell the columns. Empty if they don't."""
    broken = [rule for rule in frame.rules if rule.breaks]
    if len(broken) < 3 or len(broken) < 0.6 * len(frame.rules):
        return []
    ends = sorted(x for rule in broken for x in set(rule.breaks) | {rule.x0, rule.x1})
    clusters: list[list[float]] = []
    for x in ends:
        if clusters and x - clusters[-1][0] <= 2.0:
            clusters[-1].append(x)
        else:
            clusters.append([x])
    inner = [sum(cluster) / len(cluster) for cluster in clusters if len(cluster) >= 0.5 * len(broken)]
    inner = [x for x in inner if frame.x0 + 3 < x < frame.x1 - 3]
    return [frame.x0, *inner, frame.x1] if inner else []


def ruling_edges(rulings: Sequence[Ruling], x0: float, x1: float, y0: float, y1: float) -> list[float]:
    """Edges drawn as vertical rules over most of the height `y0..y1`; empty where fewer than two stand inside."""
    drawn: dict[float, float] = {}
    for ruling in rulings:
        length = min(ruling.y1, y1) - max(ruling.y0, y0)
        if ruling.vertical and length > 0 and x0 - 3 <= ruling.x0 <= x1 + 3:
            x = next((known for known in drawn if abs(known - ruling.x0) <= 2.0), ruling.x0)
            drawn[x] = drawn.get(x, 0.0) + length
    inner = sorted(x for x, length in drawn.items() if length >= 0.6 * (y1 - y0) and x0 + 3 < x < x1 - 3)
    return [x0, *inner, x1] if len(inner) >= 2 else []


def gutters(lines: Sequence[Line], x0: float, x1: float, size: float) -> list[Gutter]:
    """White vertical strips between words that hardly any line crosses; the fewer lines, the wider a strip must be."""
    n = int((x1 - x0) / _BIN) + 2
    used = np.zeros(n)
    total = 0
    for line in lines:
        pieces = phrases_of(line, 0.9)
        if len(pieces) == 1 and line.bbox.width > 0.45 * (x1 - x0):
            continue  # a line over several columns says nothing of them
        total += 1
        row = np.zeros(n, dtype=bool)
        for word in line.words:
            pad = 0.16 * word.size
            row[max(0, int((word.bbox.x0 - pad - x0) / _BIN)) : max(0, int((word.bbox.x1 + pad - x0) / _BIN) + 1)] = True
        used += row
    if not total:
        return []
    free = used <= 0.02 * total
    least = next(width for few, width in ((14, 0.0), (8, 0.25), (4, 0.6), (0, 1.1)) if total >= few) * size
    found: list[Gutter] = []
    start: int | None = None
    for position in range(n):
        if free[position] and start is None:
            start = position
        elif not free[position] and start is not None:
            if used[:start].any() and (position - start) * _BIN >= least:
                found.append((x0 + start * _BIN, x0 + position * _BIN))
            start = None
    return found


def number_row(lines: Sequence[Line]) -> tuple[int, list[Line]] | None:
    """The line that numbers the columns (`1 2 3 4`, `(1) (2)`, `8=(7/6)`): its place and its numbers, or None."""
    for position, line in enumerate(lines):
        if len(line.words) < 3 or column_number(line.words[0].text) is None:
            continue
        pieces = phrases_of(line, 0.7)
        values = [column_number(piece.text) for piece in pieces]
        known = [value for value in values if value is not None]
        if len(known) < 3 or len(known) < 0.85 * len(values) or known[0] > 3:
            continue
        steps = sum(1 for a, b in pairwise(known) if b == a + 1)
        if steps >= 0.7 * (len(known) - 1):
            return position, pieces
    return None


def edges_by_numbers(numbers: Sequence[Line], white: Sequence[Gutter], x0: float, x1: float) -> list[float]:
    """One edge between every two neighbours of the number row, in the gutter that leaves the number in the middle of its column."""
    first = column_number(numbers[0].text) or 1
    left = [gutter for gutter in white if gutter[1] <= numbers[0].bbox.x0]
    if first > 1:
        left = sorted(sorted(left, key=lambda gutter: gutter[0] - gutter[1])[: first - 1])
    else:
        left = []
    edges = [x0, *(_middle(gutter) for gutter in left)]
    for number, following in pairwise(numbers):
        between = [gutter for gutter in white if gutter[1] > number.bbox.x1 and gutter[0] < following.bbox.x0]
        mirrored = 2 * number.bbox.centre[0] - edges[-1]
        near = [gutter for gutter in between if gutter[0] - 5 <= mirrored <= gutter[1] + 5]
        if near:
            gutter = min(near, key=lambda gutter: abs(_middle(gutter) - mirrored))
            edge = min(max(mirrored, gutter[0]), gutter[1])
        elif between:
            edge = _middle(max(between, key=lambda gutter: gutter[1] - gutter[0]))
        else:
            edge = (number.bbox.x1 + following.bbox.x0) / 2
        edges.append(edge)
    right = [_middle(gutter) for gutter in white if gutter[0] >= numbers[-1].bbox.x1]
    return [*edges, *right, x1]


def edges_by_gutters(lines: Sequence[Line], header: Sequence[Line], white: Sequence[Gutter], x0: float, x1: float) -> list[float]:
    """Edges in the gutters, less those that only part a running number or a code from its continuation, plus those that only the header tells."""
    kept = list(white)
    heads = [phrase for line in header for phrase in phrases_of(line, 0.9)]
    for gutter in list(kept):
        if _parts_keys(lines, kept, gutter, x0) and any(head.bbox.x0 < gutter[0] and gutter[1] < head.bbox.x1 for head in heads):
            kept.remove(gutter)
    edges = [x0, *(_middle(gutter) for gutter in kept), x1]
    return edges if len(edges) > 2 else []


def _parts_keys(lines: Sequence[Line], white: Sequence[Gutter], gutter: Gutter, x0: float) -> bool:
    """Whether only numbers and codes stand between the gutter before and this one, close to what follows."""
    before = max((other[1] for other in white if other[1] < gutter[0]), default=x0)
    texts = [word.text for line in lines for word in line.words if before <= word.bbox.centre[0] <= gutter[0]]
    return bool(texts) and all(is_key(text) for text in texts)


def edges_by_hint(hint: RawTable, lines: Sequence[Line], white: Sequence[Gutter]) -> list[float]:
    """The edges of the same table on the page before, moved to where this page's gutters are; empty where the words contradict them."""
    inner = list(hint.column_edges[1:-1])
    if not inner or not lines:
        return []
    shifts = sorted(_nearest(edge, white) for edge in inner if white and abs(_nearest(edge, white)) <= 12)
    shift = shifts[len(shifts) // 2] if shifts else 0.0
    edges = []
    for edge, following, before in zip(inner, hint.column_edges[2:], hint.column_edges, strict=False):
        move = _nearest(edge + shift, white)
        room = 0.4 * min(following - edge, edge - before)
        edges.append(edge + shift + (move if abs(move) <= min(room, 12) else 0.0))
    words = [word for line in lines for word in line.words]
    crossed = sum(1 for word in words if any(word.bbox.x0 + 1.5 < edge < word.bbox.x1 - 1.5 for edge in edges))
    if crossed > 0.04 * len(words) or any(b - a < 3 for a, b in pairwise(edges)):
        return []
    return [min(hint.column_edges[0] + shift, *(word.bbox.x0 for word in words)), *edges,
            max(hint.column_edges[-1] + shift, *(word.bbox.x1 for word in words))]


def _nearest(edge: float, white: Sequence[Gutter]) -> float:
    """How far `edge` is from the nearest gutter; 0 inside one."""
    distances = [0.0 if gutter[0] <= edge <= gutter[1] else (gutter[0] - edge if edge < gutter[0] else gutter[1] - edge) for gutter in white]
    return min(distances, key=abs, default=0.0)


def _middle(gutter: Gutter) -> float:
    return (gutter[0] + gutter[1]) / 2
