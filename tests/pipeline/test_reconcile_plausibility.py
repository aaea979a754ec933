"""Rules that only say what is likely: each tells the slip it is for, and keeps still beside what is no slip."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extractors.types import Bbox
from normalizers.types import Match, MatchStatus, ProseFigure, RowKind, TypedTable, ValueKind
from pipeline.findings import Audit, Finding, Severity
from pipeline.reconcile import audit
from tests.pipeline.builders import Row, document, table

AGENCY = {"agency": "Dinas Koperasi dan Usaha Kecil", "kind": "renja", "year": 2024}


def told(result: Audit, rule: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule == rule]


def in_text(*paragraphs: str, tables: tuple[str, ...] = ()) -> Audit:
    made = [table([("program", "", "Satu", {"pagu": 1})], identity=f"t{i}", title=title) for i, title in enumerate(tables)]
    return audit([document(*made, text=paragraphs, **AGENCY)])


def test_spending_without_performance_is_told() -> None:
    rows: list[Row] = [
        ("sub_kegiatan", "", "Rapat", {"tingkat_k": "0,00%", "tingkat_rp": "91,20%"}),
        ("sub_kegiatan", "", "Surat", {"tingkat_k": "0,00%", "tingkat_rp": "12,00%"}),
        ("sub_kegiatan", "", "Gaji", {"tingkat_k": "130,00%", "tingkat_rp": "50,00%"}),
    ]
    (one,) = told(audit([document(table(rows))]), "R29")
    assert (one.line_id, one.severity) == ("t0", Severity.INFO)
    half_year = told(audit([document(table(rows, title="Evaluasi Renja sampai Triwulan II Tahun 2024"))]), "R29")
    assert [finding.line_id for finding in half_year] == ["t0", "t2"]


def test_a_year_counts_no_more_than_the_end_of_the_plan() -> None:
    def row(indicator: str, year: str, end: str) -> Row:
        return ("sub_kegiatan", "", f"Baris {indicator}{year}", {"indikator": indicator, "target_n1": year, "target_renstra": end})

    rows = [
        row("Jumlah desa", "200 desa", "170 desa"),
        row("Jumlah desa", "150 desa", "170 desa"),
        row("Jumlah laporan", "12 bulan", "1 laporan"),
    ]
    rows.append(row("Angka kemiskinan", "9 persen", "7 persen"))
    assert [finding.line_id for finding in told(audit([document(table(rows))]), "R31")] == ["t0"]


def test_more_than_twice_the_target_and_an_indicator_of_another_row() -> None:
    rows: list[Row] = [
        (
            "sub_kegiatan",
            "",
            "Izin",
            {"tingkat_realisasi_n2": "357,14%", "indikator_sebelum": "Jumlah izin", "indikator_sesudah": "Jumlah izin"},
        ),
        (
            "sub_kegiatan",
            "",
            "Gaji",
            {"tingkat_realisasi_n2": "98,00%", "indikator_sebelum": "Jumlah orang", "indikator_sesudah": "Luas kantor"},
        ),
    ]
    result = audit([document(table(rows))])
    assert [finding.line_id for finding in told(result, "R29")] == ["t0"]
    assert [(finding.line_id, finding.expected) for finding in told(result, "R26")] == [("t1", "Jumlah orang")]


def test_codes_of_the_template_are_told_once() -> None:
    rows: list[Row] = [("kegiatan", f"X.XX.01.2.0{i}", f"Kegiatan {i}", {"pagu": i}) for i in range(1, 5)]
    (one,) = told(audit([document(table(rows))]), "R18")
    assert one.severity is Severity.INFO and len(one.evidence) == 4


def test_an_odd_style_of_print_is_told_only_where_it_is_alone() -> None:
    rows: list[Row] = [("sub_kegiatan", "", f"Baris {i}", {"pagu": 1_000_000 + i}) for i in range(20)]
    rows[3] = ("sub_kegiatan", "", "Baris 3", {"pagu": "1.000.003,00"})
    assert [finding.printed for finding in told(audit([document(table(rows))]), "R27")] == ["1.000.003,00"]
    both: list[Row] = [(level, code, name, {"pagu": f"1.000.{i:03},00"}) for i, (level, code, name, _) in enumerate(rows)]
    assert not told(audit([document(table(both))]), "R27")


def test_one_indicator_of_a_program_has_one_target() -> None:
    rows: list[Row] = [
        ("program", "", "Program Perlindungan", {"indikator": "Persentase korban", "target": "80%"}),
        ("program", "", "Program Perlindungan", {"indikator": "Persentase korban", "target": "100%"}),
        ("program", "", "Program Perlindungan", {"indikator": "Persentase lain", "target": "7%"}),
    ]
    (one,) = told(audit([document(table(rows))]), "R25")
    assert (one.line_id, one.evidence) == ("t1", ("t1", "t0"))


def test_a_reference_to_a_table_that_does_not_exist() -> None:
    titles = ("Tabel 2.1 Evaluasi", "Tabel 2.2 Keragaan", "Tabel T-C.33 Rencana")
    sentence = "Capaian disajikan pada tabel 2.2.2, tabel 2.1 dan Tabel T-C. 33 berikut."
    (one,) = told(in_text(sentence, tables=titles), "R28")
    assert one.printed == "tabel 2.2.2"
    assert not told(in_text(sentence, tables=titles[:1]), "R28"), "a document of one numbered table may be a part of another"


def test_a_gap_in_a_numbered_list_and_a_number_left_blank() -> None:
    laws = [f"{n}. Undang-Undang Nomor {n} Tahun 2004;" for n in (1, 2, 3, 4, 5, 6, 9)]
    (gap,) = told(in_text(*laws), "R28")
    assert (gap.printed, gap.expected) == ("9", "7")
    assert not told(in_text(*laws[:6], "1. Butir baru"), "R28")
    (blank,) = told(in_text("LAMPIRAN PERATURAN BUPATI NOMOR : TAHUN 2023"), "R28")
    assert "belum diisi" in blank.message


def test_a_list_of_programs_is_as_long_as_the_table() -> None:
    names = [f"Program Pemberdayaan Kelompok {word}" for word in ("Nelayan", "Petani", "Pengrajin", "Pedagang", "Peternak", "Pemuda")]
    made = table([("program", "", name, {"pagu": 1}) for name in names[:5]])
    listed = [f"{i}. {name}" for i, name in enumerate(names, 1)]
    (one,) = told(audit([document(made, text=listed, **AGENCY)]), "R11")
    assert (one.printed, one.expected) == ("6", "5")
    assert not told(audit([document(made, text=listed[:5], **AGENCY)]), "R11")


@pytest.mark.parametrize(
    ("text", "count"), [("3 (tiga) indikator: (i) satu; (ii) dua; (iii) tiga; (iv) empat", "4"), ("2 (dua) misi: (i) a; (ii) b", None)]
)
def test_as_many_items_as_the_sentence_says(text: str, count: str | None) -> None:
    assert [finding.expected for finding in told(in_text(f"Terdapat {text}."), "R12")] == ([count] if count else [])


def test_an_indicator_told_a_little_differently() -> None:
    rows: list[Row] = [("lain", "", "Koperasi", {"indikator": "Jumlah Koperasi Berkualitas", "target": "340 unit"})]

    def said(number: int) -> list[Finding]:
        sentence = f"Jumlah koperasi berkualitas tercapai {number} unit."
        figure = ProseFigure(sentence, str(number), ValueKind.VOLUME, 2, Bbox(0, 0, 1, 1), number=Decimal(number), unit="unit")
        return told(audit([document(table(rows), prose=[figure], text=[sentence])]), "R11")

    assert [finding.expected for finding in said(341)] == ["340 unit"]
    assert said(340) == [] and said(60) == []


def test_the_status_of_a_document_named_in_two_ways() -> None:
    (one,) = told(in_text("Dokumen Rancangan Awal Renja ini disusun tahun 2023."), "R20")
    assert one.printed == "rancangan awal"
    assert not told(in_text("Rencana kerja ini disusun tahun 2023."), "R20")


def test_an_abbreviation_of_the_own_agency_is_no_other_agency() -> None:
    text = "Renstra Satpol PP memuat tujuan. Renstra Inspektorat memuat tujuan. Renja Inspektorat pun."
    own = audit([document(text=[text], agency="Satuan Polisi Pamong Praja")])
    assert {finding.printed for finding in told(own, "R21")} == {"Renstra Inspektorat", "Renja Inspektorat"}


def test_one_wrong_code_in_two_tables_is_one_finding() -> None:
    def with_code(identity: str) -> TypedTable:
        made = table([("program", "1.04.04", "Program Peningkatan Prasarana", {"pagu": 5})], identity=identity)
        match = Match(MatchStatus.REPAIRED, "1.04.05", "PROGRAM PENINGKATAN PRASARANA", RowKind.PROGRAM, 1.0)
        return replace(made, lines=tuple(replace(line, match=match) for line in made.lines))

    (one,) = told(audit([document(with_code("a"), with_code("b"))]), "R18")
    assert (one.printed, one.expected, one.evidence) == ("1.04.04", "1.04.05", ("a0", "b0"))


def test_a_habit_of_a_table_is_one_finding_with_all_its_rows() -> None:
    rows: list[Row] = [("sub_kegiatan", "", f"Baris {i}", {"indikator": "Jumlah laporan", "target": "100%"}) for i in range(9)]
    (one,) = told(audit([document(table(rows))]), "R26")
    assert set(one.evidence) == {f"t{i}" for i in range(9)}
    assert "8 baris lain" in one.message
    assert len(told(audit([document(table(rows[:3]))]), "R26")) == 3
