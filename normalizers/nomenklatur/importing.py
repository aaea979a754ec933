"""From the rows of an official list, however laid out, to the entries of an edition, with everything doubtful said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from normalizers.codes import CodeSystem, parse
from normalizers.nomenklatur.editions import TEMPLATE_BIDANG, Entry, level_of, parent_of, scope_of
from normalizers.nomenklatur.names import read_name
from normalizers.nomenklatur.store import bundled_rows
from normalizers.text import fold, squash

_HEADER_ROWS = 30  # a list's header is looked for among its first rows
_PARTS = ("urusan", "bidang", "program", "kegiatan", "sub_kegiatan")
_LABELS: dict[str, str] = {
    "kode": "kode",
    "nama": "nama",
    "uraian": "nama",
    "nomenklatur": "nama",
    "level": "tingkat",
    "tingkat": "tingkat",
    "scope": "cakupan",
    "cakupan": "cakupan",
    "jenis pemda": "cakupan",
    "kinerja": "kinerja",
    "indikator": "indikator",
    "satuan": "satuan",
    "urusan": "urusan",
    "urusan unsur": "urusan",
    "bidang": "bidang",
    "bidang urusan": "bidang",
    "bidang urusan bidang unsur": "bidang",
    "program": "program",
    "kegiatan": "kegiatan",
    "sub kegiatan": "sub_kegiatan",
    "subkegiatan": "sub_kegiatan",
}
_TEMPLATE_HEADS = ("X", TEMPLATE_BIDANG)  # the head of the penunjang rows, no urusan of its own
_TEXTS = ("nama", "kinerja", "indikator", "satuan")


class GapKind(StrEnum):
    """What an import may find wanting."""

    UNREADABLE = "kode_tidak_terbaca"
    NO_NAME = "nama_kosong"
    NO_PARENT = "induk_tidak_ada"
    WRONG_LEVEL = "tingkat_tidak_sesuai"
    TWICE = "kode_ganda"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing wanting in a list: `row` counts the list's rows from 1 (0: the list as a whole)."""

    kind: GapKind
    code: str
    row: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ImportedList:
    """The entries of a list, each code and scope once, and what was wanting."""

    entries: tuple[Entry, ...]
    gaps: tuple[Gap, ...]


