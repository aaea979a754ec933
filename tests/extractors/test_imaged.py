"""Which pictures on a text page are read."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.imaged import shows_a_table


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
