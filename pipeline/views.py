"""Views over the published tables that answer the usual questions; `api.Dataset.sql` and the DuckDB export have them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """A named query over the published tables; `indonesian` tells what one row is."""

    name: str
    indonesian: str
    english: str
    query: str


VIEWS: tuple[View, ...] = (
    View(
        "pagu_per_program",
        "Satu baris untuk setiap program dalam setiap tabel anggaran: pagu yang tercetak, dan jumlah sub kegiatan di bawahnya.",
        "One row per program of each budget table: the printed amount, and what the sub kegiatan below it add up to.",
        """
        select a.tahun, a.kode_wilayah, a.nama_wilayah, a.perangkat_daerah, a.jenis_dokumen, a.jenis_tabel, a.kode, a.uraian,
               coalesce(a.pagu_sesudah, a.pagu, a.anggaran) as pagu_tercetak,
               (select sum(coalesce(s.pagu_sesudah, s.pagu, s.anggaran))::bigint from anggaran s
                where s.tabel_id = a.tabel_id and s.tingkat = 'sub_kegiatan' and starts_with(s.kode, a.kode || '.')) as pagu_rincian,
               a.status_rekonsiliasi, a.dokumen_id, a.tabel_id, a.baris_id, a.halaman
        from anggaran a where a.tingkat = 'program'
        """,
    ),
    View(
        "temuan_lengkap",
        "Satu baris untuk setiap temuan, bersama dokumen dan baris tempatnya tercetak.",
        "One row per finding, with its document and the row it stands on.",
        """
        select t.*, d.nama_berkas, d.perangkat_daerah, d.nama_wilayah, d.tahun, b.kode_tercetak, b.uraian_tercetak
        from temuan t join dokumen d using (dokumen_id) left join baris b using (baris_id)
        """,
    ),
)
