"""Mutations of what is in a workbook: what was typed, formats, formulas, addresses, names, relations."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from benchmarks.fuzzing.kinds import (
    ADDRESSES,
    AREAS,
    CELLS,
    FORMATS,
    FORMULAS,
    NUMBERS,
    TEXTS,
    Dice,
    Parts,
    kind,
)
from benchmarks.fuzzing.xmls import Element, legal, odd_value, read, written

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES, BOOK, STRINGS, BOOK_RELS = (
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/_rels/workbook.xml.rels",
)
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d", "", "x", "N")


def tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def in_part(parts: Parts, name: str, change: Callable[[bytes], bytes]) -> Parts:
    """Parts with one of them changed; as they are when it is not there."""
    return [(one, change(content) if one == name else content) for one, content in parts]


def on_sheet(dice: Dice, parts: Parts, change: Callable[[Element], None]) -> Parts:
    """A sheet changed as a tree, most often one that people fill in."""
    sheets = (match for name, _ in parts if (match := _SHEET.fullmatch(name)))
    names = [match[0] for match in sorted(sheets, key=lambda match: int(match[1]))]
    name = dice.choice(
        (names[0], dice.choice(names[:3]), dice.choice(names[:3]), dice.choice(names[:6]), dice.choice(names))
    )

    def edit(content: bytes) -> bytes:
        root = read(content)
        change(root)
        return written(root)

    return in_part(parts, name, edit)


def _filled(dice: Dice, root: Element) -> Element | None:
    """A cell, most often one with a value."""
    found = list(root.iter(tag("c")))
    filled = [one for one in found if len(one)]
    return dice.choice(filled if filled and dice.random() < 0.8 else found) if found else None


def _put(cell: Element, kind: str | None, *inner: tuple[str, str]) -> None:
    """Give a cell a type and elements with texts."""
    cell.attrib.pop("t", "")
    if kind:
        cell.set("t", kind)
    cell[:] = []
    for name, text in inner:
        if name == "is":
            etree.SubElement(etree.SubElement(cell, tag("is")), tag("t")).text = legal(text)
        else:
            etree.SubElement(cell, tag(name)).text = legal(text)


@kind(CELLS, "text typed")
def text_typed(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        cell = _filled(dice, root)
        if cell is not None:
            text = dice.choice((*TEXTS, *NUMBERS))
            _put(cell, *dice.choice((("inlineStr", ("is", text)), ("str", ("v", text)))))

    return on_sheet(dice, parts, change)


@kind(CELLS, "number typed")
def number_typed(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        cell = _filled(dice, root)
        if cell is not None:
            _put(cell, dice.choice((None, "n")), ("v", dice.choice(NUMBERS)))
            cell.set("s", dice.choice((cell.get("s", "0"), str(dice.randrange(60)))))

    return on_sheet(dice, parts, change)


@kind(CELLS, "cell emptied")
def emptied(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        cell = _filled(dice, root)
        if cell is not None:
            column = re.sub(r"\d", "", cell.get("r", ""))
            whole = [one for one in root.iter(tag("c")) if re.sub(r"\d", "", one.get("r", "")) == column]
            for one in whole if dice.random() < 0.3 else (cell,):
                _put(one, None)

    return on_sheet(dice, parts, change)


@kind(CELLS, "type of a cell")
def cell_type(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        cell = _filled(dice, root)
        if cell is not None:
            cell.set("t", dice.choice(_TYPES))
            if dice.random() < 0.5:
                _put(
                    cell,
                    cell.get("t"),
                    ("v", odd_value(dice)),
                    *dice.choice(((), (("v", "1"),), (("is", "x"),))),
                )

    return on_sheet(dice, parts, change)


@kind(CELLS, "formula in a cell")
def formula(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        cell = _filled(dice, root)
        if cell is None:
            return
        result = dice.choice(((), (("v", odd_value(dice)),), (("v", "1"),)))
        _put(cell, dice.choice((None, "str", "e", "b", "n")), ("f", dice.choice(FORMULAS)), *result)
        one = cell[0]
        if dice.random() < 0.5:
            one.set("t", dice.choice(("shared", "array", "dataTable", "normal", "x")))
            one.set("ref", dice.choice((cell.get("r", "A1"), *AREAS)))
            one.set("si", dice.choice(NUMBERS))
        if dice.random() < 0.2:
            cell.set("cm", dice.choice(NUMBERS))

    return on_sheet(dice, parts, change)


@kind(CELLS, "address of a cell or row")
def address(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        found = list(root.iter(dice.choice((tag("c"), tag("row")))))
        one = dice.choice(found) if found else root
        odd = ADDRESSES if one.tag == tag("c") else NUMBERS
        if dice.random() < 0.25:
            for other in found if dice.random() < 0.5 else [one]:
                other.attrib.pop("r", "")
        else:
            one.set("r", dice.choice((dice.choice(odd), dice.choice(found).get("r", "") if found else "")))

    return on_sheet(dice, parts, change)


@kind(CELLS, "metadata of a cell")
def metadata(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        cell = _filled(dice, root)
        if cell is not None:
            cell.set(dice.choice(("cm", "vm", "ph")), dice.choice(NUMBERS))

    return on_sheet(dice, parts, change)


@kind(CELLS, "merged cells")
def merged(dice: Dice, parts: Parts) -> Parts:
    def change(root: Element) -> None:
        whole = root.find(tag("mergeCells"))
        if whole is None:
            whole = etree.Element(tag("mergeCells"))
            data = root.find(tag("sheetData"))
            root.insert(len(root) if data is None else root.index(data) + 1, whole)
        areas = ("A5:A6", "B4:C4", "A4:P5", "A1:XFD1048576", "E5:E9", "I5:K7", "A5:B5", *AREAS)
        for _ in range(dice.choice((1, 1, 2, 400))):
            etree.SubElement(whole, tag("mergeCell"), ref=dice.choice(areas))

    return on_sheet(dice, parts, change)


@kind(CELLS, "rows")
def rows(dice: Dice, parts: Parts) -> Parts:
    """Rows far down, many, twice, hidden, without cells, or cells in another order."""

    def change(root: Element) -> None:
        data = root.find(tag("sheetData"))
        if data is None or not len(data):
            return
        row = dice.choice(list(data))
        way = dice.randrange(5)
        if way == 0:
            number = dice.choice((60, 1000, 99999, 1048576))
            far = etree.SubElement(data, tag("row"), r=str(number))
            etree.SubElement(etree.SubElement(far, tag("c"), r=f"A{number}"), tag("v")).text = dice.choice(
                ("1", "001")
            )
        elif way == 1:
            for number in range(50, 50 + dice.choice((5, 500))):
                new = etree.SubElement(data, tag("row"), r=str(number))
                for cell in row:
                    other = etree.fromstring(etree.tostring(cell))
                    other.set("r", re.sub(r"\d+", str(number), other.get("r", "")))
                    new.append(other)
        elif way == 2:
            row[:] = dice.sample(list(row), len(row))
        elif way == 3:
            row[:] = []
        else:
            row.set(
                dice.choice(("hidden", "ht", "s", "spans", "outlineLevel", "customFormat")), odd_value(dice)
            )

    return on_sheet(dice, parts, change)


@kind(CELLS, "number format")
def number_format(dice: Dice, parts: Parts) -> Parts:
    """An odd format for some of the looks."""
    code, number = (
        legal(dice.choice(FORMATS)),
        dice.choice(("200", "164", "9", "27", "31", "57", "14", "22", "49", *NUMBERS)),
    )

    def edit(content: bytes) -> bytes:
        text = content.decode()
        new = f"<numFmt numFmtId={quoteattr(number)} formatCode={quoteattr(code)}/>"
        text = re.sub(r"(<numFmts[^>]*>)", lambda one: one[1] + new, text, count=1)
        if "<numFmts" not in text:
            text = re.sub(
                r"(<styleSheet[^>]*>)",
                lambda one: f'{one[1]}<numFmts count="1">{new}</numFmts>',
                text,
                count=1,
            )
        start, _, rest = text.partition("<cellXfs")
        part = dice.choice((0.05, 0.3, 1))
        rest = re.sub(
            r'numFmtId="\d+"',
            lambda one: f"numFmtId={quoteattr(number)}" if dice.random() < part else one[0],
            rest,
        )
        return f"{start}<cellXfs{rest}".encode() if rest else text.encode()

    return in_part(parts, STYLES, edit)


@kind(CELLS, "strings")
def strings(dice: Dice, parts: Parts) -> Parts:
    """A shared string is odd, rich, has phonetic readings, or is not there."""
    bits = ("<si/>", "<si></si>", "<si><t/></si>", "<si><r><t>a</t></r><r><t>b</t></r></si>", "<si><t>a</t><t>b</t></si>",
            "<si><t>a</t><rPh sb='0' eb='9'><t>b</t></rPh><phoneticPr fontId='99'/></si>", "<si>a</si>", "", "<x/>", "<si><si><t>a</t></si></si>")  # fmt: skip

    def edit(content: bytes) -> bytes:
        found = re.findall(r"<si>.*?</si>|<si/>", text := content.decode(), re.DOTALL)
        if not found:
            return content
        old = dice.choice(found)
        new = dice.choice(
            (dice.choice(bits), f"<si><t xml:space='preserve'>{escape(legal(dice.choice(TEXTS)))}</t></si>")
        )
        return text.replace(old, new, dice.choice((1, 1, -1))).encode()

    return in_part(parts, STRINGS, edit)


@kind(CELLS, "defined names")
def names(dice: Dice, parts: Parts) -> Parts:
    values = (*FORMULAS, *AREAS, "项目!$A$1:$Z$99", "'项目'!#REF!", "项目!$4:$4", "项目!$A:$A,项目!$4:$4")
    titles = (
        "x",
        "_xlnm.Print_Area",
        "_xlnm.Print_Titles",
        "_xlnm._FilterDatabase",
        "A1",
        "名称",
        "",
        "R1C1",
        "ACHIEVEMENT",
        *TEXTS[:40],
    )
    new = "".join(
        f"<definedName name={quoteattr(legal(dice.choice(titles)))} localSheetId={quoteattr(dice.choice(NUMBERS))}>"
        f"{escape(legal(dice.choice(values)))}</definedName>"
        for _ in range(dice.choice((1, 3)))
    )

    def edit(content: bytes) -> bytes:
        text = content.decode()
        if "<definedNames>" in text:
            return text.replace("<definedNames>", f"<definedNames>{new}", 1).encode()
        return text.replace("</sheets>", f"</sheets><definedNames>{new}</definedNames>", 1).encode()

    return in_part(parts, BOOK, edit)


@kind(CELLS, "tabs")
def tabs(dice: Dice, parts: Parts) -> Parts:
    """Names, numbers, states and relations of sheets."""
    odd = (
        *TEXTS[:70],
        " 项目",
        "项目 ",
        "项 目",
        "项目 - 表格 1",
        "项目2",
        "指标",
        "首页",
        "_xlbudget",
        "校验结果",
        "统计表",
        "监控报告",
    )

    def edit(content: bytes) -> bytes:
        root = read(content)
        found = list(root.iter(tag("sheet")))
        one = dice.choice(found) if found else root
        way = dice.randrange(4)
        if way == 0:
            one.set("name", legal(dice.choice(odd)))
        elif way == 1:
            one.set(dice.choice(sorted(map(str, one.attrib)) or ["x"]), odd_value(dice))
        elif way == 2 and found:
            sheets = found[0].getparent()
            if sheets is not None:
                sheets[:] = dice.sample(found, dice.randint(1, len(found)))
        else:
            root.insert(
                0, etree.Element(tag("workbookPr"), date1904=dice.choice(("1", "true", "on", "x", "")))
            )
        return written(root)

    return in_part(parts, BOOK, edit)


@kind(CELLS, "dates")
def dates(dice: Dice, parts: Parts) -> Parts:
    """Dates counted from 1904, and date formats on what may be a date or not."""

    def change(root: Element) -> None:
        for cell in root.iter(tag("c")):
            if len(cell) and dice.random() < 0.1:
                cell.set("s", str(dice.randrange(60)))
                if dice.random() < 0.5:
                    _put(
                        cell,
                        None,
                        (
                            "v",
                            dice.choice(
                                (*NUMBERS, "59", "60", "61", "2958465", "2958466", "1461", "44650.999999")
                            ),
                        ),
                    )

    def edit(content: bytes) -> bytes:
        return re.sub(rb"<workbookPr(?! date1904)", b'<workbookPr date1904="1"', content, count=1)

    changed = in_part(on_sheet(dice, parts, change), BOOK, edit)
    code = dice.choice(("14", "22", "27", "31", "46", "57"))
    return in_part(
        changed, STYLES, lambda one: re.sub(rb'numFmtId="\d+"(?= fontId)', f'numFmtId="{code}"'.encode(), one)
    )


@kind(CELLS, "relations")
def relations(dice: Dice, parts: Parts) -> Parts:
    """A relation leads elsewhere: outside, to nothing, to itself, to another part."""
    rels = [name for name, _ in parts if name.endswith(".rels")]
    every = [name for name, _ in parts]
    targets = (*every, *(f"/{name}" for name in every), "", "/", "..", "../../../etc/hostname", "#项目!A1", "file:///etc/hostname", "NULL", "\\xl\\styles.xml",
               "http://127.0.0.1:9/x", "worksheets//sheet1.xml", "./worksheets/sheet1.xml", "WORKSHEETS/SHEET1.XML", "worksheets\\sheet1.xml", "?x", "%00")  # fmt: skip

    def edit(content: bytes) -> bytes:
        root = read(content)
        if len(root):
            one = dice.choice(list(root))
            name = dice.choice(("Target", "Target", "Target", "TargetMode", "Type", "Id"))
            others = [other.get(name, "") for other in root]
            one.set(
                name,
                dice.choice(targets)
                if name == "Target"
                else dice.choice((*others, "External", "", "x", "Internal")),
            )
        return written(root)

    return in_part(parts, dice.choice(rels), edit)
