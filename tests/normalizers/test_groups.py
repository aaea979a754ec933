"""A sub-title misread in one of several like groups is read as its sisters print it."""

from __future__ import annotations

from normalizers.groups import agreed_paths


def header(*groups: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [("Kode",), *((title, leaf) for title, *leaves in groups for leaf in leaves)]


def test_a_misread_sub_title_is_read_as_in_the_other_groups() -> None:
    quarters = [("Triwulan I", "K", "RD"), ("Triwulan II", "K", "Rp"), ("Triwulan III", "K", "Rp"), ("Triwulan IV", "K", "Rp")]
    assert agreed_paths(header(*quarters))[2] == ("Triwulan I", "Rp")


def test_another_sub_title_stays_what_it_is() -> None:
    groups = [("I", "K", "Rp"), ("II", "K", "Rp"), ("III", "K", "Rp"), ("Tingkat", "K", "%"), ("Akhir", "Volume", "Rp")]
    assert agreed_paths(header(*groups)) == header(*groups)


def test_two_like_groups_do_not_outvote_a_third() -> None:
    groups = [("I", "K", "Rp"), ("II", "K", "Rp"), ("III", "K", "RD")]
    assert agreed_paths(header(*groups)) == header(*groups)
