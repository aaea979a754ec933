from __future__ import annotations

import pytest

from extractors.types import TextKind
from normalizers.numbers import NumberStyle
from normalizers.separators import in_style
from normalizers.types import ValueStatus
from tests.normalizers.test_values import money, row, table_of


@pytest.mark.parametrize(
    ("read", "style", "meant"),
    [
        ("1,791.010,463", NumberStyle.EN, "1,791,010,463"),
        ("Rp. 1,791.010.463,-", NumberStyle.ID, "Rp. 1.791.010.463,-"),
        ("124,820", NumberStyle.ID, "124.820"),
        ("1,791.010,25", NumberStyle.ID, "1,791.010,25"),
        ("1.791.010.25", NumberStyle.ID, "1.791.010.25"),
        ("21,874,91", NumberStyle.EN, "21,874,91"),
        ("12.5000", NumberStyle.ID, "12.5000"),
    ],
)
def test_groups_of_three_digits_are_groups_whatever_parts_them(read: str, style: NumberStyle, meant: str) -> None:
    assert in_style(read, "rupiah", style) == meant


def test_percents_have_the_decimal_mark_of_their_column() -> None:
    texts = ("98.18", "98.18 %", "1.234,5", "100")
    assert [in_style(text, "persen", NumberStyle.ID) for text in texts] == ["98,18", "98,18 %", "1.234,5", "100"]


def test_only_what_was_read_from_an_image_is_written_anew() -> None:
    rows = [row("1.793.267.126"), row("1.500.000.000"), row("1,933.677,006")]
    scan, text = table_of(*rows, kind=TextKind.SCAN, confidence=0.99), table_of(*rows)
    assert money(scan, 2).rupiah == 1933677006
    assert money(scan, 2).printed == "1.933.677.006"
    assert money(text, 2).status is ValueStatus.MALFORMED
