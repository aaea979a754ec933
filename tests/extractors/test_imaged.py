"""Which pictures on a text page are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.document import open_document
from extractors.imaged import shows_a_table
from extractors.pages import Sheet, read_sheet
from extractors.pdfium import open_page
from extractors.settings import DEFAULTS
from tests.extractors.pdf_maker import document, private_letters, text, with_image


def paper() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((200, 300, 3), 255, dtype=np.uint8)


def test_a_picture_of_a_ruled_table_is_read() -> None:
    image = paper()
    image[[5, 50, 100, 195], 5:295] = 0
    image[5:195, [5, 100, 294]] = 0
    assert shows_a_table(image)


@pytest.mark.parametrize("rows", [[], [100], [5, 195]])
def test_charts_and_frames_are_not(rows: list[int]) -> None:
    image = paper()
    image[rows, 5:295] = 0
    image[5:195, [5, 294]] = 0
    assert not shows_a_table(image)


def test_photographs_are_not() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    noise[::20] = 0
    assert not shows_a_table(noise)


def sheet(tmp_path: Path, content: bytes) -> Sheet:
    path = tmp_path / "gambar.pdf"
    path.write_bytes(with_image(document(content)))
    with open_document(path, DEFAULTS) as opened, open_page(opened.pdf, 1) as page:
        return read_sheet(page, 1, DEFAULTS)


def image(x: float, y: float, wide: float, high: float) -> bytes:
    return b"q %g 0 0 %g %g %g cm /Im1 Do Q\n" % (wide, high, x, y)


def test_a_page_of_image_strips_is_a_scan(tmp_path: Path) -> None:
    found = sheet(tmp_path, b"".join(image(0, 84.2 * at, 595, 84.2) for at in range(10)) + text(50, 700, "lapisan", mode=3))
    assert found.needs_ocr
    assert found.hidden_text
    assert found.page.words == ()


def test_text_over_a_background_image_is_text(tmp_path: Path) -> None:
    found = sheet(tmp_path, image(0, 0, 595, 842) + b"".join(text(50, 700 - 20 * at, "Rencana kerja perangkat daerah") for at in range(4)))
    assert not found.needs_ocr
    assert len(found.page.words) == 16


def test_text_under_the_page_image_is_an_ocr_layer(tmp_path: Path) -> None:
    found = sheet(tmp_path, b"".join(text(50, 700 - 20 * at, "Rencana kerja perangkat daerah") for at in range(4)) + image(0, 0, 595, 842))
    assert found.needs_ocr


def test_a_logo_is_no_picture_of_a_table(tmp_path: Path) -> None:
    assert sheet(tmp_path, image(50, 750, 50, 50) + text(50, 700, "Isi")).pictures == ()
    assert len(sheet(tmp_path, image(50, 300, 300, 200) + text(50, 700, "Isi")).pictures) == 1


def test_a_page_of_letters_drawn_as_shapes_is_read_as_an_image(tmp_path: Path) -> None:
    drawn = b"".join(
        b"%g %g m %g %g l %g %g %g %g %g %g c %g %g l h f\n" % (x, y, x + 4, y, x + 5, y, x + 5, y + 7, x + 4, y + 7, x, y + 7)
        for x in range(50, 450, 8)
        for y in range(500, 700, 20)
    )
    found = sheet(tmp_path, drawn + text(50, 40, "Halaman 1"))
    assert found.needs_ocr
    assert not sheet(tmp_path, drawn + b"".join(text(50, 480 - 20 * at, "Rencana kerja perangkat daerah") for at in range(10))).needs_ocr


def test_a_page_of_letters_without_meaning_is_read_as_an_image(tmp_path: Path) -> None:
    path = tmp_path / "privat.pdf"
    for content, wanted in (("ABBA BABA ABAB " * 4, True), ("ABBA Rencana kerja perangkat daerah kota", False)):
        path.write_bytes(private_letters(document(text(50, 700, content))))
        with open_document(path, DEFAULTS) as opened, open_page(opened.pdf, 1) as page:
            assert read_sheet(page, 1, DEFAULTS).needs_ocr is wanted
