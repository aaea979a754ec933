"""Ruling lines of a page image: thin, broken, dashed or coloured, told from the strokes of letters.

Everything is found for horizontal lines; the vertical ones are the same work on the transposed page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.broken import Segment, mended, speckled
from extractors.scan.image import WHITE, Gray, Mask, Sheet, box_kernel, paper_noise

# Lengths in points. Strokes of letters stay under them in running type; short lines must meet others at both ends.
SHORTEST_ROW_LINE = 14.0
SHORTEST_COLUMN_LINE = 8.5
FREE_ROW_LINE = 40.0
FREE_COLUMN_LINE = 30.0
SHORTEST_PALE = 18.0  # higher than a stroke between two rules
UNMISTAKABLE = 30.0  # no letter has a stroke of this length
THICKEST = 4.0
PALEST = 38.0  # of 255: what a rule must be darker than the paper beside it
FAINTEST = 8.0  # what the rules of a page must be darker where it has none that is darker; type of the other side shows through paler
LONG = 10.0  # points over which the noise of the paper evens out beside a faint rule
CLEAR = 2.0  # points of paper on both sides of a faint rule
PALER = 0.6  # how much of that is enough in line with what is clearer
DOTS = 2.5  # a dotted line has a dot in every stretch of that length
STROKE = 5.0  # what a line is seen of in a low cell
BRIDGE = 6.0
TOUCHING = 2.0  # how near a short line must come to others to be held by them
MEETING = 5.0  # how far an end is drawn out to the line that it all but reaches
ONE_LINE_CELL = 16.0  # a cell of one line of type is no higher
DRAWN = 0.93  # of the way from one rule to another: a rule between them is drawn at least so far
LEAST_GAP = 0.7  # what parts a letter from the rule over or under it


@dataclass(frozen=True, slots=True)
class Lines:
    """The segments of a page in pixels, and the pixels that they cover (one mask per direction)."""

    rows: tuple[Segment, ...]
    columns: tuple[Segment, ...]
    row_mask: Mask
    column_mask: Mask


def find_lines(sheet: Sheet) -> Lines:
    """All ruling lines of a level sheet, broken ones bridged, ends drawn to the lines that they meet."""
    px = sheet.px
    ink, sideways = sheet.ink, np.ascontiguousarray(sheet.ink.T)
    free = ink & ~_solid(ink, px)
    pale_rows, pale_columns = ridges(sheet.gray, px), ridges(np.ascontiguousarray(sheet.gray.T), px)
    sure_rows, sure_columns = unbroken(free, px, UNMISTAKABLE), unbroken(np.ascontiguousarray(free.T), px, UNMISTAKABLE)
    sure_rows |= unbroken(speckled(ink, np.ascontiguousarray(sure_columns.T), px), px, UNMISTAKABLE)
    clear_rows, clear_columns = sure_rows | unbroken(pale_rows, px, UNMISTAKABLE), sure_columns | unbroken(pale_columns, px, UNMISTAKABLE)
    if not (clear_rows.any() or clear_columns.any()):
        pale_rows = clear_rows = _faint(sheet.gray, px)
        pale_columns = clear_columns = _faint(np.ascontiguousarray(sheet.gray.T), px)
    across, down = np.ascontiguousarray(_through(clear_rows, px).T), np.ascontiguousarray(_through(clear_columns, px).T)
    rows, row_labels = _row_segments(ink, pale_rows, sure_rows, down, px, SHORTEST_ROW_LINE)
    columns, column_labels = _row_segments(sideways, pale_columns, sure_columns, across, px, SHORTEST_COLUMN_LINE)
    for _ in range(2):
        rows = {k: s for k, s in rows.items() if _stands(s, list(columns.values()), FREE_ROW_LINE * px, px)}
        columns = {k: s for k, s in columns.items() if _stands(s, list(rows.values()), FREE_COLUMN_LINE * px, px)}
    row_mask = _kept(row_labels, rows)
    column_mask = _kept(column_labels, columns)
    row_pieces, column_pieces = _joined(list(rows.values()), px), _joined(list(columns.values()), px)
    row_list, column_list = mended(row_pieces, column_pieces, ink, px), mended(column_pieces, row_pieces, sideways, px)
    drawn = [_drawn_out(s, row_list, px) for s in column_list]
    cut = [_without_letters(s, row_list, sideways, px) for s in drawn]
    for before, after in zip(drawn, cut, strict=True):
        _uncover(column_mask, before, after, px)
    kept = tuple(part for parts in cut for part in parts)
    return Lines(tuple(_drawn_out(s, column_list, px) for s in row_list), kept, row_mask, np.ascontiguousarray(column_mask.T))


def _through(runs: Mask, px: float) -> Mask:
    """Runs drawn out to the lines that cross or end them, beside which none is seen."""
    return np.asarray(cv2.dilate(runs.astype(np.uint8), box_kernel(2 * DOTS * px, 1)) > 0)


def _row_segments(
    ink: Mask, pale: Mask, sure: Mask, crossing: Mask, px: float, shortest: float
) -> tuple[dict[int, Segment], NDArray[np.int32]]:
    """Candidate horizontal lines by label, with the label image; `sure` are unmistakable ones, `crossing` those that run across."""
    ends = box_kernel(DOTS * px, 1)  # by half of which a ridge runs on past its end
    met = cv2.dilate(crossing.astype(np.uint8), box_kernel((DOTS + 1.0) * px, 1)) > 0
    pale_runs = cv2.erode(unbroken(pale | met, px, max(shortest, SHORTEST_PALE) + DOTS).astype(np.uint8), ends) > 0
    runs = pale_runs | unbroken(ink & (~_high(ink, px) | crossing), px, shortest) | _dashed_runs(ink, px, shortest) | sure
    bridged = cv2.morphologyEx(runs.astype(np.uint8), cv2.MORPH_CLOSE, box_kernel(BRIDGE * px, 3))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    found: dict[int, Segment] = {}
    for label in range(1, count):
        x, y, width, height, _ = (int(v) for v in stats[label])
        if width < shortest * px or height > THICKEST * px + 0.012 * width:
            continue
        inside = (slice(y, y + height), slice(x, x + width))
        if not sure[inside].any() and not _between(ink[inside], crossing[inside], px) and _looks_like_type(ink, x, y, width, height, px):
            continue
        found[label] = Segment(float(centres[label][1]) + 0.5, float(x), float(x + width))
    return found, np.asarray(labels, dtype=np.int32)


def _between(ink: Mask, crossing: Mask, px: float) -> bool:
    """Whether a line is drawn through from one crossing line to another, which no letter is."""
    ends = max(1, round(TOUCHING * px))
    return bool(crossing[:, :ends].any() and crossing[:, -ends:].any() and float(ink.any(axis=0).mean()) > DRAWN)


def unbroken(thin: Mask, px: float, least: float) -> Mask:
    """Runs of ink of at least that length; a step of one pixel (a rest of skew) does not break a run."""
    stepped = cv2.dilate(thin.astype(np.uint8), box_kernel(1, 3))
    return np.asarray((cv2.morphologyEx(stepped, cv2.MORPH_OPEN, box_kernel(least * px, 1)) > 0) & thin)


def ridges(gray: Gray, px: float) -> Mask:
    """Where a thin line runs along, however pale or finely dotted.

    A pale rule is darker than both its sides all along, which type is not, and a dotted one has nothing else close to it; where type
    comes closer, or the paper is darker, a line goes on as it began.
    """
    stretch = box_kernel(DOTS * px, 1)
    soft, lightest = cv2.blur(gray, (stretch.shape[1], 1)), cv2.dilate(gray, stretch)
    least = max(PALEST, 5.0 * paper_noise(gray) / np.sqrt(stretch.shape[1]))
    close = cv2.subtract(_darker_side(soft, 1.2 * px), soft)
    alone = cv2.min(_darker_side(soft, 1.2 * px), _darker_side(soft, 2.0 * px)) > WHITE - PALEST
    all_along = (lightest < _darker_side(gray, 1.2 * px)) | (lightest < _darker_side(gray, 2.4 * px))
    strong = (close > least) & (all_along | alone)
    return _going_on(unbroken(close > PALER * least, px, STROKE), strong, px)


def _faint(gray: Gray, px: float) -> Mask:
    """Where a rule runs along that is all but as light as the paper: no ink, clear of ink on both sides, and long."""
    free = cv2.erode(gray, box_kernel(1, 2 * CLEAR * px)) > WHITE - 2 * PALEST
    proven, weak = (_darker_than_beside(gray, LONG, px, least) & free for least in (FAINTEST, PALER * FAINTEST))
    runs = unbroken(_going_on(weak, unbroken(proven, px, SHORTEST_PALE), px), px, SHORTEST_PALE)
    short = _darker_than_beside(gray, DOTS, px, PALER * FAINTEST)
    reached = cv2.morphologyEx(short.astype(np.uint8), cv2.MORPH_CLOSE, box_kernel(LONG * px, 1)) > 0
    return np.asarray(runs & reached)


def _darker_than_beside(gray: Gray, length: float, px: float, least: float) -> Mask:
    """Where a stretch of some points is darker than the stretches over and under it, by more than the noise of the paper too."""
    stretch = box_kernel(length * px, 1)
    soft = cv2.blur(gray, (stretch.shape[1], 1))
    difference = cv2.subtract(_darker_side(soft, 1.2 * px), soft)
    return np.asarray(difference > max(least, 5.0 * paper_noise(gray) / np.sqrt(stretch.shape[1])))


def _going_on(weak: Mask, strong: Mask, px: float) -> Mask:
    """The strong runs, and the weak ones in line with them that are not most of the line."""
    runs = unbroken(strong, px, SHORTEST_COLUMN_LINE)
    joined = cv2.morphologyEx((weak | runs).astype(np.uint8), cv2.MORPH_CLOSE, box_kernel(BRIDGE * px, 1))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    proven, all_of = (np.bincount(labels[mask], minlength=count) for mask in (runs, weak | runs))
    return np.asarray(strong | (weak & (proven > 0.4 * all_of)[labels]))


def _darker_side(gray: Gray, beside: float) -> Gray:
    """The darker of what is above and what is below each place, at that distance."""
    reach = max(2, round(beside))
    framed = cv2.copyMakeBorder(gray, reach, reach, 0, 0, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.min(framed[: -2 * reach], framed[2 * reach :]), np.uint8)


def _high(ink: Mask, px: float) -> Mask:
    """Ink that stands higher than a line is thick: strokes of letters, and lines that run across."""
    return np.asarray(cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, box_kernel(1, THICKEST * px)) > 0)


def _solid(ink: Mask, px: float) -> Mask:
    """Blots thicker than a line both ways; where two lines cross there is none."""
    return np.asarray(cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, box_kernel(THICKEST * px, THICKEST * px)) > 0)


def _dashed_runs(ink: Mask, px: float, shortest: float) -> Mask:
    """Rows of thin dashes with gaps no longer than a few points."""
    thin = ink & ~np.asarray(cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, box_kernel(1, 2.0 * px)) > 0)
    dashes = cv2.morphologyEx(thin.astype(np.uint8), cv2.MORPH_OPEN, box_kernel(2.5 * px, 1))
    chained = cv2.morphologyEx(dashes, cv2.MORPH_CLOSE, box_kernel(3.5 * px, 3))
    long = cv2.morphologyEx(chained, cv2.MORPH_OPEN, box_kernel(2.5 * shortest * px, 1))
    return np.asarray(long > 0)


def _looks_like_type(ink: Mask, x: int, y: int, width: int, height: int, px: float) -> bool:
    """Whether ink hangs on one side of the line all along it, as letters do on their common top or foot, or on both as on their bars."""
    reach = max(2, round(2.0 * px))
    above = ink[max(0, y - reach) : max(0, y - 1), x : x + width]
    below = ink[y + height + 1 : y + height + reach, x : x + width]
    inked = [float(side.any(axis=0).mean()) if side.size else 0.0 for side in (above, below)]
    return max(inked) > 0.55 or min(inked) > 0.35


def _stands(segment: Segment, others: list[Segment], free: float, px: float) -> bool:
    """Whether a line is long enough to stand alone, or meets crossing lines at both ends."""
    if segment.length >= free:
        return True
    near = TOUCHING * px
    meets = [False, False]
    for other in others:
        if other.start - near <= segment.at <= other.end + near:
            meets[0] |= abs(other.at - segment.start) <= near
            meets[1] |= abs(other.at - segment.end) <= near
    return all(meets)


def _kept(labels: NDArray[np.int32], segments: dict[int, Segment]) -> Mask:
    keep = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
    keep[list(segments)] = True
    return np.asarray(keep[labels])


def _joined(segments: list[Segment], px: float) -> list[Segment]:
    """Pieces that lie on each other or end to end made one."""
    out: list[Segment] = []
    for segment in sorted(segments, key=lambda s: s.start):
        for i, other in enumerate(out):
            if abs(other.at - segment.at) <= 1.2 * px and segment.start - other.end <= px:
                long = other if other.length >= segment.length else segment
                out[i] = Segment(long.at, min(other.start, segment.start), max(other.end, segment.end))
                break
        else:
            out.append(segment)
    return sorted(out, key=lambda s: (s.at, s.start))


def _drawn_out(segment: Segment, crossing: list[Segment], px: float) -> Segment:
    """The line with its ends on the crossing lines that they all but reach."""
    near = MEETING * px
    ends = [segment.start, segment.end]
    for i in (0, 1):
        reach = [c.at for c in crossing if abs(c.at - ends[i]) <= near and c.start - near <= segment.at <= c.end + near]
        if reach:
            ends[i] = min(reach, key=lambda at: abs(at - ends[i]))
    return replace(segment, start=min(ends), end=max(ends))


def _without_letters(segment: Segment, crossing: list[Segment], ink: Mask, px: float) -> list[Segment]:
    """The line without the cells in which it is a letter that happens to stand in its way, as the `j` of `Maju` in a merged cell.

    `ink` has the line's direction along its second axis. Such a cell holds one line of type, the letter stays short of the line at
    which the other would end (of both lines, where the line goes on beyond them), and has other letters close on both sides. What
    stays short of both lines in all its cells is no line at all, but letters that stand one below the other.
    """
    near = TOUCHING * px
    stops = sorted(
        c.at for c in crossing if segment.start - near <= c.at <= segment.end + near and c.start - near <= segment.at <= c.end + near
    )
    cells = [(low, high) for low, high in pairwise(stops) if high - low > near]
    at = round(segment.at)
    if cells and all(_is_short_of_both(ink, at, low, high, px) for low, high in cells):
        return []
    if len(cells) < 2:
        return [segment]
    first, last = abs(stops[0] - segment.start) <= near, abs(stops[-1] - segment.end) <= near
    out = [segment]
    for i, (low, high) in enumerate(cells):
        ends = [low] if first and i == 0 else [high] if last and i == len(cells) - 1 else [low, high]
        if high - low <= ONE_LINE_CELL * px and all(_is_letter(ink, at, end, low + high - end, px) for end in ends):
            rest = out.pop()
            out += [replace(rest, end=low), replace(rest, start=high)]
    return [part for part in out if part.length > near]


def _uncover(mask: Mask, before: Segment, after: list[Segment], px: float) -> None:
    """Take what was cut out of a line out of the mask of lines, so that it is read as type."""
    across, edge = slice(max(0, round(before.at - THICKEST * px)), round(before.at + THICKEST * px)), round(px)
    bounds = [before.start - edge, *(end for part in after for end in (part.start, part.end)), before.end + edge]
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        if end - edge > start + edge:
            mask[across, round(start + edge) : round(end - edge)] = False


def _is_letter(ink: Mask, at: int, outer: float, inner: float, px: float) -> bool:
    """Whether the ink between two crossing lines leaves a gap at the outer one and has ink close on both sides."""
    lane, along = _lane(ink, at, outer, inner, px)
    reach = round(3 * px)
    sides = (ink[max(0, at - reach) : max(0, at - 2), along], ink[at + 3 : at + reach, along])
    return _gap(lane) >= LEAST_GAP * px and all(side.size > 0 and float(side.any(axis=0).mean()) > 0.25 for side in sides)


def _is_short_of_both(ink: Mask, at: int, low: float, high: float, px: float) -> bool:
    """Whether the ink between two crossing lines is a stroke (with a dot, at most) that leaves gaps at both."""
    if high - low > ONE_LINE_CELL * px:
        return False
    lane, _ = _lane(ink, at, low, high, px)
    strokes = int(np.count_nonzero(lane[1:] & ~lane[:-1])) + int(lane[:1].any())
    return 0 < strokes <= 2 and min(_gap(lane), _gap(lane[::-1])) >= LEAST_GAP * px


def _lane(ink: Mask, at: int, outer: float, inner: float, px: float) -> tuple[Mask, slice]:
    """Where a line between two crossing ones shows ink, from the outer one on, and the stretch that this is of its direction."""
    edge = round(0.8 * px)
    low, high = sorted((round(outer), round(inner)))
    along = slice(low + edge, high - edge)
    lane = np.asarray(ink[max(0, at - 1) : at + 2, along].any(axis=0))
    return (lane[::-1] if outer > inner else lane), along


def _gap(lane: Mask) -> int:
    """How far the ink of a lane begins from its start."""
    return int(lane.argmax()) if lane.any() else lane.size
