"""Figures of cells: styles by column, scale by table, doubt by cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extractors.types import TextKind
from normalizers.labels import belanja_block
from normalizers.scales import share_scales
from normalizers.tables import understand
from normalizers.types import TypedTable, Value, ValueKind, ValueStatus
from normalizers.values import printed_scale
from tests.normalizers.tables_kit import PLAN_HEADER, Text, page_of, raw


def table_of(
    *rows: list[Text], unit: str = "Rp", kind: TextKind = TextKind.TEXT, confidence: float = 1.0, conflict: str | None = None
) -> TypedTable:
    header = [PLAN_HEADER[0], [text.replace("(Rp)", f"({unit})") if isinstance(text, str) else text for text in PLAN_HEADER[1]]]
    grid = raw([*header, *rows])
    cells = tuple(
        replace(cell, confidence=confidence, conflict=conflict if cell.row > 1 and cell.column == 4 else None) for cell in grid.cells
    )
    (table,) = understand([page_of(replace(grid, cells=cells), kind=kind)], "dokumen")
    return table


def money(table: TypedTable, line: int = 0, column: str = "pagu") -> Value:
    value = table.lines[line].money(column)
    assert value is not None
    return value


def row(amount: str, target: str = "15 Orang") -> list[Text]:
    return ["2.17.01.2.02.0001", "Penyediaan Gaji", "Jumlah orang", target, amount, target, amount]


def test_dash_zero_and_malformed_stay_apart() -> None:
    table = table_of(row("1.793.267.126"), row("-"), row("0"), row("139502.530"))
    assert [money(table, i).status for i in range(4)] == [ValueStatus.OK, ValueStatus.DASH, ValueStatus.ZERO, ValueStatus.MALFORMED]
    assert [money(table, i).rupiah for i in range(4)] == [1793267126, None, 0, None]
    assert money(table, 3).candidates[0] == 139502530


def test_style_is_the_columns_not_the_cells() -> None:
    assert money(table_of(row("2,992,759,325"), row("1,140")), 1).rupiah == 1140
    assert money(table_of(row("2.992.759.325"), row("1.140")), 1).rupiah == 1140


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("(Rp.000)", 1000),
        ("(dlm juta)", 10**6),
        ("(juta rupiah)", 10**6),
        ("(000)", 1000),
        ("(Rp.)", 1),
        ("(ribuan Rp)", 1000),
        ("(Rp'000)", 1000),
        ("(x Rp 1.000)", 1000),
        ("(000 Rupiah)", 1000),
        ("(Jt)", 10**6),
        ("Rp. 1.000.000", 10**6),
        ("Rp", 1),
    ],
)
def test_scales_in_print(text: str, scale: int) -> None:
    assert printed_scale(f"Pagu Indikatif {text}") == scale


def test_a_declared_scale_multiplies() -> None:
    table = table_of(row("16.750"), row("569.216"), unit="Rp.000")
    assert table.scale == 1000 and money(table).rupiah == 16_750_000


def test_a_declared_scale_that_the_amounts_leave_no_room_for_is_doubted() -> None:
    table = table_of(row("4.886.727.135"), row("1.642.252.826"), unit="Rp.000")
    assert table.scale == 1 and money(table).rupiah == 4_886_727_135
    assert any("skala" in note for note in table.notes)
    assert table_of(row("198.058.693.000"), row("160.776.455.000"), unit="Rp.000").scale == 1


def test_targets_give_one_value_each_with_unit() -> None:
    values = table_of(row("1.000.000", "12 Paket 100%")).lines[0].values_of("target")
    assert [(value.kind, value.number, value.unit) for value in values] == [
        (ValueKind.VOLUME, Decimal(12), "Paket"),
        (ValueKind.PERCENT, Decimal(100), "%"),
    ]


def test_low_confidence_and_conflict_of_readers_are_flagged_on_scans() -> None:
    unsure = money(table_of(row("1.793.267.126"), kind=TextKind.SCAN, confidence=0.3))
    assert (unsure.status, unsure.rupiah, unsure.candidates) == (ValueStatus.MALFORMED, None, (1793267126,))
    differing = money(table_of(row("1.793.267.126"), kind=TextKind.SCAN, conflict="1.793.267.726"))
    assert differing.status is ValueStatus.MALFORMED and differing.candidates == (1793267126, 1793267726)
    assert money(table_of(row("1.793.267.126"), kind=TextKind.SCAN, conflict="Rp 1.793.267.126")).status is ValueStatus.OK
    assert money(table_of(row("1.793.267.126"), confidence=0.3)).status is ValueStatus.OK


def test_expenditures_inside_an_indicator_cell() -> None:
    text = "Input : Belanja Operasi - Bel. Pegawai : 72.822.365 - Bel. Barang & Jasa : 1.500.000"
    text += " Belanja Modal - Bel. Modal : - Dana Output : Jumlah (Unit)"
    assert belanja_block(text) == (("belanja_pegawai", "72.822.365"), ("belanja_barang_jasa", "1.500.000"), ("belanja_modal", "-"))
    assert belanja_block("Jumlah dokumen belanja yang disusun") == ()


def test_a_scale_is_shared_with_a_table_that_prints_the_same_amounts() -> None:
    def rows(unit: str) -> TypedTable:
        lines = [[f"2.17.01.2.02.000{n}", f"Kegiatan {n}", "Jumlah", "1 Unit", f"1{n}.500", "1 Unit", f"2{n}.000"] for n in range(1, 5)]
        return table_of(*[list(line) for line in lines], unit=unit)

    scaled, bare = share_scales([rows("Rp.000"), rows("Rp")])
    assert bare.scale == 1000 and money(bare).rupiah == money(scaled).rupiah == 11_500_000


def test_a_unit_over_the_table_is_its_scale_where_no_header_declares_one() -> None:
    def scale_under(title: str, amount: str = "16.750") -> int:
        (table,) = understand([page_of(raw([*PLAN_HEADER, row(amount)], above=[title]))], "dokumen")
        return table.scale

    assert scale_under("Tabel 3.1 Rencana Program dan Kegiatan (dalam ribuan rupiah)") == 1000
    assert scale_under("Tabel 3.1 Pendanaan dalam juta rupiah") == 10**6
    assert scale_under("Tabel 3.1 Pembinaan Seribu Usaha dan Ribuan Koperasi") == 1


def test_a_row_of_percents_under_amounts_holds_percents_but_a_single_one_is_no_amount() -> None:
    single = [*row("96,39 %")[:-1], "2.992.759.325"]
    lines = table_of(*[row("2.992.759.325")] * 4, row("96,39 %"), single).lines
    value, stray = (next(value for value in line.values if value.column == "pagu") for line in lines[4:])
    assert (value.kind, value.number, value.status) == (ValueKind.PERCENT, Decimal("96.39"), ValueStatus.OK)
    assert (stray.kind, stray.status) == (ValueKind.RUPIAH, ValueStatus.MALFORMED)
