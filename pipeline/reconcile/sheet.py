"""A typed table as the checks see it: nodes with their children, two-line rows folded, and one figure per node and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from extractors.types import TextKind
from normalizers.labels import leading_number
from normalizers.tree import RANK, best_code, is_account_table, is_agency, is_list
from normalizers.types import Line, RowKind, TypedDocument, TypedTable, Value, ValueKind, ValueStatus

from .intervals import half_unit

READABLE = (ValueStatus.OK, ValueStatus.ZERO)
UNREADABLE = (ValueStatus.MALFORMED, ValueStatus.PROPOSED)
SURE_CONFIDENCE = 0.9
PERCENTAGE_NAMES = ("persen", "tingkat", "capaian")  # never added up, whatever their cells were read as
FORWARD = "pagu_maju"
_UNRULED = ("alignment", "rows")  # ways of reading that tell rows, or their ends, without a grid of rules
MANY = 5
Key = tuple[str, str]  # (line id, column)


@dataclass(frozen=True, slots=True)
class Figure:
    """One readable printed figure. `line` is the row where it is printed, `node` the row that names it (the same but in two-line rows)."""

    key: Key
    line: Line
    node: Line
    value: Value
    amount: int | Decimal
    half: Decimal
    certain: bool

    @property
    def column(self) -> str:
        return self.value.column


@dataclass(slots=True, eq=False)
class Node:
    """A named row with the indicator rows that continue it, and its children in printed order."""

    line: Line
    parent: Node | None = None
    rows: list[Line] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def code(self) -> str | None:
        return best_code(self.line)

    @property
    def is_total(self) -> bool:
        return self.line.kind is RowKind.TOTAL

    @property
    def name(self) -> str:
        """The printed name without a running number in front of it."""
        return leading_number(self.line.printed_name or "")[1]

    @property
    def text(self) -> str:
        """All words of the row in lower case: a total's label may stand in any of its cells."""
        return " ".join([self.line.label or "", *(cell.text for cell in self.line.cells.values())]).lower()


@dataclass(frozen=True, slots=True)
class Members:
    """What adds up to a node in one column. `blanks` are children without a figure, `unreadable` those whose figure is malformed."""

    figures: tuple[Figure, ...]
    blanks: tuple[Line, ...]
    unreadable: tuple[Line, ...]


