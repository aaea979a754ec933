"""Codes and names: R16 child under parent, R17 one code one name, R18 code and official name, R19 account codes in the wrong place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from normalizers.codes import CodeSystem, Repair, parse
from normalizers.text import compact, fold
from normalizers.tree import RANK, is_account_code, is_agency, sure_code
from normalizers.types import Line, MatchStatus, RowKind
from pipeline.findings import Certainty, CheckStatus, Finding, Severity

from . import messages
from .outcome import Observation, check, finding
from .sheet import MANY, Node, Sheet

_LEVELS = (RowKind.PROGRAM, RowKind.KEGIATAN, RowKind.SUB_KEGIATAN)
_UNLIKE = 0.75  # two names less alike than this are not spellings of one
_HABIT = 0.2  # if more of a table's rows than this share codes, its codes are not meant to be unique


def code_rules(sheet: Sheet) -> Iterator[Observation]:
    """R16 to R19 of one table, one finding for a wrong code: account code, else shared code, else a neighbour's, else the wrong parent."""
    if sheet.accounts:
        return
    blamed: set[str] = set()
    for rule in (account_codes, shared_codes, official_codes, parents):
        for observation in rule(sheet):
            line_id = observation.check.line_id if observation.check else None
            if observation.finding is not None and line_id in blamed:
                observation = Observation(observation.check)
            elif observation.finding is not None and line_id is not None:
                blamed.add(line_id)
            yield observation


def account_codes(sheet: Sheet) -> Iterator[Observation]:
    """R19: a row of the nomenklatur carries an account code."""
    for node in sheet.level_nodes():
        line = node.line
        if line.kind not in _LEVELS or not line.printed_code:
            continue
        if not is_account_code(line.printed_code):
            continue
        official = sure_code(line)
        should = f"; kode nomenklaturnya {official}" if official else ""
        text = f"{_place(sheet, line)}: tercetak kode rekening belanja {line.printed_code}, bukan kode {messages.level(line.kind)}{should}."
        yield _broken(sheet, line, "R19", text, expected=official or "", sure=True)


def shared_codes(sheet: Sheet) -> Iterator[Observation]:
    """R17: rows of one code and level whose names are not spellings of one name."""
    by_code: dict[tuple[str, bool], list[Node]] = defaultdict(list)
    nodes = [n for n in sheet.level_nodes() if n.line.code and n.line.printed_name and (n.line.kind in _LEVELS or is_agency(n.line))]
    for node in nodes:
        by_code[(node.line.code or "", is_account_code(node.line.printed_code))].append(node)
    groups = [group for (_, account), group in by_code.items() if not account]
    clashing = [group for group in groups if len(group) > 1 and _different(group)]
    habit = sum(len(group) for group in clashing) > max(6, _HABIT * len(nodes))
    for group in groups:
        if group not in clashing:
            if len(group) == 1:
                yield Observation(check("R17", sheet, group[0].line, CheckStatus.AGREES, column="kode"))
            continue
        line = _culprit(group)
        names = "; ".join(f'"{n.line.printed_name}" (hlm. {n.line.page})' for n in group)
        text = f"{_place(sheet, line)}: kode {line.printed_code} dipakai untuk {len(group)} nama yang berbeda: {names}."
        sure = not habit and all(n.line.kind is line.kind and (sure_code(n.line) or not _cut_serial(n.line)) for n in group)
        yield _broken(sheet, line, "R17", text, [n.line.id for n in group], sure_code(line) or "", sure)


def _shown(line: Line) -> str:
    return (line.printed_code or "").rstrip(". ")


def template_codes(sheet: Sheet) -> Iterator[Observation]:
    """R18: the bidang of a template code (`X.XX.01`) was filled in; told once for a table."""
    lines = [node.line for node in sheet.level_nodes() if (node.line.code or "").startswith("X.")]
    if lines:
        text = f"{_place(sheet, lines[0])}: kode {_shown(lines[0])} masih kode templat, bidang urusannya belum diisi"
        text += f"; juga pada {len(lines) - 1} baris lain." if len(lines) > 1 else "."
        made = finding(
            "R18",
            sheet,
            lines[0],
            text,
            column="kode",
            severity=Severity.INFO,
            printed=lines[0].printed_code or "",
            evidence=[line.id for line in lines],
            mark="templat",
        )
        yield Observation(check("R18", sheet, lines[0], CheckStatus.DIFFERS, column="kode", printed=lines[0].printed_code), made)


