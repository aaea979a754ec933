"""The stages between a document's pages and its typed form, with the files they need, and what their results depend on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

from extractors.types import PageContent
from normalizers.types import DocumentFacts, TypedDocument
from pipeline.inputs import Origin, Source
from pipeline.overrides import Overrides
from pipeline.results import Fingerprints
from pipeline.schemas import DOCUMENT_KINDS, SCHEMA_VERSION
from pipeline.settings import Settings
from pipeline.store import content_key, tree_fingerprint

HERE = Path(__file__).parent
_CODE = (".py",)
_CODE_AND_DATA = (".py", ".csv", ".yml", ".yaml")
_READERS = ("pypdfium2", "pikepdf", "pdfplumber", "camelot-py", "opencv-python-headless", "rapidocr", "onnxruntime")


def normalise(source: Source, pages: Sequence[PageContent], corrections: Overrides, settings: Settings) -> TypedDocument:
    """The typed document of a source, its pages read already: tables, facts, official names, reviewed corrections.

    Corrections of the print come before rows are named, corrections of official codes after it. Raises ValueError for a correction that
    cannot be used, with file and entry.
    """
    from normalizers.document import name_document, understand_document, with_trees
    from normalizers.nomenklatur import load
    from pipeline.overrides import correct_matches, correct_print

    nomenklatur = load(settings.imported_editions)
    document = understand_document(pages, sha256=source.sha256, file_name=source.file_name)
    document = replace(document, facts=completed(document.facts, source.origin))
    document, of_print = correct_print(document, corrections)
    document, of_codes = correct_matches(name_document(document, nomenklatur), corrections, nomenklatur)
    became = (*of_print, *of_codes)
    return replace(with_trees(document) if became else document, corrections=became)


def completed(facts: DocumentFacts, origin: Origin) -> DocumentFacts:
    """The facts of a document, with what its source says where the document itself says nothing."""
    from normalizers.regions import by_code

    region = by_code(origin.region) if origin.region and facts.region_code is None and facts.region_name is None else None
    if region is not None:
        facts = replace(facts, region_code=region.code, region_name=region.official_name, scope=facts.scope or region.scope)
    told = origin.kind if facts.kind == DocumentFacts().kind and origin.kind in DOCUMENT_KINDS else None
    return replace(facts, agency=facts.agency or origin.agency, kind=told or facts.kind)


@cache
def _code(package: str, suffixes: tuple[str, ...]) -> str:
    return tree_fingerprint([HERE.parent / package], suffixes)


def fingerprints(settings: Settings) -> Fingerprints:
    """What each stage depends on besides the document and its corrections. A changed nomenklatur leaves the pages that were read."""
    versions = [f"{name} {metadata.version(name)}" for name in _READERS]
    extract = content_key(_code("extractors", _CODE), *versions)
    lists = tree_fingerprint([settings.nomenklatur_dir], (".parquet",))
    own = tree_fingerprint([HERE / "stages.py", HERE / "overrides.py"], _CODE)
    normalise = content_key(extract, _code("normalizers", _CODE_AND_DATA), lists, own)
    again = tree_fingerprint([HERE / "evidence.py"], _CODE)
    reconcile = content_key(normalise, _code("pipeline/reconcile", _CODE_AND_DATA), again)
    return Fingerprints(extract, normalise, reconcile, _code("pipeline/report", (*_CODE_AND_DATA, ".j2", ".css", ".js")))


def publishing_fingerprint() -> str:
    """Over the code that turns documents into published bytes: jobs, rows and schemas."""
    parts = [
        HERE / "jobs.py",
        HERE / "rows.py",
        HERE / "tidy.py",
        HERE / "coverage.py",
        HERE / "identity.py",
        HERE / "publish.py",
        HERE / "layout.py",
        HERE / "datapackage.py",
        HERE / "datasheet.py",
        HERE / "references.py",
        HERE / "views.py",
        HERE / "schemas",
    ]
    return content_key(SCHEMA_VERSION, tree_fingerprint(parts, _CODE))
