"""How an open workbook looks: what xlwings has no word for, said to Excel's own objects (`.api`).

Everything is set for many cells at once, so that the number of calls depends on how many looks there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from xlbudget.domain.where import address
from xlbudget.files import CannotWrite
from xlbudget.hosts.gridxml import location
from xlbudget.hosts.growth import grown
from xlbudget.layout import OutputSheet
from xlbudget.pages.breaks import scale
from xlbudget.pages.grid import Grid
from xlbudget.pages.metrics import row_height
from xlbudget.pages.styles import GRID, STYLES, Look

Area = tuple[int, int, int, int]
"""Top, left, bottom, right."""
_LONGEST_ADDRESS = 250
"""Excel takes no address of more than 255 characters."""
_ALIGN = {"left": -4131, "center": -4108, "right": -4152, "top": -4160}
_NONE, _SOLID, _THIN = -4142, 1, 2
_BORDER = GRID
_PASSWORD = "xlbudget"
"""Our sheets have none; with one at hand Excel does not ask for it in a dialog where somebody has set one."""
_POINTS_PER_MM = 72 / 25.4
_A4, _PORTRAIT, _LANDSCAPE = 9, 1, 2
_NOTE_WIDTH, _NOTE_SIZE = 260.0, 10
"""Points: a note of usual length then has some five lines."""


def colour(rgb: str) -> int:
    """RRGGBB as Excel's number, which has blue first."""
    return int(rgb[4:6] + rgb[2:4] + rgb[0:2], 16)


# -- areas ---------------------------------------------------------------------------------------------


def rectangles(cells: Iterable[tuple[int, int]]) -> list[Area]:
    """Cells as few blocks: runs across, and equal runs in rows that follow one another."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, column in cells:
        rows[row].append(column)
    open_blocks: dict[tuple[int, int], Area] = {}
    done: list[Area] = []
    for row in sorted(rows):
        now: dict[tuple[int, int], Area] = {}
        for left, right in _runs(sorted(rows[row])):
            above = open_blocks.pop((left, right), None)
            joins = above is not None and above[2] == row - 1
            now[left, right] = (above[0] if above and joins else row, left, row, right)
            if above and not joins:
                done.append(above)
        done.extend(open_blocks.values())
        open_blocks = now
    return sorted([*done, *open_blocks.values()])


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as first and last of each run without a gap."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last


def area_address(area: Area) -> str:
    first, last = address(area[0], area[1]), address(area[2], area[3])
    return first if first == last else f"{first}:{last}"


def _several(addresses: Iterable[str]) -> Iterator[str]:
    """Addresses joined by commas, each as long as Excel takes it."""
    joined = ""
    for one in addresses:
        if joined and len(joined) + len(one) + 1 > _LONGEST_ADDRESS:
            yield joined
            joined = ""
        joined = f"{joined},{one}" if joined else one
    if joined:
        yield joined


# -- looks of cells ------------------------------------------------------------------------------------


def _border(block: Any, wanted: bool) -> None:
    block.Borders.LineStyle = _SOLID if wanted else _NONE
    if wanted:
        block.Borders.Weight = _THIN
        block.Borders.Color = colour(_BORDER)


def _fill(block: Any, rgb: str | None) -> None:
    if rgb is None:
        block.Interior.Pattern = _NONE
    else:
        block.Interior.Color = colour(rgb)


def _setter(path: str, change: Callable[[Any], Any] = lambda value: value) -> Callable[[Any, Any], None]:
    """What sets one property (perhaps of a part, as Font.Size) of all cells of a block."""
    part, _, name = path.rpartition(".")
    return lambda block, value: setattr(getattr(block, part) if part else block, name, change(value))


_SETTERS: dict[str, Callable[[Any, Any], None]] = {
    "font": _setter("Font.Name"),
    "size": _setter("Font.Size"),
    "bold": _setter("Font.Bold"),
    "underline": _setter("Font.Underline", lambda value: 2 if value else _NONE),
    "color": _setter("Font.Color", colour),
    "fill": _fill,
    "border": _border,
    # Excel forgets an indent when the alignment changes, and shrinks no text that is wrapped: this order.
    "horizontal": _setter("HorizontalAlignment", _ALIGN.__getitem__),
    "vertical": _setter("VerticalAlignment", _ALIGN.__getitem__),
    "wrap": _setter("WrapText"),
    "shrink": _setter("ShrinkToFit"),
    "indent": _setter("IndentLevel"),
    "format": _setter("NumberFormat"),
    "locked": _setter("Locked"),
}
"""Attribute of a Style → how a block of cells gets it."""
_PLAIN = asdict(STYLES["plain"])


def reset(sheet: Any, area: Area) -> None:
    """Take content, links, merges and looks from an area; notes and conditional colours stay."""
    block = sheet.Range(area_address(area))
    block.UnMerge()
    block.Hyperlinks.Delete()
    block.ClearContents()
    for name, setter in _SETTERS.items():
        setter(block, _PLAIN[name])
    block.RowHeight = sheet.StandardHeight


def dress(sheet: Any, grid: Grid, tab: Callable[[str], str]) -> None:
    """Give an area that was reset the links, looks, merges and heights of a grid; `tab` tells a sheet's tab."""
    cells = grid.cells
    linked = {place: cell.link for place, cell in cells.items() if cell.link and cell.value is not None}
    targets = {place: location(where, tab) for place, where in linked.items()}
    _link(sheet, {place: target for place, target in targets.items() if target})
    by_style: dict[Look, list[tuple[int, int]]] = defaultdict(list)
    for place, cell in cells.items():
        by_style[cell.style].append(place)
    for style, places in by_style.items():
        _paint(sheet, asdict(STYLES[style]), rectangles(places))
    for several in _several(map(area_address, grid.merges)):
        sheet.Range(several).Merge()
    _set_heights(sheet, grid.heights)