@dataclass(slots=True)
class _Reader:
    """What has been read so far; `columns` binds column kinds to places once the header is known."""

    continued: bool
    labels: dict[int, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    last: tuple[str, str] | None = None


def read_list(rows: Iterable[Sequence[str]], continued: bool = False) -> ImportedList:
    """Read an official list from its rows of cell texts.

    Three layouts are known by their header: one code and one name column (CSV lists); code and name together, one column per level
    (SIPD's export); the code over five columns beside one name column (the decree's annex, and workbooks made of it). `continued` joins
    a row without a code to the one above, as an annex broken over pages needs. Raises ValueError where no header is found.
    """
    reader = _Reader(continued)
    for number, row in enumerate(rows, start=1):
        cells = [squash(cell) for cell in row]
        if _is_header(reader, cells):
            continue
        if reader.columns:
            _read_row(reader, cells, number)
        elif number > _HEADER_ROWS:
            break
    if not reader.columns:
        raise ValueError("no header with codes and names found; expected kode and nama, or the levels urusan to sub kegiatan")
    entries = _one_scope([*reader.entries.values()])
    return ImportedList(tuple(entries), (*reader.gaps, *_without_parent(entries)))


def _is_header(reader: _Reader, cells: Sequence[str]) -> bool:
    """Take the labels of a header row; a header may be two rows deep and stand again on every page."""
    found = {place: label for place, cell in enumerate(cells) if (label := _label(cell)) is not None}
    if len(found) < 2 or any(cell and cell[0].isdigit() for cell in cells):
        return False
    reader.labels.update(found)
    columns = {label: place for place, label in reader.labels.items()}
    if set(_PARTS[2:]) <= set(columns):
        columns.pop("kode", None)
    if {"kode", "nama"} <= set(columns) or set(_PARTS[2:]) <= set(columns):
        reader.columns = columns
    return True


def _label(cell: str) -> str | None:
    folded = fold(cell)
    return "nama" if folded.startswith("nomenklatur") else _LABELS.get(folded)


def _cell(reader: _Reader, cells: Sequence[str], name: str) -> str:
    place = reader.columns.get(name)
    return cells[place] if place is not None and place < len(cells) else ""


def _read_row(reader: _Reader, cells: Sequence[str], number: int) -> None:
    scope = _cell(reader, cells, "cakupan")
    if "kode" in reader.columns:
        _add(reader, _cell(reader, cells, "kode"), cells, scope, number)
    elif "nama" in reader.columns:
        _add(reader, _joined_code([_cell(reader, cells, part) for part in _PARTS]), cells, scope, number)
    else:
        filled = [cell for part in _PARTS if (cell := _cell(reader, cells, part))]
        for place, cell in enumerate(filled):
            code, _, name = cell.partition(" ")
            own = dict.fromkeys(_TEXTS, "") if place + 1 < len(filled) else {text: _cell(reader, cells, text) for text in _TEXTS}
            _add_entry(reader, code, own | {"nama": name.strip()}, scope, number)


def _joined_code(parts: Sequence[str]) -> str:
    """The official code of a row whose code stands in five columns, numbers perhaps without their padding."""
    widths = (1, 2, 2, 0, 4)
    return ".".join(part.zfill(width) for part, width in zip(parts, widths, strict=True) if part)


def _add(reader: _Reader, code: str, cells: Sequence[str], scope: str, number: int) -> None:
    texts = {name: _cell(reader, cells, name) for name in (*_TEXTS, "tingkat")}
    if code:
        if not texts["nama"].isdigit():  # the row of column numbers under a header
            _add_entry(reader, code, texts, scope, number)
    elif reader.continued and reader.last is not None:
        entry = reader.entries[reader.last]
        reader.entries[reader.last] = replace(
            entry,
            name=squash(f"{entry.name} {texts['nama']}"),
            performance=squash(f"{entry.performance} {texts['kinerja']}"),
            indicator=squash(f"{entry.indicator} {texts['indikator']}"),
            unit=squash(f"{entry.unit} {texts['satuan']}"),
        )


def _add_entry(reader: _Reader, printed: str, texts: dict[str, str], scope: str, number: int) -> None:
    code = _official(printed)
    if code in _TEMPLATE_HEADS:
        return
    level = level_of(code) if code else None
    if code is None or level is None:
        reader.gaps.append(Gap(GapKind.UNREADABLE, printed, number, texts["nama"]))
        return
    printed_level = fold(texts.get("tingkat", "")).replace(" ", "_")
    if printed_level and printed_level != level.value:
        reader.gaps.append(Gap(GapKind.WRONG_LEVEL, code, number, texts["tingkat"]))
    name = texts["nama"]
    entry = Entry(code, name, level, _scope(scope, code), texts["kinerja"], texts["indikator"], texts["satuan"])
    key = (code, fold(scope))
    known = reader.entries.get(key)
    if known is None:
        reader.entries[key] = entry
        if not name:
            reader.gaps.append(Gap(GapKind.NO_NAME, code, number))
    elif name and read_name(known.name).compact != read_name(name).compact:
        reader.gaps.append(Gap(GapKind.TWICE, code, number, f"{known.name} / {name}"))
    reader.last = key


def _official(printed: str) -> str | None:
    if level_of(printed) is not None:
        return printed
    code = parse(printed)
    return code.normal if code is not None and code.system is CodeSystem.NOMENKLATUR and not code.partial else None


def _scope(printed: str, code: str) -> str | None:
    told = scope_of(code)
    if told is not None:
        return told
    folded = fold(printed)
    if "khusus" in folded:
        return "khusus"
    if folded.startswith("prov"):
        return "provinsi"
    return "kabkota" if re.match(r"kab|kota", folded) else None


def _one_scope(entries: Sequence[Entry]) -> list[Entry]:
    """Entries of one code and name in several scopes become one of both."""
    merged: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = (entry.code, read_name(entry.name).compact)
        known = merged.get(key)
        merged[key] = entry if known is None else replace(known, scope=known.scope if known.scope == entry.scope else None)
    return list(merged.values())


def _without_parent(entries: Sequence[Entry]) -> list[Gap]:
    """Gaps for entries whose parent is neither in the list nor among the urusan and bidang that every list shares."""
    known = {entry.code for entry in entries} | {row["kode"] for row in bundled_rows("urusan.csv")} | set(_TEMPLATE_HEADS)
    missing = {entry.code: parent for entry in entries if (parent := parent_of(entry.code)) is not None and parent not in known}
    return [Gap(GapKind.NO_PARENT, code, 0, parent) for code, parent in sorted(missing.items())]
