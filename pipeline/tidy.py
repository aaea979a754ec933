"""The researcher's tables `anggaran` and `kinerja`: what a line says in money and in performance, whatever the layout it was printed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from normalizers.quantities import predicate_of
from normalizers.types import Line, MatchStatus, RowKind, TypedDocument, TypedTable, Value, ValueKind, ValueStatus
from pipeline.coverage import Coverage
from pipeline.identity import numbered_values
from pipeline.schemas import BUDGET_LEVELS

Row = dict[str, Any]

# published column -> canonical columns that feed it, the first one that is printed wins
_MONEY: Mapping[str, tuple[str, ...]] = {
    "pagu": ("pagu", "pagu_kebutuhan"),
    "pagu_sebelum": ("pagu_sebelum", "anggaran_murni"),
    "pagu_sesudah": ("pagu_sesudah", "pagu_rkpd_perubahan", "anggaran_perubahan"),
    "selisih_tercetak": ("selisih",),
    "anggaran": ("anggaran", "anggaran_perubahan", "anggaran_murni", "target_rp"),
    "realisasi": ("realisasi", "realisasi_rp"),
    "pagu_maju": ("pagu_maju",),
}
_PROPOSALS = frozenset({"usulan_pemangku"})  # T-C.32: what was asked for, not what is budgeted
_PERCENT = ("persen_realisasi", "capaian_rp", "tingkat_rp")
_BASES = ("pagu_apbd", "pagu_rkpd")  # SIPD prints two figures that a change may start from
_PLACE = ("lokasi", "lokasi_sesudah", "lokasi_kebutuhan", "lokasi_sebelum", "lokasi_rkpd")
_TRUSTED = frozenset({MatchStatus.EXACT, MatchStatus.REPAIRED, MatchStatus.FUZZY, MatchStatus.MANUAL})
_READ = frozenset({ValueStatus.OK, ValueStatus.ZERO})


def budget_rows(document: TypedDocument, table: TypedTable, coverage: Coverage) -> Iterator[Row]:
    """One row per program, kegiatan and sub kegiatan; none where the table has no column of money that a budget knows."""
    names = {column.name for column in table.columns}
    if table.kind in _PROPOSALS or not names & {source for sources in _MONEY.values() for source in sources}:
        return
    before = (*_MONEY["pagu_sebelum"], *(_bases(table) if names & set(_MONEY["pagu_sesudah"]) else ()))
    continued = continuation_lines(table)
    for line in table.lines:
        if line.kind.value not in BUDGET_LEVELS:
            continue
        folded = (line, *continued.get(line.id, ()))
        money = {column: _money(folded, before if column == "pagu_sebelum" else sources) for column, sources in _MONEY.items()}
        yield _budget_row(document, table, folded, money, coverage)


def _budget_row(
    document: TypedDocument, table: TypedTable, folded: Sequence[Line], money: Mapping[str, int | None], coverage: Coverage
) -> Row:
    line, facts = folded[0], document.facts
    match = line.match
    known = match if match is not None and match.status in _TRUSTED else None
    after, before = money["pagu_sesudah"], money["pagu_sebelum"]
    return {
        "baris_id": line.id,
        "dokumen_id": document.id,
        "tabel_id": table.id,
        "kode_wilayah": facts.region_code,
        "nama_wilayah": facts.region_name,
        "tahun": facts.year,
        "jenis_dokumen": facts.kind,
        "perangkat_daerah": facts.agency,
        "jenis_tabel": table.kind,
        "tingkat": line.kind.value,
        "kode": (known.code if known else None) or line.code,
        "uraian": (known.name if known else None) or line.printed_name,
        "status_cocok": match.status.value if match else None,
        "skor_cocok": match.score if match else None,
        **money,
        "selisih_hitung": after - before if after is not None and before is not None else None,
        "persen_realisasi": _percent(folded),
        "sumber_dana": _text(folded, ("sumber_dana",)),
        "lokasi": _text(folded, _PLACE),
        "status_rekonsiliasi": coverage.status([part.id for part in folded], _money_columns(table)).value,
        "halaman": line.page,
    }


def _money_columns(table: TypedTable) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.kind == ValueKind.RUPIAH.value)


def continuation_lines(table: TypedTable) -> dict[str, tuple[Line, ...]]:
    """By line: the rows that continue it (the amounts line of a two-line row, further indicators), in order."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in table.lines:
        if line.kind is RowKind.INDIKATOR and line.parent_id is not None:
            found[line.parent_id].append(line)
    return {parent: tuple(lines) for parent, lines in found.items()}


