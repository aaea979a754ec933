"""Arithmetic across one row, declared formulas, and what explains a mismatch there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from normalizers.types import TypedTable
from pipeline.findings import Audit, Certainty, CheckStatus, Severity
from pipeline.reconcile import audit
from pipeline.reconcile.causes import one_digit_apart, typing_slip
from pipeline.reconcile.formulas import Formula, parse_formula
from tests.pipeline.builders import Row, document, table


def run(rows: Sequence[Row], **changes: object) -> Audit:
    return audit([document(replace(table(rows), **changes))])  # type: ignore[arg-type]


def rules(result: Audit) -> list[tuple[str, str | None, str]]:
    return [(finding.rule, finding.line_id, finding.expected) for finding in result.findings]


def changed(*differences: int | str) -> list[Row]:
    """Programs of 1000 each that change by -100, +200, -300 ...; `differences` are printed."""
    steps = [-100, 200, -300, 400, -500]
    return [
        ("program", "", f"Program {i}", {"pagu_sebelum": 1000, "pagu_sesudah": 1000 + step, "selisih": shown})
        for i, (step, shown) in enumerate(zip(steps, differences, strict=False))
    ]


@pytest.mark.parametrize("shown", ["-100", "(100)"])
def test_differences_with_minus_or_in_brackets(shown: str) -> None:
    assert rules(run(changed(shown, 200, "-300", 400, -500))) == []


def test_a_wrong_difference() -> None:
    (finding,) = run(changed(-100, 210, -300, 400, -500)).findings
    assert (finding.rule, finding.line_id, finding.expected, finding.severity) == ("R04", "t1", "Rp200", Severity.ERROR)


def test_one_lost_sign_among_signed_differences_is_an_error() -> None:
    (finding,) = run(changed(-100, 200, 300, 400, -500)).findings
    assert (finding.rule, finding.line_id, finding.expected, finding.severity) == ("R05", "t2", "-Rp300", Severity.ERROR)
    assert finding.cause == "tanda minus hilang atau terbalik"


def test_a_sign_lost_on_a_scan_may_be_a_misreading() -> None:
    made = table(changed(-100, 200, 300, 400, -500))
    lines = tuple(replace(one, values=tuple(replace(v, ocr=True, confirmed=True) for v in one.values)) for one in made.lines)
    (finding,) = audit([document(replace(made, lines=lines))]).findings
    assert (finding.rule, finding.severity, finding.certainty) == ("R05", Severity.WARNING, Certainty.MAYBE_OCR)


def test_a_column_without_signs_is_a_habit_told_as_warning() -> None:
    result = run(changed(100, 200, 300, 400, 500))
    assert [finding.rule for finding in result.findings] == ["R05", "R05", "R05"]
    assert {finding.severity for finding in result.findings} == {Severity.WARNING}


def test_sums_of_a_column_without_signs_are_blocked() -> None:
    rows: list[Row] = [
        *changed(100, 200, 300, 400, 500),
        ("total", "", "JUMLAH", {"pagu_sebelum": 5000, "pagu_sesudah": 4700, "selisih": 300}),
    ]
    result = run(rows)
    assert [check.status for check in result.checks if check.line_id == "t5" and check.rule == "R03" and check.column == "selisih"] == [
        CheckStatus.BLOCKED
    ]


@pytest.mark.parametrize("base", ["pagu_rkpd", "pagu_apbd"])
def test_the_base_of_a_difference_is_the_one_that_most_rows_fit(base: str) -> None:
    rows: list[Row] = []
    for i in range(5):
        cells = {"pagu_rkpd": 1000 + i, "pagu_apbd": 2000 - i, "pagu_rkpd_perubahan": 5000}
        rows.append(("program", "", f"P{i}", {**cells, "selisih": 5000 - cells[base] + (i == 4)}))
    assert [(rule, line) for rule, line, _ in rules(run(rows))] == [("R04", "t4")]


def spent(*percents: str) -> list[Row]:
    figures = [(1000, 500), (3000, 2000), (800, 800), (700, 1)]
    return [
        ("program", "", f"Program {i}", {"anggaran": budget, "realisasi": used, "persen_realisasi": percent})
        for i, ((budget, used), percent) in enumerate(zip(figures, percents, strict=True))
    ]


@pytest.mark.parametrize("percents", [("50", "67", "100", "0"), ("50,00", "66,67", "100,00", "0,14"), ("50%", "66,66%", "100%", "0,1%")])
def test_percentages_hold_within_their_own_print(percents: tuple[str, ...]) -> None:
    assert rules(run(spent(*percents))) == []


def test_a_wrong_percentage() -> None:
    assert rules(run(spent("50,00", "76,67", "100,00", "0,14"))) == [("R07", "t1", "66,67%")]


def test_the_mean_of_percentages_on_a_total_row_is_named() -> None:
    rows: list[Row] = [
        *spent("50,00", "66,67", "100,00", "0,14"),
        ("total", "", "JUMLAH", {"anggaran": 5500, "realisasi": 3301, "persen_realisasi": "54,20"}),
    ]
    (finding,) = run(rows).findings
    assert (finding.rule, finding.line_id, finding.expected) == ("R07", "t4", "60,02%")
    assert finding.cause == "rata-rata persen rincian tercetak sebagai ganti persen dari jumlahnya"


def test_nothing_spent_of_nothing_has_no_percentage() -> None:
    rows: list[Row] = [*spent("50", "67", "100", "0"), ("program", "", "Nol", {"anggaran": 0, "realisasi": 0, "persen_realisasi": "93"})]
    result = run(rows)
    assert [check.status for check in result.checks if check.line_id == "t4" and check.rule == "R07"] == [CheckStatus.NOT_CHECKABLE]
    assert result.findings == ()


def quarterly(realised: int, third: int | str = 30) -> Row:
    return ("program", "", f"Program {realised}", {"tw1_rp": 10, "tw2_rp": 20, "tw3_rp": third, "tw4_rp": 40, "realisasi_rp": realised})


def test_quarters_add_up_to_the_year() -> None:
    assert rules(run([quarterly(100), quarterly(100), quarterly(110)])) == [("R22", "t2", "Rp100")]


def test_a_dash_counts_as_nothing_where_the_rest_agrees() -> None:
    assert rules(run([quarterly(70, "-"), quarterly(100)])) == []


def test_a_leaf_that_fails_in_row_and_column_is_located() -> None:
    rows: list[Row] = [
        ("kegiatan", "", "Kegiatan", {"tw1_rp": 30, "tw2_rp": 40, "realisasi_rp": 70}),
        ("sub_kegiatan", "", "A", {"tw1_rp": 10, "tw2_rp": 51, "realisasi_rp": 25}),
        ("sub_kegiatan", "", "B", {"tw1_rp": 20, "tw2_rp": 25, "realisasi_rp": 45}),
    ]
    (finding,) = run(rows).findings
    assert (finding.line_id, finding.column, finding.expected) == ("t1", "tw2_rp", "Rp15")


def test_the_spending_block_of_an_indicator_cell_adds_up_to_the_pagu() -> None:
    block = "Input : Belanja Operasi - Bel. Pegawai : 1.000 - Bel. Barang & Jasa : 72.822.365 Belanja Modal - Bel. Modal : - Dana Output"
    rows: list[Row] = [("sub_kegiatan", "", "A", {"indikator": block, "pagu": pagu}) for pagu in (72_823_365, 72_823_366)]
    found = [(check.line_id, check.status) for check in run(rows).checks if check.rule == "R09"]
    assert found == [("t0", CheckStatus.AGREES), ("t1", CheckStatus.ROUNDING)]


def test_totals_of_kinds_of_spending_add_up_to_the_grand_total() -> None:
    labels = [
        ("Jumlah Belanja", 700),
        ("Jumlah Belanja Pegawai", 300),
        ("Jumlah Belanja Barang dan Jasa", 250),
        ("Jumlah Belanja Modal", 100),
    ]
    result = run([("program", "", "P", {"pagu": 700}), *[("total", "", label, {"pagu": amount}) for label, amount in labels]])
    assert ("R09", "t1", "Rp650") in rules(result)


def test_forward_estimates_keep_the_tables_ratio() -> None:
    rows: list[Row] = [("sub_kegiatan", "", f"Sub {i}", {"pagu": 1000 * i, "pagu_maju": 1100 * i}) for i in range(1, 9)]
    rows.append(("sub_kegiatan", "", "Lupa", {"pagu": 5000}))
    assert rules(run(rows)) == [("R10", "t8", "Rp5.500")]


def test_forward_estimates_in_full_thousands_are_rounded_by_less_than_a_thousand() -> None:
    plans = [100_900 * i for i in range(1, 10)]
    rows: list[Row] = [("sub_kegiatan", "", f"Sub {p}", {"pagu": p, "pagu_maju": p * 11 // 10}) for p in plans]
    rounded: Row = ("sub_kegiatan", "", "Bulat", {"pagu": 77_770, "pagu_maju": 85_000})
    wrong: Row = ("sub_kegiatan", "", "Lain", {"pagu": 77_770, "pagu_maju": 87_000})
    assert rules(run([*rows, rounded])) == []
    assert rules(run([*rows, wrong])) == [("R10", "t9", "Rp85.547")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(7/6)", Formula((("7", 1),), "6")),
        ("(5+7+9)", Formula((("5", 1), ("7", 1), ("9", 1)))),
        ("10-9", Formula((("10", 1), ("9", -1)))),
        ("7 + 13", Formula((("7", 1), ("13", 1)))),
        ("14/6 x 100%", Formula((("14", 1),), "6")),
        ("(4/3)*100", Formula((("4", 1),), "3")),
        ("100 x 4/3", None),
        ("rata-rata", None),
        ("7/", None),
    ],
)
def test_formulas_are_read(text: str, expected: Formula | None) -> None:
    assert parse_formula(text) == expected


def declared(formula: str, *cells: dict[str, int | str], numbers: tuple[str, ...] = ("1", "2", "3", "4")) -> Audit:
    made = table([("program", "", f"Program {i}", row) for i, row in enumerate(cells)])
    names = ("uraian", "target", "realisasi_nilai", "capaian")
    columns = tuple(
        replace(column, number=numbers[names.index(column.name)], formula=formula if column.name == "capaian" else None)
        for column in made.columns
        if column.name in names
    )
    return audit([document(replace(made, columns=columns))])


CELLS: list[dict[str, int | str]] = [
    {"target": "45 orang", "realisasi_nilai": "15 orang", "capaian": "33,33%"},
    {"target": "36 laporan", "realisasi_nilai": "12 Laporan", "capaian": "25%"},
    {"target": "4 unit", "realisasi_nilai": "1 paket", "capaian": "90%"},
]


def test_a_declared_ratio_is_run_on_every_row_of_like_units() -> None:
    result = declared("3/2", *CELLS)
    (finding,) = result.findings
    assert (finding.rule, finding.line_id, finding.expected) == ("R06", "t1", "33%")


def test_the_long_formula_counts_where_less_is_better() -> None:
    assert declared("3/2", {"target": "10 kasus", "realisasi_nilai": "8 kasus", "capaian": "120%"}).findings == ()


def test_column_numbers_out_of_order_and_formulas_that_point_nowhere() -> None:
    messages = " ".join(finding.message for finding in declared("9/2", *CELLS[:1], numbers=("1", "2", "2", "4")).findings)
    assert "nomor 2 tercetak lebih dari sekali; nomor 3 tidak ada" in messages
    assert "menunjuk kolom 9 yang tidak bernomor" in messages


def test_a_formula_of_its_own_column() -> None:
    assert "menunjuk kolomnya sendiri" in declared("4/2", *CELLS[:1]).findings[0].message


def test_a_mean_row_is_the_mean_of_its_members() -> None:
    rows: list[Row] = [("lain", "", f"Sasaran {i}", {"capaian": f"{percent}%"}) for i, percent in enumerate((90, 100, 71))]
    result = run([*rows, ("total", "", "Rata-rata", {"capaian": "97,00%"})])
    assert [(finding.rule, finding.line_id) for finding in result.findings] == [("R23", "t3")]
    assert "87" in result.findings[0].message


@pytest.mark.parametrize(
    ("printed", "expected", "slip"),
    [
        (4_231_000, 4_321_000, "dua angka bertukar tempat (3 dan 2)"),
        (7_827_231, 78_272_311, "satu angka hilang"),
        (3_277, 36_277, "satu angka hilang"),
        (1_223_456, 123_456, "satu angka tercetak berlebih"),
        (-500, 500, "tanda minus hilang atau terbalik"),
        (5_000_000, 5_000, "skala ribuan tertukar"),
        (123_466, 123_456, None),
        (0, 5, None),
    ],
)
def test_slips_of_typing(printed: int, expected: int, slip: str | None) -> None:
    assert typing_slip(printed, expected) == slip


def test_one_digit_apart() -> None:
    assert one_digit_apart(9_884_372_542, 9_384_372_542)
    assert not one_digit_apart(Decimal("12.5"), Decimal("21.5"))


def realised(*pairs: tuple[int, int]) -> TypedTable:
    return table([("program", "", f"P{i}", {"anggaran": budget, "realisasi": used}) for i, (budget, used) in enumerate(pairs)])


def test_spending_beyond_the_budget_is_a_warning() -> None:
    (finding,) = audit([document(realised((100, 90), (100, 120)))]).findings
    assert (finding.rule, finding.severity, finding.difference) == ("R29", Severity.WARNING, 20)


def test_percentages_that_slipped_to_the_next_row_say_nothing_against_the_print() -> None:
    shares = ["90,00%", "80,00%", "70,00%", "60,00%", "50,00%", "40,00%", "30,00%", "20,00%"]
    spent = [90, 80, 70, 60, 50, 40, 30, 20]
    rows: list[Row] = [("kegiatan", "", f"Kegiatan {i}", {"anggaran": 100_000, "realisasi": 1_000 * s}) for i, s in enumerate(spent)]
    slipped = [0, 1, 2, 3, 4, 6, 7, 7]
    rows = [(a, b, c, {**cells, "persen_realisasi": shares[slipped[i]]}) for i, (a, b, c, cells) in enumerate(rows)]
    result = audit([document(table(rows, kind="realisasi_anggaran"))])
    assert not [f for f in result.findings if f.rule == "R07"]
    assert [c.status for c in result.checks if c.rule == "R07"].count(CheckStatus.BLOCKED) == 2


def test_a_percentage_that_holds_over_another_amount_of_its_row_is_no_error_beyond_doubt() -> None:
    def shares(contract: int) -> list[Row]:
        rows = spent("50", "67", "100", "0")
        return [*rows, ("program", "", "P", {"anggaran": 500, "pagu_kontrak": contract, "realisasi": 200, "persen_realisasi": "50"})]

    (over_contract,), (over_nothing,) = run(shares(400)).findings, run(shares(450)).findings
    assert over_contract.severity is Severity.WARNING and over_contract.cause == "pembagi yang dipakai adalah kolom pagu kontrak"
    assert over_nothing.severity is Severity.ERROR
