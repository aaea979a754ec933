"""A table without a printed scale takes that of a sister table that prints the same figures."""

from __future__ import annotations

from extractors.types import Bbox
from normalizers.scale import with_shared_scale
from normalizers.types import Line, RowKind, TypedTable, Value, ValueKind, ValueStatus

BOX = Bbox(0, 0, 1, 1)


def table(order: int, amounts: dict[str, int], scale: int = 1) -> TypedTable:
    lines = []
    for place, (code, printed) in enumerate(amounts.items()):
        value = Value("pagu", ValueKind.RUPIAH, str(printed), ValueStatus.OK, 1, BOX, rupiah=printed * scale, candidates=(printed * scale,))
        lines.append(Line(f"{order}-{place}", place, 1, BOX, RowKind.SUB_KEGIATAN, {}, (value,), code=code))
    return TypedTable(f"t{order}", order, "rencana_renja", "", (), tuple(lines), 1, 1, scale=scale)


THOUSANDS = {"2.17.01": 19_687_487, "2.17.02": 4_120, "2.17.03": 77_000, "2.17.04": 1}


def test_the_same_figures_mean_the_same_scale() -> None:
    declared, silent = with_shared_scale([table(0, THOUSANDS, 1000), table(1, THOUSANDS)])
    assert declared.scale == silent.scale == 1000
    assert [line.values[0].rupiah for line in silent.lines] == [line.values[0].rupiah for line in declared.lines]
    assert silent.lines[0].values[0].candidates == (19_687_487_000,)
    assert "skala 1000" in silent.notes[-1]


def test_full_rupiah_beside_thousands_stay_as_they_are() -> None:
    full = {code: amount * 1000 for code, amount in THOUSANDS.items()}
    _, silent = with_shared_scale([table(0, THOUSANDS, 1000), table(1, full)])
    assert silent.scale == 1 and silent.lines[0].values[0].rupiah == 19_687_487_000


def test_a_chance_agreement_says_nothing() -> None:
    few = {"2.17.01": 19_687_487, "2.17.02": 4_120, "2.17.03": 1_000, "2.17.04": 999}
    _, silent = with_shared_scale([table(0, THOUSANDS, 1000), table(1, few)])
    assert silent.scale == 1
