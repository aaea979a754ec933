"""The stages between a document's pages and its typed form, with the files they need, and what their results depend on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

from extractors.types import PageContent
from normalizers.types import TypedDocument
from pipeline.documents import Fingerprints
from pipeline.settings import Settings
from pipeline.store import content_key, file_sha256, tree_fingerprint

ROOT = Path(__file__).parent.parent
_CODE = (".py",)
_CODE_AND_DATA = (".py", ".csv", ".yml", ".yaml")
_READERS = ("pypdfium2", "pikepdf", "pdfplumber", "camelot-py", "opencv-python-headless", "rapidocr", "onnxruntime")


def normalise(path: Path, pages: Sequence[PageContent], settings: Settings) -> TypedDocument:
    """The typed document of `path`, its pages read already: tables, facts, official names, reviewed corrections.

    Corrections of the print come before rows are named, corrections of official codes after it. Raises ValueError for a correction file
    that cannot be used, with file and entry.
    """
    from normalizers.document import name_document, understand_document, with_trees
    from normalizers.nomenklatur import load
    from pipeline.overrides import correct_matches, correct_print, load_overrides

    nomenklatur = load(sorted(settings.nomenklatur_dir.glob("*.parquet")))
    overrides = load_overrides(settings.overrides_dir)
    document = understand_document(pages, sha256=file_sha256(path), file_name=path.name)
    document, print_corrections = correct_print(document, overrides)
    document, code_corrections = correct_matches(name_document(document, nomenklatur), overrides, nomenklatur)
    corrections = (*print_corrections, *code_corrections)
    return replace(with_trees(document) if corrections else document, corrections=corrections)


@cache
def _code(package: str, suffixes: tuple[str, ...]) -> str:
    return tree_fingerprint([ROOT / package], suffixes)


def fingerprints(settings: Settings) -> Fingerprints:
    """What each stage depends on besides the document. A changed override or nomenklatur leaves the pages that were read as they are."""
    versions = [f"{name} {metadata.version(name)}" for name in _READERS]
    extract = content_key(_code("extractors", _CODE), *versions)
    lists = tree_fingerprint([settings.nomenklatur_dir, settings.overrides_dir], (".parquet", ".yml", ".yaml"))
    normalise = content_key(extract, _code("normalizers", _CODE_AND_DATA), lists)
    reconcile = content_key(normalise, _code("pipeline/reconcile", _CODE_AND_DATA))
    return Fingerprints(extract, normalise, reconcile, _code("pipeline/report", (*_CODE_AND_DATA, ".j2", ".css", ".js")))