def _link(sheet: Any, links: Mapping[tuple[int, int], str]) -> None:
    """Let cells lead to places of the workbook; the font that Excel gives them for it goes again."""
    add = sheet.Hyperlinks.Add
    for (row, column), target in links.items():
        add(Anchor=sheet.Range(address(row, column)), Address="", SubAddress=target)
    for several in _several(map(area_address, rectangles(links))):
        for name in ("font", "size", "bold", "underline", "color"):
            _SETTERS[name](sheet.Range(several), _PLAIN[name])


def _paint(sheet: Any, style: Mapping[str, Any], areas: Sequence[Area]) -> None:
    """Set what a style has of its own for all its areas."""
    for several in _several(map(area_address, areas)):
        block = sheet.Range(several)
        for name, setter in _SETTERS.items():
            if style[name] != _PLAIN[name]:
                setter(block, style[name])


def _set_heights(sheet: Any, heights: Mapping[int, float]) -> None:
    by_height: dict[float, list[tuple[int, int]]] = defaultdict(list)
    for row, height in heights.items():
        by_height[height].append((row, 1))
    for height, rows in by_height.items():
        for several in _several(f"{top}:{bottom}" for top, _, bottom, _ in rectangles(rows)):
            sheet.Range(several).RowHeight = height


# -- a sheet as it is printed and protected ------------------------------------------------------------


def set_pages(sheet: Any, grid: Grid) -> None:
    """Where printed pages end, what stands on each of them; without a printer Excel refuses, and results come first."""
    with suppress(Exception):
        sheet.ResetAllPageBreaks()
        for row in grid.breaks:
            sheet.HPageBreaks.Add(Before=sheet.Range(f"A{row + 1}"))
    setup = sheet.PageSetup
    with suppress(Exception):
        if grid.repeat_rows:
            setup.PrintTitleRows = "${}:${}".format(*grid.repeat_rows)
        if grid.sheet.numbers_outside:
            _number_outside(setup, grid.header)


