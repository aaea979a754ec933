"""What the pages of `renja browse` ask of a snapshot. All questions are parametrised SQL over tables held in memory."""

from __future__ import annotations

import json
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.dataset import connect

Row = dict[str, Any]
PER_PAGE = 50
_WORDS = 12  # of a search text, the rest is not looked at
_COMPARED = 300

_WEIGHT = "case tingkat when 'galat' then 0 when 'peringatan' then 1 else 2 end"
_AMOUNT = "coalesce(pagu_sesudah, pagu, anggaran, pagu_sebelum)"
_LOADED = {
    "dokumen": "select *, lower(concat_ws(' ', nama_berkas, perangkat_daerah, nama_wilayah, jenis_dokumen, tahun)) as cari from dokumen",
    "tabel": "select * from tabel",
    "baris": "select * from baris",
    "nilai": "select dokumen_id, halaman, baris_id, kolom, status, catatan, rupiah, x0, y0, x1, y1 from nilai",
    "anggaran": f"select *, {_AMOUNT} as jumlah, "
    "lower(concat_ws(' ', kode, uraian, perangkat_daerah, nama_wilayah, tahun)) as cari from anggaran",
    "temuan": f"select *, row_number() over (partition by dokumen_id order by {_WEIGHT}, halaman, temuan_id) as giliran from temuan",
}
# What is printed on a row, else what the sub kegiatan of the same table below it add up to.
_BELOW = """(select sum(s.jumlah)::bigint from isi_anggaran s
             where s.tabel_id = a.tabel_id and s.tingkat = 'sub_kegiatan' and starts_with(s.kode, a.kode || '.'))"""