def official_codes(sheet: Sheet) -> Iterator[Observation]:
    """R18: the printed code is the one that the nomenklatur gives the printed name."""
    for node in sheet.level_nodes():
        line = node.line
        official = sure_code(line)
        if line.match is None or line.code is None or line.kind not in RANK:
            continue
        if official is None:
            reason = "nama tidak dikenali dengan pasti dalam nomenklatur"
            yield Observation(check("R18", sheet, line, CheckStatus.NOT_CHECKABLE, column="kode", printed=line.printed_code, reason=reason))
        elif agrees(line, official):
            yield Observation(check("R18", sheet, line, CheckStatus.AGREES, column="kode", printed=line.printed_code, computed=official))
        elif not is_account_code(line.printed_code):
            yield _misnamed(sheet, line, official)


def _misnamed(sheet: Sheet, line: Line, official: str) -> Observation:
    assert line.match is not None
    other = next(((name, score) for code, name, score in line.match.candidates if same_code(line.code or "", code)), None)
    known = f' (kode {_shown(line)} adalah "{other[0]}")' if other and other[0] else ""
    text = f'{_place(sheet, line)}: tercetak kode {_shown(line)}, sedangkan kode resmi "{line.match.name}" adalah {official}{known}.'
    if other and compact(other[0]) == compact(line.match.name or "-"):
        return Observation(check("R18", sheet, line, CheckStatus.AGREES, column="kode", printed=line.printed_code, computed=line.code))
    same_name = line.match.status in (MatchStatus.REPAIRED, MatchStatus.MANUAL)
    sure = same_name and other is not None and other[1] < _UNLIKE and line.match.score > other[1]
    return _broken(sheet, line, "R18", text, expected=official, sure=sure)


def parents(sheet: Sheet) -> Iterator[Observation]:
    """R16: a child's code starts with its parent's; R28 where several children agree on a parent row that is not printed."""
    printed = {node.line.code for node in sheet.level_nodes() if node.line.code}
    if not _nests_by_prefix(sheet):
        reason = "kode tabel ini tidak tersusun menurut induknya"
        yield Observation(check("R16", sheet, None, CheckStatus.NOT_CHECKABLE, column="kode", reason=reason))
        return
    for node in sheet.level_nodes():
        if node.line.code is None or node.line.kind not in _LEVELS:
            continue
        strangers = [c for c in node.children if c.line.code and c.line.kind in _LEVELS and not _under(node, c.line.code)]
        for child in node.children:
            if child.line.code and child.line.kind in _LEVELS and child not in strangers:
                yield Observation(check("R16", sheet, child.line, CheckStatus.AGREES, column="kode", members=[node.line.id]))
        lost = _lost_parent(strangers)
        if lost and lost not in printed:
            yield _missing_row(sheet, node, strangers, lost)
            continue
        for child in strangers:
            text = (
                f"{_place(sheet, child.line)}: kode {child.line.printed_code} tidak berada di bawah kode induknya {node.line.printed_code}."
            )
            yield _broken(sheet, child.line, "R16", text, [node.line.id], f"{node.line.code}.…")


def _nests_by_prefix(sheet: Sheet) -> bool:
    """Whether a table's codes are built from their parents' codes at all: in older systems a kegiatan may carry its program inside."""
    pairs = [(n, c.line.code) for n in sheet.level_nodes() if n.line.code and n.line.kind in _LEVELS for c in n.children if c.line.code]
    return len(pairs) < MANY or 2 * sum(_under(node, code) for node, code in pairs if code) >= len(pairs)


def _under(parent: Node, code: str) -> bool:
    """Whether a code lies under the parent's printed code, or under its official one where the parent's own code is the wrong one."""
    known = [c for c in (parent.line.code, sure_code(parent.line)) if c]
    if any(is_under(one, code) for one in known):
        return True
    return is_account_code(parent.line.printed_code) or parse(code) is None or _system(code) != _system(parent.line.code or "")


def _system(code: str) -> CodeSystem | None:
    parsed = parse(code)
    return parsed.system if parsed else None


