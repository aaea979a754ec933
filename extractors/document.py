"""Opening documents: what can be read, what not and why, and the pages one by one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2.raw as raw
from pypdfium2 import PdfiumError

from extractors import pdfium
from extractors.errors import Cause, UnreadableDocument
from extractors.layers import without_hidden_layers
from extractors.settings import DEFAULTS, Settings

_HEAD = 1024
_TAIL = 2048
_REPAIR_MAX_BYTES = 300_000_000


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of a document before reading it. `problems` are Indonesian phrases; `repaired` tells that the file is damaged."""

    page_count: int
    encrypted: bool = False
    repaired: bool = False
    problems: tuple[str, ...] = ()


def probe(path: Path | str, settings: Settings = DEFAULTS) -> Probe:
    """Whether and how far a document can be read. Raises `UnreadableDocument` with a reason in plain words."""
    path = Path(path)
    with open_document(path, settings) as opened:
        return opened.probe


@dataclass(frozen=True, slots=True)
class Opened:
    pdf: Any
    probe: Probe


@contextmanager
def open_document(path: Path, settings: Settings) -> Iterator[Opened]:
    """The open document; a damaged one through a repaired copy in memory. Raises `UnreadableDocument`."""
    size, complete = _look(path)
    source, problems, repaired = _source(path, size, complete)
    try:
        with pdfium.open_pdf(source) as document:
            count = len(document)
            if count == 0:
                raise UnreadableDocument(f"{path.name} has no pages", Cause.NO_PAGES)
            if count > settings.pages_max:
                raise UnreadableDocument(
                    f"{path.name} has {count} pages, more than the {settings.pages_max} that are read", Cause.TOO_MANY_PAGES
                )
            encrypted = raw.FPDF_GetSecurityHandlerRevision(document.raw) >= 0
            yield Opened(document, Probe(count, encrypted, repaired, problems))
    except PdfiumError as error:
        raise UnreadableDocument(f"{path.name} is broken: {error}", Cause.BROKEN) from error


def chosen_pages(pages: Sequence[int] | None, count: int) -> list[int]:
    """The page numbers to read, from 1; those that the document does not have are left out."""
    return list(range(1, count + 1)) if pages is None else [number for number in pages if 1 <= number <= count]


def _look(path: Path) -> tuple[int, bool]:
    """The file's size and whether it ends as a PDF does. Raises `UnreadableDocument` for what is no PDF at all."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            size = file.seek(0, io.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read()
    except FileNotFoundError as error:
        raise UnreadableDocument(f"{path.name} does not exist", Cause.MISSING) from error
    except OSError as error:
        raise UnreadableDocument(f"{path.name} cannot be opened: {error.strerror}", Cause.MISSING) from error
    if size == 0:
        raise UnreadableDocument(f"{path.name} is an empty file", Cause.NOT_PDF)
    if b"%PDF-" not in head:
        raise UnreadableDocument(f"{path.name} is not a PDF: {_kind(head)}", Cause.NOT_PDF)
    return size, b"%%EOF" in tail


def _kind(head: bytes) -> str:
    signs = {
        b"PK\x03\x04": "it is a ZIP or Office file",
        b"\xd0\xcf\x11\xe0": "it is an old Office file",
        b"\xff\xd8\xff": "it is a JPEG image",
        b"\x89PNG": "it is a PNG image",
        b"Rar!": "it is a RAR archive",
    }
    for sign, name in signs.items():
        if head.startswith(sign):
            return name
    if re.match(rb"\s*<(!doctype|html|\?xml)", head, re.IGNORECASE):
        return "it is a web page, perhaps an error message saved by a download"
    return "it does not begin like one"


def _source(path: Path, size: int, complete: bool) -> tuple[Path | bytes, tuple[str, ...], bool]:
    """What PDFium should open: the file, or, where it is cut or broken, what qpdf could save of it."""
    try:
        with pdfium.open_pdf(path) as document:
            count = len(document)
            if complete and count:
                return without_hidden_layers(path) or path, (), False
    except PdfiumError:  # its error code may be one left over from an earlier file, so qpdf is asked for the cause
        count = -1
    saved, saved_count = _repair(path, size)
    if saved is not None and saved_count == 0:
        raise UnreadableDocument(f"{path.name} has no pages", Cause.NO_PAGES)
    if saved is not None and saved_count > max(count, 0):
        return saved, (f"berkas rusak atau terpotong; {saved_count} halaman dapat diselamatkan, mungkin ada yang hilang",), True
    if count > 0:
        return path, ("berkas tidak berakhir sebagaimana PDF; mungkin terpotong dan ada halaman yang hilang",), True
    raise UnreadableDocument(f"{path.name} is broken or cut off, and no page could be saved", Cause.BROKEN)


def _repair(path: Path, size: int) -> tuple[bytes | None, int]:
    """What qpdf can save of the file, and its pages. Raises `UnreadableDocument` for a file that needs a password."""
    if size > _REPAIR_MAX_BYTES:
        return None, 0
    import pikepdf  # qpdf is needed for damaged files alone

    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            buffer = io.BytesIO()
            count = len(document.pages)
            document.save(buffer)
            return buffer.getvalue(), count
    except pikepdf.PasswordError as error:
        raise UnreadableDocument(f"{path.name} is encrypted and asks for a password", Cause.ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, RecursionError):
        return None, 0
