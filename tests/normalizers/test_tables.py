"""Typed tables of a document: identity, laziness, explanations, and the corpora's truth."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.types import PageContent
from normalizers.tables import explain_page, understand
from normalizers.types import RowKind
from tests.normalizers.tables_kit import PLAN_HEADER, Text, page_of, raw


def row(serial: int, amount: str = "1.000.000") -> list[Text]:
    return [f"2.17.01.2.02.{serial:04d}", f"Penyediaan {serial}", "Jumlah", "1 Unit", amount, "1 Unit", amount]


def one_page(*rows: list[Text], page: int = 1) -> PageContent:
    return page_of(raw([*PLAN_HEADER, *rows], page=page))


def test_a_line_keeps_its_id_when_it_moves_to_another_page() -> None:
    together = understand([one_page(row(1), row(2))], "d")[0]
    apart = understand([one_page(row(1)), one_page(row(2), page=2)], "d")[0]
    assert [line.id for line in together.lines] == [line.id for line in apart.lines]
    assert together.id == apart.id


def test_equal_rows_have_ids_of_their_own_and_documents_differ() -> None:
    table = understand(
        [one_page(row(1), row(1), ["", "", "Jumlah lain", "2 Unit", "", "", ""], ["", "", "Jumlah lain", "2 Unit", "", "", ""])], "d"
    )[0]
    assert len({line.id for line in table.lines}) == 4
    assert understand([one_page(row(1))], "e")[0].lines[0].id != table.lines[0].id


def test_columns_carry_number_formula_and_unit() -> None:
    header: list[list[Text]] = [
        ["Kode", "Program", "Pagu Sebelum", "Pagu Sesudah", "Bertambah/ Berkurang"],
        ["1", "2", "9", "10", "(11)=10-9"],
    ]
    (table,) = understand([page_of(raw([*header, ["2.17.01", "PROGRAM A", "1.000.000", "2.000.000", "1.000.000"]]))], "d")
    column = table.column("selisih")
    assert column is not None and (column.number, column.formula, column.unit) == ("11", "10-9", "Rp")


def test_pages_are_read_lazily() -> None:
    read: list[int] = []

    def pages() -> Iterator[PageContent]:
        for number in range(1, 4):
            read.append(number)
            yield one_page(row(number), page=number)

    assert len(understand(pages(), "d")[0].lines) == 3 and read == [1, 2, 3]


def test_lost_pages_leave_a_table_incomplete() -> None:
    header: list[list[Text]] = [["No", "Program", "Anggaran (Rp)", "Realisasi (Rp)"]]
    figures: list[Text] = ["1.000.000", "900.000"]
    (table,) = understand([page_of(raw([*header, ["1", "A", *figures]])), page_of(raw([*header, ["2", "B", *figures]], page=3))], "d")
    assert not table.complete and any("halaman hilang" in note for note in table.notes)


def test_every_header_and_row_of_a_page_is_explained() -> None:
    (reason,) = explain_page([one_page(row(1)), one_page(row(2), page=2)], 2)
    assert reason.kind == "rencana_renja" and {column.name for column in reason.columns} >= {"kode", "pagu"}
    assert [(entry.page, entry.kind) for entry in reason.rows] == [(2, RowKind.SUB_KEGIATAN)]
    assert all(entry.reason for entry in (*reason.columns, *reason.rows))


def test_a_long_table_is_fast() -> None:
    pages = [one_page(*[row(25 * page + n) for n in range(25)], page=page) for page in range(1, 61)]
    start = time.perf_counter()
    (table,) = understand(pages, "d")
    assert len(table.lines) == 1500
    assert time.perf_counter() - start < 30


@pytest.mark.slow
@pytest.mark.parametrize("style", ["writer", "rotated", "norepeat"])
def test_real_pages_are_understood(shared: Path, style: str) -> None:
    from extractors.reading import read_pages

    tables = understand(read_pages(shared / f"corpus/facsimile/{style}/paluta-p-renja-2024.pdf"), "d")
    assert [table.kind for table in tables] == ["evaluasi_renja", "tujuan_sasaran", "rencana_perubahan"]
    assert sum(len(table.lines) for table in tables) == 110


def test_a_table_is_not_complete_where_the_next_begins_under_its_last_code() -> None:
    """A header that could not be read anew makes two tables of one; the last kegiatan of the first may have lost rows."""
    kegiatan: list[Text] = ["2.17.01.2.02", "Administrasi Keuangan", *row(1)[2:]]
    header: list[list[Text]] = [["Kode", "Uraian", "Indikator", "Target", "Pagu", "Catatan", "Lokasi"]]
    first, second = one_page(kegiatan, row(1)), page_of(raw([*header, row(2)], page=2))
    kinds = [(table.kind, table.complete) for table in understand([first, second], "d")]
    assert kinds == [("rencana_renja", False), ("rencana_renja", True)]
    assert all(table.complete for table in understand([first, page_of(raw([*header, ["2.17.02.2.01", *kegiatan[1:]]], page=2))], "d"))
