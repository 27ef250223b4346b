"""Excel's object model over tests/engine/state.py, as far as xlbudget asks for it: an unknown name is an error.

It behaves like COM where that matters: one call a property, None for what is mixed, numbers as floats, errors as whole
numbers, no Decimals, no long addresses, texts that look like numbers become numbers, protected cells refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl.utils.datetime import from_excel

from tests.engine import state
from tests.engine.state import Excel, Note, Place
from xlbudget.domain.where import address, row_and_column
from xlbudget.reading.formats import is_date

Area = tuple[int, int, int, int]
ROWS, COLUMNS = 1_048_576, 16_384


class ComError(Exception):
    """What pywin32 raises when Excel refuses."""


class Com:
    """An object of Excel: names that begin with a capital are calls, answered by get_, set_ or do_ methods."""

    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    def __getattr__(self, name: str) -> Any:
        if not name[0].isupper():
            raise AttributeError(name)
        self.excel.tick(f"{type(self).__name__}.{name}")
        kind = type(self)
        if hasattr(kind, f"do_{name}"):
            return getattr(self, f"do_{name}")
        if not hasattr(kind, f"get_{name}"):
            raise AttributeError(f"{kind.__name__} has no {name}")
        return getattr(self, f"get_{name}")()

    def __setattr__(self, name: str, value: Any) -> None:
        if not name[0].isupper():
            object.__setattr__(self, name, value)
            return
        self.excel.tick(f"{type(self).__name__}.{name}=")
        if not hasattr(type(self), f"set_{name}"):
            raise AttributeError(f"{type(self).__name__} has no {name} to set")
        getattr(self, f"set_{name}")(value)


class Bag(Com):
    """An object that keeps what it is told, under the names that Excel has, in a dictionary."""

    def __init__(self, excel: Excel, kept: dict[str, Any], path: str, names: str) -> None:
        super().__init__(excel)
        self.kept, self.path, self.names = kept, path, names.split()

    def __getattr__(self, name: str) -> Any:
        if not name[0].isupper():
            raise AttributeError(name)
        self.excel.tick(f"{self.path}.{name}")
        inner = [one.partition(".")[2] for one in self.names if one.startswith(f"{name}.")]
        if inner:
            return Bag(self.excel, self.kept, f"{self.path}.{name}", " ".join(inner))
        if name not in self.names:
            raise AttributeError(f"{self.path} has no {name}")
        return self.kept.get(f"{self.path}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not name[0].isupper():
            object.__setattr__(self, name, value)
            return
        self.excel.tick(f"{self.path}.{name}=")
        if name not in self.names:
            raise AttributeError(f"{self.path} has no {name}")
        self.kept[f"{self.path}.{name}"] = value


# -- ranges --------------------------------------------------------------------------------------------


def areas_of(text: str) -> list[Area]:
    """The areas of an address; Excel takes at most 255 characters."""
    if len(text) > 255:
        raise ComError("address too long")
    found = []
    for one in text.replace("$", "").split(","):
        first, _, last = one.partition(":")
        last = last or first
        if first.isdigit():
            found.append((int(first), 1, int(last), COLUMNS))
        else:
            found.append((*row_and_column(first), *row_and_column(last)))
    return found


def joined(areas: list[Area]) -> list[Area]:
    """Areas of which one below the other are one."""
    found: list[Area] = []
    for top, left, bottom, right in areas:
        if found and found[-1][2] == top - 1 and (found[-1][1], found[-1][3]) == (left, right):
            found[-1] = (found[-1][0], left, bottom, right)
        else:
            found.append((top, left, bottom, right))
    return found


class Range(Com):
    """Cells of a sheet, perhaps in several areas."""

    def __init__(self, excel: Excel, sheet: state.Sheet, areas: list[Area]) -> None:
        super().__init__(excel)
        self.sheet, self.areas = sheet, areas

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and (self.sheet.name, self.areas) == (other.sheet.name, other.areas)

    def __hash__(self) -> int:
        return hash((self.sheet.name, *self.areas))

    def places(self) -> Iterator[Place]:
        for top, left, bottom, right in self.areas:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    yield row, column

    def refuse(self) -> None:
        if self.sheet.protected:
            raise ComError(f"{self.sheet.name} is protected")

    def __call__(self, row: int, column: int) -> Range:
        self.excel.tick("Range.Item")
        top, left = self.areas[0][:2]
        place = top + row - 1, left + column - 1
        return Range(self.excel, self.sheet, [(*place, *place)])

    # looks
    def uniform(self, name: str) -> Any:
        found = {self.sheet.look(place)[name] for place in self.places()}
        return found.pop() if len(found) == 1 else None

    def set_look(self, name: str, value: Any) -> None:
        self.refuse()
        for place in self.places():
            self.sheet.cell(place).look[name] = value

    def get_Font(self) -> Font:  # noqa: N802
        return Font(self.excel, self)

    def get_Interior(self) -> Interior:  # noqa: N802
        return Interior(self.excel, self)

    def get_Borders(self) -> Borders:  # noqa: N802
        return Borders(self.excel, self)

    def get_NumberFormat(self) -> Any:  # noqa: N802
        return self.uniform("NumberFormat")

    # content
    def grid(self, read: Any) -> Any:
        (top, left, bottom, right), *rest = self.areas
        assert not rest
        rows = tuple(tuple(read((r, c)) for c in range(left, right + 1)) for r in range(top, bottom + 1))
        return rows[0][0] if (top, left) == (bottom, right) else rows

    def get_Value2(self) -> Any:  # noqa: N802
        return self.grid(lambda place: self.sheet.cells[place].value if place in self.sheet.cells else None)

    def get_Value(self) -> Any:  # noqa: N802
        def read(place: Place) -> Any:
            value = self.sheet.cells[place].value if place in self.sheet.cells else None
            if isinstance(value, float) and is_date(self.sheet.look(place)["NumberFormat"]):
                return from_excel(value)
            return value

        return self.grid(read)

    def get_Formula(self) -> Any:  # noqa: N802
        def read(place: Place) -> Any:
            cell = self.sheet.cells.get(place)
            if cell is None or (cell.value is None and cell.formula is None):
                return ""
            if cell.formula is not None:
                return cell.formula
            return f"{cell.value:.15g}" if isinstance(cell.value, float) else str(cell.value)

        return self.grid(read)

    def put(self, data: Any) -> None:
        self.refuse()
        (top, left, bottom, right), *rest = self.areas
        assert not rest
        many = isinstance(data, list | tuple)
        if many and (len(data), len(data[0])) != (bottom - top + 1, right - left + 1):
            raise ComError("wrong size")
        hides = many and self.sheet.filtered & set(range(top, bottom + 1))
        for row, column in self.places():
            if hides and row in hides:
                continue
            value = data[0][0] if hides else data[row - top][column - left] if many else data
            if many and isinstance(value, str) and len(value) > 8203:
                raise ComError("text too long within a block")
            self.enter((row, column), value)
        self.excel.recalculate(self.excel)

    set_Value = set_Formula = put  # noqa: N815

    def enter(self, place: Place, value: Any) -> None:
        if isinstance(value, Decimal | datetime):
            raise TypeError(f"COM rounds {value!r}")
        if isinstance(value, int) and not isinstance(value, bool):
            if abs(value) >= 2**31:
                raise OverflowError(value)
            value = float(value)
        if value is None or value == "":
            if place in self.sheet.cells:
                self.sheet.cells[place].value = self.sheet.cells[place].formula = None
            return
        cell = self.sheet.cell(place)
        if isinstance(value, str):
            cell.value, cell.formula = state.entered(value, cell.look["NumberFormat"])
        else:
            cell.value, cell.formula = value, None

    def do_ClearContents(self) -> None:  # noqa: N802
        self.refuse()
        for place in self.places():
            if place in self.sheet.cells:
                self.sheet.cells[place].value = self.sheet.cells[place].formula = None

    # merges and links
    def get_MergeCells(self) -> bool | None:  # noqa: N802
        found = {self.sheet.merge_at(place) is not None for place in self.places()}
        return found.pop() if len(found) == 1 else None

    def get_MergeArea(self) -> Range:  # noqa: N802
        top, left, bottom, right = self.areas[0]
        assert (top, left) == (bottom, right)
        return Range(self.excel, self.sheet, [self.sheet.merge_at((top, left)) or self.areas[0]])

    def do_Merge(self) -> None:  # noqa: N802
        self.refuse()
        self.sheet.merges.extend(self.areas)

    def do_UnMerge(self) -> None:  # noqa: N802
        self.refuse()
        inside = set(self.places())
        self.sheet.merges = [one for one in self.sheet.merges if one[:2] not in inside]

    def get_Hyperlinks(self) -> Hyperlinks:  # noqa: N802
        return Hyperlinks(self.excel, self.sheet, self)

    def get_FormatConditions(self) -> FormatConditions:  # noqa: N802
        return FormatConditions(self.excel, self.sheet)

    # notes
    def get_Comment(self) -> Comment | None:  # noqa: N802
        place = self.areas[0][:2]
        return Comment(self.excel, self.sheet, place) if place in self.sheet.notes else None

    def get_CommentThreaded(self) -> object | None:  # noqa: N802
        return object() if self.areas[0][:2] in self.sheet.threads else None

    def do_AddComment(self, text: str) -> Comment:  # noqa: N802
        self.refuse()
        place = self.areas[0][:2]
        if place in self.sheet.notes or place in self.sheet.threads:
            raise ComError("there is one already")
        self.sheet.notes[place] = Note(self.excel.user, text)
        return Comment(self.excel, self.sheet, place)

    # places and sizes
    def get_Worksheet(self) -> Any:  # noqa: N802
        from tests.engine.sheets import Worksheet

        return Worksheet(self.excel, self.sheet)

    def get_EntireRow(self) -> Range:  # noqa: N802
        rows = [(top, 1, bottom, COLUMNS) for top, _, bottom, _ in self.areas]
        return Range(self.excel, self.sheet, rows)

    def do_SpecialCells(self, kind: int) -> Range:  # noqa: N802
        assert kind == 12
        hidden = self.sheet.filtered | {row for row, height in self.sheet.heights.items() if height == 0}
        seen = [
            (row, left, row, right)
            for top, left, bottom, right in self.areas
            for row in range(top, bottom + 1)
            if row not in hidden
        ]
        if not seen:
            raise ComError("no cells")
        return Range(self.excel, self.sheet, seen)

    def get_Areas(self) -> list[Range]:  # noqa: N802
        return [Range(self.excel, self.sheet, [area]) for area in joined(self.areas)]

    def get_Count(self) -> int:  # noqa: N802
        return sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in self.areas)

    def get_Cells(self) -> Range:  # noqa: N802
        return self

    def get_Rows(self) -> Size:  # noqa: N802
        return Size(self.excel, self.areas[0][2] - self.areas[0][0] + 1)

    def get_Columns(self) -> Size:  # noqa: N802
        return Size(self.excel, self.areas[0][3] - self.areas[0][1] + 1)

    def get_Row(self) -> int:  # noqa: N802
        return self.areas[0][0]

    def get_Column(self) -> int:  # noqa: N802
        return self.areas[0][1]

    def get_Address(self) -> str:  # noqa: N802
        top, left, bottom, right = self.areas[0]
        return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", f"{address(top, left)}:{address(bottom, right)}")

    def set_RowHeight(self, height: float) -> None:  # noqa: N802
        self.refuse()
        for top, _, bottom, _ in self.areas:
            for row in range(top, bottom + 1):
                self.sheet.heights[row] = height

    def set_ColumnWidth(self, width: float) -> None:  # noqa: N802
        self.refuse()
        self.sheet.widths[self.areas[0][1]] = width

    def height_of(self, top: int, bottom: int) -> float:
        return sum(self.sheet.heights.get(row, 15.0) for row in range(top, bottom + 1))

    def get_Top(self) -> float:  # noqa: N802
        return self.height_of(1, self.areas[0][0] - 1)

    def get_Height(self) -> float:  # noqa: N802
        return self.height_of(self.areas[0][0], self.areas[0][2])

    def get_Left(self) -> float:  # noqa: N802
        return 60.0 * (self.areas[0][1] - 1)

    def get_Width(self) -> float:  # noqa: N802
        return 60.0 * (self.areas[0][3] - self.areas[0][1] + 1)

    def do_Select(self) -> None:  # noqa: N802
        if self.excel.active != self.sheet.name:
            raise ComError("not on the active sheet")
        self.sheet.selection = self.get_Address()


def _look(name: str) -> None:
    """Let ranges have a property that is a look."""
    setattr(Range, f"get_{name}", lambda self: self.uniform(name))
    setattr(Range, f"set_{name}", lambda self, value: self.set_look(name, value))


for _name in (
    "HorizontalAlignment",
    "VerticalAlignment",
    "WrapText",
    "ShrinkToFit",
    "IndentLevel",
    "NumberFormat",
    "Locked",
):
    _look(_name)


class Size(Com):
    """Rows or columns of a range."""

    def __init__(self, excel: Excel, number: int) -> None:
        super().__init__(excel)
        self.number = number

    def get_Count(self) -> int:  # noqa: N802
        return self.number


class Font(Com):
    def __init__(self, excel: Excel, cells: Range) -> None:
        super().__init__(excel)
        self.cells = cells

    def set_Name(self, value: str) -> None:  # noqa: N802
        self.cells.set_look("Font.Name", value)

    def set_Size(self, value: float) -> None:  # noqa: N802
        self.cells.set_look("Font.Size", value)

    def set_Bold(self, value: bool) -> None:  # noqa: N802
        self.cells.set_look("Font.Bold", value)

    def set_Underline(self, value: int) -> None:  # noqa: N802
        self.cells.set_look("Font.Underline", value)

    def set_Color(self, value: int) -> None:  # noqa: N802
        self.cells.set_look("Font.Color", value)


class Interior(Font):
    def set_Color(self, value: int) -> None:  # noqa: N802
        self.cells.set_look("Interior", value)

    def set_Pattern(self, value: int) -> None:  # noqa: N802
        assert value == -4142
        self.cells.set_look("Interior", None)


class Borders(Font):
    def set_LineStyle(self, value: int) -> None:  # noqa: N802
        self.cells.set_look("Borders", None if value == -4142 else 0)

    def set_Weight(self, value: int) -> None:  # noqa: N802
        assert value == 2

    def set_Color(self, value: int) -> None:  # noqa: N802
        self.cells.set_look("Borders", value)


class Hyperlinks(Com):
    def __init__(self, excel: Excel, sheet: state.Sheet, cells: Range | None = None) -> None:
        super().__init__(excel)
        self.sheet, self.cells = sheet, cells

    def do_Delete(self) -> None:  # noqa: N802
        assert self.cells is not None
        self.cells.refuse()
        for place in self.cells.places():
            self.sheet.links.pop(place, None)

    def do_Add(self, Anchor: Range, Address: str, SubAddress: str) -> None:  # noqa: N802, N803
        Anchor.refuse()
        assert Address == ""
        for place in Anchor.places():
            self.sheet.links[place] = SubAddress
            cell = self.sheet.cell(place)
            cell.look |= {
                "Font.Name": "Verdana",
                "Font.Size": 10,
                "Font.Color": 0xFF0000,
                "Font.Underline": 2,
            }
            cell.value = cell.value if cell.value is not None else SubAddress


class Comment(Com):
    def __init__(self, excel: Excel, sheet: state.Sheet, place: Place) -> None:
        super().__init__(excel)
        self.sheet, self.place = sheet, place

    def do_Text(self) -> str:  # noqa: N802
        return self.sheet.notes[self.place].text

    def do_Delete(self) -> None:  # noqa: N802
        del self.sheet.notes[self.place]

    def get_Author(self) -> str:  # noqa: N802
        return self.sheet.notes[self.place].author

    def get_Parent(self) -> Range:  # noqa: N802
        return Range(self.excel, self.sheet, [(*self.place, *self.place)])

    def get_Shape(self) -> NoteShape:  # noqa: N802
        return NoteShape(self.excel, self.sheet.notes[self.place])


class NoteShape(Com):
    def __init__(self, excel: Excel, note: Note) -> None:
        super().__init__(excel)
        self.note = note

    def set_Width(self, value: float) -> None:  # noqa: N802
        self.note.width = value

    def set_Height(self, value: float) -> None:  # noqa: N802
        self.note.height = value


class FormatConditions(Com):
    def __init__(self, excel: Excel, sheet: state.Sheet) -> None:
        super().__init__(excel)
        self.sheet = sheet

    def get_Count(self) -> int:  # noqa: N802
        return len(self.sheet.colours)

    def do_Item(self, index: int) -> FormatCondition:  # noqa: N802
        return FormatCondition(self.excel, self.sheet, index - 1)


class FormatCondition(Com):
    def __init__(self, excel: Excel, sheet: state.Sheet, index: int) -> None:
        super().__init__(excel)
        self.sheet, self.index = sheet, index

    def get_AppliesTo(self) -> Range:  # noqa: N802
        return Range(self.excel, self.sheet, areas_of(self.sheet.colours[self.index].replace(" ", ",")))

    def do_ModifyAppliesToRange(self, cells: Range) -> None:  # noqa: N802
        self.sheet.colours[self.index] = cells.get_Address().replace("$", "")
