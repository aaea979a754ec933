"""Pages that did not lie flat under the scanner or the camera: rules that bend or run apart are made straight and parallel again.

The rules of a table were straight when they were printed. Where they are traced, they say how far the page is displaced; between and
beyond them the displacement is smooth, as paper is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.image import WHITE, Gray, Mask, Sheet, box_kernel, paper_of
from extractors.scan.lines import THICKEST, ridges, unbroken

Floats = NDArray[np.float64]
Field = NDArray[np.float32]  # points by which the content of each place is off, `(height, width)`

FINE = 2.0  # pixels per point at which rules are traced
SHORTEST = 60.0  # points: a shorter line says little about the page
PIECE = 5.0  # points of unbroken ink that a sloping rule still shows in one row of pixels
STEP = 10.0  # points between the places at which a rule is measured
NODES = 60.0  # points between the places at which the displacement is sought
ROUGH = 0.4  # points: a rule is smoother than that, other ink is not
FLAT = 1.5  # points by which rules may bend on a page that is taken as flat
STIFFNESS = 0.3  # of paper against bends, over the weight of one measured place
ROUNDS = 5
FEWEST = 3  # rules
BENT_SHARE = 0.2  # of the length of all rules: how much of it must bend
PROVEN = 0.5  # how little of the bend must be left for it to be believed
LEAST_GAIN = 0.8  # a round that leaves more of the bend than that is the last
INKED = 60  # of 255: how much of a small pixel must be ink


@dataclass(frozen=True, slots=True)
class Trace:
    """A rule as it runs, in points: places `along` its direction and, for each, where it is `across`."""

    along: Floats
    across: Floats

    @property
    def bow(self) -> float:
        return float(np.ptp(self.across))


@dataclass(frozen=True, slots=True)
class Bend:
    """Where each place of the level and flat page stands on the image as it came, at `FINE` pixels a point; `bow` in points."""

    at_x: Field
    at_y: Field
    bow: float

    def taken_out(self, gray: Gray) -> Gray:
        """The image level and flat, same size, paper-coloured where it shows nothing."""
        height, width = gray.shape
        scale = width / self.at_x.shape[1], height / self.at_x.shape[0]
        right, down = (
            cv2.resize((field + 0.5) * by - 0.5, (width, height), interpolation=cv2.INTER_LINEAR)
            for field, by in zip((self.at_x, self.at_y), scale, strict=True)
        )
        page = cv2.remap(gray, right, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper_of(gray))
        return np.asarray(page, np.uint8)


def bend_of(sheet: Sheet, angle: float) -> Bend | None:
    """How a page that is turned clockwise by `angle` degrees is bent; None where its rules are straight or too few to tell."""
    high, wide = sheet.ink.shape
    size = (round(wide * FINE / sheet.px), round(high * FINE / sheet.px))
    row_ink = _small(sheet.ink | ridges(sheet.gray, sheet.px), size)
    column_ink = _small(sheet.ink | ridges(np.ascontiguousarray(sheet.gray.T), sheet.px).T, size)
    at_x, at_y = _turned_places(size, angle)
    right, down = (field.astype(np.float32) for field in np.meshgrid(np.arange(size[0]), np.arange(size[1])))
    bows = [np.inf]
    best = at_x, at_y
    for _ in range(ROUNDS):
        rows = traced(cv2.remap(row_ink, at_x, at_y, cv2.INTER_LINEAR) > INKED, FINE)
        columns = traced(np.ascontiguousarray(cv2.remap(column_ink, at_x, at_y, cv2.INTER_LINEAR).T) > INKED, FINE)
        bow = max(bow_of(rows), bow_of(columns))
        if bow > LEAST_GAIN * bows[-1]:
            break
        bows.append(bow)
        best = at_x, at_y
        if bow < FLAT:
            break
        off_x = right + FINE * displacement(columns, size[::-1], FINE).T
        off_y = down + FINE * displacement(rows, size, FINE)
        at_x, at_y = (cv2.remap(at, off_x, off_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for at in (at_x, at_y))
    return Bend(*best, bows[1]) if bows[-1] < PROVEN * bows[1] else None


def _small(ink: Mask, size: tuple[int, int]) -> Gray:
    return np.asarray(cv2.resize(ink.astype(np.uint8) * WHITE, size, interpolation=cv2.INTER_AREA), np.uint8)


def _turned_places(size: tuple[int, int], angle: float) -> tuple[Field, Field]:
    """Where each pixel of the level page stands on a page turned clockwise by `angle` degrees about its centre."""
    back = cv2.invertAffineTransform(cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, 1.0)).astype(np.float32)
    right, down = (field.astype(np.float32) for field in np.meshgrid(np.arange(size[0]), np.arange(size[1])))
    return back[0, 0] * right + back[0, 1] * down + back[0, 2], back[1, 0] * right + back[1, 1] * down + back[1, 2]


def bow_of(traces: Sequence[Trace]) -> float:
    """By how many points the more bent part of a page's rules leaves the straight and level; 0 where there are too few to tell."""
    if len(traces) < FEWEST:
        return 0.0
    ordered = sorted(traces, key=lambda trace: trace.bow)
    length = np.cumsum([np.ptp(trace.along) for trace in ordered])
    return ordered[int(np.searchsorted(length, (1 - BENT_SHARE) * length[-1]))].bow


