"""A new workbook, written from layout/__init__.py; output sheets are then made by the package host."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xlbudget import layout
from xlbudget.domain.finding import Severity
from xlbudget.domain.profile import Profile
from xlbudget.domain.where import column_letter
from xlbudget.layout import FIRST_ROW, HEADER_ROW, HINT_ROW, TITLE_ROW, Column, Kind, Sheet
from xlbudget.layout.memory import MARKED, MEMORY_SHEET, is_marked
from xlbudget.pages.breaks import INPUT_MARGINS_MM, across
from xlbudget.pages.metrics import column_points, row_height
from xlbudget.pages.styles import GRID, STYLES, UNIT_FONT, UNIT_SIZE, Look, Name, Style, inner_width, shaded

_CREATED = datetime(2022, 1, 1)
_NUMERIC = {Kind.NUMBER, Kind.WEIGHT, Kind.TARGET, Kind.ACTUAL, Kind.FULL_YEAR}
_CENTERED = {Kind.OPTION, Kind.FLAG, Kind.MONTH, Kind.COMPARISON, Kind.YEAR}
_FRONT_LABELS, _FRONT_SPLIT = (2, 5), 8
_STATE_ROW, _STATE_HEIGHT, _STATE_SPLIT = 14, 33, 4
"""Two lines: a profile of one's own is told with its file."""
_STEPS_HEIGHT = 56
LIST_NAME = "xlb_list"
"""Name of the beginning of 校验结果: a link to it holds when somebody renames the sheet."""
_MM = 25.4
_LIGHTS = (("红", "FFC7CE", "9C0006"), ("黄", "FFEB9C", "7F6000"), ("绿", "C6EFCE", "006100"),
           ("蓝", "BDD7EE", "1F4E79"), ("灰", "D9D9D9", "404040"))  # fmt: skip


_FLAGS = (
    ("能实现", "C6EFCE", "006100"),
    ("不能完全实现", "FFEB9C", "7F6000"),
    ("差距较大", "FFC7CE", "9C0006"),
)
_FOUND = {Severity.ERROR: ("FFD9D9", "C00000"), Severity.WARNING: ("FFF2CC", "BF8F00")}
"""Fill and frame of a cell with a finding: the frame tells it apart on black and white paper, also where it is empty."""
_BAND_COLOURS = (("FFC7CE", "9C0006"), ("FFEB9C", "7F6000"))
_STEPS = (
    "第一步　填表：先填本页，再填“项目”“指标”，后面三张表有内容就填。带 * 的必填，填法见“填报说明”。",
    "第二步　校验：看“校验结果”，点“位置”跳到单元格，逐条改正。有颜色、带批注的单元格就是要看的地方。",
    "第三步　出报告：没有错误以后，打印“监控报告”，或者用导出的 Word、PDF，盖章上报。",
)
Bands = list[tuple[Decimal, str]]


class _Formats:
    """XlsxWriter formats of the named styles."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: Look) -> Any:
        if name not in self._made:
            self._made[name] = self._book.add_format(_properties(STYLES[name]))
        return self._made[name]


def _properties(style: Style) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "font_name": style.font,
        "font_size": style.size,
        "bold": style.bold,
        "font_color": f"#{style.color}",
        "align": style.horizontal,
        "valign": "vcenter" if style.vertical == "center" else style.vertical,
        "text_wrap": style.wrap,
        "num_format": style.format,
        "locked": style.locked,
    }
    if style.fill:
        properties["bg_color"] = f"#{style.fill}"
    if style.shrink:
        properties["shrink"] = True
    if style.indent:
        properties["indent"] = style.indent
    if style.border:
        properties |= {"border": 1, "border_color": f"#{GRID}"}
    return properties


def style_of(column: Column) -> Name:
    """Named style of a column's cells."""
    if column.computed:
        if column.header.endswith("(%)"):
            return "computed_number"
        return "computed_amount" if column.field == "budget" else "computed"
    if column.kind is Kind.CODE:
        return "input_text"
    if column.kind is Kind.AMOUNT:
        return "input_amount"
    if column.kind in _NUMERIC:
        return "input_number"
    if column.kind in (Kind.DATE, Kind.DEADLINE):
        return "input_date"
    return "input_center" if column.kind in _CENTERED else "input"


