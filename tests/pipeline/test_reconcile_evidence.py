"""Second readings and proposals: what becomes of figures that were read from an image, or that are malformed as printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.errors import UnreadablePage
from extractors.types import Bbox, TextKind
from normalizers.types import TypedDocument, TypedTable, Value, ValueStatus
from pipeline.evidence import reviewed, second_readings
from pipeline.findings import Certainty, CheckStatus, Severity
from pipeline.reconcile import audit
from pipeline.reconcile.evidence import figures_in_doubt, with_proposals, with_second_readings
from pipeline.store import Store
from tests.pipeline.builders import Row, document, table

# a program of two kegiatan, and its total: pagu and its change
PLAN = [("program", 5_930_000), ("kegiatan", 5_000_000), ("kegiatan", 930_000), ("total", 5_930_000)]


def scanned(changed: dict[int, int] | None = None, second_column: bool = True) -> TypedDocument:
    """The plan as read from an image, each figure in a box of its own; some places misread."""
    amounts = [(level, (changed or {}).get(place, amount)) for place, (level, amount) in enumerate(PLAN)]
    rows: list[Row] = [
        (level, "", f"Baris nomor {i}", {"pagu": amount} | ({"pagu_maju": 2 * PLAN[i][1]} if second_column else {}))
        for i, (level, amount) in enumerate(amounts)
    ]
    made = table(rows)
    lines = tuple(
        replace(line, values=tuple(replace(v, ocr=True, bbox=_box(line.order, v.column)) for v in line.values)) for line in made.lines
    )
    return replace(document(replace(made, lines=lines, text_kind=TextKind.SCAN)), ocr_pages=(1,))


def _box(order: int, column: str) -> Bbox:
    left = 100.0 if column == "pagu" else 200.0
    return Bbox(left, 20.0 * order, left + 80, 20.0 * order + 10)


def printed(typed: TypedDocument, order: int, column: str = "pagu") -> Value:
    value = typed.tables[0].lines[order].money(column)
    assert value is not None
    return value


def same_again(path: Path, page: int, boxes: Sequence[Bbox], rotation: int) -> list[tuple[str, float]]:
    """A second reading of the plan as it is printed."""
    texts = {_box(i, "pagu"): f"{amount:,}".replace(",", ".") for i, (_, amount) in enumerate(PLAN)}
    return [(texts[box], 0.9999) for box in boxes]


def test_only_figures_of_failing_checks_are_asked_for() -> None:
    assert figures_in_doubt(scanned()) == []
    asked = figures_in_doubt(scanned({2: 930_500}))
    assert {value.column for value in asked} == {"pagu"}
    assert len(asked) == 3  # program and both kegiatan; the total agrees with the program


def test_a_difference_on_a_scan_is_certain_only_once_every_figure_was_read_again_alike() -> None:
    typed = scanned({2: 930_700})
    (doubtful,) = audit([typed]).findings
    assert (doubtful.severity, doubtful.certainty) == (Severity.WARNING, Certainty.MAYBE_OCR)
    readings = {(v.page, v.bbox): (v.printed, 0.9999) for v in figures_in_doubt(typed)}
    (sure,) = audit([with_second_readings(typed, readings)]).findings
    assert (sure.severity, sure.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    weak = {place: (text, 0.99) for place, (text, _) in readings.items()}
    assert audit([with_second_readings(typed, weak)]).findings[0].severity is Severity.WARNING


def test_a_sum_down_a_scan_without_a_second_column_may_have_lost_a_row() -> None:
    typed = scanned({2: 930_700}, second_column=False)
    readings = {(v.page, v.bbox): (v.printed, 0.9999) for v in figures_in_doubt(typed)}
    (finding,) = audit([with_second_readings(typed, readings)]).findings
    assert (finding.severity, finding.certainty) == (Severity.WARNING, Certainty.INCOMPLETE)


def test_a_digit_that_two_checks_contradict_becomes_a_proposal_with_its_printed_text() -> None:
    typed = with_proposals(scanned({0: 5_980_000}))  # 3 read as 8: kegiatan and total both say 3
    value = printed(typed, 0)
    assert (value.status, value.rupiah, value.printed) == (ValueStatus.PROPOSED, 5_930_000, "5.980.000")
    assert value.candidates == (5_930_000, 5_980_000)
    result = audit([typed])
    assert {check.status for check in result.checks if check.column == "pagu" and check.rule in ("R02", "R03")} == {CheckStatus.BLOCKED}
    assert not [finding for finding in result.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("wrong", [5_940_000, 5_390_000, 5_930_001 + 1_000])
def test_no_proposal_where_the_digits_do_not_look_alike(wrong: int) -> None:
    assert printed(with_proposals(scanned({0: wrong})), 0).status is ValueStatus.OK


def test_one_check_is_enough_only_if_the_second_reading_says_the_same() -> None:
    typed = scanned({2: 980_000})  # only its program sees it
    assert printed(with_proposals(typed), 2).status is ValueStatus.OK
    again = with_second_readings(typed, second_readings(typed, Path("x.pdf"), same_again))
    value = printed(with_proposals(again), 2)
    assert (value.status, value.rupiah, value.printed) == (ValueStatus.PROPOSED, 930_000, "980.000")


def test_a_confirmed_figure_is_never_proposed_away() -> None:
    typed = scanned({0: 5_980_000})
    readings = {(v.page, v.bbox): (v.printed, 0.9999) for v in figures_in_doubt(typed)}
    assert printed(with_proposals(with_second_readings(typed, readings)), 0).status is ValueStatus.OK


def test_own_characters_are_never_read_again_nor_replaced() -> None:
    rows: list[Row] = [(level, "", f"Baris nomor {i}", {"pagu": amount}) for i, (level, amount) in enumerate(PLAN)]
    rows[0] = ("program", "", "Baris nomor 0", {"pagu": 5_980_000})
    typed = document(table(rows))
    assert figures_in_doubt(typed) == []
    assert with_proposals(typed) == typed


def _malformed(text: str, candidates: tuple[int, ...], elsewhere: int = 930_000) -> TypedTable:
    rows: list[Row] = [(level, "", f"Baris nomor {i}", {"pagu": amount}) for i, (level, amount) in enumerate(PLAN)]
    rows[2] = ("kegiatan", "", "Baris nomor 2", {"pagu": elsewhere})
    made = table(rows)
    bad = made.lines[1]
    value = replace(bad.values[0], printed=text, status=ValueStatus.MALFORMED, rupiah=None, candidates=candidates)
    return replace(made, lines=tuple(replace(bad, values=(value,)) if line is bad else line for line in made.lines))


def test_a_malformed_amount_is_proposed_where_its_candidate_makes_the_sum_hold() -> None:
    value = printed(with_proposals(document(_malformed("5.000000", (5_000_000,)))), 1)
    assert (value.status, value.rupiah, value.printed) == (ValueStatus.PROPOSED, 5_000_000, "5.000000")
    assert printed(with_proposals(document(_malformed("5.000000", (5_000_000,), elsewhere=940_000))), 1).status is ValueStatus.MALFORMED
    assert printed(with_proposals(document(_malformed("5.000000", ()))), 1).status is ValueStatus.MALFORMED


def test_a_copy_of_a_weakly_read_figure_confirms_nothing() -> None:
    rows: list[Row] = [("program", "", "Satu", {"pagu": 700_000}), ("kegiatan", "", "Dua", {"pagu": 700_000})]
    made = table(rows)
    weak = tuple(replace(line, values=(replace(line.values[0], ocr=True, confidence=0.7),)) for line in made.lines)
    (check,) = [c for c in audit([document(replace(made, lines=weak))]).checks if c.rule == "R02"]
    assert check.status is CheckStatus.BLOCKED


def test_a_page_that_cannot_be_read_again_leaves_its_figures_in_doubt() -> None:
    def broken(path: Path, page: int, boxes: Sequence[Bbox], rotation: int) -> list[tuple[str, float]]:
        raise UnreadablePage("gone")

    typed = scanned({2: 930_700})
    assert second_readings(typed, Path("x.pdf"), broken) == {}
    assert second_readings(typed, Path("x.pdf"), same_again, seconds=-1.0) == {}


@pytest.mark.slow
@pytest.mark.shared
def test_figures_of_a_scanned_page_are_read_again_alike(shared: Path) -> None:
    from extractors import read_pages
    from extractors.again import read_again

    path = shared / "corpus/facsimile/scan200/sibolga-lkip-2024.pdf"
    (page,) = read_pages(path, pages=[2])
    cells = [c for t in page.tables for c in t.cells if len(c.lines) == 1 and c.text.count(".") >= 2 and c.confidence > 0.99][:12]
    readings = read_again(path, 2, [cell.bbox for cell in cells], page.rotation)
    assert len(cells) == 12
    assert [text for text, _ in readings] == [cell.text for cell in cells]
    assert min(confidence for _, confidence in readings) > 0.99


def test_what_was_read_again_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(path: Path, page: int, boxes: Sequence[Bbox], rotation: int) -> list[tuple[str, float]]:
        calls.append(page)
        return same_again(path, page, boxes, rotation)

    monkeypatch.setattr("pipeline.evidence._read_again", counted)
    first, again = (reviewed(scanned({2: 980_000}), Path("x.pdf"), Store(tmp_path)) for _ in range(2))
    assert calls == [1]
    assert first == again == reviewed(scanned({2: 980_000}), Path("x.pdf"))
    assert calls == [1, 1], "without a store it is read anew"
    assert printed(first, 2).status is ValueStatus.PROPOSED
