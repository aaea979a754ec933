"""Whole pages through the recogniser. The pages are drawn here, with the typeface that Pillow carries."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.scan import read_scan_page, reread
from extractors.scan.page import bold_from
from extractors.types import Bbox, Page, TextKind, Word

WIDTH, HEIGHT, DPI = 420.0, 300.0, 200
COLUMNS = (30, 130, 280, 390)
ROWS = (40, 70, 100, 130, 160)
CELLS = [
    ["Kode", "Uraian", "Pagu (Rp)"],
    ["2.17.01", "Penyediaan Gaji dan Tunjangan", "4.217.489.797"],
    ["2.17.02", "Koordinasi dan Sinkronisasi", "38.700.150"],
    ["2.17.03", "Jumlah Pelatihan", "-"],
]


@cache
def drawn() -> np.ndarray:
    """A page with a title and a ruled table of four rows, RGB."""
    k = DPI / 72
    page = Image.new("RGB", (round(WIDTH * k), round(HEIGHT * k)), (238, 238, 236))
    draw = ImageDraw.Draw(page)
    font, title = ImageFont.load_default(size=9 * k), ImageFont.load_default(size=12 * k)
    draw.text((110 * k, 12 * k), "Rencana Kerja Tahun 2024", font=title, fill=(20, 20, 20))
    draw.rectangle([c * k for c in (COLUMNS[0], ROWS[0], COLUMNS[-1], ROWS[1])], fill=(200, 205, 215))
    for y in ROWS:
        draw.line([COLUMNS[0] * k, y * k, COLUMNS[-1] * k, y * k], fill=(0, 0, 0), width=2)
    for x in COLUMNS:
        draw.line([x * k, ROWS[0] * k, x * k, ROWS[-1] * k], fill=(0, 0, 0), width=2)
    for y, row in zip(ROWS, CELLS, strict=False):
        for x, text in zip(COLUMNS, row, strict=False):
            draw.text(((x + 4) * k, (y + 8) * k), text, font=font, fill=(25, 25, 25))
    for x in range(0, 260, 10):
        draw.text(((40 + x) * k, 250 * k), "dan"[x // 10 % 3], font=font, fill=(30, 30, 30))
    return np.array(page)


def skewed(image: np.ndarray, angle: float) -> np.ndarray:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=(238, 238, 236)))


def cell_texts(page: Page) -> list[list[str]]:
    """The words by the cells of the drawn table."""
    out = []
    for top, bottom in pairwise(ROWS):
        row = []
        for left, right in pairwise(COLUMNS):
            inside = [w for w in page.words if left < w.bbox.centre[0] < right and top < w.bbox.centre[1] < bottom]
            row.append(" ".join(w.text for w in sorted(inside, key=lambda w: w.bbox.x0)))
        out.append(row)
    return out


def word(page: Page, text: str) -> Word:
    return next(w for w in page.words if w.text == text)


def test_importing_the_package_loads_no_ocr_library() -> None:
    check = "import sys, extractors.scan; sys.exit(bool({'cv2', 'onnxruntime', 'rapidocr'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_an_image_without_extent_is_refused() -> None:
    with pytest.raises(ValueError, match="page 7"):
        read_scan_page(np.zeros((0, 10), np.uint8), 7, 100, 100)


def test_bold_begins_between_the_two_weights_of_a_page() -> None:
    assert 0.1 < bold_from([0.09] * 20 + [0.095] * 5 + [0.14] * 3) < 0.13
    assert 0.1 < bold_from([0.09] * 3 + [0.14] * 30) < 0.13
    assert bold_from([0.09, 0.1, 0.095, 0.105]) == float("inf")
    assert bold_from([]) == float("inf")


@pytest.mark.slow
def test_a_page_is_read_into_words_rules_and_confidence() -> None:
    page = read_scan_page(drawn(), 3, WIDTH, HEIGHT)
    assert (page.number, page.width, page.height, page.rotation, page.text_kind) == (3, WIDTH, HEIGHT, 0, TextKind.SCAN)
    assert cell_texts(page) == CELLS
    assert sorted(r.y0 for r in page.rulings if not r.vertical) == pytest.approx(ROWS, abs=1.0)
    assert sorted(r.x0 for r in page.rulings if r.vertical) == pytest.approx(COLUMNS, abs=1.0)
    figure = word(page, "4.217.489.797")
    assert figure.confidence > 0.95
    assert figure.bbox.x0 == pytest.approx(COLUMNS[2] + 4, abs=2.0)
    assert figure.size == pytest.approx(9.0, abs=1.5)
    assert word(page, "Rencana").size > 10.5


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_comes_upright(turn: int) -> None:
    image = np.ascontiguousarray(np.rot90(drawn(), turn // 90))  # counter-clockwise, so `turn` clockwise brings it back
    sides = (HEIGHT, WIDTH) if turn % 180 else (WIDTH, HEIGHT)
    page = read_scan_page(image, 1, *sides, rotation=90)
    assert page.rotation == (90 + turn) % 360
    assert (page.width, page.height) == (WIDTH, HEIGHT)
    assert cell_texts(page) == CELLS


@pytest.mark.slow
@pytest.mark.parametrize("angle", [-3.0, 1.0])
def test_a_skewed_page_is_levelled(angle: float) -> None:
    page = read_scan_page(skewed(drawn(), angle), 1, WIDTH, HEIGHT)
    assert cell_texts(page) == CELLS
    assert "diluruskan" in page.reason


@pytest.mark.slow
def test_a_coarse_grey_and_a_black_and_white_page_are_read() -> None:
    coarse = cv2.resize(drawn(), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    assert cell_texts(read_scan_page(coarse, 1, WIDTH, HEIGHT)) == CELLS
    stark = np.where(drawn().mean(axis=2) < 130, 0, 255).astype(np.uint8)
    assert cell_texts(read_scan_page(stark, 1, WIDTH, HEIGHT)) == CELLS


@pytest.mark.slow
def test_an_empty_page_says_so() -> None:
    noise = np.random.default_rng(2).normal(236, 5, (800, 600)).clip(0, 255).astype(np.uint8)
    page = read_scan_page(noise, 1, 216, 288)
    assert (page.text_kind, page.words, page.rulings) == (TextKind.EMPTY, (), ())


@pytest.mark.slow
def test_boxes_are_read_anew_from_a_finer_image() -> None:
    fine = cv2.resize(drawn(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    page = read_scan_page(drawn(), 1, WIDTH, HEIGHT)
    boxes = [word(page, text).bbox for text in ("4.217.489.797", "38.700.150")] + [Bbox(300, 200, 350, 210)]
    first, second, empty = reread(fine, boxes, WIDTH, HEIGHT)
    assert (first[0], second[0]) == ("4.217.489.797", "38.700.150")
    assert min(first[1], second[1]) > 0.9
    assert empty == ("", 0.0)
    sideways = np.ascontiguousarray(np.rot90(fine))
    assert reread(sideways, boxes[:1], HEIGHT, WIDTH, turn=90)[0][0] == "4.217.489.797"


def test_a_blank_page_with_border_and_punch_hole_needs_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    page = np.random.default_rng(3).normal(236, 6, (800, 600)).clip(0, 255).astype(np.uint8)
    page[:, :20] = 15
    page[380:410, 30:60] = 20
    monkeypatch.setattr("extractors.scan.page.recogniser", None)
    read = read_scan_page(page, 1, 216.0, 288.0)
    assert (read.text_kind, read.words, read.rulings) == (TextKind.EMPTY, (), ())


@pytest.mark.slow
@pytest.mark.parametrize("turns", [0, 1])
def test_boxes_of_a_skewed_page_are_found_where_they_are_displayed(turns: int) -> None:
    """Lines of type read on a page that was levelled: their boxes, brought back, hold the ink of the page as it was given."""
    given = skewed(drawn(), 2.5)
    image = np.ascontiguousarray(np.rot90(given, turns))
    sides = (HEIGHT, WIDTH) if turns % 2 else (WIDTH, HEIGHT)
    page = read_scan_page(image, 1, *sides)
    assert page.lay is not None
    ink = given.mean(axis=2) < 110
    k = DPI / 72
    for word in (w for w in page.words if len(w.text) > 6):
        x0, y0, x1, y1 = (round(v * k) for v in page.lay.displayed(word.bbox))
        assert ink[y0 - 2 : y1 + 3, x0 - 2 : x1 + 3].mean() > 0.1
        assert not ink[y0 - 2 : y1 + 3, [x0 - 4, x1 + 4]].all()
    amount = next(w for w in page.words if w.text == "4.217.489.797")
    there, levelled = page.lay.displayed(amount.bbox), amount.bbox
    assert abs(there.centre[1] - levelled.centre[1]) > 3
