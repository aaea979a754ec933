"""Page images read into the shared page model. Importing this package is cheap; image and OCR libraries load at the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.scan.settings import ScanSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from extractors.types import Bbox, Page

__all__ = ["ScanSettings", "read_scan_page", "reread"]


def read_scan_page(
    image: NDArray[np.uint8],
    number: int,
    width_pt: float,
    height_pt: float,
    *,
    rotation: int = 0,
    settings: ScanSettings | None = None,
) -> Page:
    """The page model of a page image; see `extractors.scan.page.read_scan_page`."""
    from extractors.scan import page

    return page.read_scan_page(image, number, width_pt, height_pt, rotation=rotation, settings=settings or ScanSettings())


def reread(
    image: NDArray[np.uint8],
    boxes: Sequence[Bbox],
    width_pt: float,
    height_pt: float,
    *,
    turn: int = 0,
    settings: ScanSettings | None = None,
) -> list[tuple[str, float]]:
    """Text and confidence of single boxes; see `extractors.scan.rereading.reread`."""
    from extractors.scan import rereading

    return rereading.reread(image, boxes, width_pt, height_pt, turn=turn, settings=settings or ScanSettings())
