"""From a page image to an even grey sheet: paper white, ink black, text lines level.

Arrays are `(height, width)` uint8 unless said otherwise; `px` is always the number of pixels in one point.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.settings import ScanSettings

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

WHITE = 255
SKEW_LIMIT = 5.0  # degrees
FEWEST_LETTERS = 4
SOLID = 7.0  # points: no stroke of type is as thick
HOLE = 26.0  # points: a punched hole is no wider
MARGIN = 8  # points drawn on beyond the edge, so that a narrow border is solid too


@dataclass(frozen=True, slots=True)
class Sheet:
    """An evenly lit page: `gray` with paper at 255, `ink` where something is printed, `px` pixels per point."""

    gray: Gray
    ink: Mask
    px: float


def odd(value: float) -> int:
    """The nearest odd whole number, at least 1."""
    return max(1, round(value) // 2 * 2 + 1)


def box_kernel(width: float, height: float) -> NDArray[np.uint8]:
    """A rectangle of ones, at least one pixel each way."""
    return np.ones((max(1, round(height)), max(1, round(width))), np.uint8)


def to_gray(image: NDArray[np.uint8]) -> Gray:
    """Gray of a `(H, W)`, `(H, W, 1)`, RGB or RGBA image; any other shape is a ValueError."""
    if image.ndim == 2:
        return np.ascontiguousarray(image)
    if image.ndim == 3 and image.shape[2] == 1:
        return np.ascontiguousarray(image[:, :, 0])
    if image.ndim == 3 and image.shape[2] in (3, 4):
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(image[:, :, :3]), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    raise ValueError(f"not a page image: shape {image.shape}")


def working_scale(shape: tuple[int, int], width_pt: float, height_pt: float, settings: ScanSettings) -> float:
    """By how much an image is enlarged (above 1) or reduced before it is read."""
    height, width = shape
    dpi = 72.0 * max(width / width_pt, height / height_pt)
    scale = min(max(dpi, settings.least_dpi), settings.most_dpi) / dpi
    return min(scale, float(np.sqrt(settings.most_pixels / (width * height))))


def resized(gray: Gray, scale: float) -> Gray:
    """The image at another scale; tiny changes are not made, since each resampling costs sharpness."""
    if abs(scale - 1.0) < 0.02:
        return gray
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=how), dtype=np.uint8)


def evened(gray: Gray, px: float) -> Gray:
    """Uneven light and coloured or grey fills taken out: the paper around each stroke becomes white."""
    upright = white_on_dark_turned(gray, px)
    small = cv2.resize(upright, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, box_kernel(2.2 * px, 2.2 * px))
    smooth = cv2.GaussianBlur(closed, (odd(px), odd(px)), 0)
    paper = cv2.resize(smooth, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(upright, cv2.max(paper, 40), scale=WHITE), dtype=np.uint8)


def white_on_dark_turned(gray: Gray, px: float) -> Gray:
    """Dark filled cells with light type, inverted so that ink is dark everywhere."""
    small = cv2.resize(gray, None, fx=1 / px, fy=1 / px, interpolation=cv2.INTER_AREA)  # one pixel per point
    limit = 0.5 * float(np.percentile(small, 75))
    dark = cv2.morphologyEx((cv2.blur(small, (9, 9)) < limit).astype(np.uint8), cv2.MORPH_OPEN, box_kernel(18, 7))
    solid = cv2.erode((small < limit).astype(np.uint8), box_kernel(4, 4))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    share = np.bincount(labels.ravel(), weights=solid.ravel(), minlength=count) / np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    share[0] = 0.0
    if not (share > 0.1).any():
        return gray
    dark = (share > 0.1)[labels].astype(np.uint8)
    zone = cv2.resize(cv2.dilate(dark, box_kernel(7, 7)), (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.where(zone > 0, WHITE - gray, gray).astype(np.uint8)


def surroundings(gray: Gray, px: float) -> Mask:
    """Where the image shows no page: black borders and whatever else is solid and reaches its edge, and holes punched into the page."""
    small = cv2.resize(gray, None, fx=1 / px, fy=1 / px, interpolation=cv2.INTER_AREA)  # one pixel per point
    dark = (small < 0.5 * paper_of(small)).astype(np.uint8)
    beyond = cv2.copyMakeBorder(dark, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(beyond, cv2.MORPH_OPEN, box_kernel(SOLID, SOLID))[MARGIN:-MARGIN, MARGIN:-MARGIN]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    x, y, wide, high, area = (stats[:, i] for i in range(5))
    outside = (np.minimum(x, y) <= 1) | (x + wide >= solid.shape[1] - 1) | (y + high >= solid.shape[0] - 1)
    fits = (np.maximum(wide, high) <= HOLE) & (np.minimum(wide, high) >= 0.7 * np.maximum(wide, high)) & (area >= 0.6 * wide * high)
    for i in np.flatnonzero(fits & ~outside):
        around = (slice(max(0, y[i] - MARGIN), y[i] + high[i] + MARGIN), slice(max(0, x[i] - MARGIN), x[i] + wide[i] + MARGIN))
        outside[i] = (dark & ~solid)[around].sum() < area[i]  # in a fill of dense specks there is more around
    outside[0] = False
    grown = cv2.dilate(outside[labels].astype(np.uint8), box_kernel(5, 5))
    return np.asarray(cv2.resize(grown, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST) > 0)


def binarised(even: Gray, px: float) -> Mask:
    """Where there is ink on an evened page: a threshold halfway to the ink, but clear of the paper's noise."""
    sample = even[::3, ::3]
    noise = paper_noise(even)
    ink_level = float(np.percentile(sample, 2)) if sample.size else 0.0
    threshold = max(WHITE - max(60.0, 5.0 * noise), min(ink_level + 40.0, 150.0))
    return np.asarray(even < min(threshold, 205.0))


