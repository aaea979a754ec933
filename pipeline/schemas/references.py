"""Tables `wilayah` and `nomenklatur`: the official lists that the published codes come from, for joins."""

from __future__ import annotations

from normalizers.types import LEVELS
from pipeline.schemas.model import TableSpec, integer, text

_NOMENKLATUR = "Permendagri 90/2019; Kepmendagri 050-5889/2021, 900.1.15.5-1317/2023"
_REGIONS = "Kepmendagri 100.1.1-6117/2022"

WILAYAH = TableSpec(
    name="wilayah",
    indonesian="Satu baris untuk setiap provinsi, kabupaten, dan kota.",
    english="One row per province, regency and city. Under the Open Database License (ODbL) 1.0, unlike the other tables.",
    key=("kode_wilayah",),
    columns=(
        text("kode_wilayah", "Kode wilayah Kemendagri.", "Kemendagri region code.", "12.20", nullable=False, source=_REGIONS),
        text(
            "nama_wilayah",
            "Nama dengan jenisnya.",
            "Name with its type.",
            "Kabupaten Padang Lawas Utara",
            nullable=False,
            source=_REGIONS,
        ),
        text("jenis", "Jenis wilayah.", "Kind of region.", "kabupaten", nullable=False, allowed=("provinsi", "kabupaten", "kota")),
        text(
            "kode_provinsi",
            "Provinsi tempatnya berada.",
            "The province it lies in.",
            "12",
            nullable=False,
            refers_to="wilayah.kode_wilayah",
        ),
    ),
)

NOMENKLATUR = TableSpec(
    name="nomenklatur",
    indonesian="Satu baris untuk setiap kode resmi: daftar bawaan, ditambah kode dari daftar lain yang dipakai dalam rilis ini.",
    english="One row per official code: the bundled lists, and the codes of other lists that rows of this release carry.",
    key=("nomenklatur_id",),
    columns=(
        text("nomenklatur_id", "Edisi dan kode.", "Edition and code.", "900.1.15.5-1317/2023:2.17.01", nullable=False),
        text("edisi", "Edisi daftar resmi.", "Edition of the official list.", "900.1.15.5-1317/2023", nullable=False, source=_NOMENKLATUR),
        text(
            "kode",
            "Kode resmi; X.XX berarti bidang perangkat daerah.",
            "Official code; X.XX stands for an agency's bidang.",
            "2.17.01",
            nullable=False,
            source=_NOMENKLATUR,
        ),
        text("uraian", "Nama resmi.", "Official name.", "PROGRAM PENUNJANG URUSAN PEMERINTAHAN DAERAH KABUPATEN/KOTA", source=_NOMENKLATUR),
        text(
            "tingkat",
            "Tingkat kode.",
            "Level of the code.",
            "program",
            nullable=False,
            allowed=tuple(level.value for level in LEVELS),
        ),
        text("kode_induk", "Kode satu tingkat di atasnya.", "The code one level up.", "2.17"),
        text("indikator", "Indikator resmi, bila ada.", "Official indicator, where listed.", "Jumlah dokumen perencanaan"),
        text("satuan", "Satuan resmi, bila ada.", "Official unit, where listed.", "Dokumen"),
        integer("tahun_awal", "Tahun anggaran pertama edisi.", "First budget year of the edition.", 2024),
        integer("tahun_akhir", "Tahun anggaran terakhir edisi.", "Last budget year of the edition.", 2026),
        text(
            "asal",
            "daftar: tercantum dalam daftar bawaan; rilis: dari baris rilis ini.",
            "daftar: in the bundled lists; rilis: from rows of this release.",
            "daftar",
            nullable=False,
            allowed=("daftar", "rilis"),
        ),
    ),
)

REFERENCE_TABLES: tuple[TableSpec, ...] = (WILAYAH, NOMENKLATUR)
