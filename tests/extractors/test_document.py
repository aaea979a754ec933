"""Broken, hostile and odd files: what is said of them, and that the rest is read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pikepdf
import pytest

from extractors import Cause, Settings, UnreadableDocument, UnreadablePage, crop, load_page, probe, read_pages, render_page
from extractors.rendering import debug_image
from extractors.types import Bbox
from tests.extractors import pdf_maker as make

PAGE = (
    make.text(50, 700, "Halaman")
    + make.lattice([50, 150, 250], [600, 580, 560])
    + make.cells([50, 150], [600, 580], [["Kode", "Pagu"], ["1", "2"]])
)


def file(tmp_path: Path, content: bytes, name: str = "dokumen.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "cause", "words"),
    [
        (b"", Cause.NOT_PDF, "empty file"),
        (b"<html><body>404</body></html>", Cause.NOT_PDF, "web page"),
        (b"PK\x03\x04rest", Cause.NOT_PDF, "ZIP or Office"),
        (b"\x00\x01nonsense", Cause.NOT_PDF, "not a PDF"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, Cause.BROKEN, "broken or cut off"),
        (make.saved(pikepdf.Pdf.new()), Cause.NO_PAGES, "no pages"),
        (make.encrypted(make.document(PAGE), "rahasia", "pemilik"), Cause.ENCRYPTED, "asks for a password"),
    ],
)
def test_unreadable_documents_say_why(tmp_path: Path, content: bytes, cause: Cause, words: str) -> None:
    path = file(tmp_path, content)
    with pytest.raises(UnreadableDocument, match=words) as caught:
        probe(path)
    assert caught.value.cause is cause
    assert path.name in caught.value.reason
    with pytest.raises(UnreadableDocument):
        list(read_pages(path))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="does not exist"):
        probe(tmp_path / "tiada.pdf")


def test_a_file_whose_name_is_no_text_is_read_like_any_other(tmp_path: Path) -> None:
    path = file(tmp_path, make.document(PAGE), os.fsdecode(b"Renja \x96 2024.pdf"))
    assert len(next(read_pages(path)).tables) == 1


def test_owner_password_alone_is_no_obstacle(tmp_path: Path) -> None:
    path = file(tmp_path, make.encrypted(make.document(PAGE), "", "pemilik"))
    assert probe(path).encrypted
    assert len(next(read_pages(path)).tables) == 1


def test_zero_pages_after_an_encrypted_file(tmp_path: Path) -> None:
    """PDFium keeps the error of the file before; the reason must not be that one's."""
    with pytest.raises(UnreadableDocument):
        probe(file(tmp_path, make.encrypted(make.document(PAGE), "rahasia", "x"), "satu.pdf"))
    with pytest.raises(UnreadableDocument, match="no pages"):
        probe(file(tmp_path, make.saved(pikepdf.Pdf.new()), "dua.pdf"))


@pytest.mark.parametrize("share", [0.5, 0.9, 0.98])
def test_truncated_file_is_saved_and_said_so(tmp_path: Path, share: float) -> None:
    whole = make.document(*[PAGE] * 12)
    path = file(tmp_path, whole[: int(len(whole) * share)])
    result = probe(path)
    assert result.repaired
    assert "terpotong" in result.problems[0]
    assert 0 < result.page_count <= 12
    assert len(list(read_pages(path))) == result.page_count


def test_too_many_pages(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="3 pages, more than the 2"):
        probe(file(tmp_path, make.document(PAGE, PAGE, PAGE)), Settings(pages_max=2))


@pytest.mark.parametrize("size", [(1e6, 1e6), (1, 1), (595, 1)])
def test_wrong_page_box_is_a_problem_of_that_page(tmp_path: Path, size: tuple[float, float]) -> None:
    (content,) = read_pages(file(tmp_path, make.document(PAGE, size=size)))
    assert "no paper size" in content.problems[0]


def test_a_bad_page_does_not_stop_the_others(tmp_path: Path) -> None:
    crowded = b"BT /F1 8 Tf 50 50 Td " + b"(aaaaaaaaaa) Tj " * 400 + b"ET"
    contents = list(read_pages(file(tmp_path, make.document(PAGE, crowded, PAGE)), settings=Settings(chars_max=1000)))
    assert [len(content.tables) for content in contents] == [1, 0, 1]
    assert "characters" in contents[1].problems[0]


def test_many_paths_are_capped(tmp_path: Path) -> None:
    start = time.perf_counter()
    (content,) = read_pages(file(tmp_path, make.document(b"0 0 m 9 9 l S\n" * 60_000)), settings=Settings(objects_max=5_000))
    assert "objek gambar" in content.problems[0]
    assert time.perf_counter() - start < 10


def test_one_path_of_a_million_points(tmp_path: Path) -> None:
    (content,) = read_pages(file(tmp_path, make.document(PAGE + b"0 0 m\n" + b"9 9 l\n" * 500_000 + b"S\n")))
    assert len(content.tables) == 1 or content.problems


def test_stream_of_blanks(tmp_path: Path) -> None:
    (content,) = read_pages(file(tmp_path, make.document(PAGE + b" " * 20_000_000)))
    assert len(content.tables) == 1


def test_form_that_draws_itself(tmp_path: Path) -> None:
    (content,) = read_pages(file(tmp_path, make.self_referencing_form()))
    assert [line.text for line in content.prose] == ["Sebelum"]


def test_chosen_pages_only(tmp_path: Path) -> None:
    path = file(tmp_path, make.document(PAGE, PAGE, PAGE))
    assert [content.number for content in read_pages(path, [3, 1, 9])] == [3, 1]
    with pytest.raises(UnreadablePage, match="does not exist"):
        load_page(path, 4)


def test_rendering(tmp_path: Path) -> None:
    path = file(tmp_path, make.document(PAGE))
    assert render_page(path, 1, dpi=50).startswith(b"\x89PNG")
    assert crop(path, 1, Bbox(40, 230, 260, 300), highlight=[Bbox(50, 242, 150, 262)]).startswith(b"\x89PNG")
    assert debug_image(path, 1, labels=[(Bbox(50, 242, 250, 262), "program", "program")]).startswith(b"\x89PNG")
    with pytest.raises(UnreadablePage, match="outside the page"):
        crop(path, 1, Bbox(2000, 2000, 2100, 2100))


def test_rendering_is_clamped(tmp_path: Path) -> None:
    png = render_page(file(tmp_path, make.document(PAGE)), 1, dpi=3000, settings=Settings(render_pixels_max=100_000))
    wide, high = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    assert wide * high <= 102_000


def test_text_pages_load_no_ocr(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = file(tmp_path, make.document(PAGE))
    code = (
        "import sys, extractors; list(extractors.read_pages(sys.argv[1])); "
        "print([m for m in ('cv2', 'rapidocr', 'onnxruntime', 'pdfplumber', 'camelot') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_settings_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="snap"):
        Settings(snap=0)
