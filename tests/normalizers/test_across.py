"""Sheets that were printed over pages side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.types import PageContent
from normalizers.across import joined_across
from normalizers.stitch import LogicalTable, stitch
from tests.normalizers.tables_kit import Text, page_of, raw

LEFT: list[Text] = ["Kode", "Program", "Indikator"]
RIGHT: list[Text] = ["Target", "Pagu (Rp)"]


def sheet(page: int, title: list[Text], numbers: list[Text] | None, *rows: list[Text], heights: tuple[float, ...] = ()) -> PageContent:
    table = raw([title, *([numbers] if numbers else []), *rows], page=page)
    if heights:
        table = replace(table, row_edges=tuple(100 + sum(heights[:n]) for n in range(len(heights) + 1)))
    return page_of(table)


def programs(*numbers: int) -> list[list[Text]]:
    return [[f"1.01.0{n}", f"Program {n}", "Jumlah"] for n in numbers]


def amounts(*numbers: int) -> list[list[Text]]:
    return [[f"{n} Dokumen", f"{n}.000.000"] for n in numbers]


def read(table: LogicalTable) -> list[tuple[str, str]]:
    return [(row.cells["kode"].text, row.cells["pagu"].text) for row in table.rows]


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (1, 3, 2, 4)])
def test_columns_counted_on_at_the_same_heights_belong_to_the_rows_of_the_left_part(order: tuple[int, ...]) -> None:
    one, two, three, four = order  # pages of: left above, left below, right above, right below
    pages = [
        sheet(one, LEFT, ["1", "2", "3"], *programs(1, 2, 3)),
        sheet(two, LEFT, ["1", "2", "3"], *programs(4, 5)),
        sheet(three, RIGHT, ["4", "5"], *amounts(1, 2, 3)),
        sheet(four, RIGHT, ["4", "5"], *amounts(4, 5)),
    ]
    (table,) = stitch(sorted(pages, key=lambda page: page.number))
    assert read(table) == [(f"1.01.0{n}", f"{n}.000.000") for n in range(1, 6)]
    assert (table.first_page, table.last_page) == (1, 4)
    assert table.rows[0].cells["pagu"].page == three


def test_further_pages_need_no_header() -> None:
    pages = [sheet(1, LEFT, ["1", "2", "3"], *programs(1, 2, 3)), sheet(2, RIGHT, ["4", "5"], *amounts(1, 2, 3))]
    pages += [sheet(3, *programs(4)[:1], None, *programs(5, 6, 7)), sheet(4, *amounts(4)[:1], None, *amounts(5, 6, 7))]
    (table,) = stitch(pages)
    assert read(table) == [(f"1.01.0{n}", f"{n}.000.000") for n in range(1, 8)]


def test_without_column_numbers_the_heights_of_the_rows_tell() -> None:
    heights = (12.0, 30.0, 20.0, 12.0)
    left = sheet(1, LEFT, None, *programs(1, 2, 3), heights=heights)
    (table,) = stitch([left, sheet(2, RIGHT, None, *amounts(1, 2, 3), heights=heights)])
    assert read(table)[2] == ("1.01.03", "3.000.000")
    assert len(list(stitch([sheet(1, LEFT, None, *programs(1, 2, 3)), sheet(2, RIGHT, None, *amounts(1, 2, 3))]))) == 2


def test_another_table_of_as_many_rows_stays_apart() -> None:
    heights = (12.0, 30.0, 20.0, 12.0)
    named: list[list[Text]] = [["1", "Sasaran A", "1.000.000"], ["2", "Sasaran B", "2.000.000"], ["3", "Sasaran C", "3.000.000"]]
    other = sheet(2, ["No", "Sasaran", "Anggaran"], None, *named, heights=heights)
    pages = list(joined_across([sheet(1, LEFT, None, *programs(1, 2, 3), heights=heights), other]))
    assert [len(page.tables) for page in pages] == [1, 1]
