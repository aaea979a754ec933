"""A small published dataset, made without reading a PDF: two regencies, a plan and a changed plan, one total that does not add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from extractors.types import Bbox
from normalizers.types import Line, Match, MatchStatus, RowKind, TypedDocument, Value
from pipeline.inputs import Origin, Source
from pipeline.publish import publish
from pipeline.reconcile import audit
from pipeline.report import write_html, write_workbook
from pipeline.results import DocumentResult
from pipeline.rows import dataset_rows
from pipeline.schemas import TABLES
from pipeline.schemas.arrow import to_arrow
from tests.dataset.chromium import Tab, chromium, executable
from tests.extractors import pdf_maker
from tests.pipeline import builders

XS = (40, 160, 380, 480, 560)
TOP, STEP = 60.0, 24.0
AGENCY = "Dinas Koperasi dan UKM"
NASTY = "<script>document.title='rusak'</script> \"; drop table isi_dokumen; --"
PLAN: list[builders.Row] = [
    ("program", "2.17.02", "PROGRAM PELAYANAN IZIN USAHA SIMPAN PINJAM", {"pagu": 500_000_000}),
    ("kegiatan", "2.17.02.2.01", "Penerbitan Izin Usaha Simpan Pinjam", {"pagu": 500_000_000}),
    ("sub_kegiatan", "2.17.02.2.01.0001", "Fasilitasi Pemenuhan Izin Usaha", {"pagu": 300_000_000}),
    ("sub_kegiatan", "2.17.02.2.01.0002", f"Koordinasi Perizinan {NASTY}", {"pagu": 150_000_000}),
]
CHANGE: list[builders.Row] = [
    ("program", "2.17.02", "PROGRAM PELAYANAN IZIN USAHA SIMPAN PINJAM", {"pagu_sebelum": 90_000_000, "pagu_sesudah": 120_000_000}),
    ("kegiatan", "2.17.02.2.01", "Penerbitan Izin Usaha Simpan Pinjam", {"pagu_sebelum": 90_000_000, "pagu_sesudah": 120_000_000}),
    ("sub_kegiatan", "2.17.02.2.01.0001", "Fasilitasi Pemenuhan Izin Usaha", {"pagu_sebelum": 90_000_000, "pagu_sesudah": 120_000_000}),
]


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The PDFs behind the dataset, by dokumen_id: the same rows in a ruled table on one page."""
    folder = tmp_path_factory.mktemp("pdf")
    found = {}
    for name, rows in (("renja-a.pdf", PLAN), ("perubahan-b.pdf", CHANGE)):
        path = folder / name
        ys = [842 - TOP - STEP * place for place in range(len(rows) + 1)]
        printed = [(code, title[:38], *(f"{value:,}".replace(",", ".") for value in cells.values())) for _, code, title, cells in rows]
        grid = pdf_maker.lattice(XS, ys) + pdf_maker.cells(XS, ys, printed, 8)
        path.write_bytes(pdf_maker.document(grid, pdf_maker.text(60, 700, "Halaman tanpa tabel")))
        source = Source(path, _sha(path))
        found[source.id] = path
    return found


def _sha(path: Path) -> str:
    from pipeline.store import file_sha256

    return file_sha256(path)


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, originals: dict[str, Path]) -> Path:
    """The published folder, with its report."""
    sources = {path.name: Source(path, _sha(path), Origin(f"https://example.go.id/{path.name}")) for path in originals.values()}
    documents = [
        _document(sources["renja-a.pdf"], PLAN, "rencana_renja", kind="renja", region_code="12.20", region_name="Kabupaten A"),
        _document(
            sources["perubahan-b.pdf"], CHANGE, "rencana_perubahan", kind="renja_perubahan", region_code="35.14", region_name="Kabupaten B"
        ),
    ]
    results = [DocumentResult(source, "ok", None, 2) for source in sources.values()]
    rows = dataset_rows(results, {document.id: document for document in documents}, audit(documents))
    tables = {spec.name: to_arrow(spec, rows[spec.name]) for spec in TABLES}

    def report(folder: Path, version: str) -> None:
        write_html(folder, folder / "laporan", sources=originals)
        write_workbook(folder, folder / "laporan" / "temuan.xlsx")

    return publish([tables], tmp_path_factory.mktemp("clean"), today=date(2026, 11, 20), keep=3, finish=report).path


def _document(source: Source, rows: list[builders.Row], table_kind: str, **facts: str) -> TypedDocument:
    table = builders.table(rows, table_kind, identity=f"{source.id[:6]}-")
    placed = replace(table, lines=tuple(_placed(line) for line in table.lines), title=f"Tabel 3.3 {NASTY}", method="lattice")
    document = builders.document(placed, identity=source.id, year=2024, agency=AGENCY, **facts)
    return replace(document, sha256=source.sha256, file_name=source.file_name, page_count=2)


def _placed(line: Line) -> Line:
    """The line where the PDF prints it, with its official entry."""
    top = TOP + STEP * line.order
    columns = list(line.cells)

    def value(one: Value) -> Value:
        place = columns.index(one.column)
        return replace(one, bbox=Bbox(XS[place], top, XS[place + 1], top + STEP))

    level = RowKind(line.kind.value)
    match = Match(MatchStatus.EXACT, line.code, line.printed_name, level, 1.0, 0.5, "Kode dan nama sama.", "900.1.15.5-1317/2023")
    return replace(line, bbox=Bbox(XS[0], top, XS[-1], top + STEP), values=tuple(map(value, line.values)), match=match)


@pytest.fixture
def tab() -> Iterator[Tab]:
    """A fresh Chromium; skipped where the machine has none."""
    path = executable()
    if path is None:
        pytest.skip("needs a Chromium, and none is installed here")
    with chromium(path) as opened:
        yield opened
