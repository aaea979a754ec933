"""The fake jobs with an audit that takes every document."""

from __future__ import annotations

from pipeline.jobs import Group, keep_tables
from pipeline.settings import Settings
from tests.pipeline.fakes import audit, count_pages, read_chunk, type_document, write_changes, write_report

__all__ = ["audit_group", "count_pages", "read_chunk", "type_document", "write_changes", "write_report"]


def audit_group(group: Group, settings: Settings) -> None:
    keep_tables(group, audit, settings)
