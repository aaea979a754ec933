"""White vertical strips between columns of text, told from the white between words by how many lines bear them out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extractors.alignment.text import Line, is_amount, is_number, phrases_of, text_line
from extractors.types import Word

_HAIR = 0.3  # the least width of a strip, in points
_NEAR = 60.0  # how far from a strip a text may stand to bear it out, in points
_FAR_EM = 1.0  # how far a text over several columns reaches over a strip
_WIDE = 0.6  # the share of a table's width that hardly a text of one column takes
_SPACE_EM = 0.6  # words that stand closer may be of one text
_LEVEL_EM = 0.35  # texts of one line
_WIDTHS_EM = ((8, 0.1), (5, 0.35), (3, 0.8), (1, 1.5))  # lines with text close by on both sides, and how wide the strip must then be

Gutter = tuple[float, float]


def gutters(lines: Sequence[Line], x0: float, x1: float, size: float) -> list[Gutter]:
    """White vertical strips between words that hardly any line crosses; the fewer lines stand beside a strip, the wider it must be.

    Texts over several columns (headings, names merged over their neighbours) are told by the strips that all others leave free.
    """
    few, several = 0.02 * len(lines), 0.12 * len(lines)
    phrases = [phrase for line in lines for phrase in _pieces(line)]
    parts = _all_cut(phrases, _borne_out(_strips(phrases, few, x0, x1), lines, size))
    ordinary = [part for part in parts if part.bbox.width <= _WIDE * (x1 - x0)] or parts
    clear = _borne_out(_strips(ordinary, few, x0, x1), lines, size)
    rough = _borne_out(_strips(ordinary, several, x0, x1), lines, size)
    rough = [strip for strip in rough if not any(strip[0] <= left and right <= strip[1] for left, right in clear)]
    parts = _all_cut(parts, clear)
    rough = [strip for strip in rough if sum(_runs_over(part, [strip]) for part in parts) <= 0.4 * _set_against(strip, lines)]
    both = sorted([*rough, *clear])
    across = [part for part in parts if _runs_over(part, both if part.bbox.width > _WIDE * (x1 - x0) else rough)]
    for strip in rough:
        alone = [part for part in parts if part not in across and _alone_on(strip, part, parts, both)]
        across += alone if len(alone) <= max(1, few) else []
    rest = [part for part in parts if part not in across] if len(across) <= 0.25 * len(parts) else ordinary
    free = _strips(rest, 0, x0, x1)
    return [_free_part(strip, free) for strip in _borne_out(_strips(rest, few, x0, x1), lines, size)]


def _free_part(strip: Gutter, free: Sequence[Gutter]) -> Gutter:
    """The widest part of a strip that no word at all stands on; the strip itself where there is none."""
    parts = [(left, right) for left, right in free if strip[0] <= left and right <= strip[1]]
    return max(parts, key=lambda part: part[1] - part[0], default=strip)


def _pieces(line: Line) -> list[Line]:
    """The phrases of a line, cut after every amount too: what follows one is another column, however close."""
    pieces: list[Line] = []
    for phrase in phrases_of(line, 0.5):
        start = 0
        for position, word in enumerate(phrase.words[:-1], 1):
            if is_amount(word.text):
                pieces.append(text_line(phrase.words[start:position]))
                start = position
        pieces.append(text_line(phrase.words[start:]) if start else phrase)
    return pieces


def _all_cut(phrases: Sequence[Line], strips: Sequence[Gutter]) -> list[Line]:
    return [part for phrase in phrases for part in _cut(phrase, strips)]


def _cut(phrase: Line, strips: Sequence[Gutter]) -> list[Line]:
    """The phrase in parts, cut at the strips that part its words."""
    parts: list[list[Word]] = [[phrase.words[0]]]
    for before, word in pairwise(phrase.words):
        if any(before.bbox.x1 <= left + 0.1 and right - 0.1 <= word.bbox.x0 for left, right in strips):
            parts.append([])
        parts[-1].append(word)
    return [text_line(part) for part in parts]


def _runs_over(phrase: Line, strips: Sequence[Gutter]) -> bool:
    """Whether a text of several words reaches far over a strip on both sides: one that is set over several columns."""
    reach = _FAR_EM * phrase.size
    return len(phrase.words) > 2 and any(phrase.bbox.x0 + reach < left and right + reach < phrase.bbox.x1 for left, right in strips)


def _alone_on(strip: Gutter, part: Line, parts: Sequence[Line], strips: Sequence[Gutter]) -> bool:
    """Whether a text stands on a strip and its line has no other in the columns on both sides: a total's name set over two."""
    if not (part.bbox.x0 < strip[0] and strip[1] < part.bbox.x1):
        return False
    low = max((right for _, right in strips if right <= strip[0]), default=float("-inf"))
    high = min((left for left, _ in strips if left >= strip[1]), default=float("inf"))
    beside = (other for other in parts if other is not part and abs(other.y - part.y) <= _LEVEL_EM * part.size)
    return not any(low < other.bbox.centre[0] < high for other in beside)


