"""Tables (ListObjects)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.excel_rules.areas import merges
from tests.excel_rules.package import NS, Book, Element, Package, Sheet
from tests.excel_rules.packaging import twice
from tests.excel_rules.places import Area, area_of, looks_like_a_cell
from tests.excel_rules.rule import INDICATORS, books, rule, sub

TABLE = "xl/tables/table1.xml"


@dataclass(frozen=True, slots=True)
class Table:
    """A table on its sheet."""

    sheet: Sheet
    part: str
    root: Element

    @property
    def area(self) -> Area:
        found = area_of(self.root.get("ref"))
        return Area(0, 0, 0, 0) if found is None else found

    @property
    def columns(self) -> list[str]:
        return [one.get("name", "") for one in self.root.findall("m:tableColumns/m:tableColumn", NS)]


def all_tables(book: Book) -> list[Table]:
    return [Table(one, part, book.package.root(part)) for one in book.sheets for part in one.related("table")]


def tables(package: Package) -> Iterator[Table]:
    if package.book is not None:
        yield from all_tables(package.book)


@rule(
    tables,
    "XlsxWriter issues 362 and 1126, axlsx issue 262: headers are unique texts of cells",
    sub("rich", TABLE, r'(<tableColumn [^>]*name=")([^"]*)', r"\1\2 改"),
    sub("rich", TABLE, r'(<tableColumn [^>]*name=")([^"]*)(".*?<tableColumn [^>]*name=")[^"]*', r"\1\2\3\2"),
)
def headers_are_the_cells(table: Table) -> Iterator[str]:
    """Columns have names of their own, and these stand as texts in the cells of the header."""
    yield from twice(name.lower() for name in table.columns)
    if int(table.root.get("headerRowCount", "1")):
        texts = {one.at.column: one for one in table.sheet.cells if one.at.row == table.area.top}
        for column, name in enumerate(table.columns, table.area.left):
            cell = texts.get(column)
            text = None if cell is None or cell.kind not in ("s", "inlineStr") else table.sheet.text(cell)
            if text is None or text.replace("\n", "_x000a_") != name.replace("_x000A_", "_x000a_"):
                yield f"{name} / {text}"


@rule(
    tables,
    "exceljs issue 106: a table whose area has another number of columns; ECMA-376 part 1, CT_Table",
    sub("rich", TABLE, '<autoFilter ref="([A-Z]+[0-9]+):([A-Z]+)[0-9]+"', r'<autoFilter ref="\1:\g<2>2000"'),
    sub("rich", TABLE, '(<tableColumns count=")[0-9]+', r"\g<1>99"),
    sub("rich", TABLE, "<tableColumn [^>]*/>", ""),
    sub("rich", TABLE, '( ref="[A-Z]+)([0-9]+)(:[A-Z]+)[0-9]+', r"\1\2\3\2"),
)
def areas_of_tables_agree(table: Table) -> Iterator[str]:
    """A table has a row below its header, as many columns as it is wide, and its filter goes as far as its rows."""
    area, columns = table.area, table.root.find("m:tableColumns", NS)
    count = 0 if columns is None else int(columns.get("count", len(columns)))
    if (
        len(table.columns) != area.right - area.left + 1
        or count != len(table.columns)
        or area.bottom <= area.top
    ):
        yield f"{table.root.get('ref')} {count}"
    found = table.root.find("m:autoFilter", NS)
    rows = area._replace(bottom=area.bottom - int(table.root.get("totalsRowCount", "0")))
    if found is not None and area_of(found.get("ref")) != rows:
        yield f"{found.get('ref')} of {table.root.get('ref')}"


@rule(
    books,
    "support.microsoft.com: Rename an Excel table; ECMA-376 part 1, CT_Table: unique in the workbook",
    sub("rich", TABLE, 'displayName="[^"]*"', 'displayName="xlb_errors"'),
    sub("rich", TABLE, 'displayName="[^"]*"', 'displayName="A1"'),
)
def names_of_tables_are_possible(book: Book) -> Iterator[str]:
    """Tables have names and ids of their own, and are called like no defined name or cell."""
    found = all_tables(book)
    names = [one.root.get("displayName", "") for one in found]
    yield from twice(f"id {one.root.get('id')}" for one in found)
    yield from twice(
        [*(name.lower() for name in names), *{one.get("name", "").lower() for one in book.defined}]
    )
    yield from (
        name for name in names if not re.fullmatch(r"[^\W\d][\w.\\]*", name) or looks_like_a_cell(name)
    )


@rule(
    tables,
    "support.microsoft.com: cells of a table cannot be merged",
    sub(
        "rich",
        INDICATORS,
        "(<conditionalFormatting|<dataValidations)",
        r'<mergeCells count="1"><mergeCell ref="B6:C6"/></mergeCells>\1',
    ),
)
def tables_are_not_merged(table: Table) -> Iterator[str]:
    """No merge touches a table."""
    yield from (str(area) for area in merges(table.sheet) if area.meets(table.area))
