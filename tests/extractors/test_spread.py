from __future__ import annotations

from dataclasses import replace

from extractors.spread import two_pages
from extractors.types import Bbox, Page, Ruling, TextKind, Word


def table(left: float, right: float) -> tuple[Ruling, ...]:
    across = tuple(Ruling(left, y, right, y) for y in (100.0, 130.0, 160.0))
    return across + tuple(Ruling(x, 100.0, x, 160.0) for x in (left, (left + right) / 2, right))


def word(text: str, x: float, y: float) -> Word:
    return Word(text, Bbox(x, y, x + 40, y + 8), 9.0)


SPREAD = Page(1, 1000, 600, 0, TextKind.SCAN, (word("kiri", 60, 110), word("kanan", 560, 110)), table(50, 460) + table(540, 950))


def test_two_pages_side_by_side_are_parted_between_their_tables() -> None:
    halves = two_pages(SPREAD)
    assert halves is not None
    assert [[w.text for w in half.words] for half in halves] == [["kiri"], ["kanan"]]
    assert [len(half.rulings) for half in halves] == [6, 6]


def test_a_line_over_both_tables_makes_it_one_page() -> None:
    title = Word("Rencana Kerja Tahun 2024", Bbox(400, 60, 600, 72), 12.0)
    assert two_pages(replace(SPREAD, words=(*SPREAD.words, title))) is None


def test_one_wide_table_and_an_upright_page_are_no_spread() -> None:
    assert two_pages(replace(SPREAD, rulings=table(50, 950))) is None
    assert two_pages(replace(SPREAD, height=1400.0)) is None
