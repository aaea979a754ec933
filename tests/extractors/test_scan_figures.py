from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from extractors.scan.figures import CERTAIN, DOUBT, doubted_under, is_figure, looked_at_again
from extractors.scan.recognise import Reading, Recogniser
from extractors.scan.segment import Chunk
from extractors.scan.words import ReadWord


class Answers:
    """A recogniser that gives prepared answers, one list for each look."""

    def __init__(self, *looks: Sequence[str]) -> None:
        self.looks = list(looks)

    def read(self, crops: Sequence[Any], batch_pixels: int = 0) -> list[Reading]:
        texts = self.looks.pop(0) if self.looks else []
        assert len(texts) == len(crops)
        return [Reading(t, (1.0,) * len(t), tuple(np.linspace(0, 1, len(t)))) for t in texts]


def found(*texts: str, confidence: float = 0.99) -> list[tuple[Chunk, ReadWord]]:
    ink = np.ones((20, 60), np.bool_)
    chunk = Chunk(0, 0, 60, 20, np.zeros((20, 60), np.uint8), ink, 0, 0)
    return [(chunk, ReadWord(t, 5, 4, 50, 16, confidence, 12.0, 2.0, confidence)) for t in texts]


def confidences(words: Sequence[tuple[Chunk, ReadWord]], *looks: Sequence[str]) -> list[float]:
    reader = cast(Recogniser, Answers(*looks))
    return [w.confidence for w in looked_at_again(words, reader, 1000)]


def test_words_and_small_numbers_are_not_looked_at_twice() -> None:
    assert [is_figure(t) for t in ("1.000", "2024", "Rp.500.000", "12", "Dokumen", "T-C.33")] == [True, True, True, False, False, False]
    assert confidences(found("Program", "12"), [], []) == [0.99, 0.99]


def test_two_looks_that_agree_keep_the_confidence_whatever_the_separators() -> None:
    words = found("1.234.567", confidence=CERTAIN + 0.001)
    assert confidences(words, ["1,234567"]) == [pytest.approx(CERTAIN + 0.001)]


def test_an_uncertain_figure_must_stand_every_look() -> None:
    same = ["1.234.567"]
    assert confidences(found("1.234.567"), same, [], same, same, same) == [0.99]
    assert confidences(found("1.234.567"), same, [], same, same, ["1.284.567"]) == [DOUBT]


def test_two_looks_that_differ_put_the_figure_in_doubt() -> None:
    assert confidences(found("118.710.880"), ["118.710.980"], []) == [DOUBT]


def test_a_certain_first_reading_is_cleared_by_a_third_look() -> None:
    words = found("118.710.980", confidence=CERTAIN + 0.001)
    assert confidences(words, ["118.710.880"], ["118.710.980"]) == [pytest.approx(CERTAIN + 0.001)]
    assert confidences(words, ["118.710.880"], ["118.710.380"]) == [DOUBT]


def test_weak_digits_are_in_doubt_even_where_the_looks_agree() -> None:
    assert confidences(found("1.009", confidence=0.6), ["1.009"], []) == [DOUBT]


def test_on_a_page_that_reads_poorly_figures_must_be_certain_and_stand_harder_looks() -> None:
    words = [*found("1.111", "2.222", "3.333", "4.444"), *found("5.555", "6.666", "7.777", confidence=0.999)]
    second = ["1.117", "2.272", "3.833", "4.444", "5.555", "6.666", "7.777"]
    smeared, thickened = ["5.555", "8.666", "7.777"], ["5.555", "7.177"]
    assert confidences(words, second, [], *[["4.444"]] * 3, smeared, thickened) == [*[DOUBT] * 4, 0.999, DOUBT, DOUBT]


def test_the_reading_itself_is_never_changed() -> None:
    reader = cast(Recogniser, Answers(["118.710.980"], []))
    assert looked_at_again(found("118.710.880"), reader, 1000)[0].text == "118.710.880"


def test_a_figure_over_which_a_pen_went_is_doubted() -> None:
    struck = np.zeros((40, 80), np.bool_)
    words = [word for _, word in found("1.250", "Dinas")]
    assert [w.confidence for w in doubted_under(struck, words)] == [0.99, 0.99]
    struck[4:10, 10:14] = True
    assert [w.confidence for w in doubted_under(struck, words)] == [DOUBT, 0.99]
