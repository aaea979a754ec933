"""What the pages of `renja browse` ask of a snapshot. All questions are parametrised SQL over tables held in memory."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from pipeline.dataset import connect
from pipeline.schemas import TABLES

Row = dict[str, Any]
PER_PAGE = 50


class Library:
    """A snapshot held in memory; every question gets a cursor of its own, so requests may run side by side."""

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self._connection = connect(snapshot)
        self._lock = threading.Lock()
        for spec in TABLES:
            self._connection.execute(f"create table isi_{spec.name} as select * from {spec.name}")
        self._connection.execute("create index baris_per_dokumen on isi_baris (dokumen_id)")
        self._connection.execute("create index nilai_per_dokumen on isi_nilai (dokumen_id)")

    def _rows(self, query: str, *parameters: object) -> list[Row]:
        with self._lock:
            cursor = self._connection.cursor()
        result = cursor.execute(query, parameters)
        names = [column[0] for column in result.description]
        return [dict(zip(names, values, strict=True)) for values in result.fetchall()]

    def documents(self, text: str = "", region: str = "", year: int | None = None, page: int = 1) -> list[Row]:
        """Documents with their findings, those with the most `galat` first; every word of `text` must occur."""
        query = """
            select d.*, count(t.temuan_id) filter (t.tingkat = 'galat') as galat_n, count(t.temuan_id) as temuan_n
            from isi_dokumen d left join isi_temuan t using (dokumen_id)
            where contains_all(concat_ws(' ', d.nama_berkas, d.perangkat_daerah, d.nama_wilayah, d.jenis_dokumen, d.tahun), ?)
              and (? = '' or starts_with(coalesce(d.kode_wilayah, ''), ?)) and (? is null or d.tahun = ?)
            group by all order by galat_n desc, temuan_n desc, nama_berkas limit ? offset ?"""
        return self._rows(_expanded(query, text), *_words(text), region, region, year, year, PER_PAGE, (page - 1) * PER_PAGE)

    def budget(self, text: str, region: str = "", year: int | None = None, page: int = 1) -> list[Row]:
        """Budget lines whose code, name or agency holds every word of `text`, the largest first."""
        query = """
            select *, coalesce(pagu_sesudah, pagu, anggaran, pagu_sebelum) as jumlah from isi_anggaran
            where contains_all(concat_ws(' ', kode, uraian, perangkat_daerah, nama_wilayah), ?)
              and (? = '' or starts_with(coalesce(kode_wilayah, ''), ?)) and (? is null or tahun = ?)
            order by jumlah desc nulls last, baris_id limit ? offset ?"""
        return self._rows(_expanded(query, text), *_words(text), region, region, year, year, PER_PAGE, (page - 1) * PER_PAGE)

    def comparison(self, code: str) -> list[Row]:
        """One code over all agencies and years: a bar each."""
        query = """
            select dokumen_id, baris_id, halaman, tahun, nama_wilayah, perangkat_daerah, jenis_dokumen, jenis_tabel, uraian,
                   status_rekonsiliasi, coalesce(pagu_sesudah, pagu, anggaran, pagu_sebelum) as jumlah
            from isi_anggaran where kode = ? order by tahun desc nulls last, jumlah desc nulls last, baris_id limit 300"""
        return self._rows(query, code)

    def document(self, document_id: str) -> Row | None:
        found = self._rows("select * from isi_dokumen where dokumen_id = ?", document_id)
        return found[0] if found else None

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
            table["kolom"] += [{"nama": name, "judul": name} for name in sorted(used - known)]
        return [table for table in tables if table["baris"]]

    def findings(self, document_id: str) -> list[Row]:
        """A document's findings, weightiest first."""
        order = "case tingkat when 'galat' then 0 when 'peringatan' then 1 else 2 end"
        return self._rows(f"select * from isi_temuan where dokumen_id = ? order by {order}, halaman, temuan_id", document_id)

    def finding(self, finding_id: str) -> Row | None:
        found = self._rows("select * from isi_temuan where temuan_id = ?", finding_id)
        return found[0] if found else None

    def line(self, line_id: str) -> Row | None:
        found = self._rows("select * from isi_baris where baris_id = ?", line_id)
        return found[0] if found else None

    def years(self) -> list[int]:
        return [row["tahun"] for row in self._rows("select distinct tahun from isi_dokumen where tahun is not null order by 1 desc")]

    def regions(self) -> list[Row]:
        return self._rows("select distinct kode_wilayah, nama_wilayah from isi_dokumen where kode_wilayah is not null order by 1")


def _words(text: str) -> list[str]:
    return text.lower().split()[:12]


def _expanded(query: str, text: str) -> str:
    """`contains_all(x, ?)` written out as one comparison per word of `text`."""
    start, end = query.index("contains_all("), query.index(", ?)")
    subject = query[start + len("contains_all(") : end]
    terms = " and ".join(f"contains(lower({subject}), ?)" for _ in _words(text)) or "true"
    return query[:start] + f"({terms})" + query[end + len(", ?)") :]
