"""How letters become words."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from extractors import DEFAULTS, load_page, pdfium
from extractors.document import open_document
from extractors.glyphs import UNREADABLE
from extractors.pages import read_sheet
from tests.extractors.pdf_maker import document, drawn_font, fill, line, mapped_letters, private_letters, saved, text, without_meaning


def words(tmp_path: Path, content: bytes, **options: object) -> list[str]:
    path = tmp_path / "halaman.pdf"
    path.write_bytes(document(content, **options))  # type: ignore[arg-type]
    return [word.text for word in load_page(path, 1).words]


def test_blanks_and_gaps_separate_words(tmp_path: Path) -> None:
    content = text(50, 700, "Rencana Kerja") + text(50, 680, "12") + text(70, 680, "Paket")
    assert words(tmp_path, content) == ["Rencana", "Kerja", "12", "Paket"]


def test_pieces_without_a_gap_are_one_word(tmp_path: Path) -> None:
    # "1.23" is 19.46 points wide in Helvetica 10
    assert words(tmp_path, text(50, 700, "1.23") + text(69.46, 700, "4.567")) == ["1.234.567"]


def test_fake_bold_is_read_once(tmp_path: Path) -> None:
    content = b"".join(text(50 + shift, 700, "JUMLAH 1.234") for shift in (0, 0.3, 0.6))
    assert words(tmp_path, content) == ["JUMLAH", "1.234"]


def test_repeated_digits_are_no_fake_bold(tmp_path: Path) -> None:
    assert words(tmp_path, text(50, 700, "1.111.000 llll")) == ["1.111.000", "llll"]


def test_letters_of_a_ligature_are_no_fake_bold(tmp_path: Path) -> None:
    path = tmp_path / "ligatur.pdf"
    twice = b"".join(text(50 + shift, 700, "OXine PemanYau") for shift in (0, 0.3))
    path.write_bytes(mapped_letters(document(text(50, 750, "OXine PemanYau") + twice), X="00660066006C", Y="00740074"))
    assert [word.text for word in load_page(path, 1).words] == ["Offline", "Pemanttau"] * 2


def test_letters_of_two_units_are_one_and_half_a_letter_is_none(tmp_path: Path) -> None:
    path = tmp_path / "lambang.pdf"
    path.write_bytes(mapped_letters(document(text(50, 750, "X Pagu 1.234 Y")), X="D83DDDF9", Y="D83D"))
    found = [word.text for word in load_page(path, 1).words]
    assert found == ["\U0001f5f9", "Pagu", "1.234", UNREADABLE]
    assert pdfium.paired([0x41, 0xD83D, 0xDDF9, 0xDDF9, 0xD83D]) == [0x41, 0x1F5F9, 0x200B, 0xFFFD, 0xFFFD]


def test_a_second_print_cut_otherwise_is_read_once(tmp_path: Path) -> None:
    """Filled, then stroked: one print comes in two pieces, the other in one. "PEMERINT" is 51.67 points wide in Helvetica 10."""
    whole = text(50, 700, "PEMERINTAHAN")
    pieces = text(50, 700, "PEMERINT") + text(50 + 51.67, 700, "AHAN")
    assert words(tmp_path, pieces + whole) == ["PEMERINTAHAN"]
    assert words(tmp_path, whole + pieces) == ["PEMERINTAHAN"]


def test_neighbours_set_close_are_no_fake_bold(tmp_path: Path) -> None:
    close = b"BT /F1 10 Tf 1 0 0 1 50 700 Tm [(Ol) 90 (l) 90 (i) 90 (i)] TJ ET\n"
    assert words(tmp_path, close) == ["Ollii"]


def test_letter_spaced_heading_is_one_word(tmp_path: Path) -> None:
    content = b"".join(text(50 + 12 * at, 700, letter) for at, letter in enumerate("JUMLAH"))
    assert words(tmp_path, content) == ["JUMLAH"]


def test_single_digits_in_a_row_stay_apart(tmp_path: Path) -> None:
    content = b"".join(text(50 + 12 * at, 700, str(at)) for at in range(6))
    assert words(tmp_path, content) == list("012345")


def test_ruling_between_two_texts_separates_them(tmp_path: Path) -> None:
    # "KOTA" ends at 79.4; the next cell's text begins at once behind the rule
    content = text(50, 700, "KOTA") + text(80.0, 700, "12") + line(79.7, 650, 79.7, 750)
    assert words(tmp_path, content) == ["KOTA", "12"]


def test_hyphen_at_the_line_end_is_kept(tmp_path: Path) -> None:
    assert words(tmp_path, text(50, 700, "Perundang-") + text(50, 688, "undangan")) == ["Perundang-", "undangan"]


def test_text_under_a_later_white_box_is_hidden(tmp_path: Path) -> None:
    content = text(50, 700, "lama") + fill(40, 690, 80, 30, grey=1) + text(50, 700, "baru")
    assert words(tmp_path, content) == ["baru"]


def test_text_outside_the_page_is_left_out(tmp_path: Path) -> None:
    assert words(tmp_path, text(50, 700, "dalam") + text(50, 2000, "luar") + text(-300, 700, "kiri")) == ["dalam"]


def test_invisible_text_is_not_read(tmp_path: Path) -> None:
    assert words(tmp_path, text(50, 700, "tampak") + text(50, 600, "lapisan", mode=3)) == ["tampak"]


def test_slanted_watermark_is_no_text(tmp_path: Path) -> None:
    assert words(tmp_path, text(50, 700, "Isi") + text(200, 300, "SALINAN", 60, matrix="0.7 0.7 -0.7 0.7")) == ["Isi"]


@pytest.mark.parametrize(("rotate", "matrix"), [(0, "1 0 0 1"), (90, "0 1 -1 0"), (180, "-1 0 0 -1"), (270, "0 -1 1 0")])
@pytest.mark.parametrize("flagged", [True, False])
def test_sideways_text_is_brought_upright(tmp_path: Path, rotate: int, matrix: str, flagged: bool) -> None:
    path = tmp_path / "miring.pdf"
    place = {0: (100, 600), 90: (200, 100), 180: (500, 300), 270: (300, 700)}[rotate]
    content = text(*place, "Prakiraan Maju Rencana Tahun 2025", matrix=matrix)
    path.write_bytes(document(content, rotate=rotate if flagged else 0))
    page = load_page(path, 1)
    assert page.rotation == rotate
    assert [word.text for word in page.words] == ["Prakiraan", "Maju", "Rencana", "Tahun", "2025"]
    first = page.words[0].bbox
    across, up = (595, 842) if rotate in (0, 180) else (842, 595)
    assert (page.width, page.height) == (across, up)
    expected = {0: (100, 842 - 600), 90: (100, 200), 180: (595 - 500, 300), 270: (842 - 700, 595 - 300)}[rotate]
    assert first.x0 == pytest.approx(expected[0], abs=1)
    assert first.y0 < expected[1] < first.y1


def test_turned_header_cell_on_an_upright_page_is_one_word_per_line(tmp_path: Path) -> None:
    content = text(50, 700, "Nama perangkat daerah dan seterusnya") + text(60, 400, "Sumber Dana", matrix="0 1 -1 0")
    assert words(tmp_path, content)[-1] == "Sumber Dana"


def test_a_page_of_turned_header_cells_stays_upright_with_its_figures(tmp_path: Path) -> None:
    heads = b"".join(text(60 + 40 * at, 600, "Kebutuhan dana tahun rencana", matrix="0 1 -1 0") for at in range(4))
    path = tmp_path / "kepala.pdf"
    path.write_bytes(document(heads + text(50, 580, "704.307.735")))
    page = load_page(path, 1)
    assert page.rotation == 0
    assert "704.307.735" in [word.text for word in page.words]


def test_a_stamp_across_the_text_is_left_out_and_a_large_title_is_not(tmp_path: Path) -> None:
    lines = b"".join(text(50, 700 - 12 * at, "Koordinasi Penyusunan Dokumen") for at in range(6))
    assert "SALINAN" not in words(tmp_path, lines + text(45, 650, "SALINAN", 60))
    assert "SALINAN" in words(tmp_path, lines + text(45, 750, "SALINAN", 60))


def test_unmapped_glyphs_are_flagged_not_guessed(tmp_path: Path) -> None:
    """A font whose letters map into the private use area, as broken subsets do: the digits cannot be known."""
    path = tmp_path / "privat.pdf"
    path.write_bytes(private_letters(document(text(50, 700, "12AB") + text(50, 650, "baik", font="F2"))))
    lost, good = load_page(path, 1).words
    assert lost.text == "12" + UNREADABLE * 2
    assert lost.confidence == pytest.approx(0.25)
    assert (good.text, good.confidence, good.bold) == ("baik", 1.0, True)


def test_a_page_whose_letters_have_no_meaning_is_read_from_its_picture(tmp_path: Path) -> None:
    path = tmp_path / "tanpa-arti.pdf"
    lines = b"".join(text(50, 700 - 20 * at, "Rencana Kerja Dinas Koperasi") for at in range(3))
    path.write_bytes(without_meaning(document(lines + text(50, 500, "Halaman 12", font="F2"))))
    with open_document(path, DEFAULTS) as opened, pdfium.open_page(opened.pdf, 1) as page:
        sheet = read_sheet(page, 1, DEFAULTS)
    assert sheet.needs_ocr
    assert {word.text for word in sheet.page.words if set(word.text) != {UNREADABLE}} == {"Halaman", "12"}


def test_drawn_letters_have_the_size_that_is_seen(tmp_path: Path) -> None:
    """A Type 3 font on a grid of its own: its nominal size of 1 says nothing."""
    path = tmp_path / "gambar.pdf"
    path.write_bytes(drawn_font(document(text(50, 700, "Pagu 1.234.567", size=1, font="F3"))))
    name, amount = load_page(path, 1).words
    assert (name.text, amount.text) == ("Pagu", "1.234.567")
    assert 8 < name.size < 11


def test_places_count_from_the_crop_box(tmp_path: Path) -> None:
    path = tmp_path / "potong.pdf"
    with pikepdf.open(io.BytesIO(document(text(150, 700, "Pagu") + text(20, 20, "tanda potong")))) as pdf:
        pdf.pages[0].CropBox = pikepdf.Array([100, 100, 500, 800])
        path.write_bytes(saved(pdf))
    page = load_page(path, 1)
    assert (page.width, page.height) == (400, 700)
    (word,) = page.words
    assert (word.text, word.bbox.x0) == ("Pagu", pytest.approx(50, abs=0.5))
    assert word.bbox.y0 < 100 < word.bbox.y1
