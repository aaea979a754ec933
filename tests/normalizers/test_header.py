"""Header blocks: depth, leaves, column numbers and formulas, and the words that bind them."""

from __future__ import annotations

import pytest

from normalizers.binding import column_score, path_words, snake_case, words
from normalizers.header import find_header, number_row, same_header, split_leaves
from tests.normalizers.tables_kit import PLAN_HEADER, Text, raw

BODY = ["1.01.01", "PROGRAM PENUNJANG", "Nilai AKIP", "B", "1.000.000", "B", "1.100.000"]


def test_merged_header_rows_are_flattened_to_leaves() -> None:
    header = find_header(raw([*PLAN_HEADER, BODY]))
    assert header is not None and header.rows == 2
    assert header.leaves[3].path == ("Rencana Tahun 2024", "Target Capaian Kinerja")
    assert header.leaves[0].path == ("Kode",)


def test_row_of_column_numbers_closes_the_header_and_gives_formulas() -> None:
    rows = [["Kode", "Program", "Target", "Realisasi", "Tingkat (%)"], ["1", "2", "3", "4", "5=(4/3)"], ["1.01", "A", "10", "9", "90%"]]
    header = find_header(raw(rows))
    assert header is not None and header.rows == 2 and header.numbered
    assert [leaf.number for leaf in header.leaves] == ["1", "2", "3", "4", "5"]
    assert header.leaves[4].formula == "(4/3)"


def test_formula_in_the_title_of_a_column_is_declared_too() -> None:
    header = find_header(
        raw([["Kode", "Pagu RKPD", "Pagu Perubahan", "Bertambah/ Berkurang (12-10)"], ["1.01", "5.000.000", "6.000.000", "1.000.000"]])
    )
    assert header is not None and header.leaves[3].formula == "12-10"


@pytest.mark.parametrize(
    "row",
    [
        ["(1)", "(2)", "(3)", "(4)"],
        ["", "2", "3", "4"],
        ["1", "2", "3", "4 = 3/2 x 100%"],
        ["-1", "-2", "-3", "-4"],
        ["-2", "-5", "-8", "-12"],
        ["(1)", "(4)", "(5)", "(9)"],
    ],
)
def test_column_numbers_are_known_in_all_their_spellings(row: list[str]) -> None:
    assert number_row(raw([row]).cells) is not None


def test_codes_in_separate_cells_are_no_column_numbers() -> None:
    assert number_row(raw([["2", "17", "01", "2,06", "Penyediaan"]]).cells) is None


def test_years_counted_under_a_group_are_sub_headers() -> None:
    rows: list[list[Text]] = [
        [("No", 1, 2), ("Sasaran", 1, 2), ("Target Tahun ke-", 3)],
        ["1", "2", "3"],
        ["1", "Meningkatnya mutu", "5%", "6%", "7%"],
    ]
    header = find_header(raw(rows))
    assert header is not None and not header.numbered and header.rows == 2
    assert header.leaves[4].path == ("Target Tahun ke-", "3")


@pytest.mark.parametrize("quarters", [["I", "II", "III", "IV"], ["l", "ll", "lll", "lV"]])
def test_roman_quarters_under_a_group_are_a_header_row(quarters: list[str]) -> None:
    rows: list[list[Text]] = [
        [("Kode", 1, 3), ("Program", 1, 3), ("Realisasi Kinerja pada Triwulan", 8)],
        [(quarter, 2) for quarter in quarters],
        ["K", "Rp"] * 4,
        ["1.01.01", "PROGRAM PENUNJANG", *["5", "1.000.000"] * 4],
    ]
    header = find_header(raw(rows))
    assert header is not None and header.rows == 3
    assert [path_words(leaf.path).groups & {"tw1", "tw4"} for leaf in (header.leaves[2], header.leaves[9])] == [{"tw1"}, {"tw4"}]


def test_words_under_a_title_beside_titles_that_reach_down_are_titles_whatever_they_say() -> None:
    rows: list[list[Text]] = [
        [("No", 1, 2), ("Unit Kerja", 1, 2), ("Jenis Kelamin", 2)],
        ["L", "P"],
        ["1", "Sekretariat", "118", "15"],
    ]
    header = find_header(raw(rows))
    assert header is not None and header.rows == 2
    assert [leaf.path for leaf in header.leaves[2:]] == [("Jenis Kelamin", "L"), ("Jenis Kelamin", "P")]


