"""The content-addressed store: round trips, damage, and writes that are cut off."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from normalizers.types import TypedDocument
from pipeline.store import StorageError, Store, content_key, tree_fingerprint, write_atomically
from tests.pipeline.fakes import typed_document

KEY = content_key("a")


def test_a_typed_document_comes_back_as_it_was(tmp_path: Path) -> None:
    document = typed_document("a.pdf", "ab" * 32)
    Store(tmp_path).put("dokumen", KEY, document, TypedDocument)
    assert Store(tmp_path).get("dokumen", KEY, TypedDocument) == document


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    store, made = Store(tmp_path), []

    def make() -> int:
        made.append(1)
        return 7

    assert [store.get_or_make("angka", KEY, int, make) for _ in range(2)] == [7, 7]
    assert made == [1]


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other shape"])
def test_a_damaged_entry_counts_as_absent_and_is_dropped(tmp_path: Path, damage: str) -> None:
    store = Store(tmp_path)
    store.put("angka", KEY, 7, int)
    path = store.path("angka", KEY)
    data = path.read_bytes()
    if damage == "other shape":
        store.put("angka", KEY, "seven", str)
    else:
        path.write_bytes({"cut": data[:-1], "flip": data[:-1] + bytes([data[-1] ^ 1]), "empty": b""}[damage])
    assert store.get("angka", KEY, int) is None
    assert not path.exists()


def test_parts_of_a_key_do_not_run_into_one_another() -> None:
    assert content_key("ab", "c") != content_key("a", "bc")
    assert content_key("a", "") != content_key("a")


def test_a_write_that_fails_leaves_the_old_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "entry"
    write_atomically(path, b"old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageError, match="the disk is full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_fingerprint_follows_names_and_bytes_not_places_or_times(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "sub").mkdir(parents=True)
        (tmp_path / folder / "sub" / "a.py").write_text("x = 1")
    (tmp_path / "two" / "note.txt").write_text("not code")
    prints = [tree_fingerprint([tmp_path / folder], (".py",)) for folder in ("one", "two")]
    assert prints[0] == prints[1]
    (tmp_path / "two" / "sub" / "a.py").write_text("x = 2")
    assert tree_fingerprint([tmp_path / "two"], (".py",)) != prints[0]


def test_what_is_written_may_be_read_by_whoever_may_read_files_of_the_folder(tmp_path: Path) -> None:
    write_atomically(tmp_path / "entry", b"new")
    (tmp_path / "other").write_bytes(b"new")
    assert (tmp_path / "entry").stat().st_mode == (tmp_path / "other").stat().st_mode
