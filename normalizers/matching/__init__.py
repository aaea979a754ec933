"""The matcher: printed codes and names to official ones, with a reason."""

from __future__ import annotations

from normalizers.matching.document import is_sure, match_document
from normalizers.matching.evidence import PrintedRow
from normalizers.matching.rows import match_table_rows

__all__ = ["PrintedRow", "is_sure", "match_document", "match_table_rows"]
