"""From the paths that a user names to the documents of a run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.inputs import InputError, find_sources
from pipeline.store import file_sha256
from tests.pipeline.fakes import fake_pdf


def names(*paths: Path) -> list[str]:
    return sorted(source.file_name for source in find_sources(paths))


def test_a_folder_gives_its_pdfs_whatever_their_names_and_equal_bytes_once(tmp_path: Path) -> None:
    first = fake_pdf(tmp_path / "b (salinan).pdf")
    (tmp_path / "a é 文件.PDF").write_bytes(first.read_bytes())
    fake_pdf(tmp_path / "sub folder" / "c.pdf")
    assert names(tmp_path) == ["a é 文件.PDF", "c.pdf"]


def test_a_name_that_is_no_text_is_shown_as_one(tmp_path: Path) -> None:
    path = fake_pdf(tmp_path / "a.pdf").rename(Path(os.fsdecode(os.fsencode(tmp_path) + b"/Renja \x96 2024.pdf")))
    (source,) = find_sources([tmp_path])
    assert (source.path, source.file_name) == (path, "Renja \ufffd 2024.pdf")
    assert source.told.encode() and source.identity.encode()


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    fake_pdf(tmp_path / "a.pdf")
    fake_pdf(tmp_path / ".b.pdf", pages=2)
    fake_pdf(tmp_path / ".venv" / "lib" / "c.pdf", pages=3)
    assert names(tmp_path) == ["a.pdf"]


def test_linked_folders_are_searched_and_one_that_leads_back_up_once(tmp_path: Path) -> None:
    fake_pdf(tmp_path / "elsewhere" / "a.pdf")
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "archive").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "up").symlink_to(raw)
    (raw / "broken.pdf").symlink_to(tmp_path / "nowhere.pdf")
    assert names(raw) == ["a.pdf"]


def test_a_pdf_that_cannot_be_read_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied")

    path = fake_pdf(tmp_path / "a.pdf")
    monkeypatch.setattr("pipeline.inputs.file_sha256", refuse)
    with pytest.raises(InputError, match=rf"cannot read {path}: permission denied"):
        find_sources([path])


def test_load_notes_may_come_from_a_spreadsheet(tmp_path: Path) -> None:
    path = fake_pdf(tmp_path / "a.pdf")
    text = f"uri,sha256\nhttps://contoh.go.id/a.pdf,{file_sha256(path)}\n"
    (tmp_path / "sources.csv").write_text(text, encoding="utf-8-sig")
    (source,) = find_sources([tmp_path])
    assert source.origin.uri == "https://contoh.go.id/a.pdf"
    (tmp_path / "sources.csv").write_bytes(b"uri,sha256\n\xff\xfe,1\n")
    with pytest.raises(InputError, match=r"sources\.csv: not in UTF-8"):
        find_sources([tmp_path])
