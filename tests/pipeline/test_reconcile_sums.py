"""Sums down a column, and the one figure that explains those that fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from normalizers.levels import GUESSED
from normalizers.tree import with_parents
from normalizers.types import TypedTable
from pipeline.findings import Audit, Certainty, CheckStatus, Severity
from pipeline.reconcile import audit
from tests.pipeline.builders import Row, document, line, table

# place: level, amount; program 0 = 1 + 4, kegiatan 1 = 2 + 3, program 7 = 8, total = 0 + 7
AMOUNTS = [
    ("program", 6_543_210),
    ("kegiatan", 4_321_000),
    ("sub_kegiatan", 3_000_000),
    ("sub_kegiatan", 1_321_000),
    ("kegiatan", 2_222_210),
    ("sub_kegiatan", 2_000_010),
    ("sub_kegiatan", 222_200),
    ("program", 1_234_567),
    ("kegiatan", 1_234_567),
    ("sub_kegiatan", 1_200_067),
    ("sub_kegiatan", 34_500),
    ("total", 7_777_777),
]
SEEN_BY = {0: {0, 11}, 1: {1, 0}, 2: {1}, 3: {1}, 4: {4, 0}, 5: {4}, 6: {4}, 7: {7, 11}, 8: {8, 7}, 9: {8}, 10: {8}, 11: {11}}


def plan(changed: dict[int, int] | None = None, **changes: object) -> TypedTable:
    amounts = [(level, (changed or {}).get(place, amount)) for place, (level, amount) in enumerate(AMOUNTS)]
    rows: list[Row] = [(level, "", f"Baris nomor {place}", {"pagu": amount}) for place, (level, amount) in enumerate(amounts)]
    return replace(table(rows), **changes)  # type: ignore[arg-type]


def run(*tables: TypedTable) -> Audit:
    return audit([document(*tables)])


def failing(result: Audit) -> set[int]:
    return {int((check.line_id or "t-1")[1:]) for check in result.checks if check.status is CheckStatus.DIFFERS}


def test_a_table_that_adds_up_has_no_findings() -> None:
    result = run(plan())
    assert result.findings == ()
    assert {check.status for check in result.checks} == {CheckStatus.AGREES}


@pytest.mark.parametrize("place", range(len(AMOUNTS)))
def test_one_changed_digit_fails_exactly_the_checks_that_see_it(place: int) -> None:
    result = run(plan({place: AMOUNTS[place][1] + 300}))
    assert failing(result) == SEEN_BY[place]
    (finding,) = result.findings
    assert finding.severity is Severity.ERROR
    assert f"t{place}" in (finding.line_id, *finding.evidence)


def test_a_wrong_subtotal_is_told_on_its_own_row_with_the_figure_that_repairs_all() -> None:
    (finding,) = run(plan({1: 4_231_000})).findings
    assert finding.line_id == "t1"
    assert finding.expected == "Rp4.321.000"
    assert finding.cause == "dua angka bertukar tempat (3 dan 2)"


def test_a_wrong_leaf_is_told_on_its_parent_and_named_as_cause() -> None:
    (finding,) = run(plan({2: 300_000})).findings
    assert finding.line_id == "t1"
    assert finding.expected == "Rp1.621.000"
    assert finding.cause is not None and "Baris nomor 2" in finding.cause and "satu angka hilang" in finding.cause


def test_the_message_can_be_pasted() -> None:
    (finding,) = run(plan({11: 7_777_077})).findings
    assert finding.message == (
        'Halaman 1, baris "Baris nomor 11", kolom pagu: tercetak Rp7.777.077, '
        "sedangkan jumlah 2 program Rp7.777.777 (selisih Rp700). Kemungkinan sebab: satu angka berbeda."
    )


def test_a_lost_child_is_named() -> None:
    (finding,) = run(plan({8: 1_200_067, 7: 1_234_567})).findings
    assert finding.line_id == "t8"
    assert finding.cause == 'baris "Baris nomor 10" tidak ikut dijumlahkan'


def test_a_child_counted_twice_is_named() -> None:
    (finding,) = run(plan({8: 1_269_067})).findings
    assert finding.cause == 'baris "Baris nomor 10" terhitung dua kali'


def test_the_grand_total_on_a_program_row_is_told_once_as_such() -> None:
    result = run(plan({0: 7_777_777}))
    (finding,) = result.findings
    assert (finding.rule, finding.expected) == ("R13", "Rp6.543.210")
    assert finding.cause == "jumlah seluruh tabel tercetak pada baris ini"


def test_two_errors_in_one_chain_are_two_findings_with_the_right_figures() -> None:
    found = {finding.line_id: finding.expected for finding in run(plan({7: 1_334_567, 11: 7_677_777})).findings}
    assert found == {"t7": "Rp1.234.567", "t11": "Rp7.777.777"}


def test_ocr_is_never_beyond_doubt() -> None:
    made = plan({1: 4_321_800})
    scanned = replace(made, lines=tuple(replace(one, values=tuple(replace(v, ocr=True) for v in one.values)) for one in made.lines))
    (finding,) = run(scanned).findings
    assert (finding.severity, finding.certainty) == (Severity.WARNING, Certainty.MAYBE_OCR)


def test_an_unreadable_member_blocks_the_sum() -> None:
    made = plan({11: 5})
    broken = line("t3", 3, "sub_kegiatan", "", "Baris nomor 3", {"pagu": "1.3210.00"})
    lines = list(made.lines)
    lines[3] = replace(broken, parent_id="t1")
    result = run(replace(made, lines=tuple(lines)))
    status = {check.line_id: check.status for check in result.checks if check.rule == "R01"}
    assert status["t1"] is CheckStatus.BLOCKED
    assert [finding.rule for finding in result.findings] == ["R03", "R27"]


def test_a_cut_table_gives_no_error() -> None:
    result = run(plan({11: 9_000_000, 4: 2_222_211}, complete=False))
    assert all(finding.severity is not Severity.ERROR for finding in result.findings)
    assert any(check.status is CheckStatus.BLOCKED and check.line_id == "t11" for check in result.checks)


def test_a_table_whose_first_pages_are_lost_blocks_its_total() -> None:
    rows: list[Row] = [
        ("sub_kegiatan", "", "Sisa halaman hilang", {"pagu": 100}),
        ("program", "", "PROGRAM", {"pagu": 700}),
        ("kegiatan", "", "Kegiatan", {"pagu": 700}),
        ("total", "", "JUMLAH", {"pagu": 9000}),
    ]
    result = run(table(rows))
    assert [check.status for check in result.checks if check.line_id == "t3"] == [CheckStatus.BLOCKED]
    assert result.findings == ()


def test_amounts_on_the_second_line_of_two_line_rows_are_the_rows_own() -> None:
    rows: list[Row] = [
        ("kegiatan", "", "Kegiatan", {"pagu": 300}),
        ("sub_kegiatan", "", "Pertama", {}),
        ("indikator", "", "", {"pagu": 100}),
        ("sub_kegiatan", "", "Kedua", {}),
        ("indikator", "", "", {"pagu": 250}),
    ]
    (finding,) = run(table(rows)).findings
    assert finding.line_id == "t0"
    assert {"t2", "t4", "t1", "t3"} <= set(finding.evidence)


def test_a_level_without_amounts_is_stood_for_by_its_children() -> None:
    rows: list[Row] = [
        ("program", "", "PROGRAM", {}),
        ("kegiatan", "", "Kegiatan", {}),
        ("sub_kegiatan", "", "A", {"pagu": 100}),
        ("sub_kegiatan", "", "B", {"pagu": 250}),
        ("total", "", "JUMLAH", {"pagu": 350}),
    ]
    assert [check.status for check in run(table(rows)).checks] == [CheckStatus.AGREES]


@pytest.mark.parametrize("first", [True, False])
def test_totals_may_stand_at_the_top_or_at_the_bottom(first: bool) -> None:
    rows: list[Row] = [("program", "", "P1", {"pagu": 100}), ("program", "", "P2", {"pagu": 250})]
    total: Row = ("total", "", "TOTAL", {"pagu": 350})
    result = run(table([total, *rows] if first else [*rows, total]))
    assert [check.status for check in result.checks if check.rule == "R03"] == [CheckStatus.AGREES]


def test_section_totals_and_their_sum() -> None:
    rows: list[Row] = [
        ("program", "", "P1", {"pagu": 100}),
        ("total", "", "Jumlah A", {"pagu": 100}),
        ("program", "", "P2", {"pagu": 250}),
        ("total", "", "Jumlah B", {"pagu": 250}),
        ("total", "", "Total", {"pagu": 350}),
    ]
    result = run(table(rows))
    assert [check.status for check in result.checks if check.rule == "R03"] == [CheckStatus.AGREES] * 3


def test_an_agencys_row_is_the_sum_of_its_programs() -> None:
    rows: list[Row] = [("opd", "", "DINAS A", {"pagu": 100}), ("program", "", "P1", {"pagu": 100}), ("opd", "", "DINAS B", {"pagu": 99})]
    result = run(table([*rows, ("program", "", "P2", {"pagu": 90}), ("program", "", "P3", {"pagu": 30})]))
    (finding,) = result.findings
    assert (finding.rule, finding.line_id, finding.expected) == ("R03", "t2", "Rp120")


def test_nested_urusan_and_bidang_carry_sums() -> None:
    rows: list[Row] = [
        ("urusan", "2", "URUSAN", {"pagu": 350}),
        ("bidang_urusan", "2.17", "BIDANG KOPERASI", {"pagu": 100}),
        ("program", "2.17.02", "P1", {"pagu": 100}),
        ("bidang_urusan", "2.07", "BIDANG KERJA", {"pagu": 250}),
        ("program", "2.07.03", "P2", {"pagu": 250}),
    ]
    assert {check.status for check in run(table(rows)).checks} == {CheckStatus.AGREES}


def test_accounts_add_up_to_their_parent() -> None:
    rows: list[Row] = [
        ("lain", "", code, {"kode_rekening": code, "anggaran": amount}) for code, amount in [("5", 900), ("5.1", 700), ("5.2", 300)]
    ]
    made = table(rows, kind="ringkasan_akun")
    lines = tuple(replace(one, printed_code=one.printed_name, parent_id=None if i == 0 else "t0") for i, one in enumerate(made.lines))
    (finding,) = run(replace(made, lines=lines)).findings
    assert (finding.rule, finding.line_id, finding.expected) == ("R08", "t0", "Rp1.000")


def test_rows_without_a_level_among_the_others_block_the_total() -> None:
    rows: list[Row] = [
        ("program", "", "P1", {"pagu": 100}),
        ("lain", "", "Entah apa", {"pagu": 40}),
        ("total", "", "JUMLAH", {"pagu": 150}),
    ]
    result = run(table(rows))
    assert [check.status for check in result.checks if check.rule == "R03"] == [CheckStatus.BLOCKED]


def test_where_most_sums_fail_the_tree_is_doubted_and_not_the_print() -> None:
    rows: list[Row] = []
    for place in range(8):
        rows += [
            ("kegiatan", "", f"Kegiatan {place}", {"pagu": 1000 + place}),
            ("sub_kegiatan", "", f"Sub {place}", {"pagu": 77 * place + 5}),
        ]
    result = run(table(rows))
    assert {check.status for check in result.checks if check.rule == "R01"} == {CheckStatus.BLOCKED}
    assert all(finding.severity is not Severity.ERROR for finding in result.findings)


def test_spending_outside_programs_is_no_sum_of_them_but_part_of_the_total() -> None:
    rows: list[Row] = [
        ("program", "", "P1", {"pagu": 100}),
        ("program", "", "P2", {"pagu": 250}),
        ("total", "", "Jumlah Belanja Langsung", {"pagu": 350}),
        ("total", "", "Jumlah Belanja Tidak Langsung", {"pagu": 90}),
        ("total", "", "Total Belanja", {"pagu": 440}),
    ]
    assert {check.status for check in run(table(rows)).checks} == {CheckStatus.AGREES}


def test_sums_that_codes_bear_out_are_told_even_where_most_fail() -> None:
    rows: list[Row] = []
    for place in range(8):
        rows += [("program", f"{29 + place}", f"Program {place}", {"pagu": 1000 + place})]
        rows += [("kegiatan", f"{29 + place}.{n}", f"Kegiatan {place}", {"pagu": 77 * place + n}) for n in (1, 2)]
    result = run(table([(*row[:1], "", *row[2:]) for row in rows]))
    assert result.findings == ()
    coded = table(rows)
    coded = replace(coded, lines=tuple(replace(line, printed_code=row[1]) for line, row in zip(coded.lines, rows, strict=True)))
    assert {finding.severity for finding in run(coded).findings if finding.rule == "R02"} == {Severity.WARNING}


def test_children_that_agree_on_another_parent_mean_a_lost_row_and_no_error() -> None:
    rows: list[Row] = [
        ("kegiatan", "2.17.01.2.01", "Perencanaan", {"pagu": 100}),
        ("sub_kegiatan", "2.17.01.2.02.0001", "Gaji", {"pagu": 300}),
        ("sub_kegiatan", "2.17.01.2.02.0002", "Tunjangan", {"pagu": 400}),
    ]
    result = run(table(rows))
    assert {finding.rule: finding.severity for finding in result.findings} == {"R28": Severity.INFO}
    assert [check.status for check in result.checks if check.rule == "R01"] == [CheckStatus.BLOCKED]


def test_mirrored_columns_are_told_once() -> None:
    rows: list[Row] = [
        ("kegiatan", "", "Kegiatan", {"pagu_rkpd": 733, "pagu_kebutuhan": 733}),
        *[("sub_kegiatan", "", f"Sub {i}", {"pagu_rkpd": 251, "pagu_kebutuhan": 251}) for i in range(3)],
    ]
    (finding,) = run(table(rows)).findings
    assert "Sama pada kolom" in finding.message


def test_finding_ids_are_stable() -> None:
    assert [f.id for f in run(plan({1: 1})).findings] == [f.id for f in run(plan({1: 1})).findings]


@pytest.mark.parametrize(("parts", "severity"), [((100, 200), None), ((300, 300), None), ((120, 200), Severity.WARNING)])
def test_amounts_on_several_indicator_rows_are_parts_repetitions_or_doubt(parts: tuple[int, int], severity: Severity | None) -> None:
    rows: list[Row] = [
        ("kegiatan", "", "Kegiatan", {"pagu": 300 if severity is None else 320}),
        ("sub_kegiatan", "", "Sub", {"pagu": 300}),
        *[("indikator", "", "", {"pagu": amount}) for amount in parts],
    ]
    assert [finding.severity for finding in run(table(rows)).findings] == ([severity] if severity else [])


def test_a_row_without_an_amount_of_its_own_is_the_sum_of_its_indicator_rows() -> None:
    rows: list[Row] = [
        ("kegiatan", "", "Kegiatan", {"pagu": 320}),
        ("sub_kegiatan", "", "Sub", {}),
        ("indikator", "", "", {"pagu": 120}),
        ("indikator", "", "", {"pagu": 200}),
    ]
    assert run(table(rows)).findings == ()


def test_the_only_agencys_row_may_sum_up_what_stands_outside_it_too() -> None:
    rows: list[Row] = [
        ("bidang_urusan", "2.08", "BIDANG", {}),
        ("opd", "", "DINAS A", {"pagu": 350}),
        ("program", "", "P1", {"pagu": 100}),
        ("urusan", "2", "URUSAN LAIN", {}),
        ("program", "", "P2", {"pagu": 250}),
    ]
    assert {check.status for check in run(table(rows)).checks if check.line_id == "t1"} == {CheckStatus.AGREES}


def test_rows_of_unknown_nesting_are_not_added_up() -> None:
    rows: list[Row] = [
        ("lain", "", "Entah program", {"pagu": 100}),
        ("lain", "", "entah kegiatan", {"pagu": 100}),
        ("total", "", "JUMLAH", {"pagu": 150}),
    ]
    result = run(table(rows))
    assert [check.status for check in result.checks] == [CheckStatus.BLOCKED]


def test_an_agencys_row_may_hold_its_uptd() -> None:
    rows: list[Row] = [
        ("opd", "", "DINAS A", {"pagu": 350}),
        ("program", "", "P1", {"pagu": 100}),
        ("opd", "", "UPTD B", {"pagu": 250}),
        ("program", "", "P2", {"pagu": 250}),
    ]
    assert run(table(rows)).findings == ()


def test_amounts_split_by_indicator_are_counted_each_where_only_so_the_sum_holds() -> None:
    rows: list[Row] = [
        ("kegiatan", "", "Pembinaan penyidik", {"pagu": 60_000}),
        ("sub_kegiatan", "", "Pengembangan kapasitas", {"pagu": 30_000}),
        ("indikator", "", "", {"indikator": "Jumlah anggota", "pagu": 30_000}),
    ]
    assert run(table(rows)).findings == ()
    rows[0] = ("kegiatan", "", "Pembinaan penyidik", {"pagu": 70_000})
    (finding,) = run(table(rows)).findings
    assert finding.severity is Severity.WARNING
    assert finding.certainty is Certainty.INCOMPLETE


def test_a_group_whose_level_is_guessed_gives_no_error() -> None:
    lines = [replace(one, notes=(GUESSED,)) if one.order in (2, 3) else one for one in plan({2: AMOUNTS[2][1] + 300}).lines]
    (found,) = run(replace(plan(), lines=tuple(lines))).findings
    assert found.severity is Severity.WARNING


def test_a_zero_where_no_row_of_its_level_prints_an_amount_is_no_total() -> None:
    def groups(other: int) -> list[Row]:
        first: list[Row] = [("program", "", "P1", {"pagu": 0}), ("kegiatan", "", "A", {"pagu": 70}), ("kegiatan", "", "B", {"pagu": 30})]
        return [*first, ("program", "", "P2", {"pagu": other} if other else {}), ("kegiatan", "", "C", {"pagu": 40})]

    assert run(table([*groups(0), ("total", "", "JUMLAH", {"pagu": 140})])).findings == ()
    (among,) = run(table(groups(40))).findings
    assert among.severity is Severity.ERROR and run(table(groups(0))).findings == ()


def test_rows_without_an_amount_may_be_left_out_of_a_sum_or_stood_for_by_their_children() -> None:
    def urusan(amount: int) -> list[Row]:
        return [
            ("urusan", "", "URUSAN", {"pagu": amount}),
            ("program", "", "P1", {"pagu": 100}),
            ("program", "", "P2", {}),
            ("kegiatan", "", "A", {"pagu": 40}),
        ]

    assert run(table(urusan(100))).findings == () == run(table(urusan(140))).findings
    (finding,) = run(table(urusan(150))).findings
    assert finding.severity is Severity.WARNING


def test_details_without_a_code_are_not_added_up_beside_their_accounts() -> None:
    def accounts(total: int) -> list[Row]:
        return [
            ("lain", "", "BELANJA DAERAH", {"kode_rekening": "5", "anggaran": 90}),
            ("lain", "", "Alat tulis", {"kode_rekening": "5.1", "anggaran": 90}),
            ("lain", "", "Kertas", {"anggaran": 50}),
            ("lain", "", "Pena", {"anggaran": 40}),
            ("total", "", "Jumlah", {"anggaran": total}),
        ]

    def made(total: int) -> TypedTable:
        plain = table(accounts(total), kind="ringkasan_akun")
        coded = [replace(one, code=cell.text) if (cell := one.cells.get("kode_rekening")) else one for one in plain.lines]
        return with_parents(replace(plain, lines=tuple(coded)))

    assert run(made(90)).findings == ()
    (finding,) = run(made(95)).findings
    assert finding.severity is Severity.WARNING


def test_a_group_some_of_whose_codes_stand_elsewhere_gives_no_error() -> None:
    rows: list[Row] = [
        ("program", "1.01.01", "A", {"pagu": 100}),
        ("kegiatan", "1.01.01.2.01", "A1", {"pagu": 60}),
        ("program", "1.01.02", "B", {"pagu": 55}),
        ("kegiatan", "1.01.01.2.02", "A2", {"pagu": 45}),
    ]
    severities = {one.line_id: one.severity for one in run(table(rows)).findings if one.rule == "R02"}
    assert severities["t0"] is Severity.WARNING
    assert run(table(rows[:2])).findings[0].severity is Severity.ERROR


@pytest.mark.parametrize(("method", "severity"), [("lattice", Severity.ERROR), ("alignment", Severity.WARNING), ("rows", Severity.WARNING)])
def test_rows_that_no_rules_part_may_be_lost_unless_another_column_holds(method: str, severity: Severity) -> None:
    wrong = plan({11: 7_777_077}, method=method)
    assert run(wrong).findings[0].severity is severity
    both: list[Row] = [
        ("kegiatan", "", "A", {"anggaran": 70, "realisasi": 60}),
        ("sub_kegiatan", "", "A1", {"anggaran": 40, "realisasi": 30}),
        ("sub_kegiatan", "", "A2", {"anggaran": 30, "realisasi": 20}),
    ]
    assert run(table(both, kind="realisasi_anggaran", method=method)).findings[0].severity is Severity.ERROR


def test_a_row_without_a_level_under_a_top_row_blocks_its_sum() -> None:
    rows: list[Row] = [
        ("program", "", "PROGRAM A", {"pagu": 100}),
        ("lain", "", "Penangkapan", {"pagu": 60}),
        ("kegiatan", "", "Pemberdayaan", {"pagu": 40}),
        ("program", "", "PROGRAM B", {"pagu": 70}),
    ]
    assert run(table(rows)).findings == ()


def test_a_total_among_totals_of_sections_is_that_of_its_own_section() -> None:
    rows: list[Row] = []
    for letter, amount, printed in (("A", 100, 100), ("B", 250, 257), ("C", 30, 30)):
        rows += [("program", "", f"Program {letter}", {"pagu": amount}), ("total", "", f"Sub Total {letter}", {"pagu": printed})]
    result = run(table([*rows, ("total", "", "Total", {"pagu": 380})]))
    (finding,) = result.findings
    assert (finding.rule, finding.severity, finding.line_id, finding.expected) == ("R03", Severity.ERROR, "t3", "Rp250")
