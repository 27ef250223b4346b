"""A workbook file, edited part by part: what is not ours stays byte for byte."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

from lxml import etree

from xlbudget.hosts import CannotOpen, charts
from xlbudget.hosts.archive import Archive, read_file
from xlbudget.hosts.comments import BLANK_COMMENTS, blank_drawing, replace_notes
from xlbudget.hosts.sheetxml import ORDER as SHEET_ORDER_OF_ELEMENTS
from xlbudget.hosts.sheetxml import SheetXml, blank_sheet, rich_text, set_content
from xlbudget.hosts.stylebook import StyleBook
from xlbudget.hosts.xml import DOC_RELS, RELS, TYPES, Element, integer, legal, parse, put, serialize, tag
from xlbudget.sheets.fill import CellWrite, Mark
from xlbudget.sheets.grid import Grid, PlacedChart, Value
from xlbudget.sheets.layout import INPUT_SHEETS, SHEET_ORDER, OutputSheet, header_key
from xlbudget.sheets.table import Table, address

_STRICT = "http://purl.oclc.org/ooxml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_WORKBOOK_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
}
_WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr",
)  # fmt: skip


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package:
    """A workbook file (or its `content`, then `path` only names it) as a host. Raises CannotOpen for whatever is no sound .xlsx or .xlsm."""

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.archive = Archive(path, read_file(path) if content is None else content)
        self._roots: dict[str, Element] = {}
        self._dirty: set[str] = set()
        self._sheets: dict[str, SheetXml] = {}
        self._added: dict[str, bytes] = {}
        self._dropped: set[str] = set()
        self.workbook_part = self._find_workbook()
        self._folder = posixpath.dirname(self.workbook_part)
        self.styles = StyleBook(self._root(self._related("styles")))
        self._strings: list[str] | None = None
        self._parts: dict[str, str] | None = None

    # -- parts -----------------------------------------------------------------------------------------

    def _root(self, part: str) -> Element:
        if part not in self._roots:
            content = self._added[part] if part in self._added else self.archive.read(part)
            self._roots[part] = parse(content, part)
        return self._roots[part]

    def _find_workbook(self) -> str:
        if "[Content_Types].xml" not in self.archive.infos:
            raise CannotOpen(f"“{self.archive.path.name}”不是 Excel 工作簿。请另存为 .xlsx 再试。")
        for override in self._root("[Content_Types].xml").iter(tag("Override", TYPES)):
            if override.get("ContentType") in _WORKBOOK_TYPES:
                part = override.get("PartName", "").lstrip("/")
                name = etree.QName(self._root(part))
                if (name.namespace or "").startswith(_STRICT):
                    raise CannotOpen(
                        f"“{self.archive.path.name}”是“Strict Open XML”格式。请另存为普通的“Excel 工作簿(.xlsx)”再试。"
                    )
                if self._root(part).find(tag("sheets")) is None:
                    raise CannotOpen(
                        f"“{self.archive.path.name}”的 {part} 里没有工作表。请用 Excel 修复并另存，再试。"
                    )
                return part
        raise CannotOpen(f"“{self.archive.path.name}”不是 .xlsx 或 .xlsm 工作簿。请另存为 .xlsx 再试。")

    def _relations(self, part: str | None = None) -> Iterable[Element]:
        """The relations of a part (of the workbook when none is named)."""
        rels = _rels_of(part or self.workbook_part)
        if part and rels not in self._names():
            return ()
        return self._root(rels).iter(tag("Relationship", RELS))

    def _resolve(self, target: str, base: str | None = None) -> str:
        """The part that a target means, seen from a part (the workbook when none is named)."""
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(base or self.workbook_part), target))

    def _related(self, kind: str) -> str:
        for relation in self._relations():
            if relation.get("Type", "").endswith(f"/{kind}"):
                return self._resolve(relation.get("Target", ""))
        return ""

    def _sheet_parts(self) -> dict[str, str]:
        """Sheet name → part, in the order of the tabs."""
        if self._parts is None:
            self._parts = self._read_sheet_parts()
        return self._parts

    def _read_sheet_parts(self) -> dict[str, str]:
        targets = {one.get("Id"): self._resolve(one.get("Target", "")) for one in self._relations()}
        sheets = self._root(self.workbook_part).iterfind(f"{tag('sheets')}/{tag('sheet')}")
        found = {one.get("name", ""): targets.get(one.get(tag("id", DOC_RELS)), "") for one in sheets}
        known = self._names()
        return {name: part for name, part in found.items() if part in known}

    def _sheet(self, name: str) -> SheetXml:
        part = self._sheet_parts()[name]
        if part not in self._sheets:
            self._sheets[part] = SheetXml(self._root(part))
        return self._sheets[part]

    def _shared_strings(self) -> list[str]:
        if self._strings is None:
            part = self._related("sharedStrings")
            items = self._root(part).iterchildren(tag("si")) if part else ()
            self._strings = [rich_text(item) for item in items]
        return self._strings

    # -- the host's methods ----------------------------------------------------------------------------

    def tables(self, names: Iterable[str]) -> Mapping[str, Table]:
        """Read the sheets of these names; a name with stray blanks counts."""
        wanted = set(names)
        properties = self._root(self.workbook_part).find(tag("workbookPr"))
        date1904 = properties is not None and properties.get("date1904") in ("1", "true")
        formats = self.styles.formats()
        return {
            name: self._sheet(name).table(name, self._shared_strings(), formats, date1904=date1904)
            for name in self._sheet_parts()
            if name in wanted or header_key(name) in wanted
        }

    def write_cells(self, writes: Iterable[CellWrite]) -> None:
        """Put values into cells of existing sheets."""
        for write in writes:
            self._sheet(write.sheet).set_value(write.row, write.column, write.value)
            self._touch(write.sheet)

    def write_grid(self, grid: Grid) -> None:
        """Replace an output sheet's content, making the sheet where it is missing."""
        name = grid.sheet.name
        if name not in self._sheet_parts():
            self._add_sheet(name, blank_sheet(grid.sheet))
        sheet = self._sheet(name)
        sheet.fill(grid, self.styles.index)
        if grid.sheet.numbers_outside:
            sheet.set_header(grid.header)
        if grid.repeat_rows:
            self._define(
                name, "_xlnm.Print_Titles", f"'{name}'!${grid.repeat_rows[0]}:${grid.repeat_rows[1]}"
            )
        if grid.charts or self._sheet_relation(self._sheet_parts()[name], "drawing"):
            self._write_charts(name, grid.charts)
        self._touch(name)

    def write_marks(self, marks: Sequence[Mark]) -> None:
        """Put notes on cells with findings; our notes of an earlier run go, other people's stay."""
        by_sheet: dict[str, list[Mark]] = {}
        for mark in marks:
            by_sheet.setdefault(mark.sheet, []).append(mark)
        for sheet in INPUT_SHEETS:
            name = next((one for one in self._sheet_parts() if header_key(one) == sheet.name), None)
            if name is not None:
                self._write_notes(name, by_sheet.get(name, []))

    def _write_charts(self, sheet: str, placed: Sequence[PlacedChart]) -> None:
        """Put charts on a sheet; ours of an earlier run take the new data, those not wanted any more go."""
        part = self._sheet_parts()[sheet]
        drawing_part = self._sheet_relation(part, "drawing") or self._add_drawing(sheet, part)
        drawing = self._root(drawing_part)
        known = charts.frames(drawing)
        for chart in placed:
            anchor = known.pop(chart.chart.key, None)
            chart_part = self._chart_part(drawing_part, anchor) if anchor is not None else ""
            if anchor is None or not chart_part:
                chart_part = self._add_part("xl/charts/chart{}.xml", charts.new_chart(chart), _CHART_TYPE)
                relation = self._relate(drawing_part, "chart", f"/{chart_part}")
                anchor = charts.new_frame(drawing, chart, relation)
            elif not charts.fits(self._root(chart_part), chart):
                self._roots[chart_part] = parse(charts.new_chart(chart), chart_part)
            charts.place(anchor, chart)
            charts.refresh(self._root(chart_part), chart)
            self._dirty.add(chart_part)
        for anchor in known.values():
            drawing.remove(anchor)
        self._dirty.add(drawing_part)

    def _chart_part(self, drawing: str, anchor: Element) -> str:
        """The chart part that an anchor shows; empty when it is not there."""
        wanted = charts.relation_of(anchor)
        for one in self._relations(drawing):
            if one.get("Id") == wanted:
                part = self._resolve(one.get("Target", ""), drawing)
                return part if part in self._names() else ""
        return ""

    def _add_drawing(self, sheet: str, part: str) -> str:
        drawing = self._add_part("xl/drawings/drawing{}.xml", charts.BLANK_DRAWING, _DRAWING_TYPE)
        self._refer(sheet, "drawing", self._relate(part, "drawing", f"/{drawing}"))
        return drawing

    def _refer(self, sheet: str, element: str, relation: str) -> None:
        """Let a sheet show what it has a relation to."""
        reference = etree.Element(tag(element))
        reference.set(tag("id", DOC_RELS), relation)
        put(self._sheet(sheet).root, reference, SHEET_ORDER_OF_ELEMENTS)
        self._touch(sheet)

    def _add_part(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under the first free number and declare its type."""
        part = next(name for n in count(1) if (name := pattern.format(n)) not in self._names())
        self._added[part] = content
        types = self._root("[Content_Types].xml")
        etree.SubElement(types, tag("Override", TYPES), PartName=f"/{part}", ContentType=content_type)
        self._dirty.add("[Content_Types].xml")
        return part

    def _write_notes(self, sheet: str, marks: Sequence[Mark]) -> None:
        part = self._sheet_parts()[sheet]
        comments, drawing = self._sheet_relation(part, "comments"), self._sheet_relation(part, "vmlDrawing")
        if comments is None or drawing is None:
            if not marks or comments is not None:
                return
            comments, drawing = self._add_notes(sheet, part)
        replace_notes(self._root(comments), self._root(drawing), marks)
        self._dirty |= {comments, drawing}

    def _sheet_relation(self, part: str, kind: str) -> str | None:
        """The part that a sheet refers to by a relation of this kind."""
        for one in self._relations(part):
            if one.get("Type", "").endswith(f"/{kind}"):
                return self._resolve(one.get("Target", ""), part)
        return None

    def _add_notes(self, sheet: str, part: str) -> tuple[str, str]:
        """Give a sheet an empty comments part and drawing."""
        number = next(
            n
            for n in range(1, 10_000)
            if not {f"xl/comments{n}.xml", f"xl/drawings/vmlDrawing{n}.vml"} & self._names()
        )
        comments, drawing = f"xl/comments{number}.xml", f"xl/drawings/vmlDrawing{number}.vml"
        self._added[comments], self._added[drawing] = BLANK_COMMENTS, blank_drawing(100 + number)
        types = self._root("[Content_Types].xml")
        etree.SubElement(types, tag("Override", TYPES), PartName=f"/{comments}", ContentType=_COMMENTS_TYPE)
        if all(one.get("Extension", "").lower() != "vml" for one in types):
            default = etree.Element(tag("Default", TYPES), Extension="vml", ContentType=_VML_TYPE)
            types.insert(0, default)
        self._relate(part, "comments", f"/{comments}")
        self._refer(sheet, "legacyDrawing", self._relate(part, "vmlDrawing", f"/{drawing}"))
        self._dirty.add("[Content_Types].xml")
        return comments, drawing

    def _names(self) -> set[str]:
        return {*self.archive.infos, *self._added}

    def _relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship to a part and return its id."""
        rels = _rels_of(part)
        if rels not in self._names():
            self._added[rels] = f'<Relationships xmlns="{RELS}"/>'.encode()
        self._dirty.add(rels)
        relations = self._root(rels)
        ids = {one.get("Id") for one in relations}
        identity = next(f"rIdXl{index}" for index in range(1, 10_000) if f"rIdXl{index}" not in ids)
        etree.SubElement(
            relations, tag("Relationship", RELS), Id=identity, Type=f"{DOC_RELS}/{kind}", Target=target
        )
        return identity

    def write_memory(self, name: str, rows: Sequence[Sequence[Value]]) -> None:
        """Replace the content of a hidden sheet."""
        if name not in self._sheet_parts():
            self._add_sheet(name, blank_sheet(OutputSheet(name, widths=(20, 20, 80, 4, 20, 20))), hidden=True)
        sheet = self._sheet(name)
        sheet.fill(Grid(OutputSheet(name, widths=())), self.styles.index)
        for number, values in enumerate(rows, 1):
            line = etree.SubElement(sheet.data, tag("row"), r=str(number))
            for column, value in enumerate(values, 1):
                if value is not None:
                    set_content(etree.SubElement(line, tag("c"), r=address(number, column)), value)
        self._touch(name)

    def save(self) -> bytes:
        """The package with what was written."""
        if any(sheet.replaced_formula for sheet in self._sheets.values()):
            self._drop_calculation_chain()
        if self.styles.changed:
            self._dirty.add(self._related("styles"))
        changed = {part: serialize(self._roots[part]) for part in self._roots if part in self._dirty}
        ordered = {part: changed.pop(part, content) for part, content in self._added.items()}
        return self.archive.write({**changed, **ordered}, frozenset(self._dropped))

    # -- changes of the workbook -----------------------------------------------------------------------

    def _touch(self, sheet: str) -> None:
        self._dirty.add(self._sheet_parts()[sheet])

    def _add_sheet(self, name: str, content: bytes, *, hidden: bool = False) -> None:
        part = self._add_part(f"{self._folder}/worksheets/sheet{{}}.xml".lstrip("/"), content, _SHEET_TYPE)
        self._parts = None
        self._list_sheet(name, self._relate(self.workbook_part, "worksheet", f"/{part}"), hidden=hidden)
        self._dirty.add(self.workbook_part)

    def _list_sheet(self, name: str, identity: str, *, hidden: bool) -> None:
        """Enter a sheet among the tabs at its place, and move what refers to tabs by number."""
        workbook = self._root(self.workbook_part)
        sheets = workbook.find(tag("sheets"))
        assert sheets is not None
        names = [one.get("name", "") for one in sheets]
        later = SHEET_ORDER[SHEET_ORDER.index(name) + 1 :] if name in SHEET_ORDER else ()
        position = min((names.index(one) for one in later if one in names), default=len(names))
        used = max((integer(one.get("sheetId")) for one in sheets), default=0)
        sheet = etree.Element(tag("sheet"), name=legal(name), sheetId=str(used + 1))
        if hidden:
            sheet.set("state", "veryHidden")
        sheet.set(tag("id", DOC_RELS), identity)
        sheets.insert(position, sheet)
        for defined in workbook.iterfind(f"{tag('definedNames')}/{tag('definedName')}"):
            local = defined.get("localSheetId")
            if local is not None and integer(local) >= position:
                defined.set("localSheetId", str(integer(local) + 1))
        for view in workbook.iterfind(f"{tag('bookViews')}/{tag('workbookView')}"):
            for attribute in ("activeTab", "firstSheet"):
                index = view.get(attribute)
                if index is not None and integer(index) >= position:
                    view.set(attribute, str(integer(index) + 1))

    def _define(self, sheet: str, name: str, value: str) -> None:
        """Set a name of a sheet, such as its print titles."""
        workbook = self._root(self.workbook_part)
        names = workbook.find(tag("definedNames"))
        if names is None:
            names = etree.Element(tag("definedNames"))
            put(workbook, names, _WORKBOOK_ORDER)
        tabs = [one.get("name") for one in workbook.iterfind(f"{tag('sheets')}/{tag('sheet')}")]
        local = str(tabs.index(sheet))
        for one in names:
            if one.get("name") == name and one.get("localSheetId") == local:
                if one.text != value:
                    one.text = value
                    self._dirty.add(self.workbook_part)
                return
        one = etree.Element(tag("definedName"), name=name, localSheetId=local)
        one.text = value
        names.append(one)
        names[:] = sorted(
            names, key=lambda each: (each.get("name", "").lower(), each.get("localSheetId") or "")
        )
        self._dirty.add(self.workbook_part)

    def _drop_calculation_chain(self) -> None:
        """Formulas went: Excel rebuilds the chain of calculation, a stale one would need repair."""
        part = self._related("calcChain")
        if not part:
            return
        self._dropped.add(part)
        types, relations = self._root("[Content_Types].xml"), self._root(_rels_of(self.workbook_part))
        for one in [one for one in types if one.get("PartName") == f"/{part}"]:
            types.remove(one)
        for one in [one for one in relations if one.get("Type", "").endswith("/calcChain")]:
            relations.remove(one)
        self._dirty |= {"[Content_Types].xml", _rels_of(self.workbook_part)}
