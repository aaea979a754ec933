"""Tables `dokumen`, `tabel` and `baris`: what was read, from where, and which official entry it is."""

from __future__ import annotations

from dataclasses import replace

from normalizers.types import RowKind
from pipeline.schemas.model import TableSpec, boolean, box, document_id, integer, json_text, match_columns, number, page, table_id, text

DOCUMENT_KINDS = ("renja", "rancangan_renja", "renja_perubahan", "renstra", "lkjip", "perjanjian_kinerja", "lainnya")
DOCUMENT_STATUSES = ("ok", "sebagian", "karantina")
_NOMENKLATUR = "Permendagri 90/2019; Kepmendagri 050-5889/2021, 900.1.15.5-1317/2023"
_FORMS = "Permendagri 86/2017; PermenPAN-RB 53/2014"

DOKUMEN = TableSpec(
    name="dokumen",
    indonesian="Satu baris untuk setiap berkas sumber.",
    english="One row per source file.",
    key=("dokumen_id",),
    columns=(
        replace(document_id(), refers_to=None),
        text("sha256", "Sidik jari SHA-256 dari isi berkas.", "SHA-256 of the file's bytes.", "9f2c4b7a10d3e586…", nullable=False),
        text("nama_berkas", "Nama berkas tanpa folder.", "File name without folder.", "renja-2024.pdf", nullable=False),
        text(
            "sumber",
            "Alamat (URI) asal berkas, bila tercatat.",
            "Where the file came from (URI), if recorded.",
            "https://example.go.id/renja-2024.pdf",
        ),
        text("lisensi", "Lisensi atau syarat penggunaan berkas, bila tercatat.", "Licence or terms of use, if recorded.", "CC BY 4.0"),
        text("jenis_dokumen", "Jenis dokumen.", "Kind of document.", "renja_perubahan", allowed=DOCUMENT_KINDS, source=_FORMS),
        integer("tahun", "Tahun anggaran.", "Budget year.", 2024, minimum=1900, maximum=2200),
        text(
            "kode_wilayah",
            "Kode wilayah Kemendagri.",
            "Kemendagri region code.",
            "12.20",
            refers_to="wilayah.kode_wilayah",
            source="Kepmendagri 100.1.1-6117/2022",
        ),
        text(
            "nama_wilayah", "Nama kabupaten, kota, atau provinsi.", "Name of the regency, city or province.", "Kabupaten Padang Lawas Utara"
        ),
        text("perangkat_daerah", "Perangkat daerah penyusun.", "The agency that wrote the document.", "Dinas Koperasi dan UKM"),
        integer("jumlah_halaman", "Jumlah halaman PDF.", "Number of PDF pages.", 64, minimum=0),
        integer("halaman_ocr", "Jumlah halaman yang dibaca dengan OCR.", "Number of pages read by OCR.", 0, nullable=False, minimum=0),
        integer(
            "jumlah_nominal",
            "Jumlah nilai rupiah bukan nol yang terbaca dalam tabel.",
            "Amounts of money read in tables, zeros not counted.",
            210,
            nullable=False,
            minimum=0,
        ),
        integer(
            "nominal_teruji",
            "Di antaranya yang berada di bawah pemeriksaan yang cocok.",
            "Those among them that stand under a check that passed.",
            198,
            nullable=False,
            minimum=0,
        ),
        text(
            "status",
            "ok: terbaca seluruhnya; sebagian: ada halaman yang dilewati; karantina: tidak terbaca.",
            "ok: read in full; sebagian: some pages were skipped; karantina: could not be read.",
            "ok",
            nullable=False,
            allowed=DOCUMENT_STATUSES,
        ),
        text(
            "galat", "Apa yang tidak terbaca dan sebabnya.", "What could not be read, and why.", "halaman 7 dilewati: melewati batas waktu"
        ),
    ),
)

