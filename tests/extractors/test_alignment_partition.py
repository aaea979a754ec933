"""Rows told by how their cells stand: at the top, in the middle or at the foot of the row, and by lines that are not wrapped."""

from __future__ import annotations

from itertools import pairwise

import pytest

from extractors.alignment import split_rows
from extractors.alignment.partition import parting
from extractors.alignment.rows import anchors_of, baselines, column_lines, fitting_ends, gap_ends, row_ends
from extractors.alignment.text import lines_of
from extractors.types import Bbox, Cell, RawTable, Word
from tests.extractors.typesetter import page, put, texts

EDGES = [40.0, 80.0, 300.0, 420.0, 560.0]
LINE = 9.0
CODES = ["2.17.01", "2.17.02", "2.17.03", "2.17.04", "2.17.05"]
NAMES = [["Mebel"], ["Jasa Surat dan", "Komunikasi"], ["Rapat"], ["Gaji dan", "Tunjangan", "Pegawai"], ["Sewa"]]


def typeset(share: float, gap: float = 0.0) -> tuple[list[Word], list[list[str]]]:
    """Rows without rules: code, name and two figures, whose lone lines hang at a `share` of the height of their row."""
    words: list[Word] = []
    wanted: list[list[str]] = []
    y = 100.0
    for n, (code, lines) in enumerate(zip(CODES, NAMES, strict=True), 1):
        at = y + share * LINE * (len(lines) - 1)
        words += put(code, 42, at) + put(f"{n}.500.000", 418, at, "right") + put(f"{n} Dokumen", 430, at)
        words += [word for place, line in enumerate(lines) for word in put(line, 82, y + LINE * place)]
        wanted.append([code, " ".join(lines), f"{n}.500.000", f"{n} Dokumen"])
        y += LINE * len(lines) + gap
    return words, wanted


def cut(words: list[Word], ends: list[float]) -> list[list[str]]:
    """The texts between `ends`, by row and column."""
    bounds = [float("-inf"), *ends, float("inf")]
    bands = [[word for word in words if low < word.bbox.centre[1] < high] for low, high in pairwise(bounds)]
    return [[" ".join(line.text for line in column) for column in column_lines(band, EDGES)] for band in bands]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_cells_stand_alike_in_all_rows(share: float) -> None:
    """No white parts the rows: only a parting in which all lone lines stand at one place of their rows fits."""
    words, wanted = typeset(share)
    columns = column_lines(words, EDGES)
    assert cut(words, row_ends(columns, anchors_of(columns, figures=False), gaps=False)) == wanted


def test_a_row_is_no_higher_than_its_tallest_cell() -> None:
    """A name on one line and the figures on the next are two rows, though each column has but one entry in both together."""
    words = []
    for n in range(4):
        y = 100 + 2 * LINE * n
        words += put(f"2.17.0{n}", 42, y) + put("Kegiatan Rapat", 82, y)
        words += put(f"{n + 1}.500.000", 418, y + LINE, "right") + put(f"{n + 1} Dokumen", 430, y + LINE)
    columns = column_lines(words, EDGES)
    heights = baselines(columns)
    pairs = [(at, at + 2) for at in range(len(heights) - 2)]
    assert parting(columns, heights, pairs).places == tuple(range(len(heights) - 1))


def body(words: list[Word]) -> RawTable:
    """A ruled header, and under it one ruled row that holds all `words`."""
    titles = ["Kode", "Uraian", "Pagu", "Target"]
    edges = list(pairwise(EDGES))
    bottom = max(word.bbox.y1 for word in words) + 2
    head = [Cell(0, at, 1, 1, (title,), Bbox(x0, 80, x1, 95), 1) for at, (title, (x0, x1)) in enumerate(zip(titles, edges, strict=True))]
    own = [[word for word in words if x0 <= word.bbox.centre[0] < x1] for x0, x1 in edges]
    below = [
        Cell(1, at, 1, 1, tuple(line.text for line in lines_of(column)), Bbox(x0, 95, x1, bottom), 1)
        for at, (column, (x0, x1)) in enumerate(zip(own, edges, strict=True))
    ]
    box = Bbox(EDGES[0], 80, EDGES[-1], bottom)
    return RawTable(1, 0, 2, 4, (*head, *below), box, tuple(EDGES), (80.0, 95.0, bottom), "lattice", "test")


def test_a_body_without_rules_is_cut_where_codes_and_all_cells_agree() -> None:
    words, wanted = typeset(0.5)
    assert texts(split_rows(page(words), body(words)))[1:] == wanted


def test_a_text_that_runs_on_beside_a_list_of_codes_is_not_cut() -> None:
    """Codes in a cell beside a text that fills its lines: the ends of rows would cut it."""
    words = []
    for n in range(6):
        words += put(f"2.17.0{n}", 42, 100 + LINE * n) + put("yang dilaksanakan oleh perangkat daerah pada tahun", 82, 100 + LINE * n)
    columns = column_lines(words, EDGES)
    assert fitting_ends(columns, anchors_of(columns, figures=True)) == []


def test_lines_that_would_have_fitted_on_the_one_before_are_rows() -> None:
    """All lines stand equally far apart; a wrapped line begins with a word that had no room above."""
    names = ["Tujuan", "Omset Usaha Mikro", "Sasaran", "Akuntabilitas Kinerja Perangkat Daerah"]
    words = [word for at, name in enumerate(names) for word in put(name, 82, 100 + LINE * at) + put("Nilai", 302, 100 + LINE * at)]
    words += put("1", 42, 100 + LINE) + put("2", 42, 100 + 3 * LINE) + put("Persentase Usaha", 302, 100 + 4 * LINE)
    columns = column_lines(words, EDGES)
    assert len(row_ends(columns, anchors_of(columns, figures=False), gaps=True)) == 3


def test_strips_tell_rows_where_there_is_one_for_every_two_amounts() -> None:
    words, wanted = typeset(0.0, gap=1.5)
    columns = column_lines(words, EDGES)
    assert cut(words, gap_ends(columns, [each for each in anchors_of(columns, figures=False) if each.amounts])) == wanted


def test_a_name_with_room_for_the_next_is_a_row_of_its_own() -> None:
    """Each aim stands over its program, in one column; only the programs have amounts, and only the aims a number."""
    words = put("Program menurut Sasaran yang Diukur Setiap Tahun", 82, 91)
    for n in range(1, 5):
        y = 100 + 2 * LINE * n
        words += put(f"{n}", 42, y) + put("Meningkatnya Koperasi Aktif", 82, y)
        words += put("Program Pelatihan", 82, y + LINE) + put(f"{n}.500.000", 418, y + LINE, "right")
        words += put(f"{n}.250.000", 558, y + LINE, "right")
    columns = column_lines(words, EDGES)
    assert len(row_ends(columns, anchors_of(columns, figures=False), gaps=False)) == 7  # the first aim may go on from the title
