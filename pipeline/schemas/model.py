"""What a published table is made of: columns, keys and where each is defined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from normalizers.types import MatchStatus


class ColumnType(StrEnum):
    """The types that published columns may have; money is always INTEGER rupiah."""

    TEXT = "teks"
    INTEGER = "bulat"
    NUMBER = "angka"
    BOOLEAN = "logika"
    JSON = "json"  # text that holds a JSON object or list


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One published column.

    `indonesian` and `english` are one sentence each, `example` a value as it stands in the table. `allowed` lists the values of a closed
    set (empty: any). `minimum` and `maximum` bound numbers. `refers_to` is the column (`table.column`) that a foreign key points at.
    `source` names the form, regulation or section of the design where the meaning comes from.
    """

    name: str
    type: ColumnType
    indonesian: str
    english: str
    example: Any
    nullable: bool = True
    unit: str | None = None
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    refers_to: str | None = None
    source: str = "renja"


@dataclass(frozen=True, slots=True, eq=False)
class TableSpec:
    """One published table: its columns in order, its primary key, and what one row is. There is one object for each table."""

    name: str
    indonesian: str
    english: str
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]

    def column(self, name: str) -> ColumnSpec:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def foreign_keys(self) -> Iterable[tuple[str, str, str]]:
        """(own column, other table, other column) of every reference."""
        for column in self.columns:
            if column.refers_to is not None:
                table, _, field = column.refers_to.partition(".")
                yield column.name, table, field


def text(name: str, indonesian: str, english: str, example: str | None, **options: Any) -> ColumnSpec:
    return ColumnSpec(name, ColumnType.TEXT, indonesian, english, example, **options)


def integer(name: str, indonesian: str, english: str, example: int | None, **options: Any) -> ColumnSpec:
    return ColumnSpec(name, ColumnType.INTEGER, indonesian, english, example, **options)


def rupiah(name: str, indonesian: str, english: str, example: int | None, **options: Any) -> ColumnSpec:
    return ColumnSpec(name, ColumnType.INTEGER, indonesian, english, example, unit="rupiah", **options)


def number(name: str, indonesian: str, english: str, example: float | None, **options: Any) -> ColumnSpec:
    return ColumnSpec(name, ColumnType.NUMBER, indonesian, english, example, **options)


def boolean(name: str, indonesian: str, english: str, example: bool | None, **options: Any) -> ColumnSpec:
    return ColumnSpec(name, ColumnType.BOOLEAN, indonesian, english, example, **options)


def json_text(name: str, indonesian: str, english: str, example: str | None, **options: Any) -> ColumnSpec:
    return ColumnSpec(name, ColumnType.JSON, indonesian, english, example, **options)


def page(nullable: bool = False) -> ColumnSpec:
    return integer("halaman", "Halaman PDF, dihitung dari 1.", "PDF page, counted from 1.", 12, nullable=nullable, minimum=1)


def box(what_indonesian: str, what_english: str, nullable: bool = False) -> tuple[ColumnSpec, ...]:
    """The four columns of a box in points, top-left origin, on the page as it is displayed."""
    edges = (("x0", "kiri", "left", 56.7), ("y0", "atas", "top", 120.4), ("x1", "kanan", "right", 540.2), ("y1", "bawah", "bottom", 133.0))
    return tuple(
        number(
            name,
            f"Tepi {indonesian} {what_indonesian}, dari sudut kiri atas halaman.",
            f"{english.capitalize()} edge of {what_english}, from the top-left corner of the page.",
            example,
            nullable=nullable,
            unit="pt",
        )
        for name, indonesian, english, example in edges
    )


def document_id() -> ColumnSpec:
    return text(
        "dokumen_id",
        "Dokumen sumber (16 digit heksadesimal pertama dari sha256).",
        "The source document (first 16 hex digits of its sha256).",
        "9f2c4b7a10d3e586",
        nullable=False,
        refers_to="dokumen.dokumen_id",
    )


def table_id(nullable: bool = False) -> ColumnSpec:
    return text(
        "tabel_id",
        "Tabel tempatnya tercetak.",
        "The table it is printed in.",
        "t4c1d0b6a9e2",
        nullable=nullable,
        refers_to="tabel.tabel_id",
    )


def line_id(nullable: bool = False) -> ColumnSpec:
    return text(
        "baris_id", "Baris tempatnya tercetak.", "The row it is printed in.", "b8e07f31c55a", nullable=nullable, refers_to="baris.baris_id"
    )


def match_columns() -> tuple[ColumnSpec, ...]:
    """How a row was matched to the nomenklatur, and how surely."""
    return (
        text(
            "status_cocok",
            "Bagaimana baris dicocokkan dengan nomenklatur.",
            "How the row was matched to the nomenklatur.",
            "persis",
            allowed=tuple(MatchStatus),
        ),
        number("skor_cocok", "Skor kecocokan, 0 sampai 1.", "Score of the match, 0 to 1.", 1.0, minimum=0, maximum=1),
    )
