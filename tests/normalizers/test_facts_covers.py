"""Covers and running heads of many agencies: kind, budget year, region and agency as they are to be published."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from normalizers.facts import document_facts
from tests.normalizers.test_facts import BODY, page


class Cover(NamedTuple):
    lines: tuple[str, ...]
    kind: str
    year: int
    region: str
    agency: str


def _cover(text: str, kind: str, year: int, region: str, agency: str) -> Cover:
    return Cover(tuple(line.strip() for line in text.split("|")), kind, year, region, agency)


COVERS = (
    _cover(
        "RENCANA KERJA (RENJA)|BADAN PERENCANAAN PEMBANGUNAN DAERAH|KABUPATEN SLEMAN|TAHUN 2023",
        "renja",
        2023,
        "34.04",
        "Badan Perencanaan Pembangunan Daerah",
    ),
    _cover("PEMERINTAH KOTA BANDUNG|RENJA|DINAS KESEHATAN|TAHUN ANGGARAN 2025", "renja", 2025, "32.73", "Dinas Kesehatan"),
    _cover(
        "RANCANGAN AWAL RENCANA KERJA|DINAS PENDIDIKAN DAN KEBUDAYAAN|KABUPATEN BANYUMAS TAHUN 2026",
        "rancangan_renja",
        2026,
        "33.02",
        "Dinas Pendidikan dan Kebudayaan",
    ),
    _cover("RENCANA KERJA|DISTRIK ABEPURA|KOTA JAYAPURA|TAHUN ANGGARAN 2025", "renja", 2025, "91.71", "Distrik Abepura"),
    _cover("RENJA TAHUN 2027|KELURAHAN TIPES|KECAMATAN SERENGAN|KOTA SURAKARTA", "renja", 2027, "33.72", "Kelurahan Tipes"),
    _cover("RENCANA KERJA TAHUN 2019|UPTD PUSKESMAS KEDUNGTUBAN|KABUPATEN BLORA", "renja", 2019, "33.16", "UPTD Puskesmas Kedungtuban"),
    _cover("RANWAL RENJA 2024|DINAS PERHUBUNGAN|KOTA SURABAYA", "rancangan_renja", 2024, "35.78", "Dinas Perhubungan"),
    _cover(
        "RANCANGAN RENCANA KERJA PERANGKAT DAERAH|KECAMATAN LAWEYAN|KOTA SURAKARTA|2025",
        "rancangan_renja",
        2025,
        "33.72",
        "Kecamatan Laweyan",
    ),
    _cover("RANCANGAN AKHIR RENJA|INSPEKTORAT DAERAH|KABUPATEN GARUT|TAHUN 2024", "rancangan_renja", 2024, "32.05", "Inspektorat Daerah"),
    _cover(
        "PERUBAHAN RENCANA KERJA (P-RENJA)|SATUAN POLISI PAMONG PRAJA|KABUPATEN TANGERANG|TAHUN 2023",
        "renja_perubahan",
        2023,
        "36.03",
        "Satuan Polisi Pamong Praja",
    ),
    _cover("RENCANA KERJA PERUBAHAN|SEKRETARIAT DPRD|KOTA MEDAN|TAHUN 2022", "renja_perubahan", 2022, "12.71", "Sekretariat DPRD"),
    _cover(
        "RENJA PERUBAHAN TAHUN 2024|RUMAH SAKIT UMUM DAERAH|KABUPATEN SUKOHARJO",
        "renja_perubahan",
        2024,
        "33.11",
        "Rumah Sakit Umum Daerah",
    ),
    _cover(
        "PERUBAHAN RENJA TAHUN 2025|BADAN PENANGGULANGAN BENCANA DAERAH|PROVINSI NUSA TENGGARA BARAT",
        "renja_perubahan",
        2025,
        "52",
        "Badan Penanggulangan Bencana Daerah",
    ),
    _cover(
        "LAPORAN KINERJA INSTANSI PEMERINTAH|(LKjIP)|TAHUN 2023|DINAS LINGKUNGAN HIDUP|KABUPATEN KEBUMEN",
        "lkjip",
        2023,
        "33.05",
        "Dinas Lingkungan Hidup",
    ),
    _cover(
        "LAPORAN AKUNTABILITAS KINERJA INSTANSI PEMERINTAH|LAKIP 2016|BADAN KEPEGAWAIAN DAERAH|KOTA PADANG",
        "lkjip",
        2016,
        "13.71",
        "Badan Kepegawaian Daerah",
    ),
    _cover("LKIP TAHUN 2022|DINAS PERTANIAN DAN PANGAN|KABUPATEN MAGELANG", "lkjip", 2022, "33.08", "Dinas Pertanian dan Pangan"),
    _cover(
        "LAPORAN KINERJA (LKJ) TAHUN 2021|DINAS KEARSIPAN DAN PERPUSTAKAAN|KABUPATEN BELITUNG",
        "lkjip",
        2021,
        "19.02",
        "Dinas Kearsipan dan Perpustakaan",
    ),
    _cover("LAPORAN KINERJA TAHUN 2024|KECAMATAN CILACAP SELATAN|KABUPATEN CILACAP", "lkjip", 2024, "33.01", "Kecamatan Cilacap Selatan"),
    _cover("PERJANJIAN KINERJA TAHUN 2024|DINAS SOSIAL|KOTA PALEMBANG", "perjanjian_kinerja", 2024, "16.71", "Dinas Sosial"),
    _cover(
        "PERJANJIAN KINERJA PERUBAHAN TAHUN 2023|DINAS PERIKANAN|KABUPATEN LAMONGAN", "perjanjian_kinerja", 2023, "35.24", "Dinas Perikanan"
    ),
    _cover("RENCANA STRATEGIS (RENSTRA)|DINAS PARIWISATA|KABUPATEN BANGLI|TAHUN 2021-2026", "renstra", 2021, "51.06", "Dinas Pariwisata"),
    _cover("RENSTRA TAHUN 2024-2026|BADAN PENDAPATAN DAERAH|PROVINSI SULAWESI SELATAN", "renstra", 2024, "73", "Badan Pendapatan Daerah"),
    _cover("RENCANA KERJA|BAGIAN ORGANISASI SEKRETARIAT DAERAH|KABUPATEN BLITAR|TAHUN 2023", "renja", 2023, "35.05", "Bagian Organisasi"),
    _cover("RENCANA KERJA TAHUN 2017|BIRO HUKUM SEKRETARIAT DAERAH|PROVINSI BANTEN", "renja", 2017, "36", "Biro Hukum"),
    _cover("RENJA SKPD TAHUN 2015|DINAS PEKERJAAN UMUM|KABUPATEN KUDUS", "renja", 2015, "33.19", "Dinas Pekerjaan Umum"),
    _cover(
        "KEPUTUSAN KEPALA DINAS PERDAGANGAN|NOMOR 050/12 TAHUN 2021|TENTANG|RENCANA KERJA TAHUN 2022|DINAS PERDAGANGAN KOTA SEMARANG",
        "renja",
        2022,
        "33.74",
        "Dinas Perdagangan",
    ),
    _cover(
        "PERATURAN WALIKOTA BOGOR|NOMOR 45 TAHUN 2022|TENTANG RENCANA KERJA PERANGKAT DAERAH TA 2023|DINAS KETAHANAN PANGAN DAN PERTANIAN",
        "renja",
        2023,
        "32.71",
        "Dinas Ketahanan Pangan dan Pertanian",
    ),
    _cover(
        "RENCANA KERJA|DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL|KOTA TARAKAN 2024",
        "renja",
        2024,
        "65.71",
        "Dinas Kependudukan dan Pencatatan Sipil",
    ),
    _cover(
        "RENCANA KERJA (RENJA) TAHUN 2025|BADAN KESATUAN BANGSA DAN POLITIK|KABUPATEN TOBA",
        "renja",
        2025,
        "12.12",
        "Badan Kesatuan Bangsa dan Politik",
    ),
    _cover("RENJA|DINAS PUPR|KAB. KUTAI KARTANEGARA|2024", "renja", 2024, "64.02", "Dinas Pekerjaan Umum dan Penataan Ruang"),
    _cover("RENJA DPMPTSP KABUPATEN WONOGIRI TAHUN 2023", "renja", 2023, "33.12", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"),
    _cover(
        "RENCANA KERJA DINAS P3AP2KB|KABUPATEN BOYOLALI|TAHUN 2024",
        "renja",
        2024,
        "33.09",
        "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    ),
    _cover(
        "RENCANA KERJA PERANGKAT DAERAH|RSUD DR. SOETOMO|PROVINSI JAWA TIMUR|TAHUN 2024",
        "renja",
        2024,
        "35",
        "Rumah Sakit Umum Daerah Dr Soetomo",
    ),
    _cover("RENCANA KERJA|DINAS SYARIAT ISLAM|KABUPATEN ACEH BESAR|TAHUN 2023", "renja", 2023, "11.06", "Dinas Syariat Islam"),
    _cover(
        "RENCANA KERJA TAHUN 2025|DINAS TENAGA KERJA, TRANSMIGRASI DAN ENERGI|KABUPATEN MERAUKE|PROVINSI PAPUA SELATAN",
        "renja",
        2025,
        "93.01",
        "Dinas Tenaga Kerja, Transmigrasi dan Energi",
    ),
)


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: " ".join(cover.lines)[:60])
def test_covers(cover: Cover) -> None:
    facts = document_facts([page(1, *cover.lines), page(2, *BODY)])
    assert (facts.kind, facts.year, facts.region_code, facts.agency) == cover[1:]


@pytest.mark.parametrize("cover", COVERS[::4], ids=lambda cover: " ".join(cover.lines)[:60])
def test_running_heads(cover: Cover) -> None:
    head = " ".join(cover.lines)
    text = ("a", "b", "c", "d", "e", "f")
    facts = document_facts([page(n, f"{head} | {n}", *BODY, *text) for n in range(1, 6)])
    assert (facts.kind, facts.year, facts.region_code, facts.agency) == cover[1:]
