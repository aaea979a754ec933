"""Stand-ins for the worker jobs and small typed documents; the file's own text tells what a fake job does with it.

A fake PDF is `%PDF-fake` and then lines `key=value`: `pages=3`, `pagu=1000` (amount of the program), `die=2` (the worker kills itself on
page 2), `hang=2` (it sleeps there), `raise=2`, `memory=2`, `wait=0.1` (seconds that each page takes), `broken=1` (cannot be opened),
`bad=1` (normalising raises), `clash=1` (two lines with one id), `agency=Dinas A`, `odd=1` (its audit raises).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from extractors.errors import Cause, UnreadableDocument
from extractors.types import Bbox, PageContent, TextKind
from normalizers.types import (
    CellText,
    Column,
    Correction,
    CorrectionStatus,
    DocumentFacts,
    Line,
    Match,
    MatchStatus,
    ProseFigure,
    RowKind,
    TypedDocument,
    TypedTable,
    Value,
    ValueKind,
    ValueStatus,
)
from pipeline.findings import Audit, Certainty, Check, CheckStatus, Finding, Severity
from pipeline.jobs import CHUNK_STAGE, Chunk, Group, PageCount, Typing, keep_document, keep_tables, stored_pages
from pipeline.jobs import write_changes as write_changes
from pipeline.results import Fingerprints
from pipeline.settings import Settings
from pipeline.store import Store, file_sha256
from pipeline.workers import Job, OnBeat, Outcome, beat, call

BOX = Bbox(10, 20, 100, 30)
WRONG = 13  # the audit takes this amount for an error


def fake_pdf(path: Path, **facts: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["%PDF-fake", f"name={path.name}", *(f"{key}={value}" for key, value in facts.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def facts_of(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)


# ------------------------------------------------------------------------------------------------------------------------- worker jobs


class InlinePool:
    """Runs each job at once in this process: everything but the protection of real workers, at a hundredth of the cost."""

    def __init__(self, settings: Settings, on_beat: OnBeat) -> None:
        self._settings = settings
        self._done: list[tuple[int, Outcome]] = []
        self._count = 0

    def submit(self, job: Job) -> int:
        self._count += 1
        self._done.append((self._count, call(job, self._settings.memory_mb)))
        return self._count

    def wait(self) -> list[tuple[int, Outcome]]:
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        self._done.clear()


def count_pages(path: Path) -> PageCount:
    facts = facts_of(path)
    if "broken" in facts:
        raise UnreadableDocument("the cross-reference table is gone", Cause.BROKEN)
    return PageCount(int(facts.get("pages", 1)))


def read_chunk(path: Path, chunk: Chunk, settings: Settings) -> None:
    facts = facts_of(path)
    log(settings, f"read {path.name} {chunk.first}-{chunk.last}")
    pages = []
    for number in chunk.pages:
        if facts.get("die") == str(number):
            os.kill(os.getpid(), signal.SIGSEGV)
        if facts.get("hang") == str(number):
            time.sleep(60)
        time.sleep(float(facts.get("wait", 0)))
        if facts.get("memory") == str(number):
            raise MemoryError
        if facts.get("raise") == str(number):
            raise ValueError(f"page {number} is odd")
        beat(number)
        if number >= chunk.first:
            pages.append(PageContent(number, 595, 842, 0, TextKind.TEXT, "", (), ()))
    Store(settings.store_dir).put(CHUNK_STAGE, chunk.key, tuple(pages), tuple[PageContent, ...])


def type_document(task: Typing, settings: Settings) -> None:
    path = task.source.path
    facts = facts_of(path)
    log(settings, f"type {path.name}")
    if "bad" in facts:
        raise RuntimeError("no header row")
    pages = stored_pages(Store(settings.store_dir), task.chunks, task.failed)
    document = typed_document(path.name, file_sha256(path), pages=len(pages), pagu=int(facts.get("pagu", 1000)), clash="clash" in facts)
    if "agency" in facts:
        document = replace(document, facts=replace(document.facts, agency=facts["agency"]))
    keep_document(Store(settings.store_dir), task.key, document)


def audit_group(group: Group, settings: Settings) -> None:
    names = [member.source.file_name for member in group.members]
    log(settings, f"audit {' '.join(sorted(names))}")
    if any("odd" in facts_of(member.source.path) for member in group.members):
        raise ValueError("a sum of nothing")
    keep_tables(group, audit, settings)


def write_report(snapshot: Path, out: Path, sources: Mapping[str, Path], previous: Path | None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.html").write_text(f"{snapshot.name} {sorted(sources)}", encoding="utf-8")


def log(settings: Settings, text: str) -> None:
    """What was really done, one line a job; tests count the lines."""
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    with (settings.cache_dir / "done.txt").open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def done(settings: Settings) -> list[str]:
    path = settings.cache_dir / "done.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def forget_done(settings: Settings) -> None:
    (settings.cache_dir / "done.txt").unlink(missing_ok=True)


# ------------------------------------------------------------------------------------------------------------------ documents and audits


def fingerprints(settings: Settings) -> Fingerprints:
    return Fingerprints(extract="e1", normalise="n1", reconcile="r1", report="p1")


def money(column: str, rupiah: int | None, printed: str | None = None, status: ValueStatus = ValueStatus.OK) -> Value:
    return Value(
        column, ValueKind.RUPIAH, printed if printed is not None else f"{rupiah:,}".replace(",", "."), status, 1, BOX, rupiah=rupiah
    )


def quantity(column: str, number: str, unit: str) -> Value:
    return Value(column, ValueKind.VOLUME, f"{number} {unit}", ValueStatus.OK, 1, BOX, number=Decimal(number), unit=unit)


def cells(**texts: str) -> dict[str, CellText]:
    return {column: CellText(text, 1, BOX) for column, text in texts.items()}


def line(line_id: str, order: int, kind: RowKind, *, texts: dict[str, str] | None = None, **options: object) -> Line:
    return Line(line_id, order, 1, BOX, kind, cells(**(texts or {})), **options)  # type: ignore[arg-type]


def typed_document(name: str, sha256: str, *, pages: int = 1, pagu: int = 1000, clash: bool = False) -> TypedDocument:
    """One plan table: a program, and a sub kegiatan whose amounts stand on a second line."""
    document_id = sha256[:16]
    ids = [f"{document_id}-{place}" for place in range(3)]
    match = Match(MatchStatus.REPAIRED, "2.17.01", "PROGRAM PENUNJANG", RowKind.PROGRAM, 0.9, 0.2, "Angka nol di depan dibuang.", "2023")
    lines = (
        line(
            ids[0],
            0,
            RowKind.PROGRAM,
            texts={"kode": "02.17.01", "uraian": "PROGRAM PENUNJANG", "pagu": str(pagu)},
            values=(money("pagu", pagu),),
            printed_code="02.17.01",
            printed_name="PROGRAM PENUNJANG",
            code="2.17.01",
            match=match,
        ),
        line(ids[1], 1, RowKind.SUB_KEGIATAN, texts={"uraian": "Penyediaan Gaji"}, printed_name="Penyediaan Gaji", parent_id=ids[0]),
        line(
            ids[1] if clash else ids[2],
            2,
            RowKind.INDIKATOR,
            texts={"indikator": "Jumlah orang", "target": "12 Orang", "pagu": str(pagu), "sumber_dana": "DAU"},
            values=(quantity("target", "12", "Orang"), money("pagu", pagu)),
            parent_id=ids[1],
        ),
    )
    columns = (
        Column("kode", "Kode", "kode"),
        Column("uraian", "Program", "teks"),
        Column("indikator", "Indikator", "teks"),
        Column("target", "Target", "target"),
        Column("pagu", "Pagu (Rp)", "rupiah", unit="rupiah"),
        Column("sumber_dana", "Sumber Dana", "teks"),
    )
    table = TypedTable(f"{document_id}-t0", 0, "rencana_renja", "Tabel 3.1", columns, lines, 1, 1, method="lattice")
    prose = ProseFigure("Pagu sebesar Rp1.000.", "Rp1.000", ValueKind.RUPIAH, 1, BOX, rupiah=1000)
    facts = DocumentFacts("renja", 2024, "12.20", "Kabupaten Contoh", "Dinas Contoh")
    corrected = Correction("koreksi.yml#1", CorrectionStatus.APPLIED, document_id, table.lines[0].id, "pagu 100 menjadi 1.000")
    return TypedDocument(document_id, sha256, name, facts, (table,), (prose,), (), pages, corrections=(corrected,))


def audit(documents: Sequence[TypedDocument]) -> Audit:
    """One sum that holds for each document, and one information."""
    checks, findings = [], []
    for document in documents:
        lines = document.tables[0].lines
        checks.append(
            Check("R02", document.id, CheckStatus.AGREES, document.tables[0].id, lines[0].id, "pagu", 1000, 1000, (lines[2].id,)),
        )
        findings.append(
            Finding(
                f"f-{document.id}",
                "R28",
                document.id,
                CheckStatus.NOT_CHECKABLE,
                Severity.ERROR if lines[0].values[0].rupiah == WRONG else Severity.INFO,
                Certainty.INCOMPLETE,
                "Tidak ada baris jumlah.",
                document.tables[0].id,
                lines[0].id,
                "pagu",
                evidence=(lines[0].id,),
                page=1,
                bbox=BOX,
            )
        )
    return Audit(tuple(checks), tuple(findings))
