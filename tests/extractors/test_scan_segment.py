from __future__ import annotations

import numpy as np

from extractors.scan.image import Sheet
from extractors.scan.lines import find_lines
from extractors.scan.segment import Chunk, find_chunks

PX = 200 / 72


def page() -> np.ndarray:
    return np.zeros((300, 800), np.bool_)


def set_letters(ink: np.ndarray, x: int, y: int, count: int, height: int = 14) -> None:
    """Letters as rings, 10 pixels wide and 3 apart."""
    for i in range(count):
        left = x + 13 * i
        ink[y : y + height, left : left + 10] = True
        ink[y + 3 : y + height - 3, left + 3 : left + 7] = False


def chunks_of(ink: np.ndarray) -> list[Chunk]:
    sheet = Sheet(np.where(ink, 0, 255).astype(np.uint8), ink, PX)
    return find_chunks(sheet, find_lines(sheet))


def boxes(ink: np.ndarray) -> list[tuple[int, int, int, int]]:
    return [(c.x0, c.y0, c.x1, c.y1) for c in chunks_of(ink)]


def test_tight_lines_stay_apart() -> None:
    ink = page()
    set_letters(ink, 100, 100, 12)
    set_letters(ink, 100, 117, 12)
    assert boxes(ink) == [(100, 100, 253, 114), (100, 117, 253, 131)]


def test_a_letter_that_touches_the_next_line_does_not_tie_the_lines() -> None:
    ink = page()
    set_letters(ink, 100, 100, 12)
    set_letters(ink, 100, 117, 12)
    ink[112:119, 140:142] = True
    assert len(chunks_of(ink)) == 2


def test_a_line_of_type_never_crosses_a_rule() -> None:
    ink = page()
    set_letters(ink, 100, 100, 6)
    set_letters(ink, 186, 100, 6)
    ink[40:200, 181:183] = True
    found = chunks_of(ink)
    assert [(c.x0, c.x1) for c in found] == [(100, 175), (186, 261)]
    assert all(c.crop[:, 181 - c.left : 183 - c.left].min(initial=255) == 255 for c in found)


def test_a_wide_blank_parts_a_line() -> None:
    ink = page()
    set_letters(ink, 100, 100, 5)
    set_letters(ink, 300, 100, 5)
    assert [(c.x0, c.x1) for c in chunks_of(ink)] == [(100, 162), (300, 362)]


def test_dots_join_their_line_and_a_dash_alone_is_kept() -> None:
    ink = page()
    set_letters(ink, 100, 100, 3)
    ink[111:114, 139:142] = True
    set_letters(ink, 144, 100, 3)
    ink[106:108, 500:508] = True
    figure, dash = chunks_of(ink)
    assert bool(figure.ink[112 - figure.top, 140 - figure.left])
    assert (dash.x0, dash.x1, dash.dash, figure.dash) == (500, 508, True, False)


def test_dust_and_pictures_are_no_type() -> None:
    ink = page()
    set_letters(ink, 100, 200, 4)
    ink[206:208, 300:303] = True
    ink[20:21, 400:401] = True
    ink[20:160, 600:760] = True
    assert boxes(ink) == [(100, 200, 149, 214)]


def test_a_comma_nearly_as_high_as_letters_joins_its_line() -> None:
    ink = page()
    set_letters(ink, 100, 100, 3)
    ink[110:119, 139:143] = True
    set_letters(ink, 150, 100, 3)
    assert boxes(ink) == [(100, 100, 186, 119)]