def test_years_counted_in_every_group_are_no_column_numbers() -> None:
    rows: list[list[Text]] = [
        [("Uraian", 1, 2), ("Anggaran Pada Tahun ke-", 3), ("Realisasi Anggaran Pada Tahun ke-", 3)],
        ["1", "2", "3", "1", "2", "3"],
        ["Belanja pegawai", "1.000.000", "2.000.000", "3.000.000", "900.000", "1.900.000", "2.900.000"],
    ]
    header = find_header(raw(rows))
    assert header is not None and (header.rows, header.numbered) == (2, False)
    assert header.leaves[6].path == ("Realisasi Anggaran Pada Tahun ke-", "3")


def test_a_page_that_starts_with_its_body_has_no_header() -> None:
    assert find_header(raw([BODY, BODY])) is None


def test_text_of_a_cut_row_is_no_header() -> None:
    rows = [["", "Kegiatan dan Kinerja Program", "Indikator Program", "", "", "", ""], BODY]
    assert find_header(raw(rows)) is None


def test_title_inside_the_grid_is_kept_apart() -> None:
    header = find_header(raw([[("Tabel 3.1 Rencana Program", 7)], *PLAN_HEADER, BODY]))
    assert header is not None and header.title == "Tabel 3.1 Rencana Program" and header.rows == 3


def test_a_short_word_is_known_by_its_shape() -> None:
    assert words("Prakiraan Maiu Rencana Tahun 2023") == words("Prakiraan Maju Rencana Tahun 2023")
    assert words("Paqu lndikatif") == words("Pagu Indikatif")
    assert words("data") == ("data",)


def test_strokes_after_a_quarter_are_its_number() -> None:
    assert [words(f"Triwulan {number}")[-1] for number in ("11", "1ll", "lV", "1V", "1", "4")] == ["tw2", "tw3", "tw4", "tw4", "tw1", "tw4"]


def test_misread_letters_leave_a_header_the_same() -> None:
    one, other = (
        find_header(raw([["Kode", "Program/ Kegiatan", word, "Target"], ["1.01", "A", "B", "1"]]))
        for word in ("Indikator Kinerja", "lndlkator Kinerja")
    )
    assert one is not None and other is not None and same_header(one.leaves, other.leaves)


def test_title_over_amount_and_percent_is_two_columns() -> None:
    table = raw([["No", "Program", ("Realisasi", 2)], ["1", "A", "1.000.000", "95,2%"], ["2", "B", "2.000.000", "90,1%"]])
    header = find_header(table)
    assert header is not None and [(leaf.start, leaf.stop) for leaf in split_leaves(table, header).leaves] == [
        (0, 1),
        (1, 2),
        (2, 3),
        (3, 4),
    ]


def test_code_in_five_cells_stays_one_column() -> None:
    table = raw([[("Kode", 5), "Program"], ["2", "17", "01", "2.01", "01", "A"], ["2", "17", "01", "2.01", "02", "B"]])
    header = find_header(table)
    assert header is not None and len(split_leaves(table, header).leaves) == 2


def test_parts_of_a_code_under_one_title_are_one_column() -> None:
    parts = ["Urusan", "Bidang Urusan", "Program", "Kegiatan", "Sub Kegiatan"]
    table = raw([[("Kode", 5), ("Uraian", 1, 2), ("Pagu (Rp)", 1, 2)], [*parts], ["1", "01", "02", "2.01", "01", "A", "1.000.000"]])
    header = find_header(table)
    assert header is not None and header.leaves[0].path == ("Kode",) and header.leaves[0].stop == 5
    assert len(header.leaves) == 3 and header.rows == 2


