from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from extractors.scan.recognise import Reading, threads_granted
from extractors.scan.segment import Chunk
from extractors.scan.words import ReadWord, type_size, words_of


def line(text: str, skip: str = "", gaps: dict[int, int] | None = None) -> tuple[Chunk, Reading]:
    """A line whose characters are bars of 8 pixels, 2 apart; blanks are 8 wide, `gaps` widens the opening after a character.

    Characters in `skip` leave no ink, as faint dots do.
    """
    x, places, spans = 4, [], []
    for i, character in enumerate(text):
        places.append(x + 4)
        if not character.isspace() and character not in skip:
            spans.append((x, x + 8))
        x += 10 + (gaps or {}).get(i, 0)
    ink = np.zeros((28, x + 4), np.bool_)
    for start, end in spans:
        ink[4:24, start:end] = True
    chunk = Chunk(100, 204, 100 + x, 224, np.where(ink, 0, 255).astype(np.uint8), ink, 96, 200)
    return chunk, Reading(text, (0.9,) * len(text), tuple(p / ink.shape[1] for p in places))


def texts(words: list[ReadWord]) -> list[str]:
    return [w.text for w in words]


def test_blanks_part_words_and_boxes_follow_the_ink() -> None:
    words = words_of(*line("DAU 38.700"))
    assert texts(words) == ["DAU", "38.700"]
    assert (words[0].x0, words[0].x1) == (100, 128)
    assert words[1].x0 == 140
    assert (words[0].y0, words[0].y1) == (204, 224)


def test_an_opening_parts_words_that_were_read_together() -> None:
    assert texts(words_of(*line("dandaerah", gaps={2: 8}))) == ["dan", "daerah"]


def test_figures_are_set_wider_than_words() -> None:
    assert texts(words_of(*line("1234", gaps={1: 8}))) == ["1234"]


def test_a_separator_without_ink_does_not_part_a_figure() -> None:
    assert texts(words_of(*line("9.829.027", skip="."))) == ["9.829.027"]


def test_columns_far_apart_are_never_one_word() -> None:
    assert texts(words_of(*line("100200", gaps={2: 40}))) == ["100", "200"]


def test_the_weakest_character_decides_and_separators_do_not() -> None:
    chunk, reading = line("1.5")
    word = words_of(chunk, Reading("1.5", (0.99, 0.3, 0.97), reading.places))[0]
    assert word.confidence == pytest.approx(0.97)
    assert word.digit_confidence == pytest.approx(0.97)


def test_the_sign_of_a_figure_counts_like_its_digits() -> None:
    chunk, reading = line("-47")
    word = words_of(chunk, Reading("-47", (0.5, 0.99, 0.99), reading.places))[0]
    assert (word.confidence, word.digit_confidence) == (0.5, 0.5)


def test_a_roman_numeral_regains_the_stroke_that_the_ink_shows() -> None:
    chunk, reading = line("III")
    assert texts(words_of(chunk, Reading("II", (0.9, 0.9), (reading.places[0], reading.places[2])))) == ["III"]
    assert texts(words_of(*line("II"))) == ["II"]


def test_a_roman_numeral_is_not_cut_between_its_strokes() -> None:
    chunk, reading = line("III")
    blank = Reading("I II", (0.9,) * 4, (reading.places[0], 0.35, *reading.places[1:]))
    assert texts(words_of(chunk, blank)) == ["III"]
    assert texts(words_of(*line("II", gaps={0: 4}))) == ["II"]
    assert texts(words_of(*line("I I", gaps={0: 4}))) == ["I", "I"]


def test_strokes_that_touch_are_told_by_the_paler_ink_between_them() -> None:
    chunk, reading = line("III")
    chunk.ink[4:12, 4:32] = True
    chunk.crop[chunk.ink] = 0
    assert texts(words_of(chunk, Reading("Il", (0.9, 0.9), (reading.places[0], reading.places[2])))) == ["III"]


def test_a_nought_alone_is_told_from_a_letter_by_its_shape() -> None:
    chunk, reading = line("o")
    assert texts(words_of(chunk, reading)) == ["0"]
    chunk.ink[:16] = False
    assert texts(words_of(chunk, reading)) == ["o"]


def test_a_point_alone_before_text_is_a_bullet() -> None:
    assert texts(words_of(*line("· Amanat RPJMD"))) == ["•", "Amanat", "RPJMD"]


def test_a_doubtful_lone_mark_is_dust() -> None:
    chunk, _ = line(".")
    assert words_of(chunk, Reading(".", (0.3,), (0.5,))) == []
    assert texts(words_of(chunk, Reading("-", (0.95,), (0.5,)))) == ["-"]
    assert words_of(chunk, Reading("", (), ())) == []


def test_a_lone_level_bar_is_a_dash_whatever_was_read() -> None:
    chunk, _ = line("-")
    assert texts(words_of(replace(chunk, dash=True), Reading("1", (0.4,), (0.5,)))) == ["-"]


@pytest.mark.parametrize(("text", "height"), [("ABC 123", 7.2), ("gap", 7.4), ("sama", 5.3), ("Program", 9.3)])
def test_type_size_follows_the_letters_of_the_line(text: str, height: float) -> None:
    assert type_size(text, height) == pytest.approx(10.0, rel=0.02)


def test_a_worker_beside_others_reads_with_its_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for granted, threads in (("3", 3), ("2,4", 2), ("", os.cpu_count()), ("0", os.cpu_count())):
        monkeypatch.setenv("OMP_NUM_THREADS", granted)
        assert threads_granted() == threads
