"""Wrapped lines are joined as they were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.text import compact, fold, join_lines, squash

JOINED = [
    (["20.899.622.", "996"], "20.899.622.996"),
    (["20.899", ".622.996"], "20.899.622.996"),
    (["1.793.26", "7.126"], "1.793.267.126"),
    (["2.375.0", "32.000,", "00"], "2.375.032.000,00"),
    (["492.52", "4.000,00"], "492.524.000,00"),
    (["2.375.0", "32.00", "0,00"], "2.375.032.000,00"),
    (["67.614.864.854,", "00"], "67.614.864.854,00"),
    (["30,000,", "000.00"], "30,000,000.00"),
    (["(1.000.", "000)"], "(1.000.000)"),
    (["Rp. 1.000.", "000,-"], "Rp. 1.000.000,-"),
    (["Rp.", "1.000.000"], "Rp. 1.000.000"),
    (["sebesar Rp 1.234.", "567.890 dan"], "sebesar Rp 1.234.567.890 dan"),
    (["2.17.01.2.06.", "0001"], "2.17.01.2.06.0001"),
    (["2.17.01.2.06.00", "01"], "2.17.01.2.06.0001"),
    (["2.17.01.2.0", "6"], "2.17.01.2.06"),
    (["01", "."], "01."),
    (["pengem-", "bangan usaha"], "pengembangan usaha"),
    (["pendidikan non-", "formal"], "pendidikan non-formal"),
    (["peraturan perundang-", "undangan"], "peraturan perundang-undangan"),
    (["PERUNDANG-", "UNDANGAN"], "PERUNDANG-UNDANGAN"),
    (["surat-", "menyurat"], "surat-menyurat"),
    (["Draft Per-", "Men"], "Draft Per-Men"),
    (["e-", "Government"], "e-Government"),
    (["Penyusunan Dokumen RKA-", "SKPD"], "Penyusunan Dokumen RKA-SKPD"),
    (["DOKUMEN RKA-", "SKPD"], "DOKUMEN RKA-SKPD"),
    (["PENGEM-", "BANGAN"], "PENGEMBANGAN"),
    (["Kelompok (PIK-", "R) Remaja"], "Kelompok (PIK-R) Remaja"),
    (["s/d tahun (n-", "1)"], "s/d tahun (n-1)"),
    (["Termanfaatkan-", "nya"], "Termanfaatkannya"),
    (["koor\u00ad", "dinasi"], "koordinasi"),
    (["12 Orang/", "bulan"], "12 Orang/bulan"),
    (["Dokume", "n"], "Dokumen"),
]
KEPT_APART = [
    (["1.234.567", "7.654.321"], "1.234.567 7.654.321"),
    (["12.508", "804.849"], "12.508 804.849"),
    (["90,5", "100,0"], "90,5 100,0"),
    (["5", "3"], "5 3"),
    (["pada tahun 2024.", "100 orang"], "pada tahun 2024. 100 orang"),
    (["1. Pertama", "2. Kedua"], "1. Pertama 2. Kedua"),
    (["2.17.01", "Program"], "2.17.01 Program"),
    (["kegiatan -", "lanjutan"], "kegiatan - lanjutan"),
]


@pytest.mark.parametrize(("lines", "whole"), JOINED)
def test_what_a_line_break_tore_is_joined(lines: list[str], whole: str) -> None:
    assert join_lines(lines) == whole


@pytest.mark.parametrize(("lines", "whole"), KEPT_APART)
def test_what_is_complete_stays_apart(lines: list[str], whole: str) -> None:
    assert join_lines(lines) == whole


@given(st.integers(10**6, 10**13), st.data())
def test_an_amount_torn_at_a_separator_is_whole_again(amount: int, data: st.DataObject) -> None:
    printed = f"{amount:,}".replace(",", ".")
    places = [i for i, c in enumerate(printed) if c == "."]
    at = data.draw(st.sampled_from(places))
    assert join_lines([printed[: at + 1], printed[at + 1 :]]) == printed
    assert join_lines([printed[:at], printed[at:]]) == printed


@given(st.lists(st.integers(10**6, 10**12).map(lambda n: f"{n:,}".replace(",", ".")), min_size=2, max_size=3))
def test_complete_amounts_on_their_own_lines_stay_several(amounts: list[str]) -> None:
    assert join_lines(amounts) == " ".join(amounts)


def test_folding_leaves_words_only() -> None:
    assert squash("  Dinas\u00a0 Koperasi\u200b ") == "Dinas Koperasi"
    assert fold("Dinas Koperasi, UKM & Ketenaga-kerjaan!") == "dinas koperasi ukm ketenaga kerjaan"
    assert compact("Pare - Pare") == "parepare"