def paper_noise(even: Gray) -> float:
    """The standard deviation of the greys of the paper on an evened page."""
    sample = even[::3, ::3]
    paper = sample[sample > 200]
    return float(paper.std()) if paper.size else 0.0


def sheet_of(gray: Gray, px: float) -> Sheet:
    """The evened, binarised sheet of a level grey image."""
    even = evened(gray, px)
    return Sheet(even, binarised(even, px), px)


def is_blank(ink: Mask, px: float) -> bool:
    """Whether a page shows next to nothing of the size of letters: borders, punch holes and dust are no type."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    high, wide = stats[1:, cv2.CC_STAT_HEIGHT] / px, stats[1:, cv2.CC_STAT_WIDTH] / px
    return int(((high > 2.5) & (high < 20) & (wide < 60)).sum()) < FEWEST_LETTERS


def skew_of(ink: Mask, px: float) -> float:
    """The angle in degrees by which the content is turned clockwise, found where its rows (or columns) are sharpest.

    Text lines and rules alike pile up in few rows of the page when it is level. Both directions are asked, since the page may lie
    sideways. Zero where the page shows no preference.
    """
    small = cv2.resize(ink.astype(np.uint8) * WHITE, None, fx=1 / px, fy=1 / px, interpolation=cv2.INTER_AREA) > 40
    coarse = _sharpest(small, np.arange(-SKEW_LIMIT, SKEW_LIMIT + 0.01, 0.25))
    half = cv2.resize(ink.astype(np.uint8) * WHITE, None, fx=2 / px, fy=2 / px, interpolation=cv2.INTER_AREA) > 90
    return _sharpest(half, coarse + np.arange(-0.3, 0.31, 0.03))


def _sharpest(ink: Mask, angles: NDArray[np.float64]) -> float:
    ys, xs = np.nonzero(ink)
    if ys.size < 50:
        return 0.0
    if ys.size > 120_000:
        keep = np.random.default_rng(0).choice(ys.size, 120_000, replace=False)
        ys, xs = ys[keep], xs[keep]
    height, width = ink.shape
    y, x = ys.astype(np.float32) - height / 2, xs.astype(np.float32) - width / 2
    scores = [_pile(y, x, a) + _pile(x, -y, a) for a in np.deg2rad(angles)]
    best = int(np.argmax(scores))
    return float(angles[best]) if scores[best] > 1.02 * float(np.median(scores)) else 0.0


def _pile(across: NDArray[np.float32], along: NDArray[np.float32], angle: float) -> float:
    places = across * np.cos(angle) - along * np.sin(angle)
    counts = np.bincount((places - places.min()).astype(np.int64)).astype(np.float64)
    return float((np.diff(counts) ** 2).sum())


def levelled(gray: Gray, angle: float) -> Gray:
    """The image turned back by `angle` degrees about its centre, same size, paper-coloured corners."""
    if abs(angle) < 0.04:
        return gray
    height, width = gray.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = paper_of(gray)
    size = (width, height)
    return np.asarray(cv2.warpAffine(gray, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper), np.uint8)


def paper_of(gray: Gray) -> int:
    """The grey of the paper."""
    return int(np.percentile(gray[::7, ::7], 80))


def turned(gray: Gray, quarter_turns: int) -> Gray:
    """The image turned clockwise by quarter turns, without loss."""
    return np.ascontiguousarray(np.rot90(gray, -quarter_turns % 4))
