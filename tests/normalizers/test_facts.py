"""What a document says of itself, weighed by where it says it."""

from __future__ import annotations

from extractors.types import Bbox, Cell, PageContent, RawTable, TextKind, TextLine
from normalizers.facts import agency_key, document_facts
from normalizers.types import DocumentFacts


def page(number: int, *lines: str, tables: tuple[RawTable, ...] = ()) -> PageContent:
    prose = tuple(TextLine(text, Bbox(50, 60 + 16 * i, 540, 72 + 16 * i), 11) for i, text in enumerate(lines))
    return PageContent(number, 595, 842, 0, TextKind.TEXT, "", prose, tables)


BODY = (
    "BAB I PENDAHULUAN",
    "Peraturan Menteri Dalam Negeri Nomor 86 Tahun 2017 tentang Tata Cara Perencanaan,",
    "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah (Lembaran Negara Tahun 2014 Nomor 244),",
    "disusun sesuai Peraturan Bupati Bogor Nomor 9 Tahun 2019 tentang hal yang sama.",
)


def test_the_cover_says_it_all() -> None:
    cover = (
        "RANCANGAN PERUBAHAN RENJA TAHUN 2024",
        "PEMERINTAH KABUPATEN PADANG LAWAS UTARA",
        "DINAS KOPERASI USAHA KECIL DAN MENENGAH",
        "TAHUN 2024",
    )
    facts = document_facts([page(1, *cover), page(2, *BODY)])
    assert (facts.kind, facts.year, facts.region_code, facts.scope) == ("renja_perubahan", 2024, "12.20", "kabkota")
    assert facts.agency == "Dinas Koperasi, Usaha Kecil dan Menengah"
    assert facts.region_name == "Kabupaten Padang Lawas Utara"


def test_a_regulations_own_number_is_not_the_budget_year() -> None:
    cover = (
        "BUPATI PASURUAN",
        "PROVINSI JAWA TIMUR",
        "PERATURAN BUPATI PASURUAN",
        "NOMOR 136 TAHUN 2023",
        "TENTANG",
        "RENCANA KERJA DINAS KESEHATAN",
    )
    facts = document_facts([page(1, *cover, "KABUPATEN PASURUAN", "TAHUN 2024")])
    assert (facts.kind, facts.year, facts.region_code) == ("renja", 2024, "35.14")


def test_running_lines_stand_in_for_a_cover() -> None:
    header = "Rencana Kerja Dinas Pendapatan Provinsi Jawa Barat Tahun Anggaran 2016"
    pages = [
        page(n, f"{header} Bab III - {n}", "BAB III", *BODY, "Renstra tahun 2013 - 2018 di Kabupaten Bogor", "a", "b", "c")
        for n in range(1, 6)
    ]
    facts = document_facts(pages)
    assert (facts.kind, facts.year, facts.region_code, facts.agency) == ("renja", 2016, "32", "Dinas Pendapatan")
    assert facts.scope == "provinsi"


def test_a_report_that_quotes_its_agreement_is_still_a_report() -> None:
    cover = page(1, "LAPORAN KINERJA INSTANSI PEMERINTAH (LKjIP)", "DINAS SOSIAL KOTA METRO", "TAHUN 2025")
    facts = document_facts(
        [cover, page(2, "Perjanjian Kinerja Tahun 2025", "Rencana Strategis Dinas Sosial 2021-2026", "Renja Dinas Sosial")]
    )
    assert (facts.kind, facts.year, facts.region_name) == ("lkjip", 2025, "Kota Metro")


def test_a_strategic_plan_takes_the_first_year_of_its_period() -> None:
    facts = document_facts([page(1, "RENSTRA", "Rencana Strategis", "Satuan Polisi Pamong Praja Kota Semarang", "Tahun 2021- 2026")])
    assert (facts.kind, facts.year, facts.agency) == ("renstra", 2021, "Satuan Polisi Pamong Praja")


def test_a_plans_forward_estimate_is_for_the_year_after() -> None:
    head = Cell(0, 0, 1, 1, ("Prakiraan Maju Rencana Tahun 2019",), Bbox(50, 100, 200, 120), 1)
    table = RawTable(1, 0, 1, 1, (head,), head.bbox, (50, 200), (100, 120), "lattice")
    facts = document_facts([page(1, "BAB III", "Evaluasi Pelaksanaan Renja Dinas Sosial Tahun 2016", tables=(table,))])
    assert (facts.kind, facts.year) == ("renja", 2018)


def test_labels_name_the_agency() -> None:
    facts = document_facts(
        [page(1, "BAB II", "Nama OPD : Dinas Pengelolaan Sumber Daya Air Lembar 01 dari 15", "bersama Badan Pendapatan Daerah")]
    )
    assert facts.agency == "Dinas Pengelolaan Sumber Daya Air"


def test_misread_covers_are_understood() -> None:
    facts = document_facts([page(1, "RENCANA KERIA", "DINAS KESEHATAN KABUPATEN MAMUIU", "TAHUN 2O24")])
    assert (facts.kind, facts.year, facts.agency) == ("renja", 2024, "Dinas Kesehatan")


def test_a_silent_document_claims_nothing() -> None:
    facts = document_facts([page(1, "BAB I", "Ini adalah teks biasa.")])
    assert (facts.kind, facts.year, facts.region_code, facts.agency, facts.scope) == ("lainnya", None, None, None, None)


def test_documents_of_one_agency_share_a_key_however_it_is_spelled() -> None:
    one = agency_key(DocumentFacts(region_code="35.14", agency="Dinas Koperasi dan UKM"))
    other = agency_key(DocumentFacts(region_code="35.14", agency="DINAS KOPERASI & UKM"))
    assert one == other is not None
    assert agency_key(DocumentFacts(region_code="35.14")) is None