def is_under(parent: str, child: str) -> bool:
    """Whether a child's code starts with its parent's; in template rows (`X.XX`) the bidang does not count."""
    a, b = parent.split("."), child.split(".")
    if "X" in (a[0], b[0]):
        a, b = a[2:], b[2:]
    return len(b) > len(a) and b[: len(a)] == a


def same_code(printed: str, official: str) -> bool:
    """Whether two normalised codes are one, a template's bidang and the padding of a serial aside."""
    a, b = printed.split("."), official.split(".")
    if len(a) != len(b):
        return False
    if "X" in (a[0], b[0]) and len(a) > 2:
        a, b = a[2:], b[2:]
    return [part.lstrip("0") for part in a] == [part.lstrip("0") for part in b]


def agrees(line: Line, official: str) -> bool:
    """Whether a row's printed code is the official one; a serial printed with two digits says no more than its last two."""
    if same_code(line.code or "", official):
        return True
    code = parse(line.printed_code or "")
    if code is None or not _cut_serial(line):
        return False
    above, _, serial = official.rpartition(".")
    return same_code(code.normal, f"{above}.{serial[-2:]}")


def _cut_serial(line: Line) -> bool:
    """Whether a serial is printed with two digits, which number 1 and number 101 share."""
    code = parse(line.printed_code or "")
    return code is not None and Repair.TWO_DIGIT_SERIAL in code.repairs


def _lost_parent(strangers: Sequence[Node]) -> str | None:
    """The parent code that at least two strangers share, with nobody else among them."""
    shared = {(node.line.code or "").rpartition(".")[0] for node in strangers if node.line.kind is RowKind.SUB_KEGIATAN}
    return shared.pop() if len(strangers) > 1 and len(shared) == 1 else None


def _missing_row(sheet: Sheet, node: Node, strangers: Sequence[Node], lost: str) -> Observation:
    first = strangers[0].line
    count, above = len(strangers), node.line.printed_code
    text = f"{_place(sheet, first)}: {count} sub kegiatan berkode {lost}.… berada langsung di bawah {above}; baris {lost} tidak ada."
    made = finding(
        "R28",
        sheet,
        first,
        text,
        column="kode",
        severity=Severity.INFO,
        certainty=Certainty.INCOMPLETE,
        expected=lost,
        evidence=[node.line.id, *(n.line.id for n in strangers)],
    )
    return Observation(check("R28", sheet, first, CheckStatus.DIFFERS, column="kode", computed=lost), made)


def _different(group: Sequence[Node]) -> bool:
    official = {sure_code(node.line) for node in group}
    if None not in official and (len(official) == 1 or all(agrees(node.line, sure_code(node.line) or "") for node in group)):
        return False
    names = list(dict.fromkeys(compact(node.name) for node in group))
    return any(unlike(names[0], other) for other in names[1:])


def unlike(one: str, other: str) -> bool:
    """Whether two names are too different to be spellings of one; a cut name is not unlike its whole."""
    a, b = fold(one), fold(other)
    shorter, longer = sorted((a, b), key=len)
    return not longer.startswith(shorter) and SequenceMatcher(None, a, b, autojunk=False).ratio() < _UNLIKE


def _culprit(group: Sequence[Node]) -> Line:
    """The row whose official code is another one; where that does not tell, the later row."""
    wrong = [node.line for node in group if (official := sure_code(node.line)) and not agrees(node.line, official)]
    return wrong[0] if wrong else group[-1].line


def _place(sheet: Sheet, line: Line) -> str:
    return messages.place(line.page, sheet.table, line)


def _broken(
    sheet: Sheet, line: Line, rule: str, text: str, evidence: Sequence[str] = (), expected: str = "", sure: bool = False
) -> Observation:
    certain = sheet.text_is_certain(line, "kode")
    severity = Severity.ERROR if sure and certain else Severity.WARNING
    made: Finding = finding(
        rule,
        sheet,
        line,
        text,
        column="kode",
        severity=severity,
        certainty=Certainty.CERTAIN if certain else Certainty.MAYBE_OCR,
        printed=line.printed_code or "",
        expected=expected,
        evidence=evidence,
    )
    return Observation(check(rule, sheet, line, CheckStatus.DIFFERS, column="kode", printed=line.printed_code, members=evidence), made)
