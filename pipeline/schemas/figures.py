"""Tables `nilai`, `narasi`, `anggaran` and `kinerja`: the figures, as printed and ready to use."""

from __future__ import annotations

from normalizers.types import LEVELS, ValueKind, ValueStatus
from pipeline.findings import CheckStatus
from pipeline.schemas.documents import DOCUMENT_KINDS
from pipeline.schemas.model import (
    TableSpec,
    boolean,
    box,
    document_id,
    integer,
    json_text,
    line_id,
    match_columns,
    number,
    page,
    rupiah,
    table_id,
    text,
)

BUDGET_LEVELS = tuple(level for level in LEVELS if level in ("program", "kegiatan", "sub_kegiatan"))
_BUDGET = "Permendagri 86/2017, T-C.33"

NILAI = TableSpec(
    name="nilai",
    indonesian="Satu baris untuk setiap angka atau predikat yang tercetak dalam tabel.",
    english="One row per figure or predicate printed in a table.",
    key=("nilai_id",),
    columns=(
        text("nilai_id", "Penanda nilai.", "Identifier of the figure.", "n5a9c03e81d2", nullable=False),
        line_id(),
        table_id(),
        document_id(),
        text("kolom", "Kolom baku.", "Canonical column.", "pagu", nullable=False),
        text("jenis_nilai", "Jenis nilai.", "Kind of figure.", "rupiah", nullable=False, allowed=tuple(ValueKind)),
        text("tercetak", "Teks sebagaimana tercetak.", "Text as printed.", "1.793.267.126", nullable=False),
        rupiah("rupiah", "Nilai uang, skala sudah diterapkan.", "Amount of money, scale applied.", 1793267126),
        number("angka", "Nilai selain uang; persen dalam poin persen.", "Figure that is not money; percent in percentage points.", 62.5),
        text("satuan", "Satuan tercetak.", "Printed unit.", "Dokumen"),
        text(
            "status",
            "ok terbaca; kosong, strip, nol sebagaimana tercetak; cacat tidak dapat dibaca; usulan bacaan yang diusulkan.",
            "ok read; kosong (blank), strip (dash), nol (zero) as printed; cacat malformed; usulan a proposed reading.",
            "ok",
            nullable=False,
            allowed=tuple(ValueStatus),
        ),
        text("catatan", "Catatan pembacaan.", "Note on the reading.", "spasi di dalam angka"),
        json_text(
            "kandidat", "Bacaan yang mungkin bagi angka cacat.", "Possible readings of a malformed figure.", "[250000000]", nullable=False
        ),
        integer("desimal", "Jumlah desimal tercetak.", "Count of printed decimals.", 0, nullable=False, minimum=0),
        number(
            "keyakinan",
            "Keyakinan atas bacaan, 0 sampai 1.",
            "Confidence in the reading, 0 to 1.",
            1.0,
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        boolean("ocr", "Benar bila dibaca dari gambar.", "True where read from an image.", False, nullable=False),
        page(),
        *box("sel", "the cell"),
    ),
)

NARASI = TableSpec(
    name="narasi",
    indonesian="Satu baris untuk setiap angka dalam kalimat.",
    english="One row per figure printed in prose.",
    key=("narasi_id",),
    columns=(
        text("narasi_id", "Penanda angka.", "Identifier of the figure.", "p71b02c9e4aa", nullable=False),
        document_id(),
        page(),
        text(
            "kalimat",
            "Kalimat tempat angka tercetak.",
            "The sentence that holds the figure.",
            "Pagu tahun 2024 sebesar Rp1.000.000.",
            nullable=False,
        ),
        text("tercetak", "Teks sebagaimana tercetak.", "Text as printed.", "Rp1.000.000", nullable=False),
        text("jenis_nilai", "Jenis nilai.", "Kind of figure.", "rupiah", nullable=False, allowed=tuple(ValueKind)),
        rupiah("rupiah", "Nilai uang.", "Amount of money.", 1000000),
        number("angka", "Nilai selain uang.", "Figure that is not money.", 85.5),
        text("satuan", "Satuan tercetak.", "Printed unit.", "UMKM"),
        *box("angka", "the figure"),
    ),
)

ANGGARAN = TableSpec(
    name="anggaran",
    indonesian="Satu baris untuk setiap program, kegiatan, atau sub kegiatan dalam tabel anggaran; baris ganda sudah digabung.",
    english="One row per program, kegiatan or sub kegiatan of a budget table; two-line rows are folded.",
    key=("baris_id",),
    columns=(
        line_id(),
        document_id(),
        table_id(),
        text("kode_wilayah", "Kode wilayah Kemendagri.", "Kemendagri region code.", "12.20", refers_to="wilayah.kode_wilayah"),
        text(
            "nama_wilayah", "Nama kabupaten, kota, atau provinsi.", "Name of the regency, city or province.", "Kabupaten Padang Lawas Utara"
        ),
        integer("tahun", "Tahun anggaran.", "Budget year.", 2024),
        text("jenis_dokumen", "Jenis dokumen.", "Kind of document.", "renja_perubahan", allowed=DOCUMENT_KINDS),
        text("perangkat_daerah", "Perangkat daerah penyusun.", "The agency that wrote the document.", "Dinas Koperasi dan UKM"),
        text("jenis_tabel", "Jenis tabel.", "Kind of table.", "rencana_perubahan", nullable=False),
        text("tingkat", "Tingkat baris.", "Level of the row.", "sub_kegiatan", nullable=False, allowed=BUDGET_LEVELS),
        text(
            "kode",
            "Kode resmi bila cocok, selain itu kode tercetak yang dibakukan.",
            "Official code where matched, else the printed code in normal form.",
            "2.17.01.2.02.0001",
        ),
        text(
            "uraian",
            "Nama resmi bila cocok, selain itu nama tercetak.",
            "Official name where matched, else the printed name.",
            "Penyediaan Gaji dan Tunjangan ASN",
        ),
        *match_columns(),
        rupiah("pagu", "Pagu indikatif tahun rencana.", "Indicative ceiling of the plan year.", 1793267126, source=_BUDGET),
        rupiah("pagu_sebelum", "Pagu sebelum perubahan.", "Ceiling before the change.", 1500000000, source=_BUDGET),
        rupiah("pagu_sesudah", "Pagu sesudah perubahan.", "Ceiling after the change.", 1793267126, source=_BUDGET),
        rupiah(
            "selisih_tercetak", "Bertambah/berkurang sebagaimana tercetak.", "Increase or decrease as printed.", 293267126, source=_BUDGET
        ),
        rupiah("selisih_hitung", "pagu_sesudah dikurangi pagu_sebelum.", "pagu_sesudah minus pagu_sebelum.", 293267126),
        rupiah(
            "anggaran", "Anggaran dalam laporan realisasi.", "Budget in a report on absorption.", 1793267126, source="PermenPAN-RB 53/2014"
        ),
        rupiah("realisasi", "Realisasi anggaran.", "Amount spent.", 1700000000, source="PermenPAN-RB 53/2014"),
        number("persen_realisasi", "Persentase realisasi anggaran sebagaimana tercetak.", "Share spent, as printed.", 94.8, unit="persen"),
        rupiah("pagu_maju", "Prakiraan maju tahun berikutnya.", "Forward estimate of the next year.", 1972593838, source=_BUDGET),
        text("sumber_dana", "Sumber dana sebagaimana tercetak.", "Source of funds as printed.", "DAU"),
        text("lokasi", "Lokasi sebagaimana tercetak.", "Place as printed.", "Kab. Bogor"),
        text(
            "status_rekonsiliasi",
            "Akhir pemeriksaan atas baris ini.",
            "End of the checks on this row.",
            "cocok",
            nullable=False,
            allowed=tuple(CheckStatus),
        ),
        page(),
    ),
)

KINERJA = TableSpec(
    name="kinerja",
    indonesian="Satu baris untuk setiap angka kinerja: indikator sebuah baris dalam satu peran.",
    english="One row per performance figure: an indicator of a row in one role.",
    key=("kinerja_id",),
    columns=(
        text(
            "kinerja_id",
            "Penanda angka kinerja; sama dengan `nilai_id`.",
            "Identifier of the figure; the same as `nilai_id`.",
            "n5a9c03e81d2",
            nullable=False,
            refers_to="nilai.nilai_id",
        ),
        line_id(),
        document_id(),
        table_id(),
        text("indikator", "Indikator sebagaimana tercetak.", "Indicator as printed.", "Jumlah dokumen perencanaan"),
        text("satuan", "Satuan tercetak.", "Printed unit.", "Dokumen"),
        text(
            "peran",
            "Peran angka: target, realisasi, capaian, dan seterusnya.",
            "Role of the figure: target, realised, achieved and so on.",
            "target_sesudah",
            nullable=False,
        ),
        number("angka", "Nilai.", "The figure.", 12.0),
        text("predikat", "Predikat, bila bukan angka.", "Predicate, where it is no number.", "BB"),
        text("tercetak", "Teks sebagaimana tercetak.", "Text as printed.", "12 Dokumen", nullable=False),
        page(),
    ),
)
