"""Horizontal rules, gathered into the frames of tables that have no vertical ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.alignment.text import CAPTION, Line, bands_of, inside, lines_of, phrases_of, text_line, text_size
from extractors.layout import hull
from extractors.types import Bbox, Ruling, Word

SAME_Y = 2.2  # double rules count as one
_TRIM = 12.0  # cells underlined one by one leave less than this between their rules; a wider gap is a cell without a rule
_CLOSED = 0.6  # of the rows, that a rule at a side closes, where the sides of the table are drawn
SAME_X = 4.0  # ends of the rules of one table


@dataclass(frozen=True, slots=True)
class Rule:
    """All horizontal segments of one height: the intervals they cover, and the ends at which one segment touches the next."""

    y: float
    intervals: tuple[tuple[float, float], ...]
    breaks: tuple[float, ...]

    @property
    def x0(self) -> float:
        return self.intervals[0][0]

    @property
    def x1(self) -> float:
        return self.intervals[-1][1]

    @property
    def covered(self) -> float:
        return sum(x1 - x0 for x0, x1 in self.intervals)

    def covers(self, x0: float, x1: float) -> bool:
        """Whether at least half of `x0..x1` lies under the rule."""
        length = sum(max(0.0, min(b, x1) - max(a, x0)) for a, b in self.intervals)
        return length >= 0.5 * (x1 - x0)


@dataclass(frozen=True, slots=True)
class Frame:
    """Rules of one table from top to bottom; the first and the last run over its whole width."""

    rules: tuple[Rule, ...]
    x0: float
    x1: float

    @property
    def box(self) -> Bbox:
        return Bbox(self.x0, self.rules[0].y, self.x1, self.rules[-1].y)

    def whole(self, rule: Rule) -> bool:
        """Whether `rule` runs from one side of the table to the other."""
        return rule.covered >= 0.9 * (self.x1 - self.x0)


def _rule(segments: Sequence[Ruling]) -> Rule:
    spans = sorted((segment.x0, segment.x1) for segment in segments)
    merged = [spans[0]]
    breaks: list[float] = []
    for x0, x1 in spans[1:]:
        last = merged[-1]
        if x0 <= last[1] + 1.5:
            if x0 >= last[1] - 1.5:
                breaks.append((x0 + last[1]) / 2)
            merged[-1] = (last[0], max(last[1], x1))
        else:
            breaks += [(last[1] + x0) / 2] if x0 - last[1] <= _TRIM else [last[1], x0]
            merged.append((x0, x1))
    return Rule(sum(segment.y0 for segment in segments) / len(segments), tuple(merged), tuple(breaks))


def _underlines(rule: Ruling, words: Sequence[Word]) -> bool:
    """Whether the segment underlines a piece of text: as long as the one text right above it, and no longer."""
    near = [word for word in words if -3.5 <= rule.y0 - word.bbox.y1 <= 2.5]
    above = [word for word in near if rule.x0 - 2.5 <= word.bbox.x0 and word.bbox.x1 <= rule.x1 + 2.5]
    if not above or len(phrases_of(text_line(above), 1.2)) > 1:
        return False
    box = hull(word.bbox for word in above)
    return abs(box.x0 - rule.x0) <= 1.5 and abs(box.x1 - rule.x1) <= 1.5


def rules_of(rulings: Iterable[Ruling], words: Sequence[Word]) -> list[Rule]:
    """The horizontal rules from top to bottom, underlined text left out."""
    flat = sorted((ruling for ruling in rulings if ruling.y0 == ruling.y1 and ruling.x1 - ruling.x0 >= 4.0), key=lambda ruling: ruling.y0)
    groups: list[list[Ruling]] = []
    for ruling in flat:
        if groups and ruling.y0 - groups[-1][0].y0 <= SAME_Y:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    kept = ([ruling for ruling in group if len(group) > 2 or not _underlines(ruling, words)] for group in groups)
    return [_rule(group) for group in kept if group]


def _separate(lines: Sequence[Line], height: float, width: float, size: float) -> bool:
    """Whether what stands between two rules lies between two tables: a title, a source note, a paragraph, or nothing at all."""
    if not lines:
        return height > 5 * size
    if any(len(phrases_of(line, 1.2)) > 1 for line in lines):
        return False
    if any(CAPTION.match(line.text) or line.size > 1.15 * size for line in lines):
        return True
    return len(lines) >= 3 and max(line.bbox.width for line in lines) > 0.6 * width


def _same_breaks(first: Rule, second: Rule) -> bool:
    if len(first.breaks) < 2 or len(second.breaks) < 2:
        return True
    shared = sum(1 for x in first.breaks if any(abs(x - other) <= 1.5 for other in second.breaks))
    return shared >= 0.6 * max(len(first.breaks), len(second.breaks))


def _pieces(rules: Sequence[Rule], words: Sequence[Word], sides: Sequence[Ruling], x0: float, x1: float) -> list[list[Rule]]:
    """One table's rules apart from the next table's, where both have the same width; `sides` are upright rules."""
    between = bands_of([word for word in words if x0 - 2 <= word.bbox.centre[0] <= x1 + 2], [rule.y for rule in rules])
    size = text_size([word for band in between for word in band])
    whole = [rule.covered >= 0.9 * (x1 - x0) for rule in rules]
    walled = [_walled(sides, (x0, x1), above.y, below.y) for above, below in pairwise(rules)]
    closed = sum(walled) >= _CLOSED * len(walled)
    pieces: list[list[Rule]] = [[rules[0]]]
    for position, (here, rule) in enumerate(zip(between, rules[1:], strict=True)):
        if whole[position] and whole[position + 1]:
            outside = closed and not walled[position]
            apart = outside or _separate(lines_of(here), rule.y - rules[position].y, x1 - x0, size)
            if apart or not _same_breaks(rules[position], rule):
                pieces.append([])
        pieces[-1].append(rule)
    return pieces


def _walled(sides: Sequence[Ruling], ends: tuple[float, float], top: float, bottom: float) -> bool:
    """Whether an upright rule closes a side between two heights."""
    beside = [side for side in sides if any(abs(side.x0 - x) <= SAME_X for x in ends)]
    return any(min(side.y1, bottom) - max(side.y0, top) > 0.5 * (bottom - top) for side in beside)


def frames_of(rulings: Iterable[Ruling], words: Sequence[Word], page_width: float) -> list[Frame]:
    """Tables told by their rules: three or more rules of one width (or two with partial ones between), with text between them."""
    rulings = list(rulings)
    sides = [ruling for ruling in rulings if ruling.vertical]
    rules = rules_of(rulings, words)
    groups: list[tuple[tuple[float, float], list[Rule]]] = []
    for rule in rules:
        holding = [group for group in reversed(groups) if group[0][0] - SAME_X <= rule.x0 and rule.x1 <= group[0][1] + SAME_X]
        twin = next((group for group in holding if abs(group[0][0] - rule.x0) <= SAME_X and abs(group[0][1] - rule.x1) <= SAME_X), None)
        if holding:
            (twin or holding[0])[1].append(rule)
        elif rule.x1 - rule.x0 >= 0.25 * page_width:
            groups.append(((rule.x0, rule.x1), [rule]))
    frames = []
    for (x0, x1), group in groups:
        for piece in _pieces(group, words, sides, x0, x1):
            frame = _trimmed(piece, x0, x1)
            if frame is not None and _holds_text(frame, words):
                frames.append(frame)
    return sorted(frames, key=lambda frame: frame.rules[0].y)


def _trimmed(rules: Sequence[Rule], x0: float, x1: float) -> Frame | None:
    frame = Frame(tuple(rules), x0, x1)
    whole = [position for position, rule in enumerate(rules) if frame.whole(rule)]
    if not whole or whole[-1] - whole[0] < 1 or (len(whole) < 3 and whole[-1] - whole[0] < 2 and not rules[whole[0]].breaks):
        return None
    return Frame(tuple(rules[whole[0] : whole[-1] + 1]), x0, x1)


def _holds_text(frame: Frame, words: Sequence[Word]) -> bool:
    return sum(1 for word in words if inside(word, frame.box)) >= 4
