"""Corrections are applied only where the print is still what they were made for, and each one's fate is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.types import Bbox
from normalizers.nomenklatur import load
from normalizers.types import (
    CellText,
    CorrectionStatus,
    DocumentFacts,
    Line,
    Match,
    MatchStatus,
    RowKind,
    TypedDocument,
    TypedTable,
    Value,
    ValueKind,
    ValueStatus,
)
from pipeline.overrides import Overrides, correct_matches, correct_print, load_overrides

BOX = Bbox(0, 0, 1, 1)
HEAD = "alasan: dicek pada dokumen cetak\n  penulis: Siti\n  tanggal: 2026-01-05\n"


@pytest.fixture
def document() -> TypedDocument:
    value = Value("pagu", ValueKind.RUPIAH, "250.000000", ValueStatus.MALFORMED, 1, BOX, candidates=(250_000_000,))
    cells = {"kode": CellText("2.17.06.2.01.0001", 1, BOX), "uraian": CellText("Pemberdayaan Koperasi", 1, BOX)}
    line = Line(
        "aaaa1111", 0, 1, BOX, RowKind.SUB_KEGIATAN, cells, (value,), printed_code="2.17.06.2.01.0001", printed_name="Pemberdayaan Koperasi"
    )
    other = replace(line, id="bbbb2222", order=1, match=Match(MatchStatus.UNSURE))
    table = TypedTable("t1", 0, "rencana_renja", "", (), (line, other), 1, 1)
    return TypedDocument("0123456789abcdef", "0123456789abcdef99", "renja-2024.pdf", DocumentFacts(year=2024), (table,), (), (), 1)


def overrides(folder: Path, *entries: str) -> Overrides:
    (folder / "a.yml").write_text("".join(f"- {entry}  {HEAD}" for entry in entries), encoding="utf-8")
    return load_overrides(folder)


def place(column: str, expect: str, value: str, row: str = "baris: aaaa1111", document: str = "0123456789abcdef") -> str:
    return f"dokumen: '{document}'\n  {row}\n  kolom: {column}\n  expect: '{expect}'\n  nilai: '{value}'\n"


def test_a_figure_is_corrected_and_the_row_shows_the_original(document: TypedDocument, tmp_path: Path) -> None:
    done, [outcome] = correct_print(document, overrides(tmp_path, place("pagu", "250.000000", "250000000")))
    line = done.tables[0].lines[0]
    assert outcome.status is CorrectionStatus.APPLIED
    assert (line.values[0].rupiah, line.values[0].status, line.values[0].printed) == (250_000_000, ValueStatus.OK, "250.000000")
    assert "Dikoreksi (Siti, 2026-01-05): pagu “250.000000” menjadi “250000000”" in line.notes[-1]
    assert done.tables[0].lines[1] == document.tables[0].lines[1]


def test_a_corrected_code_is_read_anew(document: TypedDocument, tmp_path: Path) -> None:
    done, _ = correct_print(document, overrides(tmp_path, place("kode", "2.17.06.2.01.0001", "2.17.06.2.01.02")))
    assert (done.tables[0].lines[0].printed_code, done.tables[0].lines[0].code) == ("2.17.06.2.01.02", "2.17.06.2.01.0002")


def test_an_official_code_set_by_hand_wins_and_is_named(document: TypedDocument, tmp_path: Path) -> None:
    found = overrides(tmp_path, place("kode_ref", "Pemberdayaan Koperasi", "2.17.06.2.01.0009", row="baris: bbbb2222"))
    done, [outcome] = correct_matches(document, found, load())
    match = done.tables[0].lines[1].match
    assert outcome.status is CorrectionStatus.APPLIED and match is not None
    assert (match.status, match.code) == (MatchStatus.MANUAL, "2.17.06.2.01.0009")
    assert match.name == "Pemberdayaan Koperasi dengan Keanggotaan Daerah Kabupaten/Kota"
    assert "Siti" in match.reason


def test_a_stale_correction_changes_nothing(document: TypedDocument, tmp_path: Path) -> None:
    done, [outcome] = correct_print(document, overrides(tmp_path, place("pagu", "250.000.000", "1")))
    assert outcome.status is CorrectionStatus.STALE and done == document
    assert "tercetak “250.000000”" in outcome.detail


def test_an_ambiguous_pattern_changes_nothing(document: TypedDocument, tmp_path: Path) -> None:
    done, [outcome] = correct_print(document, overrides(tmp_path, place("pagu", "250.000000", "1", row="pola: ^Pemberdayaan")))
    assert outcome.status is CorrectionStatus.AMBIGUOUS and done == document


def test_a_correction_without_a_row_is_reported_and_one_without_a_document_is_named(document: TypedDocument, tmp_path: Path) -> None:
    found = overrides(
        tmp_path, place("pagu", "250.000000", "1", document="lain-*.pdf"), place("pagu", "250.000000", "1", row="baris: cccc3333")
    )
    done, [outcome] = correct_print(document, found)
    assert done == document
    assert (outcome.place, outcome.status, outcome.document_id) == ("a.yml#2", CorrectionStatus.UNUSED, document.id)
    assert found.for_none_of([document]) == ("a.yml#1",)


def test_a_file_pattern_names_documents_and_the_fingerprint_is_theirs_alone(document: TypedDocument, tmp_path: Path) -> None:
    found = overrides(tmp_path, place("pagu", "250.000000", "250000000", document="renja-*.pdf"))
    assert correct_print(document, found)[1][0].status is CorrectionStatus.APPLIED
    elsewhere = replace(document, file_name="lkjip.pdf")
    assert found.of(elsewhere).fingerprint() == Overrides().fingerprint() != found.of(document).fingerprint()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dokumen: x", "expected a list"),
        ("- dokumen: x\n  kolom: pagu", r"a\.yml#1"),
        (f"- {place('kode_ref', 'x', '2.17.6')}  {HEAD}", "not an official code"),
        (f"- {place('pagu', 'x', '1', row='baris: a' + chr(10) + '  pola: b')}  {HEAD}", "either 'baris' or 'pola'"),
        (f"- {place('pagu', 'x', '1', row='pola: (')}  {HEAD}", r"a\.yml#1: entry: .* is no regular expression"),
        ("- [", "not valid YAML"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_overrides(tmp_path)


def test_no_folder_is_no_corrections(tmp_path: Path) -> None:
    assert load_overrides(tmp_path / "tidak-ada") == Overrides()


@pytest.mark.parametrize("amount", ["dua juta", "NaN", "Infinity", "1" + "0" * 20])
def test_an_amount_that_is_none_is_refused_with_its_place(document: TypedDocument, tmp_path: Path, amount: str) -> None:
    with pytest.raises(ValueError, match=r"a\.yml#1: .* is no number of a budget"):
        correct_print(document, overrides(tmp_path, place("pagu", "250.000000", amount)))
