"""Pages of one logical table put together, and tables kept apart."""

from __future__ import annotations

from dataclasses import replace

from extractors.types import RawTable
from normalizers.stitch import LogicalTable, stitch
from tests.normalizers.tables_kit import PLAN_HEADER, Text, page_of, raw


def row(code: str, name: str, amount: str = "1.000.000") -> list[Text]:
    return [code, name, "Jumlah dokumen", "1 Dokumen", amount, "1 Dokumen", amount]


def stitched(*tables: RawTable) -> list[LogicalTable]:
    return list(stitch(page_of(table) for table in tables))


def names_of(table: LogicalTable) -> list[str]:
    return [printed.cells["uraian"].text for printed in table.rows if "uraian" in printed.cells]


def test_a_repeated_header_is_dropped_and_counted() -> None:
    tables = stitched(raw([*PLAN_HEADER, row("1.01.01", "A")]), raw([*PLAN_HEADER, row("1.01.02", "B")], page=2))
    assert [names_of(table) for table in tables] == [["A", "B"]]
    assert tables[0].notes["judul kolom berulang dibuang"] == 1 and tables[0].last_page == 2


def test_a_page_without_header_or_with_column_numbers_alone_continues() -> None:
    numbers: list[Text] = ["1", "2", "3", "4", "5", "6", "7"]
    tables = stitched(
        raw([*PLAN_HEADER, numbers, row("1.01.01", "A")]),
        raw([row("1.01.02", "B")], page=2),
        raw([numbers, row("1.01.03", "C")], page=3),
    )
    assert [names_of(table) for table in tables] == [["A", "B", "C"]]


def test_another_header_begins_another_table() -> None:
    other: list[list[Text]] = [["No", "Sasaran Strategis", "Indikator Kinerja", "Target"], ["1", "Meningkatnya mutu", "Indeks", "80"]]
    assert [table.understanding.kind for table in stitched(raw([*PLAN_HEADER, row("1.01.01", "A")]), raw(other, page=2))] == [
        "rencana_renja",
        "perjanjian_kinerja",
    ]


def test_another_printed_title_begins_another_table_with_the_same_header() -> None:
    tables = stitched(
        raw([*PLAN_HEADER, row("1.01.01", "A")], above=["Tabel 2.1 Rencana Dinas"]),
        raw([*PLAN_HEADER, row("1.01.01", "A")], page=2, above=["Tabel 2.2 Rencana UPTD"]),
    )
    assert [table.title for table in tables] == ["Tabel 2.1 Rencana Dinas", "Tabel 2.2 Rencana UPTD"]


def test_numbering_that_restarts_after_a_total_begins_another_table() -> None:
    agreement: list[list[Text]] = [
        ["No", "PROGRAM", "ANGGARAN", "KETERANGAN"],
        ["1.", "Pelatihan Kerja", "Rp. 1.000.000,-", "APBD"],
        [("JUMLAH", 2), "Rp. 1.000.000,-", ""],
    ]
    tables = stitched(raw(agreement), raw(agreement, page=2))
    assert [len(table.rows) for table in tables] == [2, 2]


def test_a_running_head_is_no_title() -> None:
    head = "LAPORAN KINERJA TAHUN 2025"
    pages = [raw([*PLAN_HEADER, row("1.01.01", "A")], above=[head])] + [
        raw([row(f"1.01.0{n}", "B")], page=n, above=[f"{head} {n}"]) for n in (2, 3)
    ]
    assert len(stitched(*pages)) == 1


def test_the_number_of_a_table_is_never_a_running_head() -> None:
    tables = [raw([*PLAN_HEADER, row("1.01.01", "A")], page=n, above=[f"Tabel 3.{n} Rencana Program"]) for n in (1, 2, 3)]
    assert len(stitched(*tables)) == 3


def test_a_paragraph_between_parts_two_tables_with_the_same_header() -> None:
    text = [
        "Adapun program dan kegiatan pada unit pelaksana teknis daerah",
        "tahun yang sama disajikan sebagai berikut dan dijelaskan kemudian.",
    ]
    tables = stitched(raw([*PLAN_HEADER, row("1.01.01", "A")]), raw([*PLAN_HEADER, row("1.01.01", "A")], page=2, above=text))
    assert len(tables) == 2


def test_a_total_repeated_under_each_page_header_is_dropped() -> None:
    total = ["", "JUMLAH", "", "", "9.000.000", "", "9.000.000"]
    tables = stitched(raw([*PLAN_HEADER, total, row("1.01.01", "A")]), raw([*PLAN_HEADER, total, row("1.01.02", "B")], page=2))
    assert names_of(tables[0]) == ["JUMLAH", "A", "B"]