TABEL = TableSpec(
    name="tabel",
    indonesian="Satu baris untuk setiap tabel logis, disambung antarhalaman.",
    english="One row per logical table, stitched over its pages.",
    key=("tabel_id",),
    columns=(
        replace(table_id(), indonesian="Penanda tabel.", english="Identifier of the table.", refers_to=None),
        document_id(),
        integer(
            "urutan", "Urutan tabel dalam dokumen, dari 0.", "Order of the table in the document, from 0.", 3, nullable=False, minimum=0
        ),
        text(
            "jenis_tabel",
            "Jenis tabel menurut kosakata; `lain` bila tidak dikenal.",
            "Kind of table by the vocabulary; `lain` if none fits.",
            "rencana_perubahan",
            nullable=False,
            source=_FORMS,
        ),
        text("judul", "Judul sebagaimana tercetak.", "Title as printed.", "Tabel 3.3 Rumusan Rencana Program"),
        integer("halaman_awal", "Halaman PDF pertama.", "First PDF page.", 31, nullable=False, minimum=1),
        integer("halaman_akhir", "Halaman PDF terakhir.", "Last PDF page.", 39, nullable=False, minimum=1),
        integer("jumlah_baris", "Jumlah baris logis.", "Number of logical rows.", 44, nullable=False, minimum=0),
        json_text(
            "kolom",
            "Daftar kolom: nama baku, kepala kolom tercetak, satuan, jenis isi, nomor dan rumus tercetak, keyakinan.",
            "List of columns: canonical name, printed header, unit, content, printed number and formula, confidence.",
            '[{"nama": "pagu", "tercetak": "Pagu Indikatif (Rp)", "satuan": "rupiah"}]',
            nullable=False,
        ),
        integer(
            "skala",
            "Pengali uang tercetak; sudah diterapkan pada `rupiah`.",
            "Multiplier of printed money; already applied to `rupiah`.",
            1,
            nullable=False,
            minimum=1,
        ),
        text("metode", "Cara tabel ditemukan.", "How the table was found.", "lattice", nullable=False),
        text(
            "jenis_teks",
            "Asal huruf: teks, pindaian, atau campuran.",
            "Where the characters come from: text, scan or mixed.",
            "teks",
            nullable=False,
        ),
        number(
            "keyakinan",
            "Keyakinan atas susunan tabel, 0 sampai 1.",
            "Confidence in the table's structure, 0 to 1.",
            0.98,
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        boolean(
            "lengkap", "Benar bila tidak ada bagian tabel yang hilang.", "True where no part of the table is missing.", True, nullable=False
        ),
        json_text(
            "catatan",
            "Apa yang dibuang atau diragukan saat menyambung dan membaca.",
            "What was dropped or doubted while stitching and reading.",
            '["kepala tabel berulang dibuang: 8"]',
            nullable=False,
        ),
    ),
)

BARIS = TableSpec(
    name="baris",
    indonesian="Satu baris untuk setiap baris logis yang tercetak.",
    english="One row per logical printed row.",
    key=("baris_id",),
    columns=(
        text(
            "baris_id",
            "Penanda baris; tetap sama bila dokumen dibaca ulang.",
            "Identifier of the row; stays when the document is read again.",
            "b8e07f31c55a",
            nullable=False,
        ),
        table_id(),
        document_id(),
        integer("urutan", "Urutan baris dalam tabel, dari 0.", "Order of the row in its table, from 0.", 12, nullable=False, minimum=0),
        page(),
        integer(
            "putaran",
            "Putaran halaman searah jarum jam sampai tegak; letak kotak mengikuti halaman yang sudah diputar.",
            "Clockwise turn of the page until it is upright; boxes are of the page as turned.",
            0,
            nullable=False,
            minimum=0,
            maximum=270,
            unit="derajat",
        ),
        *box("baris", "the row"),
        text("jenis_baris", "Jenis baris.", "Kind of row.", "sub_kegiatan", nullable=False, allowed=tuple(RowKind), source=_NOMENKLATUR),
        text("induk_baris_id", "Baris induk.", "The row it rolls up into.", "b1d20c6e77f4", refers_to="baris.baris_id"),
        text("kode_tercetak", "Kode sebagaimana tercetak.", "Code as printed.", "02.17.01"),
        text("uraian_tercetak", "Nama sebagaimana tercetak.", "Name as printed.", "Penyediaan Gaji dan Tunjangan ASN"),
        text(
            "kode_ref",
            "Kode resmi; sub kegiatan dengan empat digit.",
            "Official code; sub kegiatan with four digits.",
            "2.17.01.2.02.0001",
            source=_NOMENKLATUR,
        ),
        text("uraian_ref", "Nama resmi.", "Official name.", "Penyediaan Gaji dan Tunjangan ASN", source=_NOMENKLATUR),
        *match_columns(),
        text("alasan_cocok", "Alasan kecocokan, satu kalimat.", "Why, in one sentence.", "Kode dan nama sama dengan daftar resmi."),
        text(
            "edisi_nomenklatur", "Edisi daftar resmi yang dipakai.", "Edition of the official list that was used.", "900.1.15.5-1317-2023"
        ),
        json_text(
            "sel",
            "Isi setiap sel yang tidak kosong: kolom baku ke teks tercetak.",
            "Every non-empty cell: canonical column to printed text.",
            '{"kode": "2.17.01", "pagu": "1.000.000"}',
            nullable=False,
        ),
        json_text("catatan", "Catatan pembacaan baris.", "Notes on how the row was read.", "[]", nullable=False),
    ),
)
