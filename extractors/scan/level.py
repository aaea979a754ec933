"""From a page image as it came to one that is upright, level and flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.scan.colour import grey_print
from extractors.scan.flatten import Bend, bend_of
from extractors.scan.image import Gray, is_blank, levelled, paper_of, resized, sheet_of, skew_of, surroundings, working_scale
from extractors.scan.settings import ScanSettings


@dataclass(frozen=True, slots=True)
class Level:
    """A grey image at working resolution, `px` pixels per point; a skew of `angle` degrees and the `bend` were taken out.

    `struck` is where strokes of a pen or a stamp were taken off the print (255; None where there were none). A `blank` image shows
    no type, and nothing else was done to it.
    """

    gray: Gray
    px: float
    angle: float
    bend: Bend | None
    struck: Gray | None
    blank: bool = False


def level_image(image: NDArray[np.uint8], width_pt: float, height_pt: float, settings: ScanSettings) -> Level:
    """The image of a page of that size in points, level and flat; it is resampled once at most."""
    gray, struck = grey_print(image, image.shape[1] / width_pt)
    scale = working_scale((gray.shape[0], gray.shape[1]), width_pt, height_pt, settings)
    gray = resized(gray, scale)
    px = gray.shape[1] / width_pt
    if settings.whole_page:
        gray = np.where(surroundings(gray, px), paper_of(gray), gray).astype(np.uint8)
    sheet = sheet_of(gray, px)
    if is_blank(sheet.ink, px):
        return Level(gray, px, 0.0, None, None, blank=True)
    angle = skew_of(sheet.ink, px)
    bend = bend_of(sheet, angle)

    def straight(picture: Gray) -> Gray:
        return levelled(picture, angle) if bend is None else bend.taken_out(picture)

    return Level(straight(gray), px, angle, bend, None if struck is None else straight(resized(struck, scale)))
