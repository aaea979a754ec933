"""Kinds of tables and the canonical columns of their headers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from normalizers.classify import classify
from normalizers.contents import Content, content_of
from normalizers.header import Leaf
from normalizers.vocabulary import load

Paths = list[tuple[str, ...]]


def understood(paths: Paths, title: str = "", contents: dict[int, Content] | None = None) -> tuple[str, list[str]]:
    leaves = [Leaf(i, i + 1, i, i + 1, path) for i, path in enumerate(paths)]
    result = classify(leaves, [(contents or {}).get(i, Content()) for i in range(len(paths))], title)
    return result.kind, [binding.name for binding in result.bindings]


NAME = ("Urusan/ Bidang Urusan Pemerintahan Daerah dan Program/ Kegiatan",)


def test_plan() -> None:
    plan, later = "Rencana Tahun 2024 (tahun rencana)", "Prakiraan Maju Rencana Tahun 2025"
    paths: Paths = [
        ("Kode",),
        NAME,
        ("Indikator Kinerja",),
        (plan, "Lokasi"),
        (plan, "Target Capaian Kinerja"),
        (plan, "Kebutuhan Dana/ Pagu Indikatif"),
    ]
    paths += [(plan, "Sumber Dana"), ("Catatan Penting",), (later, "Target Capaian Kinerja"), (later, "Kebutuhan Dana/ Pagu Indikatif")]
    kind, names = understood(paths)
    assert kind == "rencana_renja"
    assert names == ["kode", "uraian", "indikator", "lokasi", "target", "pagu", "sumber_dana", "catatan", "target_maju", "pagu_maju"]


def test_changed_plan_in_the_spelling_of_sipd() -> None:
    paths: Paths = [
        ("No",),
        ("Kode",),
        NAME,
        ("Indikator Kinerja",),
        ("Target", "Sebelum"),
        ("Target", "Sesudah"),
        ("Pagu Indikatif", "RKPD 2024"),
    ]
    paths += [
        ("Pagu Indikatif", "APBD 2024"),
        ("Pagu Indikatif", "RKPD PERUBAHAN 2024"),
        ("Bertambah/Berkurang (10-12)",),
        ("Lokasi",),
        ("Sumber Dana",),
    ]
    paths += [("Kelompok Sasaran",), ("PERANGKAT DAERAH PENANGGUNG JAWAB",)]
    kind, names = understood(paths)
    assert kind == "rencana_perubahan"
    assert names[4:] == [
        *("target_sebelum", "target_sesudah", "pagu_rkpd", "pagu_apbd", "pagu_rkpd_perubahan", "selisih", "lokasi", "sumber_dana"),
        *("kelompok_sasaran", "perangkat_daerah"),
    ]


def test_two_equal_halves_under_one_group_are_left_and_right() -> None:
    half = ["Program/ Kegiatan", "Lokasi", "Indikator Kinerja", "Target Capaian Kinerja", "Kebutuhan Dana/ Pagu Indikatif"]
    paths: Paths = [("Kode",), *[("Hasil Analisis Kebutuhan", leaf) for leaf in half * 2], ("Keterangan",)]
    kind, names = understood(paths)
    assert kind == "review_rkpd"
    assert names[1:6] == ["uraian_rkpd", "lokasi_rkpd", "indikator_rkpd", "target_rkpd", "pagu_rkpd"]
    assert names[6:11] == ["uraian_kebutuhan", "lokasi_kebutuhan", "indikator_kebutuhan", "target_kebutuhan", "pagu_kebutuhan"]


def test_repeated_pairs_of_years_are_not_before_and_after() -> None:
    paths: Paths = [("Kode",), ("Program",), *[(f"Tahun {year}", leaf) for year in (2021, 2022, 2023) for leaf in ("Target", "Rp")]]
    _, names = understood(paths)
    assert names[2:] == ["target_2021", "pagu_2021", "target_2022", "pagu_2022", "target_2023", "pagu_2023"]


def test_evaluation_without_n_minus_two_in_print() -> None:
    last, outlook = (
        "Target dan Realisasi Kinerja Program dan Kegiatan Tahun 2016",
        "Perkiraan Realisasi Capaian Target Renstra SKPD s/d tahun berjalan",
    )
    paths: Paths = [
        ("Kode",),
        NAME,
        ("Indikator Kinerja Program (outcome)/ Kegiatan (output)",),
        ("Target Kinerja Capaian Program (Renstra SKPD) Tahun 2018",),
    ]
    paths += [("Realisasi Target Kinerja Hasil Program dan Keluaran Kegiatan s/d tahun 2015",), (last, "Target Renja SKPD tahun 2016")]
    paths += [
        (last, "Realisasi Renja SKPD tahun 2016"),
        (last, "Tingkat Realisasi (%)"),
        ("Target Program dan Kegiatan (Renja SKPD tahun 2017)",),
    ]
    paths += [
        (outlook, "Realisasi Capaian Program dan Kegiatan s/d tahun berjalan"),
        (outlook, "Tingkat Capaian Realisasi Target Renstra (%)"),
    ]
    kind, names = understood(paths)
    assert kind == "evaluasi_renja"
    assert names[3:] == [
        *(
            "target_renstra",
            "realisasi_sd_n3",
            "target_n2",
            "realisasi_n2",
            "tingkat_realisasi_n2",
            "target_n1",
            "realisasi_sd_n1",
            "tingkat_capaian_renstra",
        ),
    ]


def test_same_words_mean_other_columns_in_other_kinds() -> None:
    performance = understood(
        [("No",), ("Sasaran Strategis",), ("Indikator Kinerja",), ("Target",), ("Realisasi",), ("% Capaian",), ("Kategori",)]
    )
    absorption = understood([("No",), ("Program/ Kegiatan",), ("Anggaran (Rp)",), ("Realisasi (Rp)",), ("% Capaian",)])
    assert performance == ("capaian_kinerja", ["no", "sasaran", "indikator", "target", "realisasi", "capaian", "kategori"])
    assert absorption == ("realisasi_anggaran", ["no", "uraian", "anggaran", "realisasi", "persen_realisasi"])


def test_printed_years_stand_in_the_names() -> None:
    _, names = understood([("No",), ("Tujuan",), ("Sasaran",), ("Indikator",), ("TARGET", "2024"), ("TARGET", "2025")])
    assert names[4:] == ["target_2024", "target_2025"]


def test_title_decides_between_kinds_of_like_columns() -> None:
    columns: Paths = [("No",), ("PROGRAM",), ("ANGGARAN",), ("KETERANGAN",)]
    assert understood(columns, "PERUBAHAN PERJANJIAN KINERJA TAHUN 2024")[0] == "pk_anggaran"


def test_a_table_of_no_known_kind_keeps_its_printed_names() -> None:
    kind, names = understood([("No",), ("Kab./Kota",), ("Jml. Kasus", "Kecelakaan Kerja"), ("Cacat",)])
    assert kind == "lain" and names == ["no", "kab_kota", "kecelakaan_kerja", "cacat"]


def test_running_numbers_under_no_are_no_codes_and_codes_are() -> None:
    codes = content_of(["2.17.01", "2.17.01.2.01", "2.17.01.2.01.0001"])
    paths: Paths = [("NO",), ("Program/ Kegiatan",), ("Anggaran (Rp)",), ("Realisasi (Rp)",)]
    assert understood(paths, contents={0: codes})[1][0] == "kode"
    assert understood(paths, contents={0: content_of(["1", "2", "3"])})[1][0] == "no"


def test_prose_under_a_title_of_money_speaks_for_another_column() -> None:
    assert content_of(["Rp. 1.000.000,-", "(2.500.000,00)", "-"]).amount == 1.0
    assert content_of(["5 UMKM", "17 Produk"]).amount == 0.0


@pytest.mark.parametrize("kind", sorted(load().tables.kinds))
def test_every_kind_is_told_from_its_own_canonical_spellings(kind: str) -> None:
    entry, described = load().tables.kinds[kind], load().header.columns
    wanted = list(dict.fromkeys(need[0] for need in entry.needs)) + [column for column in entry.columns if "{y}" not in column][:4]
    years = range(2024, 2024 + max(1, entry.years))
    spelt = [described[column].spellings[0].replace("{y}", str(year)) for column in dict.fromkeys(wanted) for year in years]
    paths: Paths = [tuple(spelling.split(" > ")) for spelling in dict.fromkeys(spelt)]
    assert understood(paths, entry.titles[0] if entry.titles else "")[0] == kind


@pytest.mark.slow
def test_every_header_of_the_corpora_binds_to_its_truth(shared: Path) -> None:
    wrong, total = [], 0
    for path in sorted((shared / "corpus/synthetic").glob("*.truth.json")):
        for table in json.loads(path.read_text(encoding="utf-8"))["tables"]:
            columns = list(dict.fromkeys("kode" if c.startswith("kode_") and c != "kode_rekening" else c for c in table["cols"]))
            names = understood(_paths(table["header"]), table["title"])[1]
            total += len(columns)
            wrong += [(path.name, *pair) for pair in zip(columns, names, strict=True) if pair[0] != pair[1]]
    assert len(wrong) <= 0.01 * total, wrong[:10]


def _paths(header: list[list[list[object]]]) -> Paths:
    """The leaves of a truth file's header: rows of [text, colspan, rowspan]; a row of column numbers is left out."""
    rows = header[:-1] if len(header) > 1 and all(not str(cell[0]) or str(cell[0])[0] in "(0123456789" for cell in header[-1]) else header
    grid: dict[tuple[int, int], tuple[int, int, str]] = {}
    for r, row in enumerate(rows):
        column = 0
        for text, colspan, rowspan in row:
            while (r, column) in grid:
                column += 1
            for a in range(int(str(rowspan))):
                for b in range(int(str(colspan))):
                    grid[r + a, column + b] = (r, column, str(text))
            column += int(str(colspan))
    chains = [tuple(dict.fromkeys(grid[r, c] for r in range(len(rows)) if (r, c) in grid)) for c in range(max(c for _, c in grid) + 1)]
    return [tuple(text for _, _, text in chain if text) for chain in dict.fromkeys(chains)]


