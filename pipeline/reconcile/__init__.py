"""Reconciliation: every check of DOMAIN.md section 4, and the findings that follow."""

from .engine import audit
from .registry import RULES, Rule

__all__ = ["RULES", "Rule", "audit"]
