from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.scan import ScanSettings
from extractors.scan.image import evened, levelled, sheet_of, skew_of, surroundings, to_gray, turned, working_scale

PX = 200 / 72


def lined_page(angle: float = 0.0) -> np.ndarray:
    """A page of bars that stand for words in lines, turned clockwise by `angle` degrees."""
    page = np.full((900, 700), 240, np.uint8)
    for y in range(80, 820, 26):
        for x in range(70, 600, 60):
            page[y : y + 9, x : x + 45] = 30
    if angle:
        turn = cv2.getRotationMatrix2D((350, 450), -angle, 1.0)
        page = cv2.warpAffine(page, turn, (700, 900), borderValue=240)
    return page


@pytest.mark.parametrize("angle", [-3.0, -0.7, 0.0, 0.4, 2.0])
@pytest.mark.parametrize("sideways", [False, True])
def test_skew_is_found_on_upright_and_sideways_pages(angle: float, sideways: bool) -> None:
    page = turned(lined_page(angle), 1 if sideways else 0)
    assert skew_of(sheet_of(page, PX).ink, PX) == pytest.approx(angle, abs=0.08)


def test_levelling_takes_the_skew_out() -> None:
    page = levelled(lined_page(1.5), 1.5)
    assert skew_of(sheet_of(page, PX).ink, PX) == pytest.approx(0.0, abs=0.08)


def test_an_empty_page_has_no_skew_and_no_ink() -> None:
    noise = np.random.default_rng(1).normal(235, 6, (600, 500)).clip(0, 255).astype(np.uint8)
    sheet = sheet_of(noise, PX)
    assert sheet.ink.mean() < 1e-4
    assert skew_of(sheet.ink, PX) == 0.0


def test_a_grey_fill_and_uneven_light_become_white_paper() -> None:
    light = np.linspace(150, 250, 600)[None, :].repeat(400, axis=0)
    light[100:200] *= 0.8
    page = light.astype(np.uint8)
    page[140:150, 100:104] = 20
    even = evened(page, PX)
    assert even[120:180, 300:500].min() > 225
    assert even[145, 102] < 80


def test_light_type_on_a_dark_cell_becomes_dark_on_white() -> None:
    page = np.full((500, 700), 245, np.uint8)
    page[100:180, 50:600] = 50
    page[130:150, 200:205] = 240
    even = evened(page, PX)
    assert even[140, 202] < 120
    assert np.median(even[110:170, 300:500]) > 220


def test_dense_black_type_is_not_taken_for_a_dark_cell() -> None:
    page = np.full((300, 600), 255, np.uint8)
    for x in range(20, 560, 9):
        page[100:124, x : x + 5] = 0
    assert evened(page, PX)[112, 200 // 9 * 9 + 2 + 2] < 60


def test_what_is_solid_and_reaches_the_edge_and_punched_holes_are_no_page() -> None:
    page = lined_page()
    page[100:103, 20:680] = page[100:700, 20:23] = 30
    assert not surroundings(page, PX).any()
    page[:, :14] = page[860:] = 20
    cv2.circle(page, (40, 300), 25, 20, -1)
    page[400:440, 100:600] = 30
    outside = surroundings(page, PX)
    assert outside[500, 5] and outside[880, 300] and outside[300, 40]
    assert not outside[80:820, 70:].any()


def test_images_are_read_between_200_and_300_dpi_and_under_the_pixel_cap() -> None:
    settings = ScanSettings()
    assert working_scale((1100, 850), 612, 792, settings) == pytest.approx(2.0, rel=0.01)
    assert working_scale((2200, 1700), 612, 792, settings) == pytest.approx(1.0, rel=0.01)
    assert working_scale((6600, 5100), 612, 792, settings) == pytest.approx(0.5, rel=0.01)
    assert working_scale((4000, 4000), 100, 100, ScanSettings(most_dpi=3000, most_pixels=4_000_000)) == pytest.approx(0.5)


def test_colour_and_alpha_are_taken_as_grey_and_other_arrays_refused() -> None:
    assert to_gray(np.zeros((4, 5, 3), np.uint8)).shape == (4, 5)
    assert to_gray(np.zeros((4, 5, 4), np.uint8)).shape == (4, 5)
    with pytest.raises(ValueError, match="shape"):
        to_gray(np.zeros((4, 5, 2), np.uint8))


@pytest.mark.parametrize("wrong", [{"ocr_threads": -1}, {"least_dpi": 400.0}, {"most_pixels": 10}])
def test_settings_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        ScanSettings(**wrong)  # type: ignore[arg-type]
