"""Where documents come from: configured sources, polite fetching, and the ledger of what was pulled."""

from pipeline.sources.config import SourcesError, SourcesFile, load_sources
from pipeline.sources.http import Fetcher
from pipeline.sources.pull import Outcome, Pull

__all__ = ["Fetcher", "Outcome", "Pull", "SourcesError", "SourcesFile", "load_sources"]
