"""`renja browse`: a read-only page over a snapshot, served on this machine; works offline and needs no build step."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import jinja2
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as NotServed
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request

from extractors.types import Bbox
from pipeline.browse.queries import PER_PAGE, Library
from pipeline.reconcile import RULES
from pipeline.report.html import rupiah

HERE = Path(__file__).parent
PAGE_DPI = 110
_HOSTS = ["127.0.0.1", "localhost"]  # other names in a request are another site's attempt to read along
_PAGES = Query(1, ge=1, le=100_000)


class Pages:
    """Pictures of pages, the last ones kept. PDFium does one thing at a time, so does this."""

    def __init__(self, originals: Mapping[str, Path], library: Library) -> None:
        self._originals, self._library = originals, library
        self._lock = threading.Lock()
        self._kept = lru_cache(maxsize=64)(self._render)

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._originals

    def png(self, document_id: str, number: int) -> bytes | None:
        """The page as PNG, None where there is no such document or page."""
        if document_id not in self._originals:
            return None
        with self._lock:
            return self._kept(document_id, number)

    def _render(self, document_id: str, number: int) -> bytes | None:
        from extractors import ExtractionError, render_page

        try:
            return render_page(self._originals[document_id], number, PAGE_DPI, self._library.rotation(document_id, number))
        except (ExtractionError, OSError):
            return None


class Shown:
    """Templates filled in, each answer with a policy that lets no script run but the page's own."""

    def __init__(self, library: Library) -> None:
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self._environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._environment.filters["rupiah"] = rupiah
        self._environment.globals.update(
            snapshot=library.snapshot.resolve().name, years=library.years, regions=library.regions, per_page=PER_PAGE, rules=RULES
        )

    def __call__(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        nonce = secrets.token_urlsafe(12)
        page = self._environment.get_template(template).render(nonce=nonce, **values)
        styles = "img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
        policy = f"default-src 'self'; {styles}; script-src 'nonce-{nonce}'"
        return HTMLResponse(page, status, headers={"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"})


def create_app(snapshot: Path, originals: Mapping[str, Path]) -> FastAPI:
    """The application over one snapshot. `originals` gives the PDF of a document by `dokumen_id`, for the page images.

    Raises DatasetError where `snapshot` holds no dataset.
    """
    library = Library(snapshot)
    pages, show = Pages(originals, library), Shown(library)
    app = FastAPI(title="renja", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)

    @app.exception_handler(NotServed)
    def missing(request: Request, error: NotServed) -> HTMLResponse:
        return show("missing.html.j2", error.status_code, reason=error.detail)

    @app.get("/")
    def home(q: str = Query("", max_length=200), wilayah: str = "", tahun: str = "", halaman: int = _PAGES) -> HTMLResponse:
        year = int(tahun) if tahun.isascii() and tahun.isdigit() and len(tahun) == 4 else None
        lines = library.budget(q, wilayah, year, halaman) if q.strip() else []
        documents = library.documents(q, wilayah, year, halaman)
        return show(
            "home.html.j2", q=q, wilayah=wilayah, tahun=tahun, halaman=halaman, lines=lines, documents=documents, totals=library.totals
        )

    @app.get("/banding/{code}")
    def compare(code: str) -> HTMLResponse:
        rows = library.comparison(code)
        if not rows:
            raise HTTPException(404, "Tidak ada baris anggaran dengan kode itu.")
        most = max((abs(row["jumlah"] or row["rincian"] or 0) for row in rows), default=0)
        return show("compare.html.j2", code=code, rows=rows, most=most, below=library.below(code))

    @app.get("/dokumen/{document_id}")
    def document(document_id: str, halaman: int = _PAGES, temuan: str = "", baris: str = "") -> HTMLResponse:
        found = library.document(document_id)
        if found is None:
            raise HTTPException(404, "Tidak ada dokumen itu di rilis ini.")
        number = min(halaman, found["jumlah_halaman"] or 1)
        lit = library.finding(temuan) if temuan else library.line(baris) if baris else None
        if lit is not None and lit["dokumen_id"] != document_id:
            lit = None
        return show(
            "document.html.j2",
            d=found,
            number=number,
            tables=library.tables_on(document_id, number),
            findings=library.findings_on(document_id, number),
            counts=library.findings_per_page(document_id),
            steps=library.steps(document_id, temuan if lit else "", number),
            lit=lit,
            lit_box=_box(lit) if lit and lit["halaman"] == number else None,
            has_image=document_id in pages,
            dpi=PAGE_DPI,
        )

    @app.get("/temuan/{finding_id}")
    def finding(finding_id: str) -> RedirectResponse:
        found = library.finding(finding_id)
        if found is None:
            raise HTTPException(404, "Tidak ada temuan itu di rilis ini.")
        return RedirectResponse(f"/dokumen/{found['dokumen_id']}?halaman={found['halaman'] or 1}&temuan={found['temuan_id']}")

    @app.get("/gambar/{document_id}/{number}.png")
    def picture(document_id: str, number: int) -> Response:
        png = pages.png(document_id, number)
        if png is None:
            raise HTTPException(404, "Gambar halaman itu tidak ada.")
        return Response(png, media_type="image/png", headers={"Cache-Control": "max-age=3600"})

    return app


def _box(row: Mapping[str, float | None]) -> Bbox | None:
    edges = [row[name] for name in ("x0", "y0", "x1", "y1")]
    return None if None in edges else Bbox(*(edge for edge in edges if edge is not None))
