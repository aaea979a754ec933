"""The registry of rules: what each states, on what, after which form or regulation, and how grave a breach is."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

T_C_33 = "Permendagri 86/2017, formulir T-C.33"
T_C_31 = "Permendagri 86/2017, formulir T-C.31"
T_C_29 = "Permendagri 86/2017, formulir T-C.29"
CODES = "Permendagri 90/2019; Kepmendagri 050-5889/2021 dan 900.1.15.5-1317/2023"
REPORT = "PermenPAN-RB 53/2014"
PRINT = "kepala tabel dokumen itu sendiri"
READING = "kewajaran cetakan (bukan ketentuan)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `severity` is how much a breach matters (high, medium, low, info); how sure a finding is, each finding says itself."""

    id: str
    statement_id: str
    statement_en: str
    inputs: str
    source: str
    severity: Literal["high", "medium", "low", "info"]


_RULES = (
    Rule(
        "R01",
        "Jumlah sub kegiatan sama dengan kegiatannya.",
        "Sub kegiatan add up to their kegiatan.",
        "setiap kolom rupiah",
        T_C_33,
        "high",
    ),
    Rule(
        "R02",
        "Jumlah kegiatan (atau sub kegiatan bila kegiatan tidak dicetak) sama dengan programnya.",
        "Kegiatan (or sub kegiatan where the level is absent) add up to their program.",
        "setiap kolom rupiah",
        T_C_33,
        "high",
    ),
    Rule(
        "R03",
        "Jumlah program sama dengan bidang urusan, urusan, perangkat daerah dan baris total.",
        "Programs add up to bidang urusan, urusan, agency and total rows.",
        "setiap kolom rupiah",
        T_C_33,
        "high",
    ),
    Rule(
        "R04",
        "Selisih sama dengan sesudah dikurangi sebelum; efisiensi atau sisa sama dengan anggaran dikurangi realisasi.",
        "The difference equals after minus before; efficiency or remainder equals budget minus realisation.",
        "satu baris",
        "Permendagri 86/2017 (perubahan Renja); " + REPORT,
        "high",
    ),
    Rule(
        "R05",
        "Selisih bertanda: pengurangan dicetak negatif atau dalam kurung.",
        "Differences carry their sign: a decrease is printed negative or in brackets.",
        "satu baris",
        "Permendagri 86/2017 (perubahan Renja)",
        "medium",
    ),
    Rule(
        "R06",
        "Tingkat capaian sama dengan realisasi dibagi target.",
        "Achievement equals realisation over target.",
        "satu baris, kolom kinerja",
        T_C_29 + "; " + REPORT,
        "medium",
    ),
    Rule(
        "R07",
        "Persen realisasi sama dengan realisasi dibagi anggaran, juga pada baris jumlah (bukan rata-rata persen).",
        "The percentage spent equals realisation over budget, on total rows too (not the mean of percentages).",
        "satu baris, kolom rupiah dan persen",
        REPORT,
        "high",
    ),
    Rule(
        "R08",
        "Jumlah akun anak sama dengan akun induknya.",
        "Child accounts add up to their parent account.",
        "tabel akun",
        "Permendagri 90/2019, lampiran akun",
        "high",
    ),
    Rule(
        "R09",
        "Belanja pegawai, barang dan jasa, dan modal berjumlah pagu.",
        "Personnel, goods and services, and capital spending add up to the pagu.",
        "blok belanja dan baris jumlah",
        T_C_33,
        "high",
    ),
    Rule(
        "R10",
        "Prakiraan maju tercetak pada setiap baris, dengan perbandingan terhadap pagu yang sama bila tabel memakainya.",
        "The forward estimate is printed on every row, at the table's constant ratio to the pagu where it keeps one.",
        "kolom pagu dan pagu_maju",
        T_C_33,
        "medium",
    ),
    Rule(
        "R11",
        "Angka dalam narasi sama dengan angka dalam tabel.",
        "Figures in prose equal those of the tables.",
        "narasi dan tabel",
        READING,
        "high",
    ),
    Rule(
        "R12",
        "Hitungan dan bilangan butir di dalam satu kalimat benar.",
        "Arithmetic and counts inside a sentence hold.",
        "kalimat narasi",
        READING,
        "medium",
    ),
    Rule(
        "R13",
        "Jumlah seluruh tabel tidak dicetak pada baris yang bukan baris jumlah.",
        "The grand total is not printed on a row that is no total row.",
        "setiap kolom rupiah",
        T_C_33,
        "high",
    ),
    Rule(
        "R14",
        "Sisi rancangan awal RKPD dan sisi hasil analisis kebutuhan sama, atau perbedaannya memang usulan.",
        "Both sides of the review agree, or their difference is a proposal.",
        "kiri dan kanan T-C.31",
        T_C_31,
        "medium",
    ),
    Rule(
        "R15",
        "Rumus kolom yang dinyatakan kepala tabel berlaku, dan nomor kolom urut 1 sampai n.",
        "Column formulas that the header declares hold, and column numbers run from 1 to n.",
        "kepala tabel dan setiap baris",
        PRINT,
        "low",
    ),
    Rule("R16", "Kode anak berawalan kode induk.", "A child's code starts with its parent's code.", "kode", CODES, "medium"),
    Rule("R17", "Satu kode satu nama.", "One code has one name.", "kode dan uraian", CODES, "high"),
    Rule(
        "R18",
        "Kode terdapat dalam nomenklatur dan namanya sesuai.",
        "The code exists in the nomenklatur and its official name matches.",
        "kode dan uraian",
        CODES,
        "medium",
    ),
    Rule(
        "R19",
        "Kode sub kegiatan bukan kode rekening belanja.",
        "A sub kegiatan carries no account code.",
        "kode",
        CODES,
        "medium",
    ),
    Rule(
        "R20",
        "Tahun-tahun dan status dokumen masuk akal.",
        "Years and the document's status are plausible.",
        "judul, kepala tabel, narasi",
        READING,
        "low",
    ),
    Rule(
        "R21", "Tidak menyebut perangkat daerah lain.", "No other agency is named as one's own.", "narasi dan indikator", READING, "medium"
    ),
    Rule(
        "R22",
        "Jumlah realisasi triwulan I sampai IV sama dengan realisasi setahun, dan tidak ada yang negatif.",
        "Quarters I to IV add up to the year's realisation, and none is negative.",
        "satu baris, kolom triwulan",
        T_C_29,
        "high",
    ),
    Rule(
        "R23",
        "Baris rata-rata sama dengan rata-rata anggotanya.",
        "A mean row is the mean of its members.",
        "kolom persen",
        REPORT,
        "medium",
    ),
    Rule(
        "R24",
        "Kategori capaian sesuai dengan skala nilai dokumen, dan skalanya tanpa celah.",
        "The category of an achievement follows the document's scale, and the scale has no gaps.",
        "tabel capaian dan tabel skala",
        REPORT,
        "low",
    ),
    Rule(
        "R25",
        "Besaran yang sama dicetak sama di setiap tabel dokumen.",
        "The same quantity is printed the same in every table of a document.",
        "baris berkode atau bernama sama",
        READING,
        "medium",
    ),
    Rule("R26", "Satuan dan skala konsisten.", "Units and scale are consistent.", "satu baris; kepala kolom", READING, "medium"),
    Rule(
        "R27",
        "Angka utuh dan ditulis seperti angka lain di kolomnya.",
        "Figures are well formed and printed as others of their column.",
        "satu sel",
        READING,
        "medium",
    ),
    Rule(
        "R28",
        "Tabel dan daftar lengkap: nomor urut tanpa celah, tingkat dan sel tidak hilang, tabel yang dirujuk ada, nomor peraturan terisi.",
        "Tables and lists are complete: no gaps in numbers, no missing levels or cells, no reference to a missing table.",
        "tabel; narasi",
        READING,
        "info",
    ),
    Rule(
        "R29",
        "Realisasi tidak melebihi anggaran; kinerja tidak nol bila serapan di atas 80 persen, atau di atas 120 persen tengah tahun.",
        "Realisation does not exceed the budget, and performance keeps pace with spending.",
        "satu baris",
        READING,
        "medium",
    ),
    Rule(
        "R31",
        "Target tahunan tidak melompat sepuluh kali, tidak turun lebih dari 80 persen, dan tidak melebihi target akhir periode.",
        "Yearly targets do not jump tenfold, drop by more than 80 percent, or exceed the target at the end of the plan.",
        "kolom target per tahun",
        READING,
        "medium",
    ),
    Rule(
        "R40",
        "Pagu sebelum perubahan sama dengan pagu Renja.",
        "The changed plan's amount before equals the plan's.",
        "Renja dan Perubahan Renja",
        "Permendagri 86/2017",
        "high",
    ),
    Rule(
        "R41",
        "Pagu sesudah perubahan sama dengan anggaran LKjIP atau perjanjian kinerja perubahan.",
        "The changed plan's amount after equals the report's or the changed agreement's budget.",
        "Perubahan Renja dan LKjIP",
        REPORT,
        "high",
    ),
    Rule(
        "R42",
        "Target LKjIP, perjanjian kinerja dan Renja sama.",
        "Targets of report, agreement and plan agree.",
        "Renja, PK, LKjIP",
        REPORT,
        "high",
    ),
    Rule(
        "R43",
        "Prakiraan maju dibandingkan dengan pagu tahun berikutnya.",
        "The forward estimate is compared with next year's pagu.",
        "Renja dua tahun",
        "Permendagri 86/2017",
        "info",
    ),
    Rule(
        "R44",
        "Realisasi tahun n-2 pada evaluasi sama dengan LKjIP tahun itu.",
        "The evaluation's realisation of year n-2 equals that year's report.",
        "Renja dan LKjIP",
        T_C_29,
        "medium",
    ),
    Rule(
        "R45",
        "Kode dan nama tetap berpasangan di seluruh dokumen satu perangkat daerah.",
        "Codes and names stay paired over all documents of one agency.",
        "seluruh dokumen",
        CODES,
        "medium",
    ),
)

MONEY_RULES = frozenset({"R01", "R02", "R03", "R04", "R05", "R07", "R08", "R09", "R13", "R22"})  # say whether an amount is reconciled
RULES: MappingProxyType[str, Rule] = MappingProxyType({rule.id: rule for rule in _RULES})
