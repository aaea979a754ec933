"""Layers (optional content): what a document hides when it is opened is taken out of a copy before it is read.

PDFium gives the text of hidden layers like any other and does not tell it apart.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikepdf import Pdf

_PATHS = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"))
_NEW_LINES = frozenset(("'", '"'))
_PAINTS = frozenset(("Tj", "TJ", "Do", "sh", "INLINE IMAGE"))
_DEEPEST = 8  # forms within forms

Key = tuple[int, int]


def without_hidden_layers(path: Path) -> bytes | None:
    """A copy of the document without what its layers hide, or None where they hide nothing."""
    if not _may_have_layers(path):
        return None
    import pikepdf  # few documents have layers

    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            hidden = _hidden_layers(document)
            if not hidden:
                return None
            seen: set[Key] = set()
            for page in document.pages:
                page.contents_coalesce()
                _clear(document, page.obj, hidden, seen, 0)
            buffer = io.BytesIO()
            document.save(buffer)
            return buffer.getvalue()
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RecursionError):
        return None  # a document too broken for this is read as it is


def _may_have_layers(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"/OCProperties") >= 0 or content.find(b"/ObjStm") >= 0


def _hidden_layers(document: Pdf) -> set[Key]:
    """The layers that are off in the document's default configuration."""
    properties = document.Root.get("/OCProperties")
    if properties is None:
        return set()
    default = properties.get("/D", {})
    listed = _keys(default.get("/OFF", ()))
    if default.get("/BaseState") == "/OFF":
        return _keys(properties.get("/OCGs", ())) - _keys(default.get("/ON", ()))
    return listed


def _keys(layers: Iterable[Any]) -> set[Key]:
    return {layer.objgen for layer in layers}


def _off(membership: Any, hidden: set[Key]) -> bool:
    """Whether a layer, or a group of layers with its policy, is hidden."""
    if membership is None or membership.get("/Type") != "/OCMD":
        return membership is not None and membership.objgen in hidden
    import pikepdf

    layers = membership.get("/OCGs", ())
    off = [key in hidden for key in _keys([layers] if isinstance(layers, pikepdf.Dictionary) else layers)]
    match str(membership.get("/P", "/AnyOn")):
        case "/AllOn":
            return any(off)
        case "/AnyOff":
            return bool(off) and not any(off)
        case "/AllOff":
            return not all(off)
    return bool(off) and all(off)


def _clear(document: Pdf, holder: Any, hidden: set[Key], seen: set[Key], depth: int) -> None:
    """Take hidden content out of a page, or of a form and the forms in it."""
    import pikepdf

    resources = holder.get("/Resources")
    if resources is None or depth > _DEEPEST:
        return
    marks = {name for name, layer in resources.get("/Properties", {}).items() if _off(layer, hidden)}
    objects = resources.get("/XObject", {})
    drawn = {name for name, each in objects.items() if _off(each.get("/OC"), hidden)}
    if marks or drawn:
        kept = pikepdf.unparse_content_stream(_visible(pikepdf.parse_content_stream(holder), marks, drawn))
        if depth:
            holder.write(kept)
        else:
            holder.Contents = pikepdf.Stream(document, kept)
    for each in objects.values():
        if each.get("/Subtype") == "/Form" and each.objgen not in seen:
            seen.add(each.objgen)
            _clear(document, each, hidden, seen, depth + 1)


def _visible(instructions: Iterable[Any], marks: set[str], drawn: set[str]) -> list[Any]:
    """The instructions without painting inside hidden marks and of hidden objects; what changes the state stays."""
    import pikepdf

    kept: list[Any] = []
    open_marks: list[bool] = []
    for instruction in instructions:
        operands, operator = instruction.operands, str(instruction.operator)
        if operator in ("BDC", "BMC"):
            open_marks.append(operator == "BDC" and operands[0] == "/OC" and str(operands[1]) in marks)
        elif operator == "EMC" and open_marks:
            open_marks.pop()
        if any(open_marks) or (operator == "Do" and str(operands[0]) in drawn):
            if operator in _PAINTS:
                continue
            if operator in _PATHS or operator in _NEW_LINES:
                instruction = pikepdf.ContentStreamInstruction([], pikepdf.Operator("n" if operator in _PATHS else "T*"))
        kept.append(instruction)
    return kept
