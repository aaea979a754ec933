from __future__ import annotations

import pytest

from extractors.types import TextKind
from normalizers.misread import known_word
from tests.normalizers.test_values import row, table_of


@pytest.mark.parametrize(
    ("read", "meant"),
    [("Kineria", "Kinerja"), ("PENUNIANG", "PENUNJANG"), ("vang", "yang"), ("Pelavanan", "Pelayanan"), ("KOPERAS1", "KOPERASI")],
)
def test_what_is_no_word_is_the_one_word_of_its_shape(read: str, meant: str) -> None:
    assert known_word(read) == meant


@pytest.mark.parametrize("word", ["Kinerja", "Jumlah", "Xyzzy", "Bappelitbangda"])
def test_words_and_what_is_like_none_stay(word: str) -> None:
    assert known_word(word) == word


def test_only_cells_read_from_an_image_with_doubt_are_touched() -> None:
    cells = row("1.793.267.126")
    cells[2] = "Jumlah Pelavanan"
    doubted, certain, text = (
        table_of(cells, kind=kind, confidence=confidence).lines[0].cells["indikator"].text
        for kind, confidence in ((TextKind.SCAN, 0.9), (TextKind.SCAN, 0.999), (TextKind.TEXT, 0.9))
    )
    assert (doubted, certain, text) == ("Jumlah Pelayanan", "Jumlah Pelavanan", "Jumlah Pelavanan")
