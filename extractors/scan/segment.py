"""Lines of text on a level sheet: pieces of ink linked sideways, never across a ruling line.

A chunk is a run of type on one line without a wide blank and inside one cell. It is found from connected components: the middle half of
each letter, stretched sideways, meets its neighbours' on the same line but not those of the next line, however tight the lines are set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.image import Gray, Mask, Sheet, box_kernel, odd
from extractors.scan.lines import Lines

Ints = NDArray[np.int64]

LEAST_TYPE = 1.6  # points: the height of the smallest letters read (x-height of 3.5 pt type)
MOST_TYPE = 30.0  # points: higher pieces are logos, stamps, signatures
CLOSED = 4.0  # points of a break in a rule that are rule: less than a cell without it is high
SPECK = -1  # owner of pieces too small to be type
ROW_OF_RESTS = 25.0  # points to either side, within which flat pieces in a row are counted
MOST_DASHES = 4
LEAST_DASH = 0.24  # of the letters' usual height: dust is less wide
LOW = 0.75  # of the letters' usual height: what is lower may be a comma
LINK = 0.8  # of the letters' height: how far a letter reaches out to its neighbours, on either side


@dataclass(frozen=True, slots=True)
class Chunk:
    """One run of type in pixels (`x0, y0, x1, y1`), with the crop to be read (others' ink and rules painted white).

    `dash` says that the shape alone is a lone dash: too little for a recogniser, and beyond doubt without one.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    crop: Gray
    ink: Mask  # the chunk's own ink inside the crop
    left: int  # x of the crop's first column on the sheet
    top: int
    dash: bool = False


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Connected components as parallel arrays; index 0 is the background."""

    labels: NDArray[np.int32]
    x0: Ints
    y0: Ints
    x1: Ints
    y1: Ints
    area: Ints

    @property
    def height(self) -> Ints:
        return self.y1 - self.y0

    @property
    def width(self) -> Ints:
        return self.x1 - self.x0


def find_chunks(sheet: Sheet, lines: Lines) -> list[Chunk]:
    """The runs of type on the sheet, from top to bottom and left to right."""
    barrier = ruled_pixels(lines, sheet.px)
    pieces = _pieces_of(sheet.ink & ~barrier)
    letter = _letters(pieces, sheet.px) & ~_frayed(pieces, lines, sheet.px)
    typical = _typical_height(pieces, letter, sheet.px)
    core = letter & (pieces.height >= 0.45 * typical)
    chunk_of = _linked(pieces, core, typical, barrier)
    _attach_marks(pieces, chunk_of, letter & ~core, typical, sheet.px)
    # Specks that belong to no line may be faint separators: they are left to the recogniser's eye, larger strangers are not.
    specks = (chunk_of == 0) & (np.maximum(pieces.height, pieces.width) < 0.5 * typical)
    specks[0] = False
    return _cut(sheet.gray, pieces, np.where(specks, SPECK, chunk_of), barrier, typical, sheet.px)


def ruled_pixels(lines: Lines, px: float) -> Mask:
    """The pixels of rules, thickened by their soft edges, small breaks closed."""
    rows = cv2.morphologyEx(lines.row_mask.astype(np.uint8), cv2.MORPH_CLOSE, box_kernel(CLOSED * px, 1))
    columns = cv2.morphologyEx(lines.column_mask.astype(np.uint8), cv2.MORPH_CLOSE, box_kernel(1, CLOSED * px))
    soft = odd(px)
    return np.asarray((cv2.dilate(rows, box_kernel(1, soft)) | cv2.dilate(columns, box_kernel(soft, 1))) > 0)


def _pieces_of(ink: Mask) -> _Pieces:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    s = stats.astype(np.int64)
    return _Pieces(np.asarray(labels, np.int32), s[:, 0], s[:, 1], s[:, 0] + s[:, 2], s[:, 1] + s[:, 3], s[:, 4])


def _letters(pieces: _Pieces, px: float) -> Mask:
    """Which pieces may be type: no dust, no pictures, no rests of rules."""
    fits = (pieces.height <= MOST_TYPE * px) & (pieces.area >= max(2.0, 0.12 * px * px))
    rests = (np.maximum(pieces.height, pieces.width) > 12 * px) & (np.minimum(pieces.height, pieces.width) < 1.2 * px)
    fits &= ~rests
    fits[0] = False
    return np.asarray(fits)


def _frayed(pieces: _Pieces, lines: Lines, px: float) -> Mask:
    """Flat pieces close along a rule or many in a row: what is left of a rule where it was pale or ragged, never a dash."""
    flat = np.flatnonzero((pieces.height <= 1.6 * px) & (pieces.width >= 1.5 * pieces.height))
    out = np.zeros(pieces.height.shape, np.bool_)
    if not flat.size:
        return out
    y, x = (pieces.y0 + pieces.y1)[flat, None] / 2, (pieces.x0 + pieces.x1)[flat, None] / 2
    out[flat] = ((np.abs(y - y.T) <= px) & (np.abs(x - x.T) <= ROW_OF_RESTS * px)).sum(axis=1) > MOST_DASHES
    if lines.rows:
        at, start, end = np.array([(s.at, s.start, s.end) for s in lines.rows]).T
        out[flat] |= ((np.abs(y - at) <= 2.5 * px) & (x >= start) & (x <= end)).any(axis=1)
    return out


def _typical_height(pieces: _Pieces, letter: Mask, px: float) -> float:
    """The usual height of letters on the page in pixels (between x-height and capitals)."""
    heights = pieces.height[letter & (pieces.height >= LEAST_TYPE * px) & (pieces.width >= 0.5 * px)]
    return float(np.median(heights)) if heights.size else 5.0 * px


def _linked(pieces: _Pieces, core: Mask, typical: float, barrier: Mask) -> Ints:
    """The chunk number of each piece (0: none), from stretched middle halves that touch."""
    canvas = np.zeros(barrier.shape, np.uint8)
    high = pieces.height > 1.9 * typical
    for i in np.flatnonzero(core & ~_merged(pieces, core, high)):
        height = pieces.y1[i] - pieces.y0[i]
        reach = round(LINK * max(min(height, 3 * typical), 0.9 * typical))
        quarter = height // 4
        cv2.rectangle(
            canvas,
            (int(pieces.x0[i] - reach), int(pieces.y0[i] + quarter)),
            (int(pieces.x1[i] + reach), int(max(pieces.y0[i] + quarter, pieces.y1[i] - 1 - quarter))),
            1,
            -1,
        )
    canvas[barrier] = 0
    _, runs = cv2.connectedComponents(canvas, connectivity=4)
    middle_y, middle_x = (pieces.y0 + pieces.y1) // 2, (pieces.x0 + pieces.x1) // 2
    height, width = barrier.shape
    chunk_of: Ints = runs[np.clip(middle_y, 0, height - 1), np.clip(middle_x, 0, width - 1)].astype(np.int64)
    chunk_of[~core] = 0
    return chunk_of


def _merged(pieces: _Pieces, core: Mask, high: Mask) -> Mask:
    """High pieces that stand among ordinary letters: two lines of type that touch, or a bracket; they must not link lines."""
    out = np.zeros(core.shape, np.bool_)
    ordinary = np.flatnonzero(core & ~high)
    for i in np.flatnonzero(core & high):
        reach = 2 * pieces.height[i]
        near = ordinary[
            (pieces.x0[ordinary] < pieces.x1[i] + reach)
            & (pieces.x1[ordinary] > pieces.x0[i] - reach)
            & (pieces.y0[ordinary] < pieces.y1[i])
            & (pieces.y1[ordinary] > pieces.y0[i])
        ]
        out[i] = near.size >= 3
    return out


def _attach_marks(pieces: _Pieces, chunk_of: Ints, marks: Mask, typical: float, px: float) -> None:
    """Dots, commas, dashes and high pieces join the nearest chunk on their line; a dash alone becomes a chunk of its own.

    What linked to nothing and is lower than letters are may be a large comma: it joins likewise, or stays what it was.
    """
    next_number = int(chunk_of.max()) + 1
    alone = (np.bincount(chunk_of)[chunk_of] == 1) & (pieces.height < LOW * typical)
    before = np.where(alone, chunk_of, 0)
    chunk_of[alone] = 0
    numbers = np.unique(chunk_of[chunk_of > 0])
    boxes = _chunk_boxes(pieces, chunk_of, numbers)
    loose = np.flatnonzero((chunk_of == 0) & (marks | (before > 0)))
    merged = np.flatnonzero((chunk_of == 0) & ~marks & _letters(pieces, px) & (pieces.height > 1.9 * typical))
    for i in [*merged, *loose]:
        best = _nearest_chunk(pieces, int(i), boxes, typical)
        if best is not None:
            chunk_of[i] = numbers[best]
        elif before[i]:
            chunk_of[i] = before[i]
        elif pieces.width[i] >= LEAST_DASH * typical and pieces.width[i] >= 1.5 * pieces.height[i]:
            chunk_of[i] = next_number
            next_number += 1


def _chunk_boxes(pieces: _Pieces, chunk_of: Ints, numbers: Ints) -> NDArray[np.float64]:
    """`(n, 4)` boxes of the chunks named."""
    if not numbers.size:
        return np.zeros((0, 4))
    size = int(chunk_of.max()) + 1
    low, high = np.full((size, 2), np.inf), np.full((size, 2), -np.inf)
    owned = chunk_of > 0
    np.minimum.at(low, chunk_of[owned], np.stack([pieces.x0, pieces.y0], axis=1)[owned].astype(np.float64))
    np.maximum.at(high, chunk_of[owned], np.stack([pieces.x1, pieces.y1], axis=1)[owned].astype(np.float64))
    return np.concatenate([low[numbers], high[numbers]], axis=1)


def _nearest_chunk(pieces: _Pieces, i: int, boxes: NDArray[np.float64], typical: float) -> int | None:
    if not len(boxes):
        return None
    middle = (pieces.y0[i] + pieces.y1[i]) / 2
    high = boxes[:, 3] - boxes[:, 1]
    on_line = (middle > boxes[:, 1] - 0.35 * high) & (middle < boxes[:, 3] + 0.3 * high)
    gap = np.maximum(np.maximum(boxes[:, 0] - pieces.x1[i], pieces.x0[i] - boxes[:, 2]), 0.0)
    off = np.abs(middle - (boxes[:, 1] + boxes[:, 3]) / 2)
    cost = np.where(on_line & (gap <= 1.2 * typical), gap + off, np.inf)
    best = int(np.argmin(cost))
    return best if np.isfinite(cost[best]) else None


def _cut(gray: Gray, pieces: _Pieces, chunk_of: Ints, barrier: Mask, typical: float, px: float) -> list[Chunk]:
    """The crops, each with only its own ink."""
    numbers = np.unique(chunk_of[chunk_of > 0])
    boxes = _chunk_boxes(pieces, chunk_of, numbers)
    chunks = []
    for number, (x0, y0, x1, y1) in zip(numbers, boxes.astype(int), strict=True):
        if y1 - y0 < 0.8 * px and x1 - x0 < 1.0 * px:
            continue
        chunk = _crop(gray, pieces.labels, chunk_of, barrier, int(number), (int(x0), int(y0), int(x1), int(y1)))
        chunks.append(replace(chunk, dash=_is_dash(chunk, typical)))
    return sorted(chunks, key=lambda c: (c.y0, c.x0))


def _is_dash(chunk: Chunk, typical: float) -> bool:
    """A level bar, thin against the type of the page and no longer than a wide letter."""
    width, height = chunk.x1 - chunk.x0, chunk.y1 - chunk.y0
    flat = height <= 0.4 * typical and max(1.5 * height, LEAST_DASH * typical) <= width <= 1.8 * typical
    return flat and float(chunk.ink.sum()) >= 0.65 * width * height


def _crop(gray: Gray, labels: NDArray[np.int32], chunk_of: Ints, barrier: Mask, number: int, box: tuple[int, int, int, int]) -> Chunk:
    x0, y0, x1, y1 = box
    pad = max(2, round(0.3 * (y1 - y0)))
    top, left = max(0, y0 - pad), max(0, x0 - pad)
    window = (slice(top, min(gray.shape[0], y1 + pad)), slice(left, min(gray.shape[1], x1 + pad)))
    owner = chunk_of[labels[window]]
    own = owner == number
    foreign = ((labels[window] > 0) & ~own & (owner != SPECK)) | (barrier[window] & ~own)
    soft = cv2.dilate(foreign.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    keep = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    crop = gray[window].copy()
    crop[(soft & ~keep) | foreign] = 255
    return Chunk(x0, y0, x1, y1, crop, own, left, top)
