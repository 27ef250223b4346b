"""The workbook part: which sheets there are, in which order, and what names mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress

from lxml import etree

from xlbudget.files import CannotOpen
from xlbudget.files.parts import CONTENT_TYPES, Parts, rels_of
from xlbudget.files.xml import DOC_RELS, TYPES, Element, integer, is_strict, legal, put, tag, text_of
from xlbudget.layout import SHEET_ORDER, sheet_name
from xlbudget.layout.memory import MEMORY_SHEET

_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml",
}
"""Kinds of workbooks that are worked on, in small letters: capitals do not matter in them."""
_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr",
)  # fmt: skip


def is_ours(name: str) -> bool:
    """Whether a sheet of this name is one that xlbudget reads or writes."""
    return sheet_name(name) in SHEET_ORDER or name == MEMORY_SHEET


def _find(parts: Parts) -> str:
    """The workbook part of a package. Raises CannotOpen where there is none that can be worked on."""
    file = parts.archive.path.name
    if not parts.has(CONTENT_TYPES):
        raise CannotOpen(f"“{file}”不是 Excel 工作簿。请另存为 .xlsx 再试。")
    overrides = [
        parts.spelled(one.get("PartName", "").lstrip("/"))
        for one in parts.root(CONTENT_TYPES).iter(tag("Override", TYPES))
    ]
    for part in [*parts.all_related("", "officeDocument"), *overrides]:
        if parts.content_type(part).lower() in _TYPES:
            if is_strict(parts.root(part)):
                raise CannotOpen(
                    f"“{file}”是“Strict Open XML”格式。请另存为普通的“Excel 工作簿(.xlsx)”再试。"
                )
            if parts.root(part).find(tag("sheets")) is None:
                raise CannotOpen(f"“{file}”的 {part} 里没有工作表。请用 Excel 修复并另存，再试。")
            return part
    raise CannotOpen(f"“{file}”不是 .xlsx 或 .xlsm 工作簿。请另存为 .xlsx 再试。")


_ID = tag("id", DOC_RELS)


class WorkbookXml:
    """The workbook part of a package. Raises CannotOpen where there is none that can be worked on."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.part = _find(parts)
        self.root = parts.root(self.part)
        parts.root(rels_of(self.part))
        self._sheets: dict[str, str] | None = None

    def sheets(self) -> dict[str, str]:
        """Sheet name → part, in the order of the tabs; of other people's a tab can have none, and stays as it is."""
        if self._sheets is None:
            targets = {
                one.get("Id"): self.parts.resolve(one.get("Target", ""), self.part)
                for one in self.parts.relations(self.part)
            }
            meant = {one.get("name", ""): targets.get(one.get(_ID), "") for one in self._tabs()}
            found = {name: part if self.parts.has(part) else "" for name, part in meant.items()}
            self._check(found)
            self._sheets = {name: part for name, part in found.items() if part}
        return self._sheets

    def _check(self, found: Mapping[str, str]) -> None:
        """Raises CannotOpen where a sheet of ours has no part, or one that is another sheet's too and would be written over."""
        used, file = Counter(found.values()), self.parts.archive.path.name
        for name, part in found.items():
            if is_ours(name) and (not part or used[part] > 1):
                what = "也是另一张工作表的内容" if part else "找不到"
                raise CannotOpen(
                    f"“{file}”里工作表“{name}”的内容{what}。请用 Excel 或 WPS 打开，另存一份再试。"
                )

    def _tabs(self) -> list[Element]:
        return self.root.findall(f"{tag('sheets')}/{tag('sheet')}")

    def related(self, kind: str) -> str | None:
        """The first part that the workbook refers to by a relation of this kind."""
        return self.parts.related(self.part, kind)

    @property
    def date1904(self) -> bool:
        properties = self.root.find(tag("workbookPr"))
        return properties is not None and properties.get("date1904", "").strip() in ("1", "true")

    @property
    def macros(self) -> bool:
        """Whether its kind of workbook can hold macros."""
        return "macroenabled" in self.parts.content_type(self.part).lower()

    def list_sheet(self, name: str, part: str, *, hidden: bool) -> None:
        """Enter a sheet among the tabs at its place, and move what refers to tabs by number."""
        sheets, tabs = self.root.find(tag("sheets")), self._tabs()
        assert sheets is not None
        names = [sheet_name(one.get("name", "")) for one in tabs]
        later = SHEET_ORDER[SHEET_ORDER.index(name) + 1 :] if name in SHEET_ORDER else ()
        position = min((names.index(one) for one in later if one in names), default=len(names))
        used = max((integer(one.get("sheetId")) for one in tabs), default=0)
        sheet = etree.Element(tag("sheet"), name=legal(name), sheetId=str(used + 1))
        if hidden:
            sheet.set("state", "veryHidden")
        sheet.set(tag("id", DOC_RELS), self.parts.relate(self.part, "worksheet", part))
        sheets.insert(position, sheet)
        for defined in self.root.iterfind(f"{tag('definedNames')}/{tag('definedName')}"):
            _move(defined, "localSheetId", position)
        for view in self.root.iterfind(f"{tag('bookViews')}/{tag('workbookView')}"):
            _move(view, "activeTab", position)
            _move(view, "firstSheet", position)
        self._sheets = None
        self.parts.touch(self.part)
        self._forget_titles()

    def _forget_titles(self) -> None:
        """Take the list of sheets and names out of the properties of the file, since it is not complete any more.

        It may be missing (ECMA-376 part 1, 22.2; excelize and LibreOffice write none), and Excel writes it at its next save.
        """
        for part in self.parts.all_related("", "extended-properties"):
            with suppress(CannotOpen):  # properties that nobody can read are no reason to refuse the workbook
                properties = self.parts.root(part)
                for one in properties.findall("{*}HeadingPairs") + properties.findall("{*}TitlesOfParts"):
                    properties.remove(one)
                    self.parts.touch(part)

    def define(self, sheet: str, name: str, value: str) -> None:
        """Set a name of a sheet, such as its print titles."""
        names = self.root.find(tag("definedNames"))
        if names is None:
            names = etree.Element(tag("definedNames"))
            put(self.root, names, _ORDER)
        local = str([one.get("name") for one in self._tabs()].index(sheet))
        for one in names.iterchildren(tag("definedName")):
            if one.get("name") == name and one.get("localSheetId") == local:
                if one.text != value:
                    one.text = value
                    self.parts.touch(self.part)
                return
        one = etree.SubElement(names, tag("definedName"), name=name, localSheetId=local)
        one.text = value
        names[:] = sorted(
            names.iterchildren(tag("definedName")),  # a comment among them goes
            key=lambda each: (each.get("name", "").lower(), each.get("localSheetId") or ""),
        )
        self.parts.touch(self.part)
        self._forget_titles()

    def names(self) -> dict[tuple[str, str], str]:
        """What names mean, by sheet ("" for the workbook's) and name in capitals."""
        tabs = [one.get("name", "") for one in self._tabs()]
        found = {}
        for one in self.root.iterfind(f"{tag('definedNames')}/{tag('definedName')}"):
            local, name = one.get("localSheetId"), one.get("name", "").upper()
            if local is None or 0 <= integer(local) < len(tabs):
                found["" if local is None else tabs[integer(local)], name] = text_of(one).strip()
        return found

    def grow_names(self, sheet: str, stretch: Callable[[str], str]) -> None:
        """Stretch names that mean one area of a sheet, such as its print area or the area of its filter."""
        own = {f"{sheet}!", "'" + sheet.replace("'", "''") + "'!"}
        for one in self.root.iterfind(f"{tag('definedNames')}/{tag('definedName')}"):
            before, _, area = text_of(one).strip().rpartition("!")
            if f"{before}!" in own and stretch(area) != area:
                del one[:]
                one.text = f"{before}!{stretch(area)}"
                self.parts.touch(self.part)

    def recalculate(self) -> None:
        """Ask the program that opens the workbook next to compute all formulas."""
        properties = self.root.find(tag("calcPr"))
        if properties is None:
            properties = etree.Element(tag("calcPr"))
            put(self.root, properties, _ORDER)
        if properties.get("fullCalcOnLoad") != "1":
            properties.set("fullCalcOnLoad", "1")
            self.parts.touch(self.part)


def _move(element: Element, attribute: str, position: int) -> None:
    """Count on a number of a tab that stands at or after a place where one was put in."""
    index = element.get(attribute)
    if index is not None and integer(index) >= position:
        element.set(attribute, str(integer(index) + 1))