def styles_of(sheet: Sheet) -> list[Look]:
    """Named styles of a sheet's columns."""
    names = [style_of(column) for column in sheet.columns]
    return [shaded(name, names[:index].count(name)) for index, name in enumerate(names)]


def _front_style(column: Column) -> Name:
    """Named style of a value on 首页, where all stand left under one another; what must be filled is deeper in colour."""
    if column.kind is Kind.CODE:
        return "front_text"
    if column.kind is Kind.DATE:
        return "front_date"
    return "front_required" if column.required else "front"


def _validation(column: Column) -> dict[str, Any] | None:
    """Dropdown and hint of a column; only plain dropdowns refuse other content."""
    if column.computed or not (column.options or column.hint):
        return None
    rule: dict[str, Any] = {"validate": "any", "input_title": column.header, "input_message": column.hint}
    if column.options:
        strict = column.kind in (Kind.OPTION, Kind.FLAG) and not column.free
        rule |= {"validate": "list", "source": list(column.options), "show_error": strict}
        if strict:
            rule |= {"error_title": column.header, "error_message": f"请从下拉列表里选。{column.hint}"}
    return {key: value for key, value in rule.items() if value != ""}


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Any) -> None:
    """Write a sample value; rows and columns from 1."""
    if value == "" or value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row - 1, column - 1, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row - 1, column - 1, value, style)
    else:
        sheet.write_string(row - 1, column - 1, value, style)


