"""Codes reach their normal form, whatever the print did to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers import codes
from normalizers.codes import CodeSystem, Repair
from normalizers.types import RowKind

PARTS = st.tuples(
    st.integers(1, 8).map(str),
    st.integers(1, 30).map("{:02}".format),
    st.integers(1, 20).map("{:02}".format),
    st.sampled_from("12"),
    st.integers(1, 30).map("{:02}".format),
    st.integers(1, 199).map("{:04}".format),
)


def prefix(parts: tuple[str, ...], length: int) -> tuple[str, ...]:
    return parts[:length]


@given(PARTS, st.sampled_from([2, 3, 5, 6]), st.sampled_from([".", " ", ",", ". ", " | "]), st.booleans())
def test_separators_do_not_matter(parts: tuple[str, ...], length: int, separator: str, trailing: bool) -> None:
    whole = prefix(parts, length)
    assert codes.normalise(separator.join(whole) + ("." if trailing else "")) == ".".join(whole)


@given(PARTS, st.sampled_from([3, 5, 6]))
def test_a_leading_zero_is_dropped(parts: tuple[str, ...], length: int) -> None:
    whole = prefix(parts, length)
    code = codes.parse("0" + ".".join(whole))
    assert code is not None
    assert (code.normal, code.repairs) == (".".join(whole), (Repair.LEADING_ZERO,))


@given(PARTS)
def test_a_two_digit_serial_is_the_four_digit_one(parts: tuple[str, ...]) -> None:
    serial = parts[5][2:]
    printed = ".".join((*parts[:5], serial))
    assert codes.normalise(printed) == ".".join((*parts[:5], f"00{serial}"))


@given(PARTS, st.sampled_from([1, 2, 3, 5, 6]))
def test_normal_forms_are_fixed_points_with_a_level_and_a_parent(parts: tuple[str, ...], length: int) -> None:
    normal = ".".join(prefix(parts, length))
    assert codes.normalise(normal) == normal
    assert codes.level(normal) is {
        1: RowKind.URUSAN, 2: RowKind.BIDANG_URUSAN, 3: RowKind.PROGRAM, 5: RowKind.KEGIATAN, 6: RowKind.SUB_KEGIATAN
    }[length]  # fmt: skip
    above = {1: 0, 2: 1, 3: 2, 5: 3, 6: 5}[length]
    assert codes.parent(normal) == (".".join(prefix(parts, above)) or None)


@given(st.text(alphabet="0123456789X., |OIlab-", max_size=24))
def test_parsing_never_raises_and_is_stable(text: str) -> None:
    code = codes.parse(text)
    if code and not code.partial and code.system is CodeSystem.NOMENKLATUR and Repair.INCOMPLETE not in code.repairs:
        assert codes.normalise(code.normal) == code.normal


@pytest.mark.parametrize(
    ("printed", "normal", "repair"),
    [
        ("2.17.2.2.01.1", "2.17.02.2.01.0001", Repair.PADDING),
        ("2 17 01 2,06 04", "2.17.01.2.06.0004", Repair.SEPARATORS),
        ("X XX 01 207 06", "X.XX.01.2.07.0006", Repair.GLUED_KEGIATAN),
        ("2.17.O1.2.06", "2.17.01.2.06", Repair.CONFUSED),
        ("6 01 01 2.09 00002", "6.01.01.2.09.0002", Repair.SEPARATORS),
        ("2.17.01.2", "2.17.01.2", Repair.INCOMPLETE),
    ],
)
def test_repairs_are_remembered(printed: str, normal: str, repair: Repair) -> None:
    code = codes.parse(printed)
    assert code is not None
    assert code.normal == normal
    assert repair in code.repairs


def test_a_lost_bidang_leaves_a_partial_code() -> None:
    code = codes.parse("01.2.06.04.")
    assert code is not None
    assert (code.normal, code.partial, code.level) == ("01.2.06.0004", True, RowKind.SUB_KEGIATAN)


def test_template_rows_are_known_as_such() -> None:
    code = codes.parse("X.XX.01.2.07.0006")
    assert code is not None
    assert code.template


@pytest.mark.parametrize("printed", ["5.1.02.01.01.0031", "5.1", "5.1.01", "5.2.2.01.01"])
def test_accounts_have_no_level(printed: str) -> None:
    assert codes.is_account_code(printed)
    assert codes.level(printed) is None


@pytest.mark.parametrize("printed", ["5.01.01.2.06.0062", "5.01", "2.17"])
def test_bidang_five_is_no_account(printed: str) -> None:
    assert not codes.is_account_code(printed)


def test_older_codes_have_their_own_system_and_levels() -> None:
    printed = ["1.16.01.103", "1.16.01.103.058", "1.16.01.55.001"]
    system = codes.system_of(printed)
    assert system is CodeSystem.PERMENDAGRI_13
    assert [codes.level(code, system) for code in printed] == [RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.KEGIATAN]
    assert codes.parent("1.16.01.103.058", system) == "1.16.01.103"
    assert codes.level("1.03.07", system) is None  # the office


def test_the_newer_numbering_wins_by_majority() -> None:
    assert codes.system_of(["2.17.01.2.06.0001", "2.17.01.2.06", "1.03.07.22.01"]) is CodeSystem.NOMENKLATUR


@pytest.mark.parametrize("text", ["1.140", "29.198.000", "Program", "", "12", "2024", "4.424.198.783,00"])
def test_amounts_and_words_are_no_codes(text: str) -> None:
    assert not codes.looks_like_code(text)


def test_a_code_is_split_off_a_name() -> None:
    code, name = codes.leading_code("2.17.01 PROGRAM PENUNJANG")
    assert code is not None
    assert (code.normal, name) == ("2.17.01", "PROGRAM PENUNJANG")
    assert codes.leading_code("12 paket") == (None, "12 paket")
