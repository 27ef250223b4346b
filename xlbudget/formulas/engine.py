"""Formualizer as a calculator for one formula at a time: it is given the cells that the formula looks at."""

from __future__ import annotations

from typing import Any

from xlbudget.domain.money import stored_number
from xlbudget.formulas.book import Area, Book, area_of, reference, references
from xlbudget.formulas.tree import Node, written
from xlbudget.formulas.values import ERRORS, NotEvaluable, from_engine
from xlbudget.sheets.formula import COLUMNS, ROWS
from xlbudget.sheets.table import Cell

MOST_CELLS = 2_000_000
"""Cells that one formula may look at."""
_MILLISECONDS = 10_000
_SCRATCH = "xlbudget scratch"
_NEAR = 1e-6
_LAST_DIGITS = 2e-15


def _start(date1904: bool) -> Any:
    try:
        import formualizer
    except ImportError:
        raise NotEvaluable("这台电脑上没有公式引擎") from None
    config = formualizer.EvaluationConfig()
    config.enable_parallel = False
    config.max_eval_time_ms = _MILLISECONDS
    config.cycle_detection = "runtime"
    if date1904:
        config.date_system = "1904"
    mode = formualizer.WorkbookMode.Interactive
    book = formualizer.Workbook(
        config=formualizer.WorkbookConfig(mode=mode, eval_config=config, enable_changelog=False)
    )
    book.set_temporal_egress("serial")
    return book


class Engine:
    """Computes formulas over the cells of a book. Every method raises NotEvaluable with the reason."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._engine: Any = None
        self._sheets: set[str] = set()
        self._loaded: set[Area] = set()

    def forget(self, sheet: str, row: int, column: int, cell: Cell | None) -> None:
        """Tell that a cell has a new value."""
        if self._engine is not None and sheet in self._sheets:
            self._engine.set_value(sheet, row, column, _for_engine(cell))

    def unload(self) -> None:
        """Read all cells again when they are looked at."""
        self._loaded.clear()

    def value(self, tree: Node, sheet: str, row: int, column: int) -> Cell:
        """What a formula comes to in its cell."""
        self._prepare(tree, sheet)
        found = self._compute(sheet, row, column, written(tree))
        several = self._extent(sheet, row, column) != (1, 1)
        self._engine.set_value(sheet, row, column, None)
        if several:  # which of them a spreadsheet shows depends on where the formula stands
            raise NotEvaluable("结果是几个值，不是一个")
        cell = from_engine(self._snapped(found, tree, sheet, row, column))
        self.forget(sheet, row, column, cell)
        return cell

    def _snapped(self, found: Any, tree: Node, sheet: str, row: int, column: int) -> Any:
        """A sum or difference that only the last binary digits keep from 0 is 0, as in Excel."""
        near = isinstance(found, float) and 0 < abs(found) < _NEAR
        if not near or tree.kind != "binary" or tree.text not in ("+", "-"):
            return found
        left = self._compute(sheet, row, column, written(tree.parts[0]))
        self._engine.set_value(sheet, row, column, None)
        return 0.0 if isinstance(left, float) and abs(found) < abs(left) * _LAST_DIGITS else found

    def values(self, tree: Node, height: int, width: int) -> tuple[tuple[Cell, ...], ...]:
        """What an array formula comes to, in a block of that size as a spreadsheet fills it."""
        self._prepare(tree, _SCRATCH)
        first = self._compute(_SCRATCH, 1, 1, written(tree))
        rows, columns = self._extent(_SCRATCH, 1, 1)
        found = [
            [first if row == column == 0 else self._engine.get_value(_SCRATCH, row + 1, column + 1) for column in range(columns)]
            for row in range(rows)
        ]  # fmt: skip
        self._engine.set_value(_SCRATCH, 1, 1, None)
        if (rows, columns) != (1, 1) and (rows not in (1, height) or columns not in (1, width)):
            raise NotEvaluable("数组的大小和它占的单元格不一样")
        return tuple(
            tuple(
                from_engine(found[0 if rows == 1 else row][0 if columns == 1 else column])
                for column in range(width)
            )
            for row in range(height)
        )

    def _extent(self, sheet: str, row: int, column: int) -> tuple[int, int]:
        """Rows and columns that the formula in a cell fills."""
        spill = self._engine.inspect_cell(reference(Area(sheet, row, column, row, column)).text).cell.spill
        if spill is None:
            return 1, 1
        area = area_of(Node("ref", str(spill.extent)))
        return area.bottom - area.top + 1, area.right - area.left + 1

    def _compute(self, sheet: str, row: int, column: int, text: str) -> Any:
        try:
            self._engine.set_formula(
                sheet, row, column, f"={text}"
            )  # in a batch the second one of a cell is lost
            return self._engine.evaluate_cell(sheet, row, column)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            self._engine = None  # what a failed computation left behind is not known
            raise NotEvaluable("用了算不了的函数或写法") from None

    def _prepare(self, tree: Node, sheet: str) -> None:
        if self._engine is None:
            self._engine = _start(self._book.date1904)
            self._sheets, self._loaded = {"Sheet1"}, set()
        self._add_sheet(sheet)
        areas = [self._book.used(area) for area in references(tree)]
        if sum((a.bottom - a.top + 1) * (a.right - a.left + 1) for a in areas) > MOST_CELLS:
            raise NotEvaluable("引用的单元格太多")
        for area in areas:
            self._load(area)

    def load_everything(self) -> None:
        """Load all cells of the workbook, for a formula that finds its cells itself."""
        if self._engine is None:
            self._prepare(Node("none", ""), _SCRATCH)
        for sheet in self._book.sheets:
            self._load(self._book.used(Area(sheet, 1, 1, ROWS, COLUMNS)))

    def _add_sheet(self, sheet: str) -> None:
        if sheet not in self._sheets:
            self._engine.add_sheet(sheet)
            self._sheets.add(sheet)

    def _load(self, area: Area) -> None:
        if area in self._loaded:
            return
        if area.sheet not in self._book.sheets:
            raise NotEvaluable(f"引用了没有的工作表“{area.sheet}”")
        self._add_sheet(area.sheet)
        rows = [[_for_engine(cell) for cell in row] for row in self._book.cells(area)]
        self._engine.set_values_batch(area.sheet, area.top, area.left, rows)
        self._loaded.add(area)


def _for_engine(cell: Cell | None) -> Any:
    """A cell's value for the engine. Raises NotEvaluable for a formula without one."""
    if cell is None:
        return None
    if cell.kind == "number":
        return float(stored_number(cell.text))
    if cell.kind == "bool":
        return cell.text in ("1", "true")
    if cell.kind == "error":
        import formualizer

        return formualizer.LiteralValue.error(ERRORS.get(cell.text, "Value"), None)
    if cell.kind == "text":
        return cell.text
    raise NotEvaluable("它引用的公式还没有计算结果" if cell.kind == "uncached" else "引用了读不出的日期")
