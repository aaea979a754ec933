"""Figures of page images that the checks contradict are read a second time, once and lazily, before their document is audited."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from extractors.errors import ExtractionError
from extractors.types import Bbox
from normalizers.types import TypedDocument
from pipeline.logs import logger
from pipeline.reconcile.evidence import Readings, figures_in_doubt, with_proposals, with_second_readings
from pipeline.store import Store, content_key, tree_fingerprint

READ_AGAIN_STAGE = "bacaan_ulang"
SECONDS = 60.0  # for the second readings of one document; figures that are left stay `mungkin_ocr`
Reading = tuple[str, float]
ReadAgain = Callable[[Path, int, Sequence[Bbox], int], Sequence[Reading]]


def reviewed(document: TypedDocument, path: Path, store: Store | None = None) -> TypedDocument:
    """The document with its doubtful figures read again from `path` and its proposals made; a store keeps what was read again."""
    code = _extractors_code() if store else ""

    def kept(file: Path, page: int, boxes: Sequence[Bbox], rotation: int) -> Sequence[Reading]:
        if store is None:
            return _read_again(file, page, boxes, rotation)
        key = content_key(document.sha256, code, str(page), str(rotation), repr([tuple(box) for box in boxes]))
        return store.get_or_make(READ_AGAIN_STAGE, key, list[Reading], lambda: list(_read_again(file, page, boxes, rotation)))

    return with_proposals(with_second_readings(document, second_readings(document, path, kept)))


def second_readings(document: TypedDocument, path: Path, read_again: ReadAgain, seconds: float = SECONDS) -> Readings:
    """The second readings of the figures that failing checks rest on, page by page until the time is over; none where a page fails."""
    by_page: dict[int, list[Bbox]] = defaultdict(list)
    for value in figures_in_doubt(document) if document.ocr_pages else ():
        by_page[value.page].append(value.bbox)
    readings: dict[tuple[int, Bbox], Reading] = {}
    started = time.monotonic()
    for page, boxes in sorted(by_page.items()):
        if time.monotonic() - started > seconds:
            logger().info("no time left to read figures again", file=document.file_name, page=page)
            break
        try:
            found = read_again(path, page, boxes, document.rotations.get(page, 0))
        except (ExtractionError, OSError, ValueError, RuntimeError) as error:
            logger().warning("figures not read again", file=document.file_name, page=page, reason=str(error))
            continue
        readings.update({(page, box): reading for box, reading in zip(boxes, found, strict=True)})
    return readings


def _read_again(path: Path, page: int, boxes: Sequence[Bbox], rotation: int) -> Sequence[Reading]:
    from extractors.again import read_again

    return read_again(path, page, boxes, rotation)


@cache
def _extractors_code() -> str:
    return tree_fingerprint([Path(__file__).parent.parent / "extractors"], (".py",))