def _print_setup(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    top, bottom, left, right = (side / _MM for side in INPUT_MARGINS_MM)
    sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
    sheet.set_footer("&C— &P —", {"scale_with_doc": False})
    if landscape:
        sheet.set_landscape()


def _front(
    book: xlsxwriter.Workbook, formats: _Formats, values: Mapping[str, Any], names: Sequence[str]
) -> None:
    sheet = book.add_worksheet(layout.FRONT.name)
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#2F5597")
    for first, width in enumerate((2, 17, 34, 3, 17, 34)):
        sheet.set_column(first, first, width)
    sheet.set_row(0, 34)
    sheet.write_string(0, 1, "预算绩效运行监控工作簿", formats["title"])
    for index, column in enumerate(layout.FRONT.columns):
        left, row = _FRONT_LABELS[index // _FRONT_SPLIT], HEADER_ROW + index % _FRONT_SPLIT
        style = formats[_front_style(column)]
        _pair(
            sheet, row, left, column.label, formats["label" if column.required else "label_optional"], style
        )
        _write(sheet, row, left + 1, values.get(column.header, ""), style)
        rule = _validation(
            replace(column, options=tuple(names), free=True) if column.field == "profile" else column
        )
        if rule:
            sheet.data_validation(row - 1, left, row - 1, left, rule)
    sheet.set_row(HINT_ROW - 1, _STEPS_HEIGHT)
    sheet.merge_range(HINT_ROW - 1, 1, HINT_ROW - 1, 5, "\n".join(_STEPS), formats["steps"])
    _state(book, sheet, formats)
    sheet.set_selection(HEADER_ROW - 1, 2, HEADER_ROW - 1, 2)
    _finding_colours(book, sheet, layout.FRONT.name, f"B{HEADER_ROW}:F{HEADER_ROW + _FRONT_SPLIT}")
    _print_setup(sheet, landscape=True)


def _state(book: xlsxwriter.Workbook, sheet: Worksheet, formats: _Formats) -> None:
    """What `run` tells: counts lead to 校验结果 and are coloured where there is something; what only we need is small."""
    sheet.write_string(_STATE_ROW - 2, 1, "校验情况（由程序填写）", formats["hint"])
    for index, (field, label) in enumerate(layout.STATE_LABELS.items()):
        row, left = _STATE_ROW + index % _STATE_SPLIT, _FRONT_LABELS[index // _STATE_SPLIT]
        style = formats["state_small" if field in ("version", "fingerprint") else "state"]
        if field in _COUNTS:
            fill, ink = _COUNTS[field]
            look = book.add_format({"bg_color": f"#{fill}", "font_color": f"#{ink}", "bold": True})
            above = {"type": "cell", "criteria": ">", "value": 0, "format": look}
            sheet.conditional_format(row - 1, left, row - 1, left, above)
        for word, (fill, ink) in _REPORT.items() if field == "report" else ():
            look = book.add_format({"bg_color": f"#{fill}", "font_color": f"#{ink}", "bold": True})
            begins = {"type": "text", "criteria": "begins with", "value": word, "format": look}
            sheet.conditional_format(row - 1, left, row - 1, left, begins)
        _pair(sheet, row, left, label, formats["label_optional"], style, height=_STATE_HEIGHT)
        if field in _COUNTS:
            look = formats["label_link"]
            sheet.write_url(row - 1, left - 1, f"internal:{LIST_NAME}", look, label, "看校验结果")


_REPORT = {"草稿": ("FFC7CE", "9C0006"), "可以上报": ("E2EFDA", "375623")}
"""Fill and ink of the report's state, by how it begins."""


_COUNTS = {"errors": ("FFC7CE", "9C0006"), "warnings": ("FFEB9C", "7F6000"), "infos": ("DDEBF7", "1F4E79")}
"""Fill and ink of a count that is not 0."""


def _pair(
    sheet: Worksheet, row: int, left: int, label: str, look: Any, style: Any, *, height: float = 24
) -> None:
    """A label and the empty cell for its value, to the right."""
    sheet.set_row(row - 1, height)
    sheet.write_string(row - 1, left - 1, label, look)
    sheet.write_blank(row - 1, left, None, style)


def _table(
    book: xlsxwriter.Workbook,
    formats: _Formats,
    layout_sheet: Sheet,
    rows: Sequence[Mapping[str, Any]],
    bands: Bands,
) -> None:
    sheet = book.add_worksheet(layout_sheet.name)
    sheet.set_tab_color("#2F5597")
    last = HEADER_ROW + layout_sheet.prepared
    styles = styles_of(layout_sheet)
    for index, column in enumerate(layout_sheet.columns):
        sheet.set_column(index, index, column.width, formats[styles[index]])
    hint = layout_sheet.purpose + ("灰色列由程序计算，不用填。" if layout_sheet.computed else "")
    for row, height in ((TITLE_ROW, 28), (HINT_ROW, 18), (HINT_ROW + 1, 6)):
        sheet.set_row(row - 1, height, formats["plain"])
    sheet.write_string(TITLE_ROW - 1, 0, layout_sheet.name, formats["title"])
    # Beside the columns that stand on every page, where it would be cut off on the next one.
    sheet.write_string(
        HINT_ROW - 1, layout_sheet.fixed if layout_sheet.page_ends else 0, hint, formats["hint"]
    )
    _header_row(sheet, formats, layout_sheet, last)
    for number, values in enumerate(rows, FIRST_ROW):
        sheet.set_row(number - 1, _row_height(layout_sheet, values))
        for index, column in enumerate(layout_sheet.columns, 1):
            _write(sheet, number, index, values.get(column.header, ""), formats[styles[index - 1]])
    _finding_colours(
        book, sheet, layout_sheet.name, f"A{FIRST_ROW}:{column_letter(len(layout_sheet.columns))}{last}"
    )
    _result_colours(book, sheet, layout_sheet.columns, last, bands)
    sheet.freeze_panes(HEADER_ROW, layout_sheet.fixed)
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(layout_sheet.columns) - 1)
    sheet.repeat_rows(HEADER_ROW - 1)
    _print_setup(sheet, landscape=layout_sheet.landscape)
    if layout_sheet.page_ends:
        ends, scale = across(layout_sheet)
        sheet.set_print_scale(scale)
        sheet.set_v_pagebreaks(ends)
        sheet.repeat_columns(0, layout_sheet.fixed - 1)


def _header_row(sheet: Worksheet, formats: _Formats, layout_sheet: Sheet, last: int) -> None:
    """Heads, and the dropdowns and hints of the rows below them down to `last`."""
    sheet.set_row(HEADER_ROW - 1, 34)
    for index, column in enumerate(layout_sheet.columns):
        head = formats["head_computed" if column.computed else "head"]
        sheet.write_string(HEADER_ROW - 1, index, column.label, head)
        rule = _validation(column)
        if rule:
            sheet.data_validation(FIRST_ROW - 1, index, last - 1, index, rule)


def _row_height(sheet: Sheet, values: Mapping[str, Any]) -> float:
    """Height of a row of the sample; numbers are never wrapped."""
    texts = [("", 60.0)]
    for column in sheet.columns:
        style = style_of(column)
        if STYLES[style].wrap:
            width = inner_width(style, column_points(column.width))
            texts.append((str(values.get(column.header, "")), width))
    return row_height(texts, least=20)


def _finding_colours(book: xlsxwriter.Workbook, sheet: Worksheet, name: str, area: str) -> None:
    """Cells with findings are marked by what was said last, and no longer when it is gone."""
    for severity, (fill, frame) in _FOUND.items():
        look = book.add_format(
            {"bold": True, "border": 1, "border_color": f"#{frame}", "bg_color": f"#{fill}"}
        )
        criteria = is_marked(name, severity)
        sheet.conditional_format(area, {"type": "formula", "criteria": criteria, "format": look})


def _result_colours(
    book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[Column], last: int, bands: Bands
) -> None:
    """Lights, forecast classes and bands: the word or number stands there too, colour only helps."""
    for index, column in enumerate(columns):
        letter = column_letter(index + 1)
        area = f"{letter}{FIRST_ROW}:{letter}{last}"
        for word, fill, ink in (
            _LIGHTS if column.field.endswith("light") else _FLAGS if column.field == "flag" else ()
        ):
            look = book.add_format({"bg_color": f"#{fill}", "font_color": f"#{ink}", "bold": True})
            sheet.conditional_format(
                area, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
            )
        if column.computed and column.field == "achievement":
            for (upper, _), (fill, ink) in zip(bands, _BAND_COLOURS, strict=False):
                look = book.add_format({"bg_color": f"#{fill}", "font_color": f"#{ink}"})
                first = f"{letter}{FIRST_ROW}"
                criteria = f"=AND(ISNUMBER({first}),{first}<{upper})"
                sheet.conditional_format(area, {"type": "formula", "criteria": criteria, "format": look})


def _sample_rows(block: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [dict(zip(block["表头"], row, strict=True)) for row in block["行"]] if block else []


def _bands(profile: Profile) -> Bands:
    """Upper limits of the bands below the best one, the worst band first."""
    uppers = [band.lower for band in profile.bands[:-1]]
    return [
        (upper, band.label) for upper, band in zip(reversed(uppers), reversed(profile.bands), strict=False)
    ]


def input_sheets(values: Mapping[str, Any], profile: Profile, names: Sequence[str] = ()) -> bytes:
    """An .xlsx with the input sheets; `values` by sheet and header (empty for a blank workbook).

    `names` are the profiles that 首页 offers.
    """
    buffer = io.BytesIO()
    font = {"font_name": UNIT_FONT, "font_size": UNIT_SIZE}
    options = {"in_memory": True, "strings_to_numbers": False, "default_format_properties": font}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _CREATED, "title": "预算绩效运行监控工作簿"})
        book.set_size(1600, 1000)
        book.define_name(LIST_NAME, f"='{layout.CHECK.name}'!$A$1")
        for name, column in MARKED.values():
            book.define_name(name, f"={MEMORY_SHEET}!${column}:${column}")
        formats = _Formats(book)
        front = {"监控口径": profile.name, "金额单位": "万元", "监控截止月份": profile.usual_month}
        front |= dict(values.get(layout.FRONT.name, {}))
        _front(book, formats, front, names)
        for sheet in layout.TABLE_SHEETS:
            _table(book, formats, sheet, _sample_rows(values.get(sheet.name)), _bands(profile))
    return buffer.getvalue()


def addin_sheet() -> bytes:
    """The workbook inside an add-in, which nobody sees: Excel wants one sheet to be visible."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED, "title": "xlbudget", "comments": "预算绩效运行监控"})
        book.add_worksheet("xlbudget").write_string(0, 0, "预算绩效运行监控加载项")
    return buffer.getvalue()
