"""Small inline SVG charts: paired bars per program, and a strip of pages. They need no script and print well."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from html import escape

from pipeline.report.model import DocumentView, Row

BAR_PT, GAP_PT, LABEL_PT, CHART_PT, FIGURE_PT = 9, 15, 250, 330, 110
LABEL_CHARS = 38
DARK = 0.6  # from this shade on, dark figures cannot be read


def billions(rupiah: int) -> str:
    """`1.234.567.890` as `1,23 M` (miliar), `45.600.000` as `45,6 jt`."""
    for size, unit, decimals in ((10**9, "M", 2), (10**6, "jt", 1)):
        if abs(rupiah) >= size:
            return f"{rupiah / size:.{decimals}f}".replace(".", ",") + f" {unit}"
    return f"{rupiah:,}".replace(",", ".")


def program_bars(rows: Sequence[Row], first: str, second: str | None, legend: tuple[str, str]) -> str:
    """Horizontal bars of the column `first` (and `second`) for each row, as one SVG; empty where there is nothing to draw."""
    top = max((abs(row[column] or 0) for row in rows for column in (first, second) if column), default=0)
    if not top:
        return ""
    step = BAR_PT * (2 if second else 1) + GAP_PT
    parts = []
    for index, row in enumerate(rows):
        y = index * step + 22
        name = row["uraian"] or row["kode"] or ""
        parts.append(_label(name, y + BAR_PT))
        for place, (column, style) in enumerate(((first, "a"), (second, "b"))):
            if column is None or row[column] is None:
                continue
            width = max(1, CHART_PT * abs(row[column]) / top)
            parts.append(
                f'<rect x="{LABEL_PT}" y="{y + place * BAR_PT}" width="{width:.1f}" height="{BAR_PT - 1}" class="{style}"/>'
                f'<text x="{LABEL_PT + width + 4:.1f}" y="{y + place * BAR_PT + BAR_PT - 2}" class="figure">{billions(row[column])}</text>'
            )
    keys = "".join(
        f'<rect x="{LABEL_PT + 90 * i}" y="2" width="9" height="9" class="{style}"/>'
        f'<text x="{LABEL_PT + 90 * i + 13}" y="10" class="figure">{escape(text)}</text>'
        for i, (style, text) in enumerate((("a", legend[0]), ("b", legend[1]))[: 2 if second else 1])
    )
    width, height = LABEL_PT + CHART_PT + FIGURE_PT, len(rows) * step + 26
    return f'<svg class="bars" viewBox="0 0 {width} {height}" role="img">{keys}{"".join(parts)}</svg>'


def page_strip(view: DocumentView) -> str:
    """One small box per page, darker where more findings stand; each links to the first finding of its page."""
    count = Counter(finding["halaman"] for finding in view.findings if finding["halaman"])
    pages = view.document["jumlah_halaman"] or 0
    if not count or not pages:
        return ""
    first: dict[int, str] = {}
    for finding in view.findings:
        first.setdefault(finding["halaman"], finding["temuan_id"])
    most, per_row, size = max(count.values()), 40, 17
    boxes = []
    for page in range(1, pages + 1):
        x, y = (page - 1) % per_row * size, (page - 1) // per_row * size
        shade = 0.15 + 0.85 * count[page] / most if count[page] else 0.0
        box = (
            f'<rect x="{x}" y="{y}" width="{size - 2}" height="{size - 2}" rx="2" class="page" style="--shade:{shade:.2f}">'
            f"<title>{page}: {count[page]}</title></rect>"
            f'<text x="{x + (size - 2) / 2}" y="{y + 10.5}" class="tick{" dark" if shade > DARK else ""}">{page}</text>'
        )
        boxes.append(f'<a href="#{first[page]}">{box}</a>' if count[page] else box)
    rows = (pages - 1) // per_row + 1
    return f'<svg class="strip" viewBox="0 0 {per_row * size} {rows * size}" role="img">{"".join(boxes)}</svg>'


def _label(name: str, y: int) -> str:
    """A name on one line, or two; what does not fit is in the tooltip."""
    lines = textwrap.wrap(name, LABEL_CHARS, max_lines=2, placeholder=" …") or [""]
    top = y if len(lines) == 1 else y - 5
    spans = "".join(f'<tspan x="0" dy="{0 if place == 0 else 11}">{escape(line)}</tspan>' for place, line in enumerate(lines))
    return f'<text x="0" y="{top}" class="label"><title>{escape(name)}</title>{spans}</text>'
