"""Reports over a published snapshot: HTML for reading, XLSX for recomputing."""

from pipeline.report.html import write_html
from pipeline.report.workbook import write_workbook

__all__ = ["write_html", "write_workbook"]