def _bases(table: TypedTable) -> tuple[str, ...]:
    """The columns a change may start from, the one first from which most printed differences follow."""
    held = dict.fromkeys(_BASES, 0)
    for line in table.lines:
        after, printed = _money([line], _MONEY["pagu_sesudah"]), _money([line], ("selisih",))
        if after is None or printed is None:
            continue
        for base in _BASES:
            before = _money([line], (base,))
            held[base] += before is not None and after - before == printed
    return tuple(sorted(_BASES, key=lambda base: -held[base]))


def _money(folded: Sequence[Line], columns: Iterable[str]) -> int | None:
    """The first readable amount, by column first, then down the folded lines."""
    for column in columns:
        for line in folded:
            for value in line.values:
                if value.column == column and value.kind is ValueKind.RUPIAH and value.status in _READ and value.rupiah is not None:
                    return value.rupiah
    return None


def _percent(folded: Sequence[Line]) -> float | None:
    for column in _PERCENT:
        for line in folded:
            for value in line.values:
                if value.column == column and value.number is not None and value.status in _READ:
                    return float(value.number)
    return None


def _text(folded: Sequence[Line], columns: Iterable[str]) -> str | None:
    for column in columns:
        for line in folded:
            if column in line.cells and line.cells[column].text.strip():
                return line.cells[column].text
    return None


# -------------------------------------------------------------------------------------------------------------------------- performance

_ROLE_SUFFIXES = ("_volume", "_k", "_kinerja", "_k_persen")
_ROLES: Mapping[str, str] = {
    "volume": "target",
    "tingkat_capaian": "capaian",
    "tingkat_k": "capaian",
    "kategori": "kategori",
}
_NOT_PERFORMANCE = frozenset({"persen_realisasi", "capaian_rp", "tingkat_rp", "efisiensi"})


def performance_rows(document: TypedDocument, table: TypedTable) -> Iterator[Row]:
    """One row per printed performance figure; a blank cell gives none, a dash or a malformed figure one without a number."""
    parents = {line.id: line for line in table.lines}
    for line in table.lines:
        for value_id, value in numbered_values(line):
            if value.kind is ValueKind.RUPIAH or value.status is ValueStatus.EMPTY or value.column in _NOT_PERFORMANCE:
                continue
            parent = parents.get(line.parent_id) if line.kind is RowKind.INDIKATOR and line.parent_id is not None else None
            yield {
                "kinerja_id": value_id,
                "baris_id": line.id,
                "dokumen_id": document.id,
                "tabel_id": table.id,
                "indikator": _indicator(line, parent, value.column),
                "satuan": value.unit or _unit(line, value.column),
                "peran": role(value.column),
                "angka": float(value.number) if value.number is not None else None,
                "predikat": _grade(value),
                "tercetak": value.printed,
                "halaman": value.page,
            }


def _grade(value: Value) -> str | None:
    if value.kind is not ValueKind.PREDICATE or value.status is not ValueStatus.OK:
        return None
    return predicate_of(value.printed) or value.printed


def role(column: str) -> str:
    """The role that a canonical column plays: `tw1_k` is `tw1`, `target_volume` is `target`; other names stand for themselves."""
    if column in _ROLES:
        return _ROLES[column]
    for suffix in _ROLE_SUFFIXES:
        if column.endswith(suffix) and column != suffix.lstrip("_"):
            return column.removesuffix(suffix)
    return column


def _indicator(line: Line, parent: Line | None, column: str) -> str | None:
    """The indicator of the same side (`_sebelum`, `_sesudah`, `_rkpd`, `_kebutuhan`) first, then the plain one, then the line above's."""
    side = next((end for end in ("_sebelum", "_sesudah", "_rkpd", "_kebutuhan") if column.endswith(end)), None)
    names = [f"indikator{side}"] if side else []
    names += ["indikator", "indikator_sesudah", "indikator_sebelum"]
    for owner in (line, parent):
        for name in names:
            if owner is not None and name in owner.cells:
                return owner.cells[name].text
    return None


def _unit(line: Line, column: str) -> str | None:
    for name in (f"{role(column)}_satuan", "satuan"):
        if name in line.cells:
            return line.cells[name].text
    return None