def traced(ink: Mask, px: float) -> list[Trace]:
    """The long thin lines that run roughly along the rows of an ink mask."""
    thin = ink & (cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, box_kernel(1, THICKEST * px)) == 0)
    runs = unbroken(thin, px, PIECE)
    joined = cv2.morphologyEx(runs.astype(np.uint8), cv2.MORPH_CLOSE, box_kernel(PIECE * px, 3))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    out = []
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= SHORTEST * px):
        x, y, width, height, area = (int(v) for v in stats[label])
        if label and area <= 0.8 * THICKEST * px * width:
            trace = _trace(labels[y : y + height, x : x + width] == label, x, y, px)
            if trace is not None:
                out.append(trace)
    return out


def _trace(line: Mask, x: int, y: int, px: float) -> Trace | None:
    """The middle of a line at even steps, in points; None for ink that is rougher than a rule."""
    thickness = line.sum(axis=0)
    drawn = np.flatnonzero(thickness)
    middle = (np.arange(line.shape[0])[:, None] * line).sum(axis=0)[drawn] / thickness[drawn]
    starts = np.unique(np.linspace(0, drawn.size, max(3, round(line.shape[1] / (STEP * px))), endpoint=False).astype(int))
    counts = np.diff(np.append(starts, drawn.size))
    along = np.add.reduceat(drawn.astype(np.float64), starts) / counts + x + 0.5
    across = np.add.reduceat(middle, starts) / counts + y + 0.5
    along, across = along / px, across / px
    centre = along.mean()
    smooth = np.polyval(np.polyfit(along - centre, across, min(5, len(starts) // 3)), along - centre)
    off = np.abs(across - smooth)
    if float(np.percentile(off, 80)) > ROUGH:
        return None
    return Trace(along, np.where(off > ROUGH, smooth, across))  # where type touches the rule


def displacement(traces: Sequence[Trace], size: tuple[int, int], px: float) -> Field:
    """By how many points, at each pixel of a `(width, height)` page, content lies below where a page with level rules has it."""
    wide, high = size[0] / px, size[1] / px
    columns, rows = max(3, round(wide / NODES)) + 1, max(3, round(high / NODES)) + 1
    if bow_of(traces) < FLAT:
        return np.zeros((size[1], size[0]), np.float32)
    bends = _bends(columns, rows)
    kept = list(traces)
    nodes = np.zeros(rows * columns)
    for _ in range(2):
        weights = [_weights(trace, wide, high, columns, rows) for trace in kept]
        level = np.concatenate([w - w.mean(axis=0) for w in weights])
        wanted = np.concatenate([trace.across - trace.across.mean() for trace in kept])
        normal = level.T @ level + STIFFNESS**2 * bends.T @ bends + 1e-6 * np.eye(rows * columns)
        nodes = np.linalg.solve(normal, level.T @ wanted)
        rest = [np.abs(np.ptp(t.across - w @ nodes)) for t, w in zip(kept, weights, strict=True)]
        limit = max(1.0, 3.0 * float(np.median(rest)))
        kept = [trace for trace, r in zip(kept, rest, strict=True) if r <= limit]
    grid = nodes.reshape(rows, columns).astype(np.float32)
    place_x = np.tile(np.linspace(0, columns - 1, size[0], dtype=np.float32), (size[1], 1))
    place_y = np.tile(np.linspace(0, rows - 1, size[1], dtype=np.float32)[:, None], (1, size[0]))
    return np.asarray(cv2.remap(grid, place_x, place_y, cv2.INTER_LINEAR), np.float32)


def _weights(trace: Trace, wide: float, high: float, columns: int, rows: int) -> Floats:
    """How much each node says about each place of a trace, were it level: `(places, nodes)`, bilinear."""
    x = np.clip(trace.along / wide * (columns - 1), 0, columns - 1.001)
    y = np.full(x.size, np.clip(trace.across.mean() / high * (rows - 1), 0, rows - 1.001))
    left, top = x.astype(int), y.astype(int)
    out = np.zeros((x.size, rows * columns))
    for down in (0, 1):
        for right in (0, 1):
            share = np.abs(1 - right - (x - left)) * np.abs(1 - down - (y - top))
            out[np.arange(x.size), (top + down) * columns + left + right] = share
    return out


def _bends(columns: int, rows: int) -> Floats:
    """The second differences between neighbouring nodes, one row each: what is small on smooth paper."""
    number = np.arange(rows * columns).reshape(rows, columns)
    along = np.stack([number[:, :-2], number[:, 1:-1], number[:, 2:]], -1)
    across = np.stack([number[:-2], number[1:-1], number[2:]], -1)
    triples = np.concatenate([along.reshape(-1, 3), across.reshape(-1, 3)])
    out = np.zeros((len(triples), number.size))
    at = np.arange(len(triples))
    for place, value in enumerate((1.0, -2.0, 1.0)):
        out[at, triples[:, place]] = value
    return out