def _set_against(strip: Gutter, lines: Sequence[Line]) -> int:
    """How many lines have a text that begins right of the strip, or a figure that ends left of it, with white beyond."""
    count = 0
    for line in lines:
        gaps = [(a, b) for a, b in pairwise(line.words) if b.bbox.x0 - a.bbox.x1 >= _SPACE_EM * b.size]
        begun = any(-1.0 <= after.bbox.x0 - strip[1] <= after.size for _, after in gaps)
        count += begun or any(is_number(before.text) and -1.0 <= strip[0] - before.bbox.x1 <= before.size for before, _ in gaps)
    return count


def _strips(phrases: Sequence[Line], most: float, x0: float, x1: float) -> list[Gutter]:
    """The strips that no more than `most` words stand on."""
    turns = sorted(turn for phrase in phrases for word in phrase.words for turn in ((word.bbox.x0, 1), (word.bbox.x1, -1)))
    strips: list[Gutter] = []
    start, standing = x0, 0
    for x, step in turns:
        before, standing = standing, standing + step
        if before <= most < standing and x - start >= _HAIR and start > x0:
            strips.append((start, x))
        if standing <= most < before:
            start = x
    return [strip for strip in strips if strip[1] < x1]


def _borne_out(strips: Sequence[Gutter], lines: Sequence[Line], size: float) -> list[Gutter]:
    """Those strips that are wide enough for the lines beside them; the weakest is left out first, for it parts what belongs together."""
    kept = list(strips)
    beside = _Beside(lines, size)
    margins = [beside.margin(kept, at) for at in range(len(kept))]
    while kept:
        weakest = min(range(len(kept)), key=margins.__getitem__)
        if margins[weakest] >= 0:
            break
        del kept[weakest], margins[weakest]
        for at in (weakest - 1, weakest):
            if 0 <= at < len(kept):
                margins[at] = beside.margin(kept, at)
    return kept


class _Beside:
    """The words right and left of a strip, line by line."""

    def __init__(self, lines: Sequence[Line], size: float) -> None:
        self.size = size
        self.lines = [(line.words, [word.bbox.x0 for word in line.words], [word.bbox.x1 for word in line.words]) for line in lines]

    def margin(self, strips: Sequence[Gutter], at: int) -> float:
        """How much wider a strip is than the lines that have text close by on both sides ask for.

        Text counts up to the next strip; the same two words beside each other count once, however often they are printed.
        """
        x0, x1 = strips[at]
        low = max(strips[at - 1][1] if at else float("-inf"), x0 - _NEAR)
        high = min(strips[at + 1][0] if at + 1 < len(strips) else float("inf"), x1 + _NEAR)
        left = right = amounts = 0
        pairs: set[tuple[str, str]] = set()
        for words, starts, ends in self.lines:
            one, two = bisect_right(ends, x0 + 1.0) - 1, bisect_left(starts, x1 - 1.0)
            before = words[one] if one >= 0 and ends[one] >= low else None
            after = words[two] if two < len(words) and starts[two] <= high else None
            amounts += before is not None and before.bbox.x1 >= x0 - 2 and is_amount(before.text)
            if before and after and after.bbox.x0 - before.bbox.x1 < _SPACE_EM * self.size:
                if (before.text, after.text) in pairs:
                    continue
                pairs.add((before.text, after.text))
            left += before is not None
            right += after is not None
        few, many = min(left, right), max(left, right)
        if not few or many < 3:
            return -self.size
        few = 8 if amounts >= 3 and right >= 3 else few
        return x1 - x0 - self.size * next(width for least, width in _WIDTHS_EM if few >= least)


def middle(gutter: Gutter) -> float:
    return (gutter[0] + gutter[1]) / 2
