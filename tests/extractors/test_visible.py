"""What a reader of the page sees of its text."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from extractors import load_page, read_pages
from extractors.glyphs import UNREADABLE
from extractors.types import Word
from tests.extractors.pdf_maker import cells, document, fill, lattice, saved, text


def words(tmp_path: Path, content: bytes, **options: object) -> list[Word]:
    path = tmp_path / "halaman.pdf"
    path.write_bytes(document(content, **options))  # type: ignore[arg-type]
    return list(load_page(path, 1).words)


def texts(tmp_path: Path, content: bytes, **options: object) -> list[str]:
    return [word.text for word in words(tmp_path, content, **options)]


def ink(grey: float, content: bytes) -> bytes:
    return b"%g g " % grey + content + b"0 g\n"


def clipped(x: float, y: float, wide: float, high: float, content: bytes) -> bytes:
    return b"q %g %g %g %g re W n\n" % (x, y, wide, high) + content + b"Q\n"


def test_text_of_the_colour_of_its_ground_is_not_read(tmp_path: Path) -> None:
    on_paper = ink(1, text(50, 700, "putih"))
    on_grey = fill(40, 590, 200, 30, grey=0.5) + ink(0.5, text(50, 600, "kelabu"))
    assert texts(tmp_path, on_paper + on_grey + text(50, 500, "tampak")) == ["tampak"]


def test_white_text_on_a_dark_ground_is_read(tmp_path: Path) -> None:
    header = fill(40, 690, 200, 30, grey=0.2) + ink(1, text(50, 700, "Pagu"))
    assert texts(tmp_path, header) == ["Pagu"]
    curve = b"0.2 g 40 690 m 240 690 l 250 690 250 720 240 720 c 40 720 l 30 720 30 690 40 690 c f 0 g\n"
    assert texts(tmp_path, curve + ink(1, text(50, 700, "Pagu"))) == ["Pagu"]


def test_white_text_on_a_white_cell_of_a_dark_row_is_not_read(tmp_path: Path) -> None:
    content = fill(0, 690, 400, 30, grey=0.2) + fill(40, 690, 100, 30, grey=1) + ink(1, text(50, 700, "lenyap") + text(200, 700, "Pagu"))
    assert texts(tmp_path, content) == ["Pagu"]


def test_type_too_small_to_see_is_not_read(tmp_path: Path) -> None:
    assert texts(tmp_path, text(50, 700, "kecil", size=0.2) + text(50, 600, "tampak", size=3)) == ["tampak"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_text_that_a_clip_path_hides_is_not_read(tmp_path: Path, rotate: int) -> None:
    hidden = clipped(45, 690, 50, 20, text(100, 700, "lenyap")) + clipped(45, 500, 200, 20, text(50, 480, "lenyap"))
    assert texts(tmp_path, hidden + clipped(45, 590, 100, 20, text(50, 600, "tampak")), rotate=rotate) == ["tampak"]


def test_a_clip_of_a_form_hides_too(tmp_path: Path) -> None:
    form = text(50, 700, "tampak") + text(50, 300, "lenyap")
    assert texts(tmp_path, b"q 0 300 300 150 re W n 0.5 0 0 0.5 0 0 cm /Isi Do Q\n", forms={"Isi": form}) == ["tampak"]


def test_a_clip_that_shaves_a_letter_changes_nothing(tmp_path: Path) -> None:
    (word,) = words(tmp_path, clipped(50.5, 699, 44.5, 6, text(50, 700, "1.234.567")))
    assert (word.text, word.whole) == ("1.234.567", None)


def test_a_figure_cut_by_a_clip_keeps_what_is_seen_and_tells_the_rest(tmp_path: Path) -> None:
    # in Helvetica 10 "1.234" ends at 75.0
    (word,) = words(tmp_path, clipped(45, 690, 31, 20, text(50, 700, "1.234.567")))
    assert (word.text, word.whole) == ("1.234", "1.234.567")


def test_a_figure_cut_by_the_page_edge_keeps_what_is_seen_and_tells_the_rest(tmp_path: Path) -> None:
    right, left = words(tmp_path, text(570, 700, "1.234.567") + text(-15, 600, "7.654.321"))
    assert (right.text, right.whole) == ("1.234", "1.234.567")
    assert left.whole == "7.654.321"
    assert left.whole.endswith(left.text)
    assert len(left.text) < len(left.whole)


def test_a_half_letter_at_the_edge_of_a_clip_tells_that_more_may_follow(tmp_path: Path) -> None:
    """Some spreadsheets leave the letters beyond the cell out of the file; in Helvetica 10 "1.234" ends at 75.0."""
    (word,) = words(tmp_path, clipped(45, 690, 28, 20, text(50, 700, "1.234")))
    assert (word.text, word.whole) == ("1.234", "1.234" + UNREADABLE)


def test_a_cut_figure_makes_its_cell_a_conflict(tmp_path: Path) -> None:
    xs, ys = [50, 100, 200, 300], [700, 680, 660]
    rows = [["Kode", "Uraian", "Pagu"], ["1.01", "Program", ""]]
    path = tmp_path / "sel.pdf"
    path.write_bytes(document(lattice(xs, ys) + cells(xs, ys, rows) + clipped(250, 660, 50, 20, text(270, 668, "1.234.567"))))
    (table,) = next(read_pages(path)).tables
    assert (table.cells[5].text, table.cells[5].conflict) == ("1.234.", "1.234.567")
    assert {cell.conflict for cell in table.cells[:5]} == {None}


def with_layers(content: bytes, off: tuple[int, ...]) -> bytes:
    """The document with two layers, Lapis0 and Lapis1, of which those numbered `off` are hidden."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        layers = [pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=f"lapis {at}")) for at in range(2)]
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=layers, D=pikepdf.Dictionary(OFF=[layers[at] for at in off]))
        pdf.pages[0].Resources.Properties = pikepdf.Dictionary(Lapis0=layers[0], Lapis1=layers[1])
        for form in pdf.pages[0].Resources.get("/XObject", {}).values():
            form.OC = layers[1]
        return saved(pdf)


