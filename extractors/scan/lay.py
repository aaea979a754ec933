"""How a page lay before it was made level and flat, so that what was read can be shown where it stands."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.flatten import FINE, Bend
from extractors.scan.level import Level
from extractors.types import Lay

Points = NDArray[np.float64]  # `(n, 2)`, x and y

NODES = 60.0  # points between the places that are kept of a bent page


def lay_of(level: Level, turns: int, width_pt: float, height_pt: float) -> Lay | None:
    """Where a page stands that was levelled and then turned clockwise by quarter `turns`; None where it lay as it is.

    The size is that of the turned page in points; the displayed page is turned alike.
    """
    if level.bend is None and not level.angle:
        return None
    columns, rows = (2, 2) if level.bend is None else (round(width_pt / NODES) + 2, round(height_pt / NODES) + 2)
    x, y = np.meshgrid(np.linspace(0, width_pt, columns), np.linspace(0, height_pt, rows))
    nodes = np.stack([x.ravel(), y.ravel()], axis=1)
    size = (height_pt, width_pt) if turns % 2 else (width_pt, height_pt)
    flat = _turned(nodes, (width_pt, height_pt), -turns % 4)
    places = _bent(flat, level.bend) if level.bend else _skewed(flat, size, level.angle)
    shown = _turned(places, size, turns % 4)
    return Lay(width_pt, height_pt, columns, rows, tuple((round(float(a), 2), round(float(b), 2)) for a, b in shown))


def _turned(points: Points, size: tuple[float, float], quarters: int) -> Points:
    """Points of a page of that size after clockwise quarter turns."""
    for _ in range(quarters):
        points = np.stack([size[1] - points[:, 1], points[:, 0]], axis=1)
        size = (size[1], size[0])
    return points


def _skewed(points: Points, size: tuple[float, float], angle: float) -> Points:
    back = cv2.invertAffineTransform(cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, 1.0))
    return np.asarray(points @ back[:, :2].T + back[:, 2])


def _bent(points: Points, bend: Bend) -> Points:
    at = np.ascontiguousarray(points[None] * FINE - 0.5, np.float32)
    fields = [cv2.remap(field, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for field in (bend.at_x, bend.at_y)]
    return (np.stack([field[0] for field in fields], axis=1).astype(np.float64) + 0.5) / FINE
