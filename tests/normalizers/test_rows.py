"""Logical rows: pieces joined, kinds told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.types import TextKind
from normalizers.labels import is_agency, is_label, leading_number, level_word, lone_number, total_label
from normalizers.levels import GUESSED, levelled
from normalizers.rows import Row, describe, join_rows, shape_of
from normalizers.stitch import stitch
from normalizers.tables import understand
from normalizers.types import RowKind
from tests.normalizers.tables_kit import PLAN_HEADER, Text, page_of, raw


def rows_of(
    *pages: Sequence[Sequence[Text]],
    header: Sequence[Sequence[Text]] = PLAN_HEADER,
    bold: Sequence[int] = (),
    light: Sequence[int] = (),
    kind: TextKind = TextKind.TEXT,
) -> list[Row]:
    """The logical rows of one table whose pages repeat its header; rows by place that are `bold`, but on the `light` pages."""
    tables = [raw([*header, *rows], page=n, bold=[i + len(header) for i in bold if n not in light]) for n, rows in enumerate(pages, 1)]
    (table,) = stitch(page_of(part, kind=kind) for part in tables)
    shape = shape_of(table.rows, {binding.name: binding.kind for binding in table.understanding.bindings})
    return levelled(describe(join_rows(table.rows, shape).rows, shape), shape)


SUB: list[Text] = ["2.17.01.2.02.0001", "Penyediaan Gaji", "Jumlah orang", "15 Orang", "1.793.267.126", "15 Orang", "1.900.000.000"]


def test_level_follows_from_the_length_of_the_code() -> None:
    rows = rows_of(
        [
            ["2", "URUSAN WAJIB", *[""] * 5],
            ["2.17", "BIDANG KOPERASI", *[""] * 5],
            ["02.17.01", "PROGRAM PENUNJANG", *SUB[2:]],
            ["2.17.01.2.02", "Administrasi Keuangan", *SUB[2:]],
            SUB,
        ]
    )
    assert [row.kind for row in rows] == [RowKind.URUSAN, RowKind.BIDANG_URUSAN, RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN]


def test_a_row_cut_by_a_page_break_is_joined() -> None:
    rows = rows_of(
        [[SUB[0], "Penyediaan Jasa Kendaraan", "Jumlah kendaraan yang", *SUB[3:]]],
        [["", "Dinas Operasional", "dipelihara", "", "", "", ""], SUB],
    )
    assert [row.printed_name for row in rows] == ["Penyediaan Jasa Kendaraan Dinas Operasional", "Penyediaan Gaji"]
    assert rows[0].cells["indikator"].text == "Jumlah kendaraan yang dipelihara"


def test_an_amount_cut_by_a_page_break_is_joined() -> None:
    rows = rows_of([[*SUB[:4], "1.793.267.", "15 Orang", "1.900.000.000"]], [["", "dan Tunjangan", "", "", "126", "", ""]])
    assert len(rows) == 1 and rows[0].cells["pagu"].text == "1.793.267.126"


@pytest.mark.parametrize(
    "second",
    [
        ["", "", "Jumlah laporan yang disusun", "2 Laporan", "500.000", "2 Laporan", "500.000"],
        ["", "JUMLAH", "", "", "1.793.267.126", "", ""],
        ["2.17.01.2.02.0002", "dan seterusnya", "", "", "", "", ""],
    ],
)
def test_a_new_row_at_the_top_of_a_page_is_not_joined(second: list[str]) -> None:
    assert len(rows_of([SUB], [second])) == 2


def test_two_line_rows_stay_two_also_over_a_page_break() -> None:
    name: list[Text] = [SUB[0], SUB[1], "", "", "", "", ""]
    amounts: list[Text] = ["", "", *SUB[2:]]
    for rows in (rows_of([name, amounts, name, amounts]), rows_of([name], [amounts, name, amounts])):
        assert [row.kind for row in rows] == [RowKind.SUB_KEGIATAN, RowKind.INDIKATOR] * 2


def test_text_that_overflows_into_the_next_row_is_joined() -> None:
    rows = rows_of([SUB, SUB, ["", "dan tunjangan ASN", "", "", "", "", ""]])
    assert [row.printed_name for row in rows] == ["Penyediaan Gaji", "Penyediaan Gaji dan tunjangan ASN"]


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        (["", "JUMLAH", "", "", "5.000.000", "", ""], "jumlah"),
        (["", "", "", "JUMLAH", "5.000.000", "", ""], "jumlah"),
        (["", "", "Jumlah Belanja Pegawai", "", "5.000.000", "", "-"], "belanja_pegawai"),
        (["", "T O T A L", "", "", "5.000.000", "", ""], "jumlah"),
    ],
)
def test_totals_are_known_wherever_their_label_stands(cells: list[str], label: str) -> None:
    row = rows_of([SUB, cells])[-1]
    assert (row.kind, row.label) == (RowKind.TOTAL, label)


def test_a_total_may_say_the_name_of_the_row_above_that_it_adds_up() -> None:
    named: list[Text] = ["2.17.01", "PROGRAM PENUNJANG", *[""] * 5]
    other: list[Text] = ["", "Jumlah Laporan Bulanan", "", "", "5.000.000", "", ""]
    rows = rows_of([named, SUB, other, ["", "JUMLAH PROGRAM PENUNJANG", "", "", "1.793.267.126", "", ""]])
    assert [row.kind is RowKind.TOTAL for row in rows] == [False, False, False, True]


def test_a_last_row_of_amounts_alone_is_a_total() -> None:
    assert rows_of([SUB, ["", "", "", "", "1.793.267.126", "", "1.900.000.000"]])[-1].kind is RowKind.TOTAL


def test_an_indicator_that_begins_with_jumlah_is_no_total() -> None:
    assert rows_of([SUB, ["", "", "Jumlah kegiatan", "3 kegiatan", "", "", ""]])[-1].kind is RowKind.INDIKATOR


def test_agencies_and_labels() -> None:
    rows = rows_of([["02.17.01", "DINAS KOPERASI", *[""] * 5], ["", "PERENCANAAN", "", "", "-", "", ""], SUB])
    assert [(row.kind, row.label) for row in rows[:2]] == [(RowKind.OTHER, "opd"), (RowKind.OTHER, "perencanaan")]


def test_signatures_under_the_table_are_no_rows() -> None:
    assert len(rows_of([SUB, SUB, ["", "Mengetahui", "", "", "", "", ""], ["", "Ir. Fulan", "", "", "", "", ""]])) == 2


def test_without_codes_numbering_tells_the_level() -> None:
    header: list[list[Text]] = [["NO", "PROGRAM/KEGIATAN/ SUB KEGIATAN", "ANGGARAN", "REALISASI", "CAPAIAN"]]
    figures: list[Text] = ["1.000.000", "900.000", "90%"]
    rows = rows_of(
        [["I", "PROGRAM A", *figures], ["I.1", "Pelembagaan", *figures], ["1", "Penyusunan", *figures], ["2", "Advokasi", *figures]],
        header=header,
    )
    assert [row.kind for row in rows] == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN, RowKind.SUB_KEGIATAN]


def test_rows_that_lack_the_word_of_a_level_are_not_given_it() -> None:
    header: list[list[Text]] = [["URAIAN", "ANGGARAN (Rp)", "REALISASI (Rp)", "%"]]
    figures: list[Text] = ["1.000.000", "900.000", "90"]
    assert [row.kind for row in rows_of([["Program Promosi", *figures], ["Penyusunan cetak biru", *figures]], header=header)] == [
        RowKind.PROGRAM,
        RowKind.OTHER,
    ]


def test_a_label_row_tells_the_level_of_the_next() -> None:
    header: list[list[Text]] = [
        ["No", "Program/ Kegiatan/ Sub Kegiatan", "Lokasi", "Indikator Kinerja", "Besaran/ Volume", "Anggaran", "Catatan"]
    ]
    rows = rows_of(
        [
            ["", "Program", *[""] * 5],
            ["", "Pemberdayaan Usaha", "", "Persentase", "35%", "", ""],
            ["", "- Pelatihan", "Kec. Beji", "", "1 Kegiatan", "Rp. 25.000.000", ""],
        ],
        header=header,
    )
    assert [row.kind for row in rows] == [RowKind.OTHER, RowKind.PROGRAM, RowKind.OTHER]


def test_account_codes_tell_no_level() -> None:
    header: list[list[Text]] = [["Kode Rekening", "URAIAN", "Anggaran Belanja (Rp)"]]
    rows = rows_of(
        [["5", "BELANJA DAERAH", "9.000.000"], ["5.1", "BELANJA OPERASI", "9.000.000"], ["5.1.01", "Belanja Pegawai", "9.000.000"]],
        header=header,
    )
    assert {row.kind for row in rows} == {RowKind.OTHER}


def test_words_of_labels() -> None:
    assert total_label("Nilai rata-rata Indikator :") == "rata_rata"
    assert total_label("Jumlah dokumen perencanaan") is None
    assert total_label("Belanja Barang dan Jasa") is None  # an account: the word for the total is not misread, but missing
    assert level_word("URUSAN PEMERINTAHAN BIDANG TENAGA KERJA") is RowKind.BIDANG_URUSAN
    assert level_word("I PROGRAM PENUNJANG URUSAN") is RowKind.PROGRAM
    assert level_word("Program") is None
    assert is_agency("BADAN PENGELOLAAN KEUANGAN") and not is_agency("Pendataan Dinas")
    assert is_label("Sasaran (2)") and not is_label("Sasaran meningkat")
    assert leading_number("2 Koordinasi dan Penyusunan") == ("2", "Koordinasi dan Penyusunan")
    assert leading_number("a Belanja") == (None, "a Belanja")
    assert lone_number("IX.2") == "IX.2" and lone_number("JUMLAH") is None


def test_rows_that_add_up_to_their_programs_are_kegiatan() -> None:
    header: list[list[Text]] = [["No", "Program/ Kegiatan", "Anggaran (Rp)", "Realisasi (Rp)"]]
    body: list[list[Text]] = [
        ["29", "Program Perencanaan", "3.000.000", "2.500.000"],
        ["1", "Penyusunan buletin", "1.000.000", "900.000"],
        ["2", "Forum perangkat daerah", "2.000.000", "1.600.000"],
        ["53", "Program Komunikasi", "7.000.000", "6.000.000"],
        ["1", "Pengelolaan laman", "4.000.000", "3.500.000"],
        ["2", "Sosialisasi", "3.000.000", "2.500.000"],
    ]
    kinds = [row.kind for row in rows_of(body, header=header)]
    assert kinds == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.KEGIATAN] * 2
    body[2][2] = body[5][2] = "9.000.000"
    body[2][3] = body[5][3] = "8.000.000"
    assert RowKind.KEGIATAN not in [row.kind for row in rows_of(body, header=header)]


def test_rows_counted_anew_under_each_program_are_kegiatan() -> None:
    header: list[list[Text]] = [["No", "Program/ Kegiatan", "Indikator Kinerja", "Pagu Indikatif (Rp)"]]
    body: list[list[Text]] = [
        ["I", "Program Perencanaan", "", ""],
        ["1", "Penyusunan buletin", "Jumlah buletin", "1.000.000"],
        ["2", "Forum perangkat daerah", "Jumlah forum", "2.000.000"],
        ["II", "Program Komunikasi", "", ""],
        ["1", "Pengelolaan laman", "Jumlah laman", "4.000.000"],
    ]
    kinds = [row.kind for row in rows_of(body, header=header)]
    assert kinds == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.KEGIATAN, RowKind.PROGRAM, RowKind.KEGIATAN]


def test_rows_numbered_on_from_program_to_program_are_kegiatan() -> None:
    header: list[list[Text]] = [["No", "Program/ Kegiatan", "Indikator Kinerja", "Pagu Indikatif (Rp)"]]
    body: list[list[Text]] = [
        ["29", "Program Perencanaan", "", ""],
        ["1", "Penyusunan buletin", "Jumlah buletin", "1.000.000"],
        ["2", "Forum perangkat daerah", "Jumlah forum", "2.000.000"],
        ["53", "Program Komunikasi", "", ""],
        ["3", "Pengelolaan laman", "Jumlah laman", "4.000.000"],
    ]
    kinds = [row.kind for row in rows_of(body, header=header)]
    assert kinds == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.KEGIATAN, RowKind.PROGRAM, RowKind.KEGIATAN]


def test_the_level_of_rows_that_do_not_add_up_is_guessed_where_those_of_most_programs_do() -> None:
    header: list[list[Text]] = [["Program/ Kegiatan", "Indikator Kinerja", "Pagu Indikatif (Rp)"]]
    body: list[list[Text]] = []
    for program, amount in (("Program Perencanaan", "3.000.000"), ("Program Komunikasi", "3.000.000"), ("Program Promosi", "3.001.000")):
        body += [[program, "", amount], [f"Penyusunan {program}", "Jumlah", "1.000.000"], [f"Forum {program}", "Jumlah", "2.000.000"]]
    rows = rows_of(body, header=header)
    assert [row.kind for row in rows] == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.KEGIATAN] * 3
    assert [GUESSED in row.notes for row in rows] == [False] * 7 + [True] * 2


def test_a_code_that_goes_on_from_a_programs_is_one_level_below() -> None:
    header: list[list[Text]] = [["Kode", "Program/ Kegiatan", "Lokasi", "Pagu Indikatif (Rp)"]]
    local = [["29", "Program Perencanaan", "", "3.000.000"], ["29.1", "Penyusunan buletin", "Kota", "3.000.000"]]
    older = [["1.01.01", "Program Partisipasi", "", ""], ["1.01.01.01", "Fasilitasi desa", "Desa", "500.000"]]
    for body in (local, older):
        assert [row.kind for row in rows_of(body, header=header)] == [RowKind.PROGRAM, RowKind.KEGIATAN]


def test_the_word_before_a_name_tells_more_than_the_length_of_a_code_of_the_older_numbering() -> None:
    rows = rows_of(
        [
            ["1 1.14", "URUSAN WAJIB BIDANG KETENAGAKERJAAN", *[""] * 5],
            ["1.25.01.53", "Program Komunikasi", *SUB[2:]],
            ["1.25.01.02.53.01", "Kegiatan Layanan Pos", *SUB[2:]],
        ]
    )
    assert [row.kind for row in rows] == [RowKind.URUSAN, RowKind.PROGRAM, RowKind.KEGIATAN]


def test_names_in_columns_of_their_own_have_the_level_of_their_column() -> None:
    header: list[list[Text]] = [["No", "Program", "Kegiatan", "Anggaran (Rp)", "Realisasi (Rp)"]]
    body: list[list[Text]] = [
        ["I", "Pelayanan Administrasi Perkantoran", "", "3.000.000", "2.500.000"],
        ["1", "", "Penyediaan jasa surat menyurat", "1.000.000", "900.000"],
        ["2", "", "Penyediaan alat tulis kantor", "2.000.000", "1.600.000"],
    ]
    (table,) = understand([page_of(raw([*header, *body]))], "d")
    assert [column.name for column in table.columns] == ["no", "program", "uraian", "anggaran", "realisasi"]
    assert [line.kind for line in table.lines] == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.KEGIATAN]
    assert [line.printed_name for line in table.lines] == [body[0][1], body[1][2], body[2][2]]


def test_a_row_of_two_names_is_the_outer_ones_only_where_that_has_rows_of_its_own() -> None:
    header: list[list[Text]] = [["No", "Program", "Kegiatan", "Anggaran (Rp)", "Realisasi (Rp)"]]
    both: list[Text] = ["2", "Program Sarana", "Pengadaan mobil jenazah", "328.380.000", "328.380.000"]
    alone: list[list[Text]] = [
        ["1", "Program Pemakaman", "", "72.268.000", "65.818.000"],
        ["", "", "Koordinasi", "72.268.000", "65.818.000"],
    ]
    merged: list[list[Text]] = [
        ["1", "Program Pemakaman", "Koordinasi", "72.268.000", "65.818.000"],
        ["", "", "Penataan", "6.993.250", "6.993.250"],
    ]
    total: list[Text] = ["", "JUMLAH", "", "407.641.250", "401.191.250"]
    dashed: list[list[Text]] = [["1", "Program Pemakaman", "-", "72.268.000", "65.818.000"], *alone[1:]]
    repeated = [alone[0], *[["", "Program Pemakaman", name, "36.134.000", "32.909.000"] for name in ("Koordinasi", "Penataan")]]
    for rows, kind in (
        (alone, RowKind.PROGRAM),
        (repeated, RowKind.KEGIATAN),
        (dashed, RowKind.PROGRAM),
        (merged, RowKind.KEGIATAN),
        ([*merged, total], RowKind.KEGIATAN),
    ):
        (table,) = understand([page_of(raw([*header, *rows, both]))], "d")
        assert table.lines[-1].kind is kind


def test_a_row_that_fills_only_columns_of_the_row_above_continues_it() -> None:
    header: list[list[Text]] = [["Program/ Kegiatan", "Lokasi", "Uji Coba", "Kuantitas", "Pagu Indikatif (Rp)"]]
    continued: list[Text] = ["", "", "Pengiriman peserta", "1 tahun", ""]
    body: list[list[Text]] = [["Program Pelayanan", "Kota", "Evaluasi", "3 kali", "1.000.000"], continued]
    assert [row.kind for row in rows_of(body, header=header)] == [RowKind.PROGRAM, RowKind.INDIKATOR]
    assert [row.kind for row in rows_of([["Usulan warga", *body[0][1:]], continued], header=header)] == [RowKind.OTHER] * 2


def test_rows_that_nest_by_their_sums_are_kegiatan_and_sub_kegiatan() -> None:
    header: list[list[Text]] = [["Urusan/ Program/ Kegiatan/ Sub Kegiatan", "Anggaran (Rp)", "Realisasi (Rp)"]]
    amounts = {"PROGRAM PENUNJANG": 9, "Administrasi": 5, "Gaji": 3, "Tunjangan": 2, "Pendataan": 0, "Umum": 4, "Listrik": 4}
    body: list[list[Text]] = [[name, *[f"{amount}.000.000" if amount else "0"] * 2] for name, amount in amounts.items()]
    sub, kegiatan = RowKind.SUB_KEGIATAN, RowKind.KEGIATAN
    assert [row.kind for row in rows_of(body, header=header)] == [RowKind.PROGRAM, kegiatan, sub, sub, sub, kegiatan, sub]
    body[3][1] = body[3][2] = "1.000.000"
    assert {row.kind for row in rows_of(body, header=header)[1:]} == {RowKind.OTHER}


def test_codes_printed_from_the_program_on_tell_kegiatan_from_program() -> None:
    bodies = [
        ["01.2.01", "Perencanaan", *SUB[2:]],
        ["01.2.01.0002", "Koordinasi RKA", *SUB[2:]],
        ["01.2.01.0003", "Koordinasi DPA", *SUB[2:]],
    ]
    rows = rows_of(bodies)
    assert [row.kind for row in rows] == [RowKind.KEGIATAN, RowKind.SUB_KEGIATAN, RowKind.SUB_KEGIATAN]
    assert [row.code for row in rows] == ["01.2.01", "01.2.01.0002", "01.2.01.0003"]


def test_a_supporting_bidang_is_no_agency_though_named_as_one() -> None:
    rows = rows_of([["6.01", "INSPEKTORAT DAERAH", *SUB[2:]], ["1.03.07", "DINAS PEKERJAAN UMUM", *SUB[2:]]])
    assert [(row.kind, row.label) for row in rows] == [(RowKind.BIDANG_URUSAN, None), (RowKind.OTHER, "opd")]


def test_a_code_cut_amid_a_number_by_a_page_break_is_joined() -> None:
    rows = rows_of(
        [[SUB[0], *SUB[1:]], ["2.17.01.2.02.000", "Pelaksanaan Penatausahaan", *SUB[2:]]], [["2", "dan Pengujian", *[""] * 5], SUB]
    )
    assert [row.code for row in rows][1] == "2.17.01.2.02.0002"
    assert rows[1].printed_name == "Pelaksanaan Penatausahaan dan Pengujian"


def test_a_lone_text_at_the_top_of_a_page_goes_on_where_no_row_stands_alone() -> None:
    header: list[list[Text]] = [["Program", "Kegiatan", "Sub Kegiatan", "Indikator", "Target"]]
    body: list[list[Text]] = [["Program A", "Kegiatan A", f"Evaluasi {n}", "Jumlah laporan", "2 Laporan"] for n in range(3)]
    rest: list[Text] = ["", "", "Hayati Kabupaten", "", ""]
    assert len(rows_of(body, [rest], header=header)) == 3
    assert len(rows_of([rest, *body], [rest], header=header)) == 5


@pytest.mark.parametrize(("kind", "count"), [(TextKind.SCAN, 1), (TextKind.TEXT, 2)])
def test_a_name_cut_by_a_page_break_goes_on_in_another_weight_only_on_a_scan(kind: TextKind, count: int) -> None:
    cut, rest = [["2.17.01", "PROGRAM PENUNJANG URUSAN", *SUB[2:]]], [["", "DAERAH KABUPATEN/KOTA", *[""] * 5]]
    assert len(rows_of(cut, rest, bold=[0], light=[2], kind=kind)) == count
