from __future__ import annotations

from extractors.scan.textlayer import text_layer_is_bad
from extractors.types import Bbox, Word

SENTENCE = (
    "Program Penunjang Urusan Pemerintahan Daerah Kabupaten Kota 1.326.875.000 Penyediaan Gaji dan Tunjangan ASN 45 orang bulan "
    "5.061.013.265 Pelaksanaan Penatausahaan 4.768.398.800 Kabupaten Bandung 180.262.500 100 % yang disediakan tahun anggaran 2024"
)


def words(text: str, *, upright: bool = True, confidence: float = 1.0) -> list[Word]:
    size = (30.0, 8.0) if upright else (8.0, 30.0)
    return [Word(t, Bbox(0, 0, *size), 8.0, confidence=confidence) for t in text.split()]


def test_a_clean_layer_has_nothing_against_it() -> None:
    assert text_layer_is_bad(words(SENTENCE)) == ""
    assert text_layer_is_bad(words(SENTENCE), words(SENTENCE)) == ""
    assert text_layer_is_bad([]) == ""


def test_scattered_letters_are_fragments() -> None:
    assert "satu huruf" in text_layer_is_bad(words("t I F E t o e a E g I I I a j l u I i l a t a o I"))


def test_signs_inside_words_are_strange() -> None:
    assert "tidak wajar" in text_layer_is_bad(words("Pr{g~am P[nun]ang kegi|tan Daer^h ~~ kot@ b!dang \\rusan dan yang"))


def test_words_that_stand_on_end_tell_of_a_sideways_page() -> None:
    assert "miring" in text_layer_is_bad(words(SENTENCE, upright=False))


def test_strings_that_no_syllables_make_up_are_no_words() -> None:
    assert "kata Indonesia" in text_layer_is_bad(words("xqzt wrtp bnmkl Ptrgh dfgkj zxcvb kjhgf qwrtp mnbvc lkjhg"))


def test_figures_with_letters_or_odd_groups_are_broken() -> None:
    reason = text_layer_is_bad(words("Program 4.2l7.489 belanja 1.32.875 pegawai 180.262.500 barang 5.06l.0l3 dan jasa modal tanah"))
    assert "angka rusak" in reason


def test_figures_that_a_new_reading_sees_otherwise_count_against_the_layer() -> None:
    wrong = SENTENCE.replace("1.326.875.000", "1.326.815.000")
    assert "1 dari 4 angka" in text_layer_is_bad(words(wrong), words(SENTENCE))
    assert text_layer_is_bad(words(wrong), words(SENTENCE, confidence=0.8)) == ""


def test_a_layer_of_a_few_words_over_a_full_page_is_thin() -> None:
    assert "huruf" in text_layer_is_bad(words("FOR ULIR J3"), words(SENTENCE))
