"""Rules that faded in places: pieces on one line are one rule, unless the table leaves the rule out between them.

A table leaves a rule out from one crossing rule to another, around a merged cell; what fades, or is lost at the threshold of a
black-and-white scan, begins and ends anywhere. Segments are in pixels along the second axis of the ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.scan.image import Mask

ON_LINE = 1.2  # points by which pieces of one rule may lie apart
REACHED = 2.0  # points: how near an end comes to the rule at which it ends
BESIDE = 1.3  # points above and below a rule between which type that crosses it is seen
CROSSED = 0.04  # share of a gap under type from which something else stands there
END = 0.25  # of a rule's length: how much may be lost at its end
FURTHEST = 20.0  # points that may be lost there


@dataclass(frozen=True, slots=True)
class Segment:
    """A line in pixels: `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


def mended(segments: Sequence[Segment], crossing: Sequence[Segment], ink: Mask, px: float) -> list[Segment]:
    """The lines with what faded of them closed: gaps between pieces, and ends short of the rule at which a table's rules end."""
    whole = [Segment(line[0].at, line[0].start, line[-1].end) for line in _lines(crossing, px)]
    out = []
    for line in _lines(segments, px):
        stops = sorted(c.at for c in whole if c.start - REACHED * px <= line[0].at <= c.end + REACHED * px)
        drawn = [line[0]]
        for piece in line[1:]:
            last = drawn[-1]
            if piece.start - last.end <= last.length + piece.length and _faded(last, piece, stops, ink, px):
                longer = max(last, piece, key=lambda s: s.length)
                drawn[-1] = Segment(longer.at, last.start, max(last.end, piece.end))
            else:
                drawn.append(piece)
        out += [_to_its_ends(piece, stops, ink, px) for piece in drawn]
    return sorted(out, key=lambda s: (s.at, s.start))


def _lines(segments: Sequence[Segment], px: float) -> list[list[Segment]]:
    """Segments by the line on which they lie, each from its start."""
    lines: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: s.start):
        near = [line for line in lines if abs(line[-1].at - segment.at) <= ON_LINE * px and segment.start >= line[-1].end - px]
        if near:
            min(near, key=lambda line: abs(line[-1].at - segment.at)).append(segment)
        else:
            lines.append([segment])
    return lines


def _faded(before: Segment, after: Segment, stops: Sequence[float], ink: Mask, px: float) -> bool:
    """Whether the gap between two pieces of a line is neither a merged cell's nor taken by type."""
    ends = [any(abs(stop - end) <= REACHED * px for stop in stops) for end in (before.end, after.start)]
    return not all(ends) and not _taken((before.at + after.at) / 2, before.end, after.start, stops, ink, px)


def _taken(at: float, start: float, end: float, stops: Sequence[float], ink: Mask, px: float) -> bool:
    """Whether type stands across a stretch of a line; crossing rules are none."""
    first, last = round(start), round(end)
    above, below = round(at - BESIDE * px), round(at + BESIDE * px)
    if last <= first or above < 0 or below >= ink.shape[0]:
        return False
    crossed = ink[above, first:last] & ink[below, first:last]
    for stop in stops:
        crossed[max(0, round(stop - REACHED * px) - first) : max(0, round(stop + REACHED * px) - first)] = False
    return float(crossed.mean()) > CROSSED


def _to_its_ends(segment: Segment, stops: Sequence[float], ink: Mask, px: float) -> Segment:
    """The line drawn on to the next rules that cross its way, where little is missing and nothing stands in between."""
    reach = REACHED * px
    before = max((stop for stop in stops if stop < segment.start + reach), default=segment.start)
    after = min((stop for stop in stops if stop > segment.end - reach), default=segment.end)
    start, end = segment.start, segment.end
    most = min(END * segment.length, FURTHEST * px)
    if start - before <= most and not _taken(segment.at, before, start, stops, ink, px):
        start = min(before, start)
    if after - end <= most and not _taken(segment.at, end, after, stops, ink, px):
        end = max(after, end)
    return replace(segment, start=start, end=end)