class Library:
    """A snapshot held in memory; every question gets a cursor of its own, so requests may run side by side."""

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self._lock = threading.Lock()
        self._connection = connect(snapshot)
        for name, query in _LOADED.items():
            self._connection.execute(f"create table isi_{name} as {query}")
        for name in ("baris", "nilai", "temuan", "tabel"):
            self._connection.execute(f"create index {name}_per_dokumen on isi_{name} (dokumen_id)")
        self.years = [row["tahun"] for row in self._rows("select distinct tahun from isi_dokumen where tahun is not null order by 1 desc")]
        self.regions = self._rows("select distinct kode_wilayah, nama_wilayah from isi_dokumen where kode_wilayah is not null order by 2")

    def _rows(self, query: str, *parameters: object) -> list[Row]:
        with self._lock:
            cursor = self._connection.cursor()
        result = cursor.execute(query, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, values, strict=True)) for values in result.fetchall()]

    @cached_property
    def totals(self) -> Row:
        """How much the snapshot holds, for the first page."""
        (row,) = self._rows(
            """select (select count(*) from isi_dokumen) as dokumen, (select sum(jumlah_halaman)::bigint from isi_dokumen) as halaman,
                      (select count(*) from isi_anggaran) as anggaran, (select count(*) from isi_temuan where tingkat = 'galat') as galat"""
        )
        return row

    def documents(self, text: str = "", region: str = "", year: int | None = None, page: int = 1) -> list[Row]:
        """Documents with their findings, those with the most `galat` first; every word of `text` must occur."""
        query = f"""
            with jumlah as (select dokumen_id, count(*) as n, count(*) filter (tingkat = 'galat') as galat from isi_temuan group by all)
            select d.* exclude (cari), coalesce(j.galat, 0) as galat_n, coalesce(j.n, 0) as temuan_n
            from isi_dokumen d left join jumlah j using (dokumen_id) where {_chosen(text)}
            order by galat_n desc, temuan_n desc, nama_berkas, dokumen_id limit ? offset ?"""
        return self._rows(query, *_words(text), region, region, year, year, PER_PAGE, (page - 1) * PER_PAGE)

    def budget(self, text: str, region: str = "", year: int | None = None, page: int = 1) -> list[Row]:
        """Budget lines whose code, name or agency holds every word of `text`, the largest first."""
        query = f"""select * exclude (cari) from isi_anggaran where {_chosen(text)}
                    order by jumlah desc nulls last, baris_id limit ? offset ?"""
        return self._rows(query, *_words(text), region, region, year, year, PER_PAGE, (page - 1) * PER_PAGE)

    def comparison(self, code: str) -> list[Row]:
        """One code over all agencies and years, the printed amount (`jumlah`) beside what is printed below it (`rincian`)."""
        query = f"""
            select a.dokumen_id, a.baris_id, a.halaman, a.tahun, a.nama_wilayah, a.perangkat_daerah, a.jenis_dokumen, a.jenis_tabel,
                   a.uraian, a.tingkat, a.status_rekonsiliasi, a.jumlah, case when a.tingkat <> 'sub_kegiatan' then {_BELOW} end as rincian
            from isi_anggaran a where a.kode = ? order by tahun desc nulls last, jumlah desc nulls last, baris_id limit {_COMPARED}"""
        return self._rows(query, code)

    def below(self, code: str) -> list[Row]:
        """The codes one level below a code, with how many rows carry each."""
        query = """
            select kode, any_value(uraian) as uraian, count(*) as n from isi_anggaran
            where starts_with(kode, ? || '.') and tingkat = case len(string_split(?, '.')) when 3 then 'kegiatan' else 'sub_kegiatan' end
            group by kode order by kode limit 100"""
        return self._rows(query, code, code)

    def document(self, document_id: str) -> Row | None:
        return self._one("select * exclude (cari) from isi_dokumen where dokumen_id = ?", document_id)

    def tables_on(self, document_id: str, page: int) -> list[Row]:
        """The tables that have rows on a page, each with its columns and the rows printed there."""
        tables = self._rows(
            "select * from isi_tabel where dokumen_id = ? and ? between halaman_awal and halaman_akhir order by urutan", document_id, page
        )
        lines = self._rows("select * from isi_baris where dokumen_id = ? and halaman = ? order by tabel_id, urutan", document_id, page)
        values = self._rows("select * from isi_nilai where dokumen_id = ? and halaman = ?", document_id, page)
        boxes: dict[str, dict[str, Row]] = {}
        for value in values:
            boxes.setdefault(value["baris_id"], {})[value["kolom"]] = value
        for line in lines:
            line["sel"] = json.loads(line["sel"])
            line["nilai"] = boxes.get(line["baris_id"], {})
        for table in tables:
            table["baris"] = [line for line in lines if line["tabel_id"] == table["tabel_id"]]
            used = {column for line in table["baris"] for column in line["sel"]}
            table["kolom"] = [column for column in json.loads(table["kolom"]) if column["nama"] in used]
            known = {column["nama"] for column in table["kolom"]}
            table["kolom"] += [{"nama": name, "tercetak": ""} for name in sorted(used - known)]
        return [table for table in tables if table["baris"]]

    def rotation(self, document_id: str, page: int) -> int | None:
        """How a page was turned to stand upright; None where no row tells, and the page itself must."""
        found = self._one("select putaran from isi_baris where dokumen_id = ? and halaman = ? limit 1", document_id, page)
        return found["putaran"] if found else None

    def findings_on(self, document_id: str, page: int) -> list[Row]:
        """The findings of one page, weightiest first."""
        return self._rows("select * from isi_temuan where dokumen_id = ? and halaman = ? order by giliran", document_id, page)

    def findings_per_page(self, document_id: str) -> dict[int, int]:
        rows = self._rows(
            "select halaman, count(*) as n from isi_temuan where dokumen_id = ? and halaman is not null group by all", document_id
        )
        return {row["halaman"]: row["n"] for row in rows}

    def steps(self, document_id: str, finding_id: str, page: int) -> Row:
        """The place of a finding among those of its document (`nomor` of `semua`), the one before it and the one after.

        Without a finding, the next is the weightiest one of the page, else of the document.
        """
        rows = self._rows(
            "select temuan_id, halaman, giliran, count(*) over () as semua from isi_temuan where dokumen_id = ? order by giliran",
            document_id,
        )
        ids = [row["temuan_id"] for row in rows]
        if finding_id in ids:
            place = ids.index(finding_id)
            before, after = (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)
            return {"nomor": place + 1, "semua": len(ids), "sebelum": before, "sesudah": after}
        first = next((row["temuan_id"] for row in rows if row["halaman"] == page), ids[0] if ids else None)
        return {"nomor": None, "semua": len(ids), "sebelum": None, "sesudah": first}

    def finding(self, finding_id: str) -> Row | None:
        return self._one("select * from isi_temuan where temuan_id = ?", finding_id)

    def line(self, line_id: str) -> Row | None:
        return self._one("select * from isi_baris where baris_id = ?", line_id)

    def _one(self, query: str, *parameters: object) -> Row | None:
        found = self._rows(query, *parameters)
        return found[0] if found else None


def _words(text: str) -> list[str]:
    return text.lower().split()[:_WORDS]


def _chosen(text: str) -> str:
    """The condition of a search: one comparison per word of `text`, then region (twice) and year (twice)."""
    terms = ["contains(cari, ?)" for _ in _words(text)]
    return " and ".join([*terms, "(? = '' or starts_with(coalesce(kode_wilayah, ''), ?))", "(?::int is null or tahun = ?)"])
