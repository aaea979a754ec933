"""How amounts, columns and rows are written in an Indonesian sentence that an auditor can paste."""

from __future__ import annotations

import re
from decimal import Decimal

from normalizers.types import Line, RowKind, TypedTable, ValueKind

from .intervals import magnitude

_SENTENCE = re.compile(r"^\d+[.)]\s|^[a-z]|\bRp\b|[.;:]$")
_NAMELESS = ("teks", "lain", "")
COLUMN_NAMES = {
    "pagu": "pagu",
    "pagu_maju": "pagu prakiraan maju",
    "pagu_sebelum": "pagu sebelum perubahan",
    "pagu_sesudah": "pagu sesudah perubahan",
    "pagu_rkpd": "pagu RKPD",
    "pagu_apbd": "pagu APBD",
    "pagu_rkpd_perubahan": "pagu RKPD perubahan",
    "pagu_kebutuhan": "pagu hasil analisis kebutuhan",
    "selisih": "bertambah/berkurang",
    "realisasi_rp": "realisasi (Rp)",
    "target_rp": "target (Rp)",
    "tingkat_rp": "tingkat realisasi anggaran",
    "persen_realisasi": "persen realisasi",
    "tw1_rp": "triwulan I (Rp)",
    "tw2_rp": "triwulan II (Rp)",
    "tw3_rp": "triwulan III (Rp)",
    "tw4_rp": "triwulan IV (Rp)",
}


def rupiah(amount: int | Decimal) -> str:
    """`Rp1.234.567`, `-Rp1.234.567`; cents only where there are any."""
    whole, _, cents = f"{Decimal(magnitude(amount)):.2f}".partition(".")
    text = f"Rp{int(whole):,}".replace(",", ".")
    if cents != "00":
        text += f",{cents}"
    return f"-{text}" if amount < 0 else text


def number(amount: int | Decimal) -> str:
    """`1.234,5`: dots between thousands, decimal comma, no trailing zeros beyond those printed."""
    text = f"{amount:,f}" if isinstance(amount, Decimal) else f"{amount:,}"
    return text.translate(str.maketrans(",.", ".,"))


def figure(amount: int | Decimal, kind: ValueKind) -> str:
    if kind is ValueKind.RUPIAH:
        return rupiah(amount)
    return number(amount) + "%" if kind is ValueKind.PERCENT else number(amount)


def column(name: str) -> str:
    return COLUMN_NAMES.get(name, name.replace("_", " "))


def level(kind: RowKind) -> str:
    return kind.value.replace("_", " ")


def row(line: Line, name: Line | None = None) -> str:
    """The row by name and code: `baris "Administrasi Umum" (2.17.01.2.06)`; `name` is the row that names it, where that is another."""
    named = name or line
    text = (named.printed_name or (named.label or "").replace("_", " ")).strip()
    if not text:
        text = next((cell.text for cell in named.cells.values() if cell.text), "tanpa nama")
    text = text if len(text) <= 90 else text[:89].rstrip() + "…"
    code = f" ({named.printed_code.rstrip('.')})" if named.printed_code else ""
    return f'baris "{text}"{code}'


def table_name(table: TypedTable) -> str:
    """The printed title, cut to a line; what kind of table it is where there is none, or only a sentence that stands above it."""
    title = table.title.strip()
    if title and _SENTENCE.search(title):
        return "" if table.kind in _NAMELESS else table.kind.replace("_", " ")
    return title if len(title) <= 60 else title[:59].rstrip() + "…"


def place(page: int, table: TypedTable, line: Line, name: Line | None = None) -> str:
    """`Halaman 12, tabel "...", baris "..."`: where the sentence speaks of."""
    title = table_name(table)
    named = f' tabel "{title}",' if title else ""
    return f"Halaman {page},{named} {row(line, name)}"