def test_part_of_the_columns_on_the_same_edges_continues() -> None:
    whole = raw([*PLAN_HEADER, row("1.01.01", "A"), row("1.01.02", "B")])
    part = raw([["Indikator kedua", "2 Unit", "500.000", "3 Unit"]], page=2)
    moved = tuple(edge + whole.column_edges[2] for edge in part.column_edges)
    (table,) = stitched(whole, replace(part, column_edges=moved))
    assert {column: cell.text for column, cell in table.rows[-1].cells.items()} == {
        "indikator": "Indikator kedua",
        "target": "2 Unit",
        "pagu": "500.000",
        "target_maju": "3 Unit",
    }


def test_code_cells_are_joined_with_dots() -> None:
    rows: list[list[Text]] = [
        [("Kode", 5), "Program/ Kegiatan", "Pagu Indikatif", "Lokasi"],
        ["2", "17", "01", "2,06", "02", "A", "1.000.000", "Kota"],
    ]
    assert stitched(raw(rows))[0].rows[0].cells["kode"].text == "2.17.01.2,06.02"


def test_a_label_over_code_and_name_belongs_to_the_name() -> None:
    rows: list[list[Text]] = [*PLAN_HEADER, row("1.01.01", "A"), [("JUMLAH SELURUHNYA", 2), "", "", "1.000.000", "", "1.000.000"]]
    assert stitched(raw(rows))[0].rows[-1].cells["uraian"].text == "JUMLAH SELURUHNYA"


def test_a_repeated_header_that_lost_a_rule_has_the_columns_of_the_table() -> None:
    header: list[Text] = ["Kode", "Program", "Target", "Lokasi", "Pagu (Rp)"]
    first = raw([header, ["1.01.01", "A", "1 Dokumen", "Jawa Barat", "1.000.000"]])
    merged = raw([["Kode", "Program", "Target Lokasi", "Pagu (Rp)"], ["", "B", "2 Dokumen Jawa Barat", "2.000.000"]], page=2)
    edges = (0.0, 50.0, 100.0, 200.0, 250.0)
    (table,) = stitch([page_of(first), page_of(replace(merged, column_edges=edges, bbox=first.bbox))])
    assert [cell.text for cell in table.rows[-1].cells.values()] == ["B", "2 Dokumen Jawa Barat", "2.000.000"]
    assert list(table.rows[-1].cells)[-1] == "pagu"


def test_titles_over_other_columns_within_a_grid_begin_another_table() -> None:
    agreement: list[list[Text]] = [
        ["No", ("Sasaran Strategis", 2), "Indikator Kinerja", "Target"],
        ["1", ("Meningkatnya mutu", 2), "Nilai AKIP", "B"],
        ["2", ("Meningkatnya layanan", 2), "Indeks kepuasan", "85"],
    ]
    programs: list[list[Text]] = [
        ["No", "Program", ("Anggaran (Rp)", 2), "Keterangan"],
        ["1", "Program A", ("1.000.000", 2), "APBD"],
        ["2", "Program B", ("2.000.000", 2), "APBD"],
    ]
    first, second = stitched(raw([*agreement, *programs]))
    assert (first.understanding.kind, second.understanding.kind) == ("perjanjian_kinerja", "pk_anggaran")
    assert names_of(second) == ["Program A", "Program B"]
    title: list[Text] = ["No", "Program", "Anggaran (Rp)"]
    assert len(stitched(raw([title, ["1", "A", "1.000"], title, ["2", "B", "2.000"]]))) == 1


def test_column_numbers_over_other_columns_within_a_grid_begin_the_rest_of_the_table() -> None:
    """Two pages set on one: the second half has columns of other widths, and repeats their numbers alone."""
    numbers = [str(n) for n in range(1, 8)]
    titles = ["Kode", "Uraian", "Indikator Kinerja", "Target", "Pagu (Rp)", "Lokasi"]
    halves: list[list[Text]] = [
        [*titles, ("Catatan", 2)],
        [*numbers[:6], ("7", 2)],
        ["1.01.01", "A", "Jumlah", "1 Dokumen", "1.000.000", "Bima", ("-", 2)],
        ["1", ("2", 2), *numbers[2:]],
        ["1.01.02", ("B", 2), "Jumlah", "2 Dokumen", "2.000.000", "Bima", "-"],
    ]
    (table,) = stitched(raw(halves))
    assert names_of(table) == ["A", "B"]
    assert [printed.cells["pagu"].text for printed in table.rows] == ["1.000.000", "2.000.000"]
