"""Tables without rules, rows without rules, and the prose that must not become a table."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from extractors import load_page
from extractors.alignment import find_tables, split_rows
from extractors.types import Bbox, Cell, RawTable, Ruling, Word
from tests.extractors.typesetter import SIZE, page, put, texts

NAMES = [
    ["Penyediaan Jasa Surat Menyurat"],
    ["Penyediaan Komponen Instalasi", "Listrik dan Penerangan", "Bangunan Kantor"],
    ["Pengadaan Mebel"],
    ["Pemeliharaan Rutin Gedung", "Kantor dan Halaman"],
    ["Rapat Koordinasi Luar Daerah", "dan Dalam Daerah", "Kabupaten"],
]
WANTED = [[str(place + 1), " ".join(lines), f"{place + 1}.500.000", f"1{place}.250.000"] for place, lines in enumerate(NAMES)]


def body(entry: str, gap: float, start: float = 100.0) -> list[Word]:
    """Rows with wrapped names; number and amounts on the `first`, `middle` or `last` line; `gap` points between rows."""
    words: list[Word] = []
    y = start
    for (number, _, one, two), lines in zip(WANTED, NAMES, strict=True):
        for place, line in enumerate(lines):
            words += put(line, 80, y + 9 * place)
        at = y + 9 * (len(lines) - 1) * {"first": 0.0, "middle": 0.5, "last": 1.0}[entry]
        words += put(number, 60, at, "centre") + put(one, 400, at, "right") + put(two, 520, at, "right")
        y += 9 * len(lines) + gap
    return words


@pytest.mark.parametrize("entry", ["first", "middle", "last"])
@pytest.mark.parametrize("gap", [0.5, 4.0])
def test_wrapped_names_belong_to_the_row_of_their_number(entry: str, gap: float) -> None:
    (table,) = find_tables(page(body(entry, gap)), [], [])
    assert table.method == "alignment"
    assert texts(table) == WANTED


def test_the_header_stands_over_the_columns() -> None:
    titles = [("No", 60), ("Uraian", 150), ("Pagu", 380), ("Realisasi", 500)]
    head = [word for title, x in titles for word in put(title, x, 80, "centre")]
    (table,) = find_tables(page(head + body("first", 4.0)), [], [])
    assert texts(table) == [["No", "Uraian", "Pagu", "Realisasi"], *WANTED]


def test_column_rules_alone_part_the_columns() -> None:
    rulings = [Ruling(x, 95, x, 210) for x in (50.0, 72.0, 330.0, 410.0, 530.0)]
    (table,) = find_tables(page(body("first", 4.0), rulings), [], [])
    assert table.method == "columns"
    assert texts(table) == WANTED


def paragraphs() -> list[str]:
    return [
        "Besaran anggaran tahun 2024 adalah Rp. 5.083.646.238 dan sampai akhir perubahan menjadi",
        "sebesar Rp. 4.424.198.783 atau berkurang sebanyak Rp. 659.447.455 yang diuraikan sebagai",
        "berikut dengan realisasi sebesar Rp. 3.954.902.038 pada akhir tahun anggaran berjalan dan",
        "sisa sebesar Rp. 469.296.745 yang dikembalikan kepada kas daerah sesuai dengan ketentuan.",
    ]


def justified(text: str, y: float, x0: float, x1: float) -> list[Word]:
    words = put(text, x0, y)
    extra = (x1 - words[-1].bbox.x1) / max(1, len(words) - 1)
    return [Word(w.text, Bbox(w.bbox.x0 + n * extra, y, w.bbox.x1 + n * extra, y + SIZE), SIZE) for n, w in enumerate(words)]


SIGNED = [("Mengetahui", "Wonosobo, Januari 2019"), ("Kepala Dinas", "Bendahara"), ("SUGITO", "SUMARTINI"), ("NIP. 1964", "NIP. 1968")]
FORM = [("Urusan", "2.12 Penanaman Modal"), ("Organisasi", "2.12.01 Dinas"), ("Tahun", "2019"), ("Pagu", "5.000.000")]
PROSE = {
    "justified": [w for n in range(12) for w in justified(paragraphs()[n % 4], 100 + 14 * n, 60, 540)],
    "numbered list": [
        w
        for n in range(9)
        for w in put(f"{n + 1}.", 60, 100 + 14 * n) + put(f"{NAMES[n % 5][0]} sebesar Rp. {n + 1}.000.000", 80, 100 + 14 * n)
    ],
    "contents": [
        w for n in range(9) for w in put(NAMES[n % 5][0] + " " + "." * 60, 60, 100 + 14 * n) + put(str(10 + n), 540, 100 + 14 * n, "right")
    ],
    "signatures": [w for n, (left, right) in enumerate(SIGNED) for w in put(left, 100, 600 + 12 * n) + put(right, 380, 600 + 12 * n)],
    "key and value": [
        w
        for n, (key, value) in enumerate(FORM)
        for w in put(key, 60, 100 + 12 * n) + put(":", 160, 100 + 12 * n) + put(value, 200, 100 + 12 * n)
    ],
}


@pytest.mark.parametrize("kind", sorted(PROSE))
def test_prose_is_no_table(kind: str) -> None:
    assert find_tables(page(PROSE[kind]), [], []) == []


def ruled(columns: list[tuple[float, float]], words: list[Word], top: float, bottom: float) -> RawTable:
    """A lattice table of one ruled row."""
    cells = []
    for column, (x0, x1) in enumerate(columns):
        own = [word for word in words if x0 <= word.bbox.centre[0] < x1]
        lines = [" ".join(w.text for w in own if w.bbox.y0 == y) for y in sorted({word.bbox.y0 for word in own})]
        cells.append(Cell(0, column, 1, 1, tuple(lines), Bbox(x0, top, x1, bottom), 1))
    edges = (*(x0 for x0, _ in columns), columns[-1][1])
    return RawTable(1, 0, 1, len(columns), tuple(cells), Bbox(edges[0], top, edges[-1], bottom), edges, (top, bottom), "lattice", "drawn")


COLUMNS = [(50.0, 72.0), (72.0, 330.0), (330.0, 410.0), (410.0, 530.0)]


def test_a_ruled_row_that_holds_the_whole_table_is_split() -> None:
    words = body("last", 4.0)
    table = split_rows(page(words), ruled(COLUMNS, words, 95, 220))
    assert texts(table) == WANTED
    assert table.n_rows == 5
    assert table.method == "lattice"


def test_dashes_of_unused_spreadsheet_rows_do_not_make_rows() -> None:
    words = body("first", 0.5) + put("-", 520, 118, "right")
    assert texts(split_rows(page(words), ruled(COLUMNS, words, 95, 220))) == WANTED


def test_amounts_set_lower_than_names_keep_their_rows() -> None:
    """Codes and names stand at the top of their rows, amounts at the bottom: an amount lies nearer to the code that follows."""
    words, wanted, y = [], [], 100.0
    for n, lines in enumerate([["Belanja"], ["Gaji dan Tunjangan"], ["Program Perencanaan dan", "Pembangunan Daerah"], ["Mebel"]], 1):
        bottom = y + 10 * len(lines) - 4
        amounts = f"{n}.500.000", f"{n}.250.000"
        words += put(f"{n}.", 54, y) + [w for at, text in enumerate(lines) for w in put(text, 80, y + 10 * at)]
        words += put(amounts[0], 400, bottom, "right") + put(amounts[1], 520, bottom, "right")
        wanted.append([f"{n}.", " ".join(lines), *amounts])
        y += 10 * len(lines) + 14
    assert texts(split_rows(page(words), ruled(COLUMNS, words, 95, y))) == wanted


def test_two_numbered_names_with_their_amounts_are_two_rows() -> None:
    lines = [("1. Program Penyiapan Kawasan dan", 100), ("Pembangunan Permukiman", 110), ("2. Program Pengembangan", 120)]
    words = [w for text, y in lines for w in put(text, 80, y)]
    for n, y in ((5, 100), (7, 120)):
        words += put(f"{n}.212.370", 400, y, "right") + put(f"{n}.193.690", 520, y, "right")
    assert split_rows(page(words), ruled(COLUMNS, words, 95, 140)).n_rows == 2
    plain = [word for word in words if word.text not in ("1.", "2.")]
    assert split_rows(page(plain), ruled(COLUMNS, plain, 95, 140)).n_rows == 1


def test_currency_signs_on_a_line_of_their_own_part_no_rows() -> None:
    words, wanted = [], []
    for n in range(1, 5):
        y = 80.0 + 24 * n
        words += put(f"1.0{n} 000{n}", 54, y, size=4) + put(f"Kegiatan {n}", 80, y)
        words += put("Rp.", 340, y) + put(f"{n}.500.000,-", 340, y + 10) + put("Rp.", 420, y) + put(f"{n}.250.000,-", 420, y + 10)
        wanted.append([f"1.0{n} 000{n}", f"Kegiatan {n}", f"Rp. {n}.500.000,-", f"Rp. {n}.250.000,-"])
    assert texts(split_rows(page(words), ruled(COLUMNS, words, 95, 200))) == wanted


def test_titles_of_several_columns_span_them_without_a_rule() -> None:
    """Two header rows over a table without rules: a title over the middle of two columns that have titles of their own."""
    head = put("Kode", 65, 70, "centre") + put("Uraian Kegiatan", 200, 70, "centre")
    head += put("Pagu Indikatif Tahun Rencana", 430, 60, "centre")
    head += put("Sebelum", 370, 76, "centre") + put("Sesudah", 490, 76, "centre")
    rows = [
        w
        for n in range(6)
        for w in put(f"1.0{n + 1}", 54, 96 + 14 * n)
        + put(f"Kegiatan nomor {n}", 130, 96 + 14 * n)
        + put(f"{n + 1}.500.000", 400, 96 + 14 * n, "right")
        + put(f"{n + 1}.250.000", 520, 96 + 14 * n, "right")
    ]
    title = put("Program dan Kegiatan Tahun Anggaran Berjalan", 52, 44)
    (table,) = find_tables(page(title + head + rows), [], [])
    assert [(cell.column, cell.colspan, cell.text) for cell in table.cells if cell.row < 2] == [
        (0, 1, "Kode"),
        (1, 1, "Uraian Kegiatan"),
        (2, 2, "Pagu Indikatif Tahun Rencana"),
        (2, 1, "Sebelum"),
        (3, 1, "Sesudah"),
    ]
    assert table.n_rows == 8


def test_one_logical_row_stays_one() -> None:
    lines = ["Input :", "Bel. Pegawai : 34.312.619", "Bel. Modal : 12.000.000", "Output :", "2 Dokumen"]
    words = put("1", 60, 100) + [w for n, line in enumerate(lines) for w in put(line, 80, 100 + 9 * n)]
    words += put("46.312.619", 400, 100, "right") + put("4 Paket", 480, 100) + put("100 %", 480, 109)
    table = ruled(COLUMNS, words, 95, 150)
    assert split_rows(page(words), table) is table


def test_a_split_moves_the_rows_below_and_stretches_merged_cells() -> None:
    words = body("first", 4.0)
    table = ruled(COLUMNS, words, 95, 220)
    below = Cell(1, 1, 1, 3, ("Jumlah",), Bbox(72, 220, 530, 232), 1)
    merged = replace(table.cells[0], rowspan=2, lines=("A",), bbox=Bbox(50, 95, 72, 232))
    both = replace(table, n_rows=2, cells=(merged, *table.cells[1:], below), row_edges=(95, 220, 232))
    split = split_rows(page(words), both)
    assert split.n_rows == 6
    assert split.cells[0].rowspan == 6
    assert next(cell.row for cell in split.cells if cell.text == "Jumlah") == 5


@pytest.mark.shared
@pytest.mark.parametrize("ruling", ["horizontal", "none"])
def test_amounts_of_a_typeset_document_keep_their_rows(shared: Path, ruling: str) -> None:
    path = shared / "corpus" / "facsimile" / "horizontal" / "sibolga-lkip-2024.pdf"
    truth = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))
    wanted = Counter(tuple(cell for cell in row["cells"][-4:] if cell) for table in truth["tables"] for row in table["rows"])
    found: Counter[tuple[str, ...]] = Counter()
    hints: list[RawTable] = []
    for number in range(1, 5):
        sheet = load_page(path, number)
        hints = find_tables(sheet if ruling == "horizontal" else replace(sheet, rulings=()), [], hints) or hints
        for table in hints:
            found.update(tuple(cell for cell in row[-4:] if cell) for row in texts(table))
    share = sum((wanted & found).values()) / wanted.total()
    assert share >= (0.97 if ruling == "horizontal" else 0.85)


def test_a_larger_line_alone_parts_two_tables() -> None:
    title = put("Program dan Kegiatan Tahun 2023", 60, 252, size=11)
    words = body("first", 4.0) + title + body("first", 4.0, start=275.0)
    assert [texts(table) for table in find_tables(page(words), [], [])] == [WANTED, WANTED]


def test_a_header_stands_as_far_over_its_rows_as_rows_stand_apart() -> None:
    titles = [("No", 60), ("Uraian", 150), ("Pagu", 380), ("Realisasi", 500)]
    words = [word for title, x in titles for word in put(title, x, 77, "centre")]
    (table,) = find_tables(page(words + body("first", 15.0)), [], [])
    assert texts(table) == [["No", "Uraian", "Pagu", "Realisasi"], *WANTED]


def test_a_column_rule_that_names_over_its_columns_part_is_one() -> None:
    """It is drawn beside some rows only, in pieces; the rules beside it run through."""
    pieces = [Ruling(330.0, y, 330.0, y + 10) for y in (100, 120, 140, 165, 190)]
    rulings = [Ruling(x, 95, x, 210) for x in (50.0, 72.0, 410.0, 530.0)] + pieces
    (table,) = find_tables(page(body("first", 4.0), rulings), [], [])
    assert texts(table) == WANTED
