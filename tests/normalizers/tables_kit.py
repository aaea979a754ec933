"""Raw tables for tests, written as rows of texts."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.types import Bbox, Cell, PageContent, RawTable, TextKind, TextLine

Text = str | tuple[str, int] | tuple[str, int, int]
"""A cell: its text, with colspan and rowspan where it is merged."""

WIDTH, HEIGHT = 842.0, 595.0
_ROW = 12.0


def raw(rows: Sequence[Sequence[Text]], page: int = 1, order: int = 0, above: Sequence[str] = (), bold: Sequence[int] = ()) -> RawTable:
    """A ruled table; cells covered by a merged cell above or to the left are left out of `rows`, as in HTML."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        column = 0
        for item in row:
            text, colspan, rowspan = (item, 1, 1) if isinstance(item, str) else (*item, 1)[:3]
            while (r, column) in taken:
                column += 1
            taken |= {(r + a, column + b) for a in range(rowspan) for b in range(colspan)}
            box = Bbox(column * 50.0, 100 + r * _ROW, (column + colspan) * 50.0, 100 + (r + rowspan) * _ROW)
            lines = tuple(text.split("\n")) if text else ()
            cells.append(Cell(r, column, rowspan, colspan, lines, box, page, bold=r in bold))
            column += colspan
    n_rows, n_columns = len(rows), max(b for _, b in taken) + 1
    lines_above = tuple(TextLine(text, Bbox(50, 40.0 + 10 * i, 400, 48.0 + 10 * i)) for i, text in enumerate(above))
    edges_x = tuple(c * 50.0 for c in range(n_columns + 1))
    edges_y = tuple(100 + r * _ROW for r in range(n_rows + 1))
    box = Bbox(0, edges_y[0], edges_x[-1], edges_y[-1])
    return RawTable(page, order, n_rows, n_columns, tuple(cells), box, edges_x, edges_y, "lattice", above=lines_above)


def page_of(*tables: RawTable, kind: TextKind = TextKind.TEXT) -> PageContent:
    """A page with these tables; the lines above them are its prose."""
    prose = tuple(line for table in tables for line in table.above)
    return PageContent(tables[0].page, WIDTH, HEIGHT, 0, kind, "", prose, tables)


PLAN_HEADER: list[list[Text]] = [
    [
        ("Kode", 1, 2),
        ("Program/ Kegiatan/ Sub Kegiatan", 1, 2),
        ("Indikator Kinerja", 1, 2),
        ("Rencana Tahun 2024", 2),
        ("Prakiraan Maju Rencana Tahun 2025", 2),
    ],
    ["Target Capaian Kinerja", "Pagu Indikatif (Rp)", "Target Capaian Kinerja", "Kebutuhan Dana/ Pagu Indikatif (Rp)"],
]