def test_a_printed_unit_keeps_other_figures_out_of_a_column() -> None:
    paths: Paths = [("No",), ("Uraian",), ("2017", "Anggaran (Rp)"), ("2017", "Realisasi (Rp)"), ("2016", "Realisasi (Rp)")]
    assert understood(paths)[0] != "efisiensi"
    kind, names = understood([("No",), ("Program",), ("Pagu (Rp)",), ("Realisasi (Rp)",), ("% Keuangan",), ("% Fisik",)])
    assert (kind, names[4:]) == ("realisasi_anggaran", ["persen_realisasi", "realisasi_fisik"])


def test_counts_under_a_target_are_no_money() -> None:
    paths: Paths = [("No",), ("Indikator",), ("Target Renstra", "2022"), ("Target Renstra", "2023"), ("Proyeksi", "2024"), ("SPM",)]
    counts, amounts = content_of(["1.320", "2.940", "3.420"]), content_of(["1.500.000", "20.000.000", "350.000"])
    leaves = [Leaf(i, i + 1, i, i + 1, path) for i, path in enumerate(paths)]
    bindings = classify(leaves, [Content(), Content(), counts, amounts, Content(), Content()]).bindings
    assert [binding.kind for binding in bindings[2:4]] == ["target", "rupiah"]