def test_titles_of_a_form_stand_over_its_header() -> None:
    forms: list[list[Text]] = [
        [("DOKUMEN PELAKSANAAN ANGGARAN", 6), ("FORMULIR DPA 2.2", 1, 2)],
        [("Kabupaten Anu Tahun Anggaran 2019", 6)],
        [("Organisasi : 1.01.01 Dinas Pendidikan", 7)],
    ]
    header = find_header(raw([*forms, *PLAN_HEADER, BODY]))
    assert header is not None and header.rows == 5 and header.leaves[0].path == ("Kode",)


def test_a_year_counted_under_itself_is_that_year() -> None:
    assert path_words(("Target Renstra", "2014", "(n-2)")) == path_words(("Target Renstra", "2014"))


def test_words_of_a_header_are_normalised() -> None:
    assert words("Realisasi s/d Tahun 2022 (n- 1)") == ("realisasi", "sd", "tahun", "{y}", "n1")
    assert "tw2" in words("Realisasi Kinerja pada Trwulan II")
    assert words("Pagu Indikatif (Rp.000)") == ("pagu", "indikatif")
    assert words("Rp") == ("rp",)


@pytest.mark.parametrize(
    ("path", "column", "other"),
    [
        (("Lokasi", "Sebelum Perubahan"), "lokasi_sebelum", "indikator_sebelum"),
        (("Semula (1)", "Target"), "target_sebelum", "target_sesudah"),
        (("Perkiraan Maju Rencana Tahun 2025", "Kebutuhan Dana"), "pagu_maju", "pagu"),
        (("Realisasi Kinerja Pada Triwulan", "III", "Rp"), "tw3_rp", "tw2_rp"),
        (("INDIKATOR KINERJA",), "indikator", "target"),
        (("lndikator Kinerla Progran",), "indikator", "uraian"),
        (("% Realisasi Anggaran",), "persen_realisasi", "realisasi"),
    ],
)
def test_spellings_find_their_column(path: tuple[str, ...], column: str, other: str) -> None:
    printed = path_words(path)
    assert column_score(printed, column) >= 0.6
    assert column_score(printed, column) > column_score(printed, other)


def test_no_before_without_a_word_of_it() -> None:
    assert column_score(path_words(("Tahun 3", "Target")), "target_sebelum") < 0.5


def test_unknown_columns_are_named_from_their_print() -> None:
    assert snake_case(("Kondisi", "Total (unit)")) == "total_unit"
    assert snake_case(("Kondisi", "Baik"), {"baik"}) == "kondisi_baik"
    assert snake_case(()) == "kolom"


def test_a_group_that_names_both_sides_tells_of_none() -> None:
    """Two titles read as one stand over the columns of both: which amount was before the change is not said."""
    assert column_score(path_words(("Semula (1) Menjadi (2)", "Pagu")), "pagu_sebelum") < 0.5
    assert column_score(path_words(("Semula (1)", "Pagu")), "pagu_sebelum") > 0.8
    assert not path_words(("Realisasi Triwulan I Triwulan II", "Rp")).groups & {"tw1", "tw2"}


def test_rows_that_say_of_the_form_stand_over_its_header() -> None:
    rows: list[list[Text]] = [
        ["VISI (RPJMD)", (": Terwujudnya kota yang hebat", 3)],
        ["MISI (RPJMD)", (": Menjamin kemerdekaan", 3)],
        ["Tujuan", "Sasaran", "Strategi", "Arah Kebijakan"],
        ["Meningkatkan ketertiban", "Meningkatnya ketertiban", "Peningkatan penanganan", "Pemenuhan sarana"],
    ]
    header = find_header(raw(rows))
    assert header is not None and header.rows == 3 and header.title is None
    assert [leaf.path for leaf in header.leaves] == [("Tujuan",), ("Sasaran",), ("Strategi",), ("Arah Kebijakan",)]


def test_bold_titles_over_plain_rows_are_a_header_whatever_they_say() -> None:
    rows: list[list[Text]] = [["VISI", "MISI", "SASARAN", "IKU PROV. JABAR", "WAKTU"], *[["Jawa Barat Maju", "a", "b", "c", "d"]] * 3]
    header = find_header(raw(rows, bold=[0]))
    assert header is not None and header.rows == 1
    assert find_header(raw(rows)) is None
    assert find_header(raw(rows, bold=[0, 1, 2])) is None
