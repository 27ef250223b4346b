"""Results → what is written: computed cells of the input sheets, state on 首页, whole output sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from xlbudget.domain.finding import Finding, Severity, tally
from xlbudget.domain.indicators import IndicatorResult
from xlbudget.domain.measures import Assessment, ProjectResult
from xlbudget.domain.money import YUAN_PER_WAN, percent, plain
from xlbudget.report.document import DataTable, Document, Heading, Label, Paragraph, Signature, Title, words
from xlbudget.sheets import layout
from xlbudget.sheets.grid import (
    LINE_PITCH,
    TALLEST,
    Grid,
    GridCell,
    Value,
    column_points,
    row_height,
    wrapped,
)
from xlbudget.sheets.layout import header_key
from xlbudget.sheets.locate import Located
from xlbudget.sheets.memory import remember
from xlbudget.sheets.numerals import is_plain
from xlbudget.sheets.table import Table


@dataclass(frozen=True, slots=True)
class CellWrite:
    """A value for a cell of an input sheet; None empties it. The cell's look stays."""

    sheet: str
    row: int
    column: int
    value: Value


def _project_values(result: ProjectResult, amount_unit: str) -> dict[str, Value]:
    budget = result.project.budget
    if budget is not None and amount_unit == "万元":
        budget = budget / YUAN_PER_WAN
    return {
        "budget": None if budget is None else Decimal(plain(budget)),
        "execution_rate": percent(result.execution_rate),
        "achievement": percent(result.achievement),
        "forecast": percent(result.forecast),
        "flag": result.flag,
        "indicator_light": result.indicator_light,
        "budget_light": result.budget_light,
    }


def _indicator_values(result: IndicatorResult) -> dict[str, Value]:
    return {
        "achievement": percent(result.achievement),
        "forecast": percent(result.forecast),
        "light": result.light,
    }


def _rows(case: Assessment) -> Iterator[tuple[str, int, dict[str, Value]]]:
    unit = case.facts.unit.amount_unit
    for project in case.results:
        yield layout.PROJECTS.name, project.project.place.row, _project_values(project, unit)
    for indicator in case.indicators:
        yield layout.INDICATORS.name, indicator.indicator.place.row, _indicator_values(indicator)


def computed_cells(case: Assessment, located: Mapping[str, Located]) -> Iterator[CellWrite]:
    """Values of all computed columns; empty for rows that were left behind."""
    for sheet, row, values in _rows(case):
        place = located[sheet]
        for field, value in values.items():
            if field in place.columns:
                yield CellWrite(place.name, row, place.columns[field], value)
    for place in located.values():
        for row, field in place.stale:
            yield CellWrite(place.name, row, place.columns[field], None)


def memory_rows(case: Assessment) -> list[list[str]]:
    """What the memory sheet holds after these results are written."""
    written: dict[tuple[str, str], set[str]] = {}
    for sheet, _, values in _rows(case):
        for field, value in values.items():
            if value is not None:
                text = plain(value) if isinstance(value, Decimal) else str(value)
                written.setdefault((sheet, field), set()).add(text)
    return remember(written)


def state_cells(front: Table, state: Mapping[str, Value]) -> Iterator[CellWrite]:
    """The state at a glance on 首页, to the right of its labels where they still stand."""
    fields = {label: field for field, label in layout.STATE_LABELS.items()}
    for row, cells in front.rows.items():
        for column, cell in cells.items():
            field = fields.get(header_key(cell.text)) if cell.kind == "text" else None
            if field:
                yield CellWrite(front.name, row, column + 1, state[field])


def state_of(
    case: Assessment, findings: Sequence[Finding], version: str, fingerprint: str
) -> dict[str, Value]:
    counts = Counter(finding.severity for finding in findings)
    return {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "version": f"xlbudget {version}",
        "profile": f"{case.profile.name}（{case.profile.id}）",
        "fingerprint": fingerprint,
    }


# -- 校验结果 -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """What the note of a cell says: every finding of the cell."""

    sheet: str
    cell: str
    text: str