def test_a_word_that_differs_is_no_misprint() -> None:
    assert understood([("No",), ("Sasaran",), ("Indikator Kinerja",), ("Target",), ("Sumber Data",)])[1][-1] == "sumber_data"


def test_two_years_of_one_column_keep_their_years() -> None:
    paths: Paths = [("Uraian",), *((year, text) for year in ("2016", "2017") for text in ("Anggaran", "Realisasi"))]
    assert understood(paths)[1][1:] == ["anggaran_2016", "realisasi_2016", "anggaran_2017", "realisasi_2017"]


def test_a_trend_needs_two_years() -> None:
    paths: Paths = [("No",), ("Indikator Kinerja",), ("Satuan",), ("Target Tahun 2015",), ("Realisasi 2015",), ("Capaian Kinerja (%)",)]
    assert understood(paths) == ("capaian_kinerja", ["no", "indikator", "satuan", "target", "realisasi", "capaian"])


def test_years_of_a_period_keep_their_numbers() -> None:
    amounts = content_of(["11,591,358,000", "6,195,761,500", "2,949,683,000"])
    paths: Paths = [("Uraian",), *(("Anggaran Pada Tahun ke-", str(n)) for n in (1, 2, 3)), *((f"Tahun {n}", "Rp") for n in (1, 2))]
    _, names = understood(paths, contents=dict.fromkeys(range(1, 6), amounts))
    assert names[1:4] == [f"anggaran_pada_tahun_ke_{n}" for n in (1, 2, 3)]
    assert names[4:] == ["tahun_1_rp", "tahun_2_rp"]


