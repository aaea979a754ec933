"""The view of one document that both reports (HTML and XLSX) are built from, read back from a published snapshot.

Reading the published tables, and not the objects of the run, keeps a report reproducible from the snapshot alone.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.findings import CheckStatus, Severity
from pipeline.layout import batches, by_document, read_table
from pipeline.schemas.arrow import digest
from pipeline.store import content_key

Row = dict[str, Any]

SEVERITIES = tuple(severity.value for severity in Severity)
ENDS = tuple(status.value for status in CheckStatus)
TABLES = ("dokumen", "tabel", "baris", "nilai", "anggaran", "temuan", "pemeriksaan", "koreksi")


@dataclass(frozen=True, slots=True)
class Member:
    """One printed row that stands as evidence: what is printed there in the column of the finding."""

    line_id: str
    page: int | None
    code: str
    name: str
    printed: str
    rupiah: int | None


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A budget line with the lines that roll up into it; `findings` are the findings that stand on it."""

    row: Row
    findings: tuple[Row, ...]
    children: tuple[TreeNode, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings shown under one heading: those beyond doubt all together (`rule` is None), the others by their rule."""

    severity: str
    rule: str | None
    findings: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was broken, by severity, and the differences of its `galat` in rupiah."""

    rule: str
    severities: dict[str, int]
    rupiah: int


@dataclass(frozen=True)
class DocumentView:
    """Everything that a report says about one document. Rows are dicts with the published column names."""

    document: Row
    tables: list[Row]
    lines: dict[str, Row]
    values: dict[tuple[str, str], Row]
    budget: list[Row]
    findings: list[Row]
    checks: list[Row]
    corrections: list[Row]
    fresh: frozenset[str] = frozenset()  # findings that the snapshot before did not have
    gone: list[Row] = field(default_factory=list)

    @cached_property
    def ends(self) -> dict[str, tuple[int, int]]:
        """Count and rupiah of the printed figures per end of a check."""
        count: Counter[str] = Counter()
        rupiah: Counter[str] = Counter()
        for check in self.checks:
            count[check["status"]] += 1
            value = self.values.get((check["baris_id"] or "", check["kolom"] or ""))
            rupiah[check["status"]] += abs(value["rupiah"] or 0) if value else 0
        return {end: (count[end], rupiah[end]) for end in ENDS}

    @property
    def checked_share(self) -> float | None:
        return checked_share(self.document)

    @cached_property
    def edition(self) -> str | None:
        """The nomenklatur edition that most lines were named by."""
        named = Counter(line["edisi_nomenklatur"] for line in self.lines.values() if line["edisi_nomenklatur"])
        return named.most_common(1)[0][0] if named else None

    @cached_property
    def by_severity(self) -> dict[str, int]:
        count = Counter(finding["tingkat"] for finding in self.findings)
        return {severity: count[severity] for severity in SEVERITIES}

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The findings in the order of their weight, all but the `galat` gathered by rule."""
        gathered: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
        for finding in self.findings:
            severity = finding["tingkat"]
            gathered[severity, None if severity == SEVERITIES[0] else finding["aturan"]].append(finding)
        return tuple(Group(severity, rule, tuple(findings)) for (severity, rule), findings in gathered.items())

    @cached_property
    def by_rule(self) -> tuple[RuleCount, ...]:
        """The rules that were broken, those with most `galat` first."""
        count = Counter((finding["aturan"], finding["tingkat"]) for finding in self.findings)
        rupiah: Counter[str] = Counter()
        for finding in self.findings:
            rupiah[finding["aturan"]] += amount_of(finding) if finding["tingkat"] == SEVERITIES[0] else 0
        rules = [RuleCount(rule, {s: count[rule, s] for s in SEVERITIES}, rupiah[rule]) for rule in {rule for rule, _ in count}]
        return tuple(sorted(rules, key=lambda rule: ([-number for number in rule.severities.values()], rule.rule)))

    @cached_property
    def unsure(self) -> list[Row]:
        """Lines whose official name is not certain."""
        return [line for line in self.lines.values() if line["status_cocok"] in ("ragu", "tidak_ditemukan")]

    @cached_property
    def uncheckable(self) -> list[tuple[str, str, int]]:
        """(rule, end, count) of what could not be checked."""
        count = Counter((c["aturan"], c["status"]) for c in self.checks if c["status"] in ("terhalang", "tidak_dapat_diperiksa"))
        return [(rule, end, number) for (rule, end), number in sorted(count.items())]

    def members(self, finding: Row) -> list[Member]:
        """The evidence of a finding: the row that it stands on is left out, it is shown by itself."""
        ids = [line_id for line_id in json.loads(finding["bukti"] or "[]") if line_id != finding["baris_id"]]
        return [member for line_id in ids if (member := self.member(line_id, finding["kolom"]))]

    def member(self, line_id: str, column: str | None) -> Member | None:
        line = self.lines.get(line_id)
        if line is None:
            return None
        value = self.values.get((line_id, column or ""))
        printed = (value or {}).get("tercetak") or (json.loads(line["sel"]).get(column) if column else None) or ""
        code, name = line["kode_ref"] or line["kode_tercetak"] or "", line["uraian_tercetak"] or line["uraian_ref"] or ""
        return Member(line_id, line["halaman"], code, name, printed, (value or {}).get("rupiah"))

    def row_figures(self, finding: Row) -> list[tuple[str, str, int | None]]:
        """(column, print, rupiah) of every amount of the row a finding stands on, for the rules that compare within a row."""
        return [
            (column, value["tercetak"], value["rupiah"])
            for (line_id, column), value in self.values.items()
            if line_id == finding["baris_id"] and value["jenis_nilai"] in ("rupiah", "persen") and value["status"] != "kosong"
        ]

    def forest(self) -> list[tuple[Row, list[TreeNode]]]:
        """The budget lines of every table that has some, as trees along `induk_baris_id`."""
        on_line: dict[str, list[Row]] = defaultdict(list)
        for finding in self.findings:
            on_line[finding["baris_id"] or ""].append(finding)
        shown = {row["baris_id"]: row for row in self.budget}
        children: dict[str | None, list[Row]] = defaultdict(list)
        for row in self.budget:
            children[self._shown_parent(row["baris_id"], shown)].append(row)

        def node(row: Row) -> TreeNode:
            line_id = row["baris_id"]
            below = tuple(node(child) for child in children[line_id])
            return TreeNode(row, tuple(on_line[line_id]), below)

        trees = []
        for table in self.tables:
            roots = [row for row in children[None] if self.lines[row["baris_id"]]["tabel_id"] == table["tabel_id"]]
            if roots:
                trees.append((table, [node(row) for row in roots]))
        return trees

    def _shown_parent(self, line_id: str, shown: Mapping[str, Row]) -> str | None:
        seen = {line_id}
        parent = self.lines[line_id]["induk_baris_id"]
        while parent and parent not in shown and parent not in seen:
            seen.add(parent)
            parent = self.lines[parent]["induk_baris_id"] if parent in self.lines else None
        return parent if parent in shown and parent not in seen else None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A document's line in the index: where its report is, and what it found. `rupiah` is the sum of the differences of its errors."""

    page: str
    document: Row
    errors: int
    warnings: int
    infos: int
    rupiah: int

    @property
    def checked_share(self) -> float | None:
        return checked_share(self.document)


def checked_share(document: Row) -> float | None:
    """Share of the printed amounts that stand under a check that passed, 0..1; None where no amount is printed."""
    amounts: int = document["jumlah_nominal"]
    return document["nominal_teruji"] / amounts if amounts else None


class DocumentRows:
    """The published rows of one document, still as Arrow: cheap to fingerprint, made into a view only where its page is written.

    `fresh` are the ids of findings that the snapshot before did not have, `gone` the findings that it had alone.
    """

    def __init__(self, document_id: str, tables: Mapping[str, pa.Table], fresh: frozenset[str], gone: list[Row]) -> None:
        self.document_id = document_id
        self._tables = tables
        self.fresh, self.gone = fresh, gone

    @property
    def fingerprint(self) -> str:
        """A hash over everything that a report says of the document."""
        said = repr((sorted(self.fresh), sorted(row["temuan_id"] for row in self.gone)))
        return content_key(said, *(digest(self._tables[name]) for name in TABLES))[:32]

    def entry(self, page: str) -> IndexEntry:
        """The document's line in the index."""
        findings: list[Row] = self._tables["temuan"].select(["tingkat", "selisih"]).to_pylist()
        count = Counter(finding["tingkat"] for finding in findings)
        weight = sum(amount_of(finding) for finding in findings if finding["tingkat"] == "galat")
        return IndexEntry(page, self.document, count["galat"], count["peringatan"], count["info"], weight)

    @cached_property
    def document(self) -> Row:
        """The document's own row."""
        row: Row = self._tables["dokumen"].to_pylist()[0]
        return row

    @property
    def has_findings(self) -> bool:
        return bool(self._tables["temuan"].num_rows)

    @cached_property
    def ends(self) -> Counter[str]:
        """How many checks came to which end."""
        return Counter(self._tables["pemeriksaan"].column("status").to_pylist())

    def view(self) -> DocumentView:
        rows = {name: table.to_pylist() for name, table in self._tables.items()}
        lines = {line["baris_id"]: line for line in sorted(rows["baris"], key=lambda r: (r["tabel_id"], r["urutan"]))}
        return DocumentView(
            document=rows["dokumen"][0],
            tables=sorted(rows["tabel"], key=lambda r: r["urutan"]),
            lines=lines,
            values={(v["baris_id"], v["kolom"]): v for v in rows["nilai"]},
            budget=sorted(rows["anggaran"], key=lambda r: (lines[r["baris_id"]]["tabel_id"], lines[r["baris_id"]]["urutan"])),
            findings=sorted(rows["temuan"], key=_by_weight),
            checks=rows["pemeriksaan"],
            corrections=rows["koreksi"],
            fresh=self.fresh,
            gone=self.gone,
        )


def document_rows(snapshot: Path, previous: Path | None = None) -> Iterator[DocumentRows]:
    """The rows of every document of a snapshot; `previous` is an older snapshot, to tell what is new and what is gone."""
    before = _finding_ids(previous) if previous else None
    for document_id, tables in by_document(snapshot, TABLES):
        now = frozenset(tables["temuan"].column("temuan_id").to_pylist())
        old = now if before is None else before.get(document_id, frozenset())
        gone: list[Row] = []
        if previous and old - now:
            gone = [row for row in read_table(previous, "temuan", documents=[document_id]).to_pylist() if row["temuan_id"] not in now]
        yield DocumentRows(document_id, tables, now - old, gone)


def _finding_ids(snapshot: Path) -> dict[str, frozenset[str]]:
    """The ids of each document's findings."""
    ids: dict[str, set[str]] = defaultdict(set)
    for rows in batches(snapshot, "temuan", columns=["dokumen_id", "temuan_id"]):
        for document, finding in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            ids[document].add(finding)
    return {document: frozenset(found) for document, found in ids.items()}


def amount_of(finding: Row) -> int:
    """The weight of a finding in rupiah: its difference, where that is an amount."""
    difference: int = finding["selisih"] or 0
    return abs(difference)


def _by_weight(finding: Row) -> tuple[int, int, int]:
    return SEVERITIES.index(finding["tingkat"]), -amount_of(finding), finding["halaman"] or 0