def marks(findings: Sequence[Finding]) -> list[Mark]:
    """One mark for each cell with findings, in the order of the findings."""
    texts: dict[tuple[str, str], list[str]] = {}
    for one in findings:
        if one.where.cell:
            lines = texts.setdefault((one.where.sheet, one.where.cell), [])
            lines.append(f"【{one.severity.label}】{one.message}\n{one.remedy}")
    return [Mark(sheet, cell, "\n".join(lines)) for (sheet, cell), lines in texts.items()]


def _summary(grid: Grid, findings: Sequence[Finding]) -> None:
    """How often each rule was broken, the gravest first."""
    grid.line(*(GridCell(text, "head") for text in ("项数", "级别", "规则", "哪一类问题")), height=24)
    grid.merge(grid.row, 4, grid.row, 6)
    order = list(Severity)
    groups = Counter((order.index(one.severity), one.code, one.title) for one in findings)
    for (rank, code, title), number in sorted(groups.items()):
        severity = order[rank]
        grid.line(
            GridCell(number, "body_center"),
            GridCell(severity.label, severity.lower()),
            GridCell(code, "body_center"),
            GridCell(title, "body"),
            height=20,
        )
        grid.merge(grid.row, 4, grid.row, 6)


def check_grid(findings: Sequence[Finding]) -> Grid:
    """Findings counted by rule, then listed by sheet, each with a link, what is wrong and what to do."""
    grid = Grid(layout.CHECK)
    grid.wide("校验结果", "title", height=30)
    if not findings:
        grid.wide("没有发现问题。", "hint", height=20)
        return grid
    grid.wide(f"共 {len(findings)} 项：{tally(findings)}。点“位置”可以跳到单元格。", "hint", height=20)
    grid.line(height=6)
    _summary(grid, findings)
    grid.line(height=6)
    heads = ("序号", "级别", "规则", "位置", "问题", "怎么办")
    grid.line(*(GridCell(text, "head") for text in heads), height=24)
    grid.repeat_rows = (grid.row, grid.row)
    index = 0
    for sheet, group in groupby(findings, key=lambda one: one.where.sheet):
        members = list(group)
        grid.wide(f"{sheet}：{tally(members)}", "group", height=22)
        for finding in members:
            index += 1
            _finding(grid, index, finding)
    return grid


def _finding(grid: Grid, index: int, finding: Finding) -> None:
    widths = [column_points(width) for width in layout.CHECK.widths[4:]]
    texts = list(zip((finding.message, finding.remedy), widths, strict=True))
    grid.line(
        GridCell(index, "body_center"),
        GridCell(finding.severity.label, finding.severity.lower()),
        GridCell(finding.code, "body_center"),
        GridCell(str(finding.where), "link", finding.where),
        GridCell(finding.message, "body"),
        GridCell(finding.remedy, "body"),
        height=row_height(texts),
    )


def waiting_grid(sheet: layout.OutputSheet) -> Grid:
    """An output sheet of a workbook that was never run."""
    grid = Grid(sheet)
    grid.wide(sheet.name, "title", height=30)
    grid.wide("填好后运行 xlbudget run，这里会自动生成。", "hint", height=20)
    return grid


# -- 统计表 and 监控报告 ----------------------------------------------------------------------------------


def _table(grid: Grid, table: DataTable, style: str, *, size: float) -> None:
    """Write a table of the report into the grid, with spans and row heights."""
    widths = grid.sheet.widths
    spans: list[tuple[int, int, int, int]] = []
    for cells in (*table.header, *table.body):
        head = cells in table.header
        row = grid.row + 1
        texts: list[tuple[str, float]] = []
        line: list[GridCell | None] = []
        for column, cell in enumerate(cells, 1):
            if cell is None:
                line.append(None)
                continue
            text = words(cell.runs)
            look = f"{style}_head" if head else (f"{style}_left" if cell.align == "left" else f"{style}_cell")
            sources = [run.sources[0] for run in cell.runs if not isinstance(run, str) and run.sources]
            short = is_plain(text) or text == "√"  # LibreOffice does not wrap a text with a link
            line.append(GridCell(_number_or_text(text), look, sources[0] if sources and short else None))
            if cell.columns == 1 and cell.rows == 1:
                texts.append((text, column_points(widths[column - 1])))
            else:
                spans.append((row, column, row + cell.rows - 1, column + cell.columns - 1))
        grid.line(*line, height=row_height(texts or [("", 60)], size=size, least=26))
    for span in spans:
        grid.merge(*span)