def _number_outside(setup: Any, header: str) -> None:
    """Page numbers as GB/T 9704 has them, and a header where there is one."""
    text = f'&"黑体,常规"&14{header}' if header else ""
    number = '&"宋体,常规"&14　— &P —　'
    setup.OddAndEvenPagesHeaderFooter = True
    setup.ScaleWithDocHeaderFooter = False
    setup.RightHeader = setup.EvenPage.RightHeader.Text = text
    setup.CenterFooter = setup.EvenPage.CenterFooter.Text = ""
    setup.RightFooter, setup.EvenPage.LeftFooter.Text = number, number


def furnish(sheet: Any, look: OutputSheet) -> None:
    """Give a new output sheet, which is the active one, its widths, print set-up, colour and frozen rows."""
    for column, width in enumerate(look.widths, 1):
        sheet.Range(area_address((1, column, 1, column))).ColumnWidth = width
    sheet.Tab.Color = colour(look.tab)
    with suppress(Exception):
        _set_paper(sheet.PageSetup, look)
    window = sheet.Parent.Windows(1)
    window.DisplayGridlines = False
    if look.frozen_rows:
        window.SplitColumn, window.SplitRow, window.FreezePanes = 0, look.frozen_rows, True
    protect(sheet)


def _set_paper(setup: Any, look: OutputSheet) -> None:
    top, bottom, left, right = (side * _POINTS_PER_MM for side in look.margins_mm)
    setup.TopMargin, setup.BottomMargin, setup.LeftMargin, setup.RightMargin = top, bottom, left, right
    setup.PaperSize, setup.Orientation = _A4, _LANDSCAPE if look.landscape else _PORTRAIT
    setup.Zoom, setup.CenterHorizontally, setup.FirstPageNumber = scale(look), True, 1
    setup.CenterFooter = "— &P —"


def show(sheet: Any, cell: str) -> None:
    """Bring a cell before the user's eyes.

    xlwings' own `activate` refuses where several Excel programs run and another one comes first.
    """
    sheet.Parent.Activate()
    sheet.Activate()
    sheet.Range(cell).Select()


def protect(sheet: Any) -> None:
    """Protect an output sheet without a password; rows and columns may be made larger."""
    sheet.Protect(
        DrawingObjects=True,
        Contents=True,
        Scenarios=True,
        AllowFormattingColumns=True,
        AllowFormattingRows=True,
    )


@contextmanager
def unprotected(sheet: Any) -> Iterator[None]:
    """Lift a protection without password while we write. Raises CannotWrite for one with a password.

    A filter on a sheet of ours is lifted, too: Excel writes wrongly across the rows that it hides.
    """
    was = bool(sheet.ProtectContents)
    if was:
        _unprotect(sheet)
    try:
        if sheet.FilterMode:
            sheet.ShowAllData()
        yield
    finally:
        if was:
            protect(sheet)


def _unprotect(sheet: Any) -> None:
    try:
        sheet.Unprotect(_PASSWORD)
    except Exception as error:  # whatever the program raises for a wrong password
        raise _locked(sheet) from error
    if sheet.ProtectContents:
        raise _locked(sheet)


def _locked(sheet: Any) -> CannotWrite:
    return CannotWrite(f"“{sheet.Name}”表用密码保护了，写不进去。请在“审阅”里撤销工作表保护，再点一次。")


def refuse_protected(sheet: Any) -> None:
    """Refuse an input sheet that somebody protected. Raises CannotWrite."""
    if sheet.ProtectContents:
        raise CannotWrite(f"“{sheet.Name}”表被保护了，结果写不进去。请在“审阅”里撤销工作表保护，再点一次。")


def size_note(cell: Any, text: str) -> None:
    """Make a note as large as its text asks for."""
    shape = cell.Comment.Shape
    shape.Width, shape.Height = _NOTE_WIDTH, row_height([(text, _NOTE_WIDTH)], size=_NOTE_SIZE)


def grow_colours(sheet: Any, header: int, last: int) -> None:
    """Let conditional colours that were prepared below a header reach as far as a row."""
    rules = sheet.Cells.FormatConditions
    for index in range(1, rules.Count + 1):
        rule = rules.Item(index)
        old = rule.AppliesTo.Address
        new = grown(old, header, last)
        if new != old:
            rule.ModifyAppliesToRange(sheet.Range(new))
