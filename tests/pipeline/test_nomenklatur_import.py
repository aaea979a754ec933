"""Lists as offices hand them out become editions that the matcher finds, and the unsure matches can be walked."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from normalizers.nomenklatur import load
from pipeline.cli.nomenklatur import app
from pipeline.nomenklatur_import import import_edition
from pipeline.overrides import load_overrides
from pipeline.review import answer, append_override, questions
from pipeline.settings import Settings

CSV = """\
kode;nama;satuan
3.27.02;PROGRAM SARANA PERTANIAN;
3.27.02.2.01;Pengawasan Sarana Pertanian;
3.27.02.2.01.0001;Pengawasan Pupuk;Laporan
"""
RUNNER = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RENJA_NOMENKLATUR_DIR", str(tmp_path / "editions"))
    return tmp_path / "editions"


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    path = tmp_path / "daftar.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_an_imported_list_is_asked_for_its_years(folder: Path, list_file: Path) -> None:
    done = import_edition(list_file, "900.1.15.5-3406/2024", None, folder)
    assert (done.edition.first_year, done.edition.last_year, done.gaps) == (2025, 2025, ())
    [listed] = load(Settings().imported_editions).for_year(2025).with_code("3.27.02.2.01.0001")
    assert (listed.entry.name, listed.entry.unit, listed.edition) == ("Pengawasan Pupuk", "Laporan", "900.1.15.5-3406/2024")


def test_a_second_import_takes_the_place_of_the_first(folder: Path, list_file: Path) -> None:
    for _ in range(2):
        import_edition(list_file, "uji/1", (2024, 2025), folder)
    assert len(Settings().imported_editions) == 1


def test_a_workbook_keeps_the_kegiatan_number_that_a_float_loses(folder: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["URUSAN/UNSUR", "BIDANG URUSAN/BIDANG UNSUR", "PROGRAM", "KEGIATAN", "SUB KEGIATAN", "NOMENKLATUR URUSAN"])
    sheet.append([3, 27, 2, None, None, "PROGRAM SARANA PERTANIAN"])
    sheet.append([3, 27, 2, 2.1, None, "Kegiatan Kesepuluh"])
    sheet.append([3, 27, 2, 2.1, 3, "Sub Ketiga"])
    book.save(tmp_path / "daftar.xlsx")
    done = import_edition(tmp_path / "daftar.xlsx", "uji", (2024, 2024), folder)
    assert [entry.code for entry in done.edition.entries] == ["3.27.02", "3.27.02.2.10", "3.27.02.2.10.0003"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "x;y\n1;2\n", "no header"),
        ("a.doc", "x", "not a workbook"),
        ("a.csv", "kode;nama\n", "no code under it"),
        ("a.xlsx", "x", "not a zip"),
        ("a.pdf", "x", "not a PDF"),
    ],
)
def test_what_is_no_list_is_refused_by_name(folder: Path, tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"{name}: .*{message}"):
        import_edition(tmp_path / name, "uji", (2024, 2024), folder)


def test_an_unknown_edition_needs_its_years(folder: Path, list_file: Path) -> None:
    with pytest.raises(ValueError, match="budget years"):
        import_edition(list_file, "daftar-kantor", None, folder)


def test_the_commands_import_list_show_and_compare(folder: Path, list_file: Path) -> None:
    done = RUNNER.invoke(app, ["import", str(list_file), "--edition", "uji-2026", "--years", "2026"])
    assert done.exit_code == 0 and "3 entries" in done.output, done.output
    assert "uji-2026" in RUNNER.invoke(app, ["list"]).output
    shown = RUNNER.invoke(app, ["show", "3.27.02.2.01.01", "--year", "2026"])
    assert "Pengawasan Pupuk" in shown.output and "uji-2026" in shown.output
    assert "Penyediaan Bahan Logistik Kantor" in RUNNER.invoke(app, ["show", "2.17.01.2.06.04"]).output
    compared = RUNNER.invoke(app, ["diff", "050-5889/2021", "900.1.15.5-1317/2023"])
    assert "- 2.17.07.2.01.0001 Pendataan Potensi dan Pengembangan Usaha Mikro" in compared.output
    assert RUNNER.invoke(app, ["show", "3.27.99"]).exit_code == 1
    assert RUNNER.invoke(app, ["diff", "a", "b"]).exit_code == 2
    assert RUNNER.invoke(app, ["import", str(list_file), "--edition", "x", "--years", "2026-2024"]).exit_code == 2


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A published snapshot of two documents with a row that no edition lists, and one with two near names."""
    rows = [
        ("d1", "b1", "3.25.02", "PROGRAM PERIKANAN BUDIDAYA", "tidak_ditemukan", "program"),
        ("d2", "b2", "3.25.02", "Program Perikanan Budidaya", "tidak_ditemukan", "program"),
        ("d1", "b3", None, "Penyusunan Rencana Tenaga Kerja Mkro", "ragu", "sub_kegiatan"),
    ]
    latest = tmp_path / "clean" / "latest"
    latest.mkdir(parents=True)
    lines = [
        {
            "dokumen_id": document,
            "tabel_id": f"t-{document}",
            "baris_id": line,
            "urutan": order,
            "halaman": 1,
            "putaran": 0,
            **dict.fromkeys(("x0", "y0", "x1", "y1"), 1.0),
            "jenis_baris": kind,
            "kode_tercetak": code,
            "uraian_tercetak": name,
            "status_cocok": status,
            "alasan_cocok": "Dua calon terlalu dekat.",
            "kode_ref": None,
        }
        for order, (document, line, code, name, status, kind) in enumerate(rows)
    ]
    documents = [{"dokumen_id": id, "tahun": 2024, "nama_berkas": f"{id}.pdf", "perangkat_daerah": None} for id in ("d1", "d2")]
    pq.write_table(pa.Table.from_pylist(lines), latest / "baris.parquet")
    pq.write_table(pa.Table.from_pylist(documents), latest / "dokumen.parquet")
    return tmp_path / "clean"


