"""PDF bytes to page contents: words, rulings, tables and prose, each with its place on the page. Knows nothing of budgets."""

from __future__ import annotations

from extractors.document import Probe, probe
from extractors.errors import Cause, ExtractionError, UnreadableDocument, UnreadablePage
from extractors.reading import load_page, read_pages
from extractors.rendering import crop, debug_image, render_page
from extractors.settings import DEFAULTS, Settings

__all__ = [
    "DEFAULTS",
    "Cause",
    "ExtractionError",
    "Probe",
    "Settings",
    "UnreadableDocument",
    "UnreadablePage",
    "crop",
    "debug_image",
    "load_page",
    "probe",
    "read_pages",
    "render_page",
]
