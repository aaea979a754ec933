"""One habit of a table is one finding: many findings of one rule on one column are told once, with all their rows as evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.findings import Finding, Severity

from .outcome import identity

# rules whose breaches are told with a figure of their own (sums, differences, percentages) are never gathered
GATHERED = {
    **dict.fromkeys(("R20", "R24", "R26", "R27", "R28", "R31"), 3),
    **dict.fromkeys(("R14", "R16", "R17", "R18", "R29", "R45"), 5),
    "R21": 1,
    "R42": 8,
}
_OF_CODES = ("R16", "R17", "R18", "R19")
_SHOWN = 5
_WORDS = {"R14": "di sisi lain", "R42": "di dokumen lain", "R27": "mungkin"}


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those of one rule, table, column and severity as one where they are more than the rule's limit; order kept."""
    groups: dict[tuple[str | None, ...], list[Finding]] = defaultdict(list)
    for one in _same_slips(findings):
        alone = one.id if one.rule not in GATHERED or one.severity is Severity.ERROR else ""
        column = one.column if one.table_id else one.printed.lower()
        groups[(one.document_id, one.table_id, column, one.rule, one.severity, one.certainty, alone)].append(one)
    return [
        one for key, group in groups.items() for one in (group if len(group) <= GATHERED.get(group[0].rule, 0) else [_together(group, key)])
    ]


def _same_slips(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, one wrong code that stands in several tables for the same right one told once."""
    slips: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        same = one.rule in _OF_CODES and one.severity is not Severity.ERROR and one.expected
        slips[(one.document_id, one.rule, one.severity, one.certainty, one.printed, one.expected, "" if same else one.id)].append(one)
    return [_together(group, key) for key, group in slips.items()]


def _together(group: Sequence[Finding], key: Iterable[str | None]) -> Finding:
    """The findings of a group as one; `key` is what they have in common and no other group has."""
    first, *others = group
    if len(group) == 1:
        return first
    pages = sorted({one.page for one in others if one.page is not None})
    if first.line_id is None:
        told = f" Juga pada halaman {_listed(pages)}." if set(pages) - {first.page} else ""
    else:
        expected = _WORDS.get(first.rule, "seharusnya")
        shown = [f"{o.printed} (hlm. {o.page})" + (f", {expected} {o.expected}" if o.expected else "") for o in others if o.printed]
        examples = f", antara lain {'; '.join(shown[:_SHOWN])}" if shown else ""
        told = f" Hal serupa pada {len(others)} baris lain (halaman {_listed(pages)}){examples}."
    return replace(
        first,
        id=identity("bersama", *key),
        message=first.message + told,
        evidence=tuple(dict.fromkeys(line for one in group for line in (*([one.line_id] if one.line_id else []), *one.evidence))),
        related=tuple(dict.fromkeys(finding for one in group for finding in one.related)),
    )


def _listed(pages: Sequence[int]) -> str:
    """`3, 5–8 dan 12`."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} dan {parts[-1]}" if parts else ""
