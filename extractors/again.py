"""A second look at single figures of a page image, at twice the resolution of the first reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors import pdfium
from extractors.document import open_document
from extractors.errors import UnreadablePage
from extractors.pages import read_sheet
from extractors.settings import DEFAULTS, Settings
from extractors.types import Bbox

FINER = 2.0


def read_again(
    path: Path | str, number: int, boxes: Sequence[Bbox], rotation: int, settings: Settings = DEFAULTS
) -> list[tuple[str, float]]:
    """Text and confidence (0..1) of each box of a page, read from its pixels; nothing of the first reading goes in.

    `boxes` are in points of the upright page, as in `PageContent`, one line of type each; `rotation` is `PageContent.rotation`.
    Raises `UnreadableDocument`, `UnreadablePage`.
    """
    if not boxes:
        return []
    import numpy as np  # arrays and a recogniser are loaded only where a scan asks for them

    from extractors.rendering import page_image
    from extractors.scan import reread

    with open_document(Path(path), settings) as opened:
        if not 1 <= number <= opened.probe.page_count:
            raise UnreadablePage(f"page {number} does not exist; the document has {opened.probe.page_count}")
        with pdfium.open_page(opened.pdf, number) as page:
            first = min(max(read_sheet(page, number, settings).image_dpi, settings.scan_dpi_min), settings.scan_dpi_max)
            image = np.asarray(page_image(page, rotation, FINER * first, settings))
            frame = pdfium.Frame(pdfium.page_bounds(page), rotation)
            return reread(image, boxes, frame.width, frame.height)