def _number_or_text(text: str) -> Value:
    """Numbers of the report are numbers in the sheet too."""
    return Decimal(text) if is_plain(text) else text


def stats_grid(document: Document, case: Assessment) -> Grid:
    """The statistics table, then bands and forecast classes."""
    grid = Grid(layout.STATS)
    grid.wide("预算绩效运行监控统计表", "stats_title", height=36)
    unit = case.facts.unit
    note = f"{unit.full_name or ''}　{unit.year or ''}年截至{unit.cutoff_month}月底　金额单位：万元"
    grid.wide(note, "hint", height=20)
    for block in document.blocks:
        if isinstance(block, DataTable):
            first = grid.row + 1
            _table(grid, block, "report", size=11)
            grid.repeat_rows = (first, first + len(block.header) - 1)
    grid.line(height=10)
    _pairs(grid, ("实现程度分档", "项目数"), [(label, len(rows)) for label, rows in case.bands])
    if case.unknown_band:
        _pairs(grid, None, [("算不出的项目", len(case.unknown_band))])
    grid.line(height=10)
    grid.line(
        *(GridCell(text, "report_head") for text in ("预计实现情况", "项目数", "金额（万元）")), height=26
    )
    for one in case.forecast:
        amount = Decimal(plain(one.amount / YUAN_PER_WAN))
        cells = (GridCell(one.flag, "report_left"), GridCell(len(one.results), "report_cell"))
        grid.line(*cells, GridCell(amount, "report_cell"), height=24)
    return grid


def _pairs(grid: Grid, head: tuple[str, str] | None, pairs: Sequence[tuple[str, int]]) -> None:
    if head:
        grid.line(*(GridCell(text, "report_head") for text in head), height=26)
    for label, number in pairs:
        grid.line(GridCell(label, "report_left"), GridCell(number, "report_cell"), height=24)


_HEADING_STYLE = {1: "report_h1", 2: "report_h2"}
_BODY, _TITLE, _TABLE = 16, 22, 11


def report_grid(document: Document) -> Grid:
    """The whole report on A4: paragraphs across the page with computed heights, the table, 落款."""
    grid = Grid(layout.REPORT)
    grid.header = "草稿" if document.draft else ""
    for block in document.blocks:
        if isinstance(block, DataTable):
            _table(grid, block, "report", size=_TABLE)
        elif isinstance(block, Heading):
            _paragraph(grid, block.text, _HEADING_STYLE.get(block.level, "report_h2"))
        elif isinstance(block, Signature):
            grid.line(height=20)
            for line in block.lines:
                grid.wide(
                    f"{words(line)}　　", "report_sign", height=row_height([("", grid.points)], size=_BODY)
                )
        else:
            _text_block(grid, block)
    return grid


def _text_block(grid: Grid, block: Label | Title | Paragraph) -> None:
    text = words(block.runs)
    if isinstance(block, Title):
        height = row_height([(text, grid.points)], size=_TITLE) + 16
        grid.wide(text, "report_title", height=height)
    elif isinstance(block, Label):
        grid.wide(text, "report_label", height=row_height([(text, grid.points)], size=_BODY))
    else:
        _paragraph(grid, text, "report_text")


def _paragraph(grid: Grid, text: str, style: str) -> None:
    """An indented paragraph; one higher than Excel's tallest row goes on in the next, split between lines."""
    lines = wrapped(f"　　{text}", grid.points, _BODY)
    most = int(TALLEST // (_BODY * LINE_PITCH)) - 1
    for start in range(0, len(lines), most):
        piece = "".join(lines[start : start + most])
        grid.wide(piece, style, height=row_height([(piece, grid.points)], size=_BODY, least=24))