@pytest.mark.parametrize(("off", "left"), [((), "satu dua tiga bebas"), ((0,), "dua tiga bebas"), ((1,), "satu bebas")])
def test_layers_that_are_off_are_not_read(tmp_path: Path, off: tuple[int, ...], left: str) -> None:
    content = (
        b"".join(b"/OC /Lapis%d BDC " % at + text(50, 700 - 100 * at, word) + b"EMC\n" for at, word in enumerate(("satu", "dua")))
        + b"/Isi Do\n"
    )
    path = tmp_path / "lapis.pdf"
    path.write_bytes(with_layers(document(content + text(50, 400, "bebas"), forms={"Isi": text(50, 500, "tiga")}), off))
    assert [word.text for word in load_page(path, 1).words] == left.split()


def test_what_a_clip_cuts_is_no_part_of_the_next_word(tmp_path: Path) -> None:
    content = clipped(45, 690, 31, 20, text(50, 700, "PEMERINTAHAN")) + text(77, 700, "1.234")
    assert texts(tmp_path, content) == ["PEME", "1.234"]


def test_letters_under_two_clips_are_two_words(tmp_path: Path) -> None:
    # a spreadsheet's cells: the text of one reaches over its edge, that of the next begins right there
    content = clipped(45, 690, 28.8, 20, text(50, 700, "1.234")) + clipped(74, 690, 10, 20, text(75, 700, "12"))
    assert texts(tmp_path, content) == ["1.234", "12"]
    assert texts(tmp_path, clipped(45, 690, 28.8, 20, text(50, 700, "1.234")) + text(75, 700, "12")) == ["1.234", "12"]
