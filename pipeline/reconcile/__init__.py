"""Reconciliation: every check of the registry, and the findings that follow."""

from .engine import audit
from .registry import MONEY_RULES, RULES, Rule

__all__ = ["MONEY_RULES", "RULES", "Rule", "audit"]