def test_a_column_of_another_kind_keeps_its_name_where_it_is_clearly_printed() -> None:
    paths: Paths = [("No",), ("Sasaran Strategis",), ("Indikator Kinerja",), ("Target",), ("Program/ Kegiatan",), ("Anggaran (Rp)",)]
    paths[4:4] = [("Target Triwulan", quarter) for quarter in ("TW I", "TW II", "TW III", "TW IV")]
    kind, names = understood(paths, "Rencana Aksi atas Perjanjian Kinerja")
    assert kind == "perjanjian_kinerja" and names[-2:] == ["uraian", "anggaran"]
    assert understood(paths[:4] + paths[-2:], "Perjanjian Kinerja Tahun 2024")[0] == "perjanjian_kinerja"
    paths = [("No",), ("Sasaran",), ("Indikator",), ("Capaian",), ("Program",), ("Indikator Kinerja",), ("Capaian",), ("Menunjang",)]
    assert "persen_realisasi" not in understood(paths, "Analisis program yang menunjang")[1]


def test_a_table_without_what_its_kind_needs_is_of_no_kind() -> None:
    assert understood([("No",), ("Program/Kegiatan/Sub Kegiatan",)], "Program, Kegiatan dan Sub Kegiatan Tahun 2025") == (
        "lain",
        ["no", "uraian"],
    )


def test_the_whole_of_a_group_is_what_the_group_names_and_its_parts_are_not() -> None:
    pagu = "Pagu Indikatif (Rp)"
    paths: Paths = [("Kode",), NAME, ("Indikator Kinerja",), ("Target",), (pagu, "APBD Kab"), (pagu, "APBD Prov"), (pagu, "Jumlah")]
    kind, names = understood([*paths, ("Prakiraan Maju",)])
    assert kind == "rencana_renja" and names[4:7] == ["apbd_kab", "apbd_prov", "pagu"]


def test_funding_by_year_up_to_the_end_of_a_plan_is_no_progress_towards_it() -> None:
    group = "Target Kinerja Program dan Kerangka Pendanaan"
    paths: Paths = [("Tujuan",), ("Sasaran",), ("Kode",), ("Program dan Kegiatan",), ("Indikator Kinerja",), ("Capaian Tahun Awal (2021)",)]
    periods = ("Tahun 2022", "Tahun 2023", "Tahun 2024", "Kondisi akhir periode Renstra")
    paths += [(group, period, text) for period in periods for text in ("target", "Rp")]
    amounts = content_of(["2.531.900.000", "1.180.885.000", "768.580.000"])
    kind, names = understood([*paths, ("Unit Kerja",), ("Lokasi",)], contents=dict.fromkeys((7, 9, 11, 13), amounts))
    assert kind == "lain" and names[6:10] == ["target_2022", "pagu_2022", "target_2023", "pagu_2023"]
    assert "pagu" not in names


def test_names_of_the_deepest_level_are_the_rows_names_where_one_column_holds_two_levels() -> None:
    kind, names = understood(
        [("Program",), ("Kode",), ("Kegiatan/Sub Kegiatan",), ("Anggaran", "Pagu (Rp)"), ("Anggaran", "Realisasi (Rp)")]
    )
    assert (kind, names) == ("realisasi_anggaran", ["program", "kode", "uraian", "anggaran", "realisasi"])


def test_codes_of_accounts_are_kode_rekening_in_a_table_of_any_kind_and_millions_beside_them_are_money() -> None:
    codes, millions = content_of(["5.1", "5.1.01", "5.1.02.01.01.0024"]), content_of(["1.620.000", "1.320.000", "2.120.000"])
    leaves = [Leaf(i, i + 1, i, i + 1, (text,)) for i, text in enumerate(("Kode Rekening", "Uraian", "Lokasi", "Jan", "Feb"))]
    bindings = classify(leaves, [codes, Content(), Content(), millions, millions], "Rencana Penarikan Dana").bindings
    assert (bindings[0].name, bindings[3].kind, bindings[4].kind) == ("kode_rekening", "rupiah", "rupiah")


def test_what_a_header_prints_again_for_each_quarter_is_no_column_without_a_quarter() -> None:
    quarters: Paths = [("Realisasi Triwulan", n, leaf) for n in ("I", "II") for leaf in ("Keuangan (Rp)", "%", "Fisik (%)")]
    _, names = understood([("No",), ("Program/Kegiatan",), ("Pagu (Rp)",), *quarters], "Laporan Realisasi Fisik dan Keuangan")
    assert (names[3], names[6]) == ("tw1_rp", "tw2_rp")
    assert not {"realisasi", "persen_realisasi", "realisasi_fisik", "capaian"} & set(names)
