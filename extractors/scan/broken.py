"""Rules that faded in places: pieces on one line are one rule, unless the table leaves the rule out between them.

A table leaves a rule out from one crossing rule to another, around a merged cell; what fades, or is lost at the threshold of a
black-and-white scan, begins and ends anywhere. Segments are in pixels along the second axis of the ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.scan.image import WHITE, Mask, box_kernel

ON_LINE = 1.2  # points by which pieces of one rule may lie apart
REACHED = 2.0  # points: how near an end comes to the rule at which it ends
BESIDE = 1.3  # points above and below a rule between which type that crosses it is seen
CROSSED = 0.04  # share of a gap under type from which something else stands there
END = 0.25  # of a rule's length: how much may be lost at its end
FURTHEST = 40.0  # points that may be lost there
FLAT = 0.75  # points: a full stop is higher
NEXT = 3.0  # points from one speck of a rule to the next where some are left
CHAIN = 6.0  # points: a dash is shorter than such specks in a row
LOST = 40.0  # points of a rule between two chains
LEFT = 0.2  # share of a rule that its chains must cover


@dataclass(frozen=True, slots=True)
class Segment:
    """A line in pixels: `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


def speckled(ink: Mask, crossing: Mask, px: float) -> Mask:
    """Where a rule across fell into flat specks at the threshold of a black-and-white scan, with the gaps between them.

    Nothing else stands free as flat as that, speck after speck, again and again in one row; upright specks might be letters one below
    the other. `crossing` is where rules run down: a gap from one to another is a merged cell, or the blank between two tables.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    specks = stats[:, cv2.CC_STAT_HEIGHT] <= max(1.0, FLAT * px)
    specks[0] = False
    rows = cv2.dilate(specks[labels].astype(np.uint8), box_kernel(1, 3))
    near = cv2.morphologyEx(rows, cv2.MORPH_CLOSE, box_kernel(NEXT * px, 1))
    chains = cv2.morphologyEx(near, cv2.MORPH_OPEN, box_kernel(CHAIN * px, 1))
    if not chains.any():
        return np.asarray(chains > 0)
    closed = cv2.morphologyEx(chains, cv2.MORPH_CLOSE, box_kernel(LOST * px, 1))
    dense = (closed > 0) & (cv2.blur(chains * WHITE, (round(2 * LOST * px), 1)) > LEFT * WHITE)
    return np.asarray(dense & ~_from_rule_to_rule(dense & (chains == 0), crossing, px))


def _from_rule_to_rule(gaps: Mask, crossing: Mask, px: float) -> Mask:
    """The gaps, row by row, that begin and end at rules which cross them."""
    out = np.zeros_like(gaps)
    edges = np.diff(np.pad(gaps, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    reach = round(REACHED * px)
    for (y, start), end in zip(np.argwhere(edges > 0), np.argwhere(edges < 0)[:, 1], strict=True):
        ends = [crossing[y, max(0, at - reach) : at + reach + 1].any() for at in (start, end)]
        out[y, start:end] = all(ends) and end - start > 2 * reach
    return out


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
