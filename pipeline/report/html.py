"""The HTML audit report: one self-contained file per document, and an index over all documents of a snapshot.

A report opens from disk without a network: styles, script, charts and page crops stand inside the file.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import jinja2
import yaml

from extractors.types import Bbox
from pipeline.reconcile import RULES
from pipeline.report import charts
from pipeline.report.model import DocumentView, IndexEntry, amount_of, document_rows
from pipeline.store import content_key, tree_fingerprint

HERE = Path(__file__).parent
CONTEXT_PT = 16  # what is shown of the rows above and below
CROP_LIMIT = 150  # crops in one report; the rest of a very long list goes without picture

WHOLE = re.compile(r"[+-]?[0-9]{1,30}")  # what int() takes; `²` and `--5` are printed too

Crop = Callable[[int, Bbox, tuple[Bbox, ...], int | None], bytes | None]


@cache
def texts(lang: str) -> dict[str, Any]:
    """The words of the report in `id` or `en`. Raises ValueError for another language."""
    words: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "texts.yml").read_text(encoding="utf-8"))
    if lang not in words:
        raise ValueError(f"no report language {lang!r}; there are: {', '.join(words)}")
    return words[lang]


def rupiah(value: object) -> str:
    """An integer with dots between groups (`-1.234.567`); other texts as they are."""
    text = "" if value is None else str(value)
    return f"{int(text):,}".replace(",", ".") if WHOLE.fullmatch(text) else text


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["rupiah"] = rupiah
    environment.filters["share"] = lambda share: "–" if share is None else f"{100 * share:.1f}".replace(".", ",") + " %"
    environment.globals["version"] = metadata.version("renja")
    environment.globals["amount_of"] = amount_of
    return environment


def render_document(view: DocumentView, *, snapshot: str, lang: str = "id", crop: Crop | None = None) -> str:
    """The report of one document as HTML text. `crop(page, bbox, highlights, rotation)` gives a PNG, or None where there is none."""
    programs = [row for row in view.budget if row["tingkat"] == "program"]
    changed = [row for row in programs if row["pagu_sebelum"] is not None or row["pagu_sesudah"] is not None]
    words = texts(lang)
    change_chart = charts.program_bars(changed, "pagu_sebelum", "pagu_sesudah", (words["before"], words["after"]))
    planned = [row for row in programs if row["pagu"] is not None]
    return (
        _environment()
        .get_template("document.html.j2")
        .render(
            t=words,
            view=view,
            snapshot=snapshot,
            rules=RULES,
            crops=_crops(view, crop) if crop else {},
            change_chart=change_chart,
            plan_chart=charts.program_bars(planned, "pagu", None, (words["plan"], "")),
            where_chart=charts.page_strip(view),
        )
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG as a data URI, with its size in pixels, so that a page keeps its layout while it loads."""

    address: str
    width: int
    height: int

    @classmethod
    def of(cls, png: bytes) -> Picture:
        width, height = struct.unpack(">II", png[16:24])  # the first chunk of a PNG is its header
        return cls("data:image/png;base64," + base64.b64encode(png).decode("ascii"), width, height)


def _crops(view: DocumentView, crop: Crop) -> dict[str, Picture]:
    """The page crops by finding: the row of the finding with the figure lit, of the page where it is printed."""
    pictures: dict[str, Picture] = {}
    for finding in view.findings[:CROP_LIMIT]:
        if finding["halaman"] is None or finding["x0"] is None:
            continue
        figure = Bbox(finding["x0"], finding["y0"], finding["x1"], finding["y1"])
        line = view.lines.get(finding["baris_id"] or "")
        around = figure
        if line and line["halaman"] == finding["halaman"]:
            around = Bbox(line["x0"], line["y0"], line["x1"], line["y1"]).union(figure)
        around = Bbox(around.x0, around.y0 - CONTEXT_PT, around.x1, around.y1 + CONTEXT_PT)
        png = crop(finding["halaman"], around, (figure,), line["putaran"] if line else None)
        if png:
            pictures[finding["temuan_id"]] = Picture.of(png)
    return pictures


def render_index(reports: Iterable[IndexEntry], *, snapshot: str, lang: str = "id") -> str:
    """The index over all documents of a run, those with the most errors and the largest amounts first."""
    ranked = sorted(reports, key=lambda r: (-r.errors, -r.rupiah, -r.warnings, r.document["nama_berkas"]))
    return _environment().get_template("index.html.j2").render(t=texts(lang), reports=ranked, snapshot=snapshot)


def write_html(snapshot: Path, out: Path, *, sources: Mapping[str, Path], previous: Path | None = None, lang: str = "id") -> Path:
    """Write `out/index.html` and `out/<dokumen_id>.html` for a snapshot; returns the index.

    `sources` gives the PDF of a document by `dokumen_id`, for the crops; a document without one gets a report without pictures. The
    page of a document of which there is nothing else to say is taken over from the report of the `previous` snapshot.
    """
    out.mkdir(parents=True, exist_ok=True)
    version, entries = snapshot.resolve().name, []
    for rows in document_rows(snapshot, previous):
        source = sources.get(rows.document_id)
        mark = f"<!-- sidik {content_key(rows.fingerprint, lang, _looks(), str(source is not None))} -->"
        path = out / f"{rows.document_id}.html"
        if not (previous and _take_over(previous / out.name / path.name, path, mark)):
            page = render_document(rows.view(), snapshot=version, lang=lang, crop=cropper(source) if source else None)
            path.write_text(f"{page}\n{mark}\n", encoding="utf-8")
        entries.append(rows.entry(path.name))
    index = out / "index.html"
    index.write_text(render_index(entries, snapshot=version, lang=lang), encoding="utf-8")
    return index


@cache
def _looks() -> str:
    """What the look of a page depends on besides its document."""
    return tree_fingerprint([HERE], (".py", ".yml", ".j2", ".css", ".js")) + metadata.version("renja")


def _take_over(old: Path, new: Path, mark: str) -> bool:
    """Link an earlier page that carries the same mark; False where there is none."""
    try:
        with old.open("rb") as file:
            file.seek(max(0, old.stat().st_size - len(mark) - 1))
            if file.read().decode("ascii", errors="replace").strip() != mark:
                return False
        new.unlink(missing_ok=True)
        new.hardlink_to(old)
    except OSError:
        return False
    return True


def cropper(source: Path, dpi: int = 110) -> Crop:
    """A `Crop` that renders pages of `source`; a page that cannot be rendered gives None."""
    from extractors import crop as render_crop
    from extractors.errors import ExtractionError

    def crop(page: int, bbox: Bbox, highlight: tuple[Bbox, ...], rotation: int | None) -> bytes | None:
        try:
            return render_crop(source, page, bbox, dpi=dpi, highlight=highlight, rotation=rotation)
        except ExtractionError:
            return None

    return crop