def test_the_corpus_proposes_what_documents_agree_on(folder: Path, clean: Path) -> None:
    done = RUNNER.invoke(app, ["usulkan", "--clean", str(clean)])
    assert done.exit_code == 0 and "1 provisional entries" in done.output, done.output
    [listed] = load(Settings().imported_editions).for_year(2024).with_code("3.25.02")
    assert listed.provisional and listed.edition == "sementara"


def test_an_unsure_row_is_asked_with_candidates_and_the_answer_is_a_correction(clean: Path, tmp_path: Path) -> None:
    [question] = questions(clean / "latest", load())
    assert question.line_id == "b3"
    assert {code for code, _, _ in question.candidates} >= {"2.07.02.2.01.0001", "2.07.02.2.01.0002"}
    for day in (1, 2):
        append_override(tmp_path / "tinjauan.yml", answer(question, "2.07.02.2.01.0002", "Siti", "huruf hilang", date(2026, 1, day)))
    entries = load_overrides(tmp_path).entries
    assert [(entry.override.expect, entry.override.nilai) for entry in entries] == [
        ("Penyusunan Rencana Tenaga Kerja Mkro", "2.07.02.2.01.0002")
    ] * 2


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "entries"),
    [("nomenklatur-sipd-2027.csv", 9000), ("sub-kegiatan-900.xlsx", 4000), ("lampiran-nomenklatur-contoh.pdf", 221)],
)
def test_lists_of_officials_are_read_fast_and_without_gaps(shared: Path, folder: Path, name: str, entries: int) -> None:
    start = time.process_time()
    done = import_edition(shared / "reference" / name, "uji", (2027, 2027), folder)
    assert time.process_time() - start < 5
    assert len(done.edition.entries) >= entries and done.gaps == ()