class Sheet:
    """One table, indexed once for all checks. `nested` tells that its rows may be of several levels that the print does not show."""

    def __init__(self, document: TypedDocument, table: TypedTable) -> None:
        self.document = document
        self.table = table
        self.accounts = is_account_table(table)
        self.ruled = not table.method.endswith(_UNRULED)
        self.nodes: list[Node] = []
        self.by_line: dict[str, Node] = {}
        self._figures: dict[Key, Figure] = {}
        self._states: dict[Key, ValueStatus] = {}
        self._further: dict[Key, list[Figure]] = {}
        self._printing: dict[tuple[RowKind, str], bool] = {}
        self.forward_factor: Decimal | None = None
        self.named_alone: Mapping[tuple[str, str], Node] | None = None  # filled by `consistency.unique_nodes`, once
        self._build()
        self._loosen_forward_estimates()
        self.totals = [node for node in self.nodes if node.is_total]
        self.levelled = any(node.line.kind in RANK for node in self.nodes)
        self.roots = [node for node in self.nodes if node.parent is None and self._is_member(node)]
        self.nested = not self.levelled and not self.accounts and not is_list(table.lines)
        self.edges = self._first_and_last()
        self._of_code = self._by_code()
        self.orphaned = self._starts_below_its_top()
        with_amounts = {line_id for (line_id, _), figure in self._figures.items() if figure.amount}
        self._strays = [node.line for node in self.nodes if self.levelled and self._is_stray(node, with_amounts)]
        self.money = tuple(c.name for c in table.columns if any((n.line.id, c.name) in self._money_keys for n in self.nodes))

    def _build(self) -> None:
        self._money_keys: set[Key] = set()
        for line in self.table.lines:
            owner = self.by_line.get(line.parent_id) if line.parent_id else None
            if line.kind is RowKind.INDIKATOR and owner is not None:
                owner.rows.append(line)
                self.by_line[line.id] = owner
                continue
            node = Node(line, owner, [line])
            if owner is not None:
                owner.children.append(node)
            self.nodes.append(node)
            self.by_line[line.id] = node
        for node in self.nodes:
            for line in node.rows:
                self._read(node, line)

    def _read(self, node: Node, line: Line) -> None:
        """Take each column's figure from the name row, else from the first row that continues it."""
        ocr_table = self.table.text_kind is TextKind.SCAN
        for value in line.values:
            key = node.line.id, value.column
            if value.kind is ValueKind.RUPIAH and not value.column.startswith(PERCENTAGE_NAMES):
                self._money_keys.add(key)
            state = self._states.get(key)
            if state is None or state is ValueStatus.EMPTY:
                self._states[key] = value.status
            if value.status not in READABLE or value.amount is None:
                continue
            cell = line.cells.get(value.column)
            pictured = (value.ocr or ocr_table) and not value.confirmed
            certain = not (pictured or value.confidence < SURE_CONFIDENCE or (cell is not None and cell.conflict))
            half = half_unit(value, self.table.scale)
            figure = Figure((line.id, value.column), line, node.line, value, value.amount, half, certain)
            if key in self._figures:
                self._further.setdefault(key, []).append(figure)
            else:
                self._figures[key] = figure

    def _loosen_forward_estimates(self) -> None:
        """Forward estimates computed as a constant multiple of the pagu were rounded one by one: half a rupiah each."""
        pairs = [(f, self._figures.get((line_id, "pagu"))) for (line_id, column), f in self._figures.items() if column == FORWARD]
        ratios = Counter(round(Decimal(f.amount) / plan.amount, 4) for f, plan in pairs if plan is not None and plan.amount)
        (ratio, count), *_ = ratios.most_common(1) or [(Decimal(1), 0)]
        if count < MANY or ratio == 1 or count * 5 < 4 * ratios.total():
            return
        self.forward_factor = ratio
        for figure, _ in pairs:
            if not figure.half:
                self._figures[(figure.node.id, FORWARD)] = replace(figure, half=Decimal("0.5"))

    def _is_member(self, node: Node) -> bool:
        if node.is_total:
            return False
        return node.line.kind in RANK or is_agency(node.line) or not self.levelled

    def _is_stray(self, node: Node, with_amounts: set[str]) -> bool:
        return node.line.id in with_amounts and not node.is_total and node.parent is None and not self._is_member(node)

    def figure(self, node: Node, column: str) -> Figure | None:
        """The readable figure of a node in a column, or None."""
        return self._figures.get((node.line.id, column))

    def is_split(self, figure: Figure) -> bool:
        """Whether further amounts on the rows that continue a row leave it open which is the row's own: neither repeated nor its parts."""
        further = [other.amount for other in self._further.get((figure.node.id, figure.column), [])]
        return any(amount != figure.amount for amount in further) and sum(further) != figure.amount

    def parts(self, figure: Figure, every: bool = False) -> list[Figure]:
        """The figures that stand for a row in a sum: all of its indicator rows' where the row itself prints none and they differ.

        With `every` all that are printed, also beside an amount of the row's own: some plans split a sub kegiatan by indicator.
        """
        if not every and (figure.line is figure.node or not self.is_split(figure)):
            return [figure]
        return [figure, *self._further.get((figure.node.id, figure.column), [])]

    def has_further(self, figure: Figure) -> bool:
        """Whether rows that continue a row print an amount too, which may be repeated, a part or a further one."""
        return any(other.amount for other in self._further.get((figure.node.id, figure.column), []))

    def state(self, node: Node, column: str) -> ValueStatus:
        return self._states.get((node.line.id, column), ValueStatus.EMPTY)

    def prints_amounts(self, kind: RowKind, column: str) -> bool:
        """Whether rows of a level print amounts in a column: where none does, a lone zero is no amount."""
        if (kind, column) not in self._printing:
            nodes = (node for node in self.nodes if node.line.kind is kind)
            self._printing[kind, column] = any((figure := self.figure(node, column)) and figure.amount for node in nodes)
        return self._printing[kind, column]

    def members(self, nodes: list[Node], column: str, every: bool = False) -> Members:
        """The figures of the nodes; a node without one is stood for by its own children (a level that prints no amounts)."""
        figures: list[Figure] = []
        blanks: list[Line] = []
        unreadable: list[Line] = []
        for node in nodes:
            figure = self.figure(node, column)
            if figure is not None and (figure.amount or not node.children or self.prints_amounts(node.line.kind, column)):
                figures += self.parts(figure, every)
            elif self.state(node, column) in UNREADABLE:
                unreadable.append(node.line)
            elif node.children:
                inner = self.members(node.children, column, every)
                figures += inner.figures
                blanks += inner.blanks
                unreadable += inner.unreadable
            elif self.state(node, column) is ValueStatus.EMPTY:
                blanks.append(node.line)
        return Members(tuple(figures), tuple(blanks), tuple(unreadable))

    def strays(self, node: Node) -> list[Line]:
        """Rows with amounts but without a level that stand among the rows of this node, and may belong to its sum."""
        if not self._strays:
            return []
        if node.is_total:
            return self._strays
        beside = (n.line for n in self.nodes if n.parent is node.parent and n.line.order > node.line.order)
        end = next((line.order for line in beside if line not in self._strays), None)
        return [line for line in self._strays if node.line.order < line.order and (end is None or line.order < end)]

    def apart(self, node: Node) -> bool:
        """Whether a row that does not stand under this one carries a code of its group: then the group may not be whole."""
        code = node.line.code
        if code is None or len(self._of_code[code]) > 1:
            return False
        return any(not _stands_under(other, node) for other in self._of_code.get(f"{code}.", ()))

    def _by_code(self) -> dict[str, list[Node]]:
        """The rows by their printed code, and by each code over it with a dot behind."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            code = node.line.code or ""
            dots = [at for at, sign in enumerate(code) if sign == "."]
            for key in (code, *(code[: at + 1] for at in dots)):
                found.setdefault(key, []).append(node)
        return found

    def level_nodes(self) -> Iterator[Node]:
        return (node for node in self.nodes if not node.is_total)

    def text_is_certain(self, line: Line, column: str) -> bool:
        """Whether a cell's text was read beyond doubt: the PDF's own characters, without another extractor's objection."""
        cell = line.cells.get(column)
        page = cell.page if cell is not None else line.page
        if self.table.text_kind is TextKind.SCAN or page in self.document.ocr_pages:
            return False
        return cell is None or (cell.confidence >= SURE_CONFIDENCE and not cell.conflict)

    def _first_and_last(self) -> set[str]:
        """The first and the last row of each level, from whose groups a cut table may have lost rows."""
        first: dict[RowKind, str] = {}
        last: dict[RowKind, str] = {}
        for node in self.nodes:
            first.setdefault(node.line.kind, node.line.id)
            last[node.line.kind] = node.line.id
        return {*first.values(), *last.values()}

    def _starts_below_its_top(self) -> bool:
        """Whether the table starts below its own top level, as one does whose first pages are lost."""
        ranks = [RANK[node.line.kind] for node in self.nodes if node.line.kind in RANK]
        roots = [RANK[node.line.kind] for node in self.roots if node.line.kind in RANK]
        return bool(ranks) and bool(roots) and roots[0] > min(ranks)


def _stands_under(node: Node, above: Node) -> bool:
    over = node.parent
    while over is not None and over is not above:
        over = over.parent
    return over is above
