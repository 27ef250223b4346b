"""The styles part: number formats of cells, and our named styles found there or added at its end."""

from __future__ import annotations

from lxml import etree

from xlbudget.files.xml import MAIN, Element, integer, put, tag
from xlbudget.pages.styles import GRID, STYLES, Look, Style
from xlbudget.reading.formats import BUILT_IN, SAME_EVERYWHERE

ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
         "colors", "extLst")  # fmt: skip
_FIRST_CUSTOM = 164
_LONGEST_CODE = 255
"""Characters of a number format; Excel takes a longer one away."""
_PLAIN = {
    "fonts": '<font><sz val="11"/><name val="宋体"/><charset val="134"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
}
"""What every workbook has: the first of each collection is what a cell without a style looks like."""
BLANK_STYLES = f'<styleSheet xmlns="{MAIN}"/>'.encode()


class StyleBook:
    """A parsed styles part; `changed` once a style had to be added."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.changed = False
        self._known: dict[str, int] = {}
        self._keys: dict[str, dict[Key, int]] = {}
        self._counts: dict[str, int] = {}

    def formats(self) -> list[str]:
        """Number format code of each cell format."""
        custom = {
            integer(one.get("numFmtId")): code
            for one in self.root.iterfind(f"{tag('numFmts')}/{tag('numFmt')}")
            if len(code := one.get("formatCode", "General")) <= _LONGEST_CODE
        }
        ids = [integer(xf.get("numFmtId")) for xf in self.root.iterfind(f"{tag('cellXfs')}/{tag('xf')}")]
        return [custom.get(one) or BUILT_IN.get(one, "General") for one in ids]

    def index(self, name: Look) -> int:
        """Cell format of a named style."""
        if not self._known:
            self._complete()
        if name not in self._known:
            self._known[name] = self._find_or_add(STYLES[name])
        return self._known[name]

    def _complete(self) -> None:
        """Put in what is missing of what every workbook has."""
        for name, inner in _PLAIN.items():
            if not len(self._collection(name)):
                self._append(name, inner)

    def reserve(self, formats: int, looks: int) -> None:
        """Let there be as many cell formats and conditional looks as sheets refer to, the missing ones plain.

        Else their cells would get the looks that are added here.
        """
        self._complete()
        for name, plain, number in (("cellXfs", _PLAIN["cellXfs"], formats), ("dxfs", "<dxf/>", looks)):
            self._append(name, plain * (number - len(self._collection(name))))

    def _collection(self, name: str) -> Element:
        parent = self.root.find(tag(name))
        if parent is None:
            parent = etree.Element(tag(name))
            put(self.root, parent, ORDER)
        return parent

    def _append(self, name: str, inner: str) -> None:
        parent = self._collection(name)
        parent.extend(list(etree.fromstring(f'<x xmlns="{MAIN}">{inner}</x>')))
        parent.set("count", str(len(parent)))
        self.changed = True

    def _find_or_add(self, style: Style) -> int:
        xf = etree.Element(
            tag("xf"),
            numFmtId=str(self._number_format(style.format)),
            fontId=str(self._part("fonts", _font(style))),
            fillId=str(self._part("fills", _fill(style))),
            borderId=str(self._part("borders", _border(style))),
            xfId="0",
            applyNumberFormat="1",
            applyFont="1",
            applyFill="1",
            applyBorder="1",
            applyAlignment="1",
            applyProtection="1",
        )
        alignment = etree.SubElement(
            xf, tag("alignment"), horizontal=style.horizontal, vertical=style.vertical
        )
        if style.wrap:
            alignment.set("wrapText", "1")
        if style.shrink:
            alignment.set("shrinkToFit", "1")
        if style.indent:
            alignment.set("indent", str(style.indent))
        etree.SubElement(xf, tag("protection"), locked="1" if style.locked else "0")
        return self._part("cellXfs", xf)

    def _part(self, collection: str, element: Element) -> int:
        """Index of an equal element in a collection, which is added at the end when there is none."""
        parent = self._collection(collection)
        if collection not in self._keys:
            children = [child for child in parent if isinstance(child.tag, str)]
            self._keys[collection] = {}
            for index, child in enumerate(children):
                self._keys[collection].setdefault(_key(child), index)
            self._counts[collection] = len(children)
        known = self._keys[collection]
        index = known.setdefault(_key(element), self._counts[collection])
        if index == self._counts[collection]:
            parent.append(element)
            self._counts[collection] += 1
            parent.set("count", str(self._counts[collection]))
            self.changed = True
        return index

    def _number_format(self, code: str) -> int:
        known = next((number for number in SAME_EVERYWHERE if BUILT_IN[number] == code), None)
        if known is not None:
            return known
        parent = self._collection("numFmts")
        used = [_FIRST_CUSTOM - 1]
        for one in parent:
            number = integer(one.get("numFmtId"))
            if one.get("formatCode") == code:
                return number
            used.append(number)
        etree.SubElement(parent, tag("numFmt"), numFmtId=str(max(used) + 1), formatCode=code)
        parent.set("count", str(len(parent)))
        self.changed = True
        return max(used) + 1


Key = tuple[object, ...]


def _key(element: Element) -> Key:
    """What makes two elements equal: name, attributes and children, whatever prefix they were written with."""
    return element.tag, tuple(sorted(element.attrib.items())), tuple(_key(child) for child in element)


def _font(style: Style) -> Element:
    font = etree.Element(tag("font"))
    if style.bold:
        etree.SubElement(font, tag("b"))
    if style.underline:
        etree.SubElement(font, tag("u"))
    etree.SubElement(font, tag("sz"), val=f"{style.size:g}")
    etree.SubElement(font, tag("color"), rgb=f"FF{style.color}")
    etree.SubElement(font, tag("name"), val=style.font)
    etree.SubElement(font, tag("charset"), val="134")
    return font


def _fill(style: Style) -> Element:
    fill = etree.Element(tag("fill"))
    if style.fill is None:
        etree.SubElement(fill, tag("patternFill"), patternType="none")
        return fill
    pattern = etree.SubElement(fill, tag("patternFill"), patternType="solid")
    etree.SubElement(pattern, tag("fgColor"), rgb=f"FF{style.fill}")
    etree.SubElement(pattern, tag("bgColor"), indexed="64")
    return fill


def _border(style: Style) -> Element:
    border = etree.Element(tag("border"))
    for side in ("left", "right", "top", "bottom"):
        line = etree.SubElement(border, tag(side))
        if style.border:
            line.set("style", "thin")
            etree.SubElement(line, tag("color"), rgb=f"FF{GRID}")
    etree.SubElement(border, tag("diagonal"))
    return border
