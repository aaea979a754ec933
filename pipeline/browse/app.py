"""`renja browse`: a read-only page over a snapshot, served on this machine; works offline and needs no build step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jinja2
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.browse.queries import Library
from pipeline.report.html import rupiah

HERE = Path(__file__).parent
PAGE_DPI = 110


def create_app(snapshot: Path, originals: Mapping[str, Path]) -> FastAPI:
    """The application over one snapshot. `originals` gives the PDF of a document by `dokumen_id`, for the page images.

    Raises DatasetError where `snapshot` holds no dataset.
    """
    library = Library(snapshot)
    app = FastAPI(title="renja", docs_url=None, redoc_url=None, openapi_url=None)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["rupiah"] = rupiah

    def show(template: str, **values: object) -> HTMLResponse:
        page = environment.get_template(template).render(
            snapshot=snapshot.resolve().name, years=library.years(), regions=library.regions(), **values
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'self' 'unsafe-inline' data:"})

    @lru_cache(maxsize=64)
    def image(document_id: str, number: int) -> bytes | None:
        from extractors import render_page
        from extractors.errors import UnreadableDocument

        try:
            return render_page(originals[document_id], number, PAGE_DPI) if document_id in originals else None
        except UnreadableDocument:
            return None

    @app.get("/")
    def home(q: str = "", wilayah: str = "", tahun: str = "", halaman: int = Query(1, ge=1)) -> HTMLResponse:
        year = int(tahun) if tahun.isdigit() else None
        lines = library.budget(q, wilayah, year, halaman) if q else []
        documents = library.documents(q, wilayah, year, halaman)
        return show("home.html.j2", q=q, wilayah=wilayah, tahun=tahun, halaman=halaman, lines=lines, documents=documents)

    @app.get("/banding/{code}")
    def compare(code: str) -> HTMLResponse:
        rows = library.comparison(code)
        if not rows:
            raise HTTPException(404, f"no budget line with the code {code}")
        return show("compare.html.j2", code=code, rows=rows, most=max((abs(row["jumlah"] or 0) for row in rows), default=0))

    @app.get("/dokumen/{document_id}")
    def document(document_id: str, halaman: int = Query(1, ge=1), temuan: str = "", baris: str = "") -> HTMLResponse:
        found = library.document(document_id)
        if found is None:
            raise HTTPException(404, "no such document in this snapshot")
        number = min(halaman, found["jumlah_halaman"] or 1)
        return show(
            "document.html.j2",
            d=found,
            number=number,
            tables=library.tables_on(document_id, number),
            findings=library.findings(document_id),
            lit=library.finding(temuan) if temuan else library.line(baris) if baris else None,
            has_image=document_id in originals,
        )

    @app.get("/temuan/{finding_id}")
    def finding(finding_id: str) -> RedirectResponse:
        found = library.finding(finding_id)
        if found is None:
            raise HTTPException(404, "no such finding in this snapshot")
        return RedirectResponse(f"/dokumen/{found['dokumen_id']}?halaman={found['halaman'] or 1}&temuan={finding_id}")

    @app.get("/gambar/{document_id}/{number}.png")
    def picture(document_id: str, number: int) -> Response:
        png = image(document_id, number)
        if png is None:
            raise HTTPException(404, "the page image is not available")
        return Response(png, media_type="image/png", headers={"Cache-Control": "max-age=3600"})

    return app
