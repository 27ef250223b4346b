"""What lives in VML beside a sheet: notes, threads of comments, pictures in headers, form controls."""

from __future__ import annotations

from lxml import etree

from tests.rich.book import WORKBOOK, Book, guid, ns, part, rooted, snippet, tag
from tests.rich.cells import ANALYSIS, CORRECTIONS, INDICATORS, PROJECTS, WORKS
from tests.rich.drawings import png
from tests.rich.registry import BOOK, Trail, feature

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_PEOPLE = "http://schemas.microsoft.com/office/2017/10/relationships"
_THREADS = "application/vnd.ms-excel.threadedcomments+xml"
_PERSONS = "application/vnd.ms-excel.person+xml"
_CONTROL = "application/vnd.ms-excel.controlproperties+xml"
_TYPES = {
    202: '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
    'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>',
    201: '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"><v:stroke '
    'joinstyle="miter"/><v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/></v:shapetype>',
    75: '<v:shapetype id="_x0000_t75" coordsize="21600,21600" o:spt="75" filled="f" stroked="f" path="m@4@5l@4@11@9@11@9@5xe">'
    '<v:stroke joinstyle="miter"/><v:path o:extrusionok="f" gradientshapeok="t" o:connecttype="rect"/></v:shapetype>',
}


def _vml(book: Book, sheet: str, element: str = "legacyDrawing") -> etree._Element:
    """The VML drawing that a sheet shows by this element, made where there is none."""
    root, name = book.sheet(sheet), book.sheets()[sheet]
    known = root.find(tag("m", element))
    if known is not None:
        identity = known.get(tag("r", "id"))
        rels = book.root(f"xl/worksheets/_rels/{name.rpartition('/')[2]}.rels")
        target = next(one.get("Target", "") for one in rels if one.get("Id") == identity)
        return book.root(target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('../')}")
    new = book.free("xl/drawings/vmlDrawing{}.vml")
    block = new.removeprefix("xl/drawings/vmlDrawing").removesuffix(".vml")
    empty = f'<xml {ns("v", "o", "x")}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>'
    book.put(sheet, f'<{element} r:id="{book.attach(name, "vmlDrawing", new, empty.encode())}"/>')
    return book.root(new)


def _shape(vml: etree._Element, kind: int, inner: str, style: str, name: str = "") -> str:
    """Add a shape under the next number of the drawing; its id."""
    if not vml.findall(f"{tag('v', 'shapetype')}[@id='_x0000_t{kind}']"):
        vml.append(snippet(_TYPES[kind]))
    block = int(next(vml.iter(tag("o", "idmap"))).get("data", "1"))
    number = block * 1024 + 1 + len(vml.findall(tag("v", "shape")))
    identity = name or f"_x0000_s{number}"
    known = f' o:spid="_x0000_s{number}"' if name else ""
    look = f'type="#_x0000_t{kind}" style="position:absolute;{style}"'
    vml.append(snippet(f'<v:shape id="{identity}"{known} {look}>{inner}</v:shape>', main=""))
    return str(number)


def note(book: Book, sheet: str, cell: tuple[int, int], author: str, text: str) -> None:
    """A note on a cell (row and column from 0) with its yellow box, unless there is one."""
    row, column = cell
    reference = f"{chr(65 + column)}{row + 1}"
    name = book.sheets()[sheet]
    comments = book.related(name, "comments")
    vml = _vml(book, sheet)
    if not comments:
        comments = book.free("xl/comments{}.xml")
        empty = part(
            f'<comments {ns("mc", "xr", main="m")} mc:Ignorable="xr"><authors/><commentList/></comments>'
        )
        book.attach(name, "comments", comments, empty, _COMMENTS)
    old = book.root(comments)
    if old.get(tag("mc", "Ignorable")) is None:
        book.set_root(comments, rooted(old, ("mc", "xr"), "xr"))
    authors, items = book.root(comments)
    if any(one.get("ref") == reference for one in items):
        return
    authors.append(snippet(f"<author>{author}</author>"))
    items.append(
        snippet(
            f'<comment ref="{reference}" authorId="{len(authors) - 1}" shapeId="0" xr:uid="{guid(sheet + reference)}"><text>'
            f'<r><rPr><b/><sz val="9"/><color indexed="81"/><rFont val="宋体"/><family val="3"/><charset val="134"/></rPr>'
            f'<t xml:space="preserve">{text}</t></r></text></comment>'
        )
    )
    _shape(vml, 202, (
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{column + 1}, 15, {row}, 2, {column + 3}, 15, {row + 4}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData>"
    ), "visibility:hidden")  # fmt: skip


@feature(
    Trail(f"{PROJECTS}>comments", "//m:comment[.//m:t='全称以批复为准']"), Trail(PROJECTS, "//m:legacyDrawing"),
    Trail(f"{ANALYSIS}>comments", "//m:comment"), Trail(f"{ANALYSIS}>vmlDrawing", "//x:ClientData[@ObjectType='Note']"),
    Trail(f"{INDICATORS}>comments", "//m:comment[.//m:t='口径见批复']"), Trail(f"{CORRECTIONS}>comments", "//m:comment"),
)  # fmt: skip
def notes(book: Book) -> None:
    """Notes of people's, one of them on a cell that gets a finding."""
    note(book, PROJECTS, (4, 1), "财务科", "全称以批复为准")
    note(book, PROJECTS, (5, 11), "张某", "核对过，确无支出")
    note(book, INDICATORS, (4, 5), "财务科", "口径见批复")
    note(book, CORRECTIONS, (4, 3), "财务科", "措施已上会")
    note(book, ANALYSIS, (1, 1), "李某", "自用")


@feature(
    Trail(f"{PROJECTS}>threadedComment", "//x18tc:threadedComment"), Trail(f"{BOOK}>person", "//x18tc:person"),
    Trail(f"{PROJECTS}>comments", "//m:comment[contains(.,'[线程批注]')]"),
)  # fmt: skip
def threads(book: Book) -> None:
    """A thread of comments with a reply, its people, and the note that stands in for it in old programs."""
    note(book, PROJECTS, (6, 1), f"tc={guid('thread')}", "[线程批注] 请核对名称")
    person = guid("person")
    people = part(
        f'<personList {ns(main="x18tc")} xmlns:x="{ns(main="m").partition("=")[2][1:-1]}"><person displayName="王 某" '
        f'id="{person}" userId="S::wang@example.org::1" providerId="AD"/></personList>'
    )
    book.attach(WORKBOOK, f"{_PEOPLE}/person", "xl/persons/person.xml", people, _PERSONS)
    thread = "".join(
        f'<threadedComment ref="B7" dT="2022-07-0{n}T08:30:00.00" personId="{person}" id="{guid(name)}"{parent}><text>{text}'
        "</text></threadedComment>"
        for n, name, parent, text in (
            (1, "thread", "", "请核对名称"),
            (2, "reply", f' parentId="{guid("thread")}"', "已核对"),
        )
    )
    content = part(f"<ThreadedComments {ns(main='x18tc')}>{thread}</ThreadedComments>")
    name = "xl/threadedComments/threadedComment1.xml"
    book.attach(book.sheets()[PROJECTS], f"{_PEOPLE}/threadedComment", name, content, _THREADS)


@feature(
    Trail(INDICATORS, "//mc:AlternateContent[.//m:control]"), Trail(f"{INDICATORS}>ctrlProp"),
    Trail(f"{INDICATORS}>vmlDrawing", "//x:ClientData[@ObjectType='Checkbox']"), Trail(f"{WORKS}>ctrlProp"),
    Trail(f"{WORKS}>vmlDrawing", "//x:ClientData[@ObjectType='Checkbox']"), Trail(WORKS, "//m:legacyDrawing"),
)  # fmt: skip
def form_controls(book: Book) -> None:
    """A tick box on a sheet with notes and on one without: both share the sheet's VML with our notes."""
    for sheet in (INDICATORS, WORKS):
        shape = _shape(_vml(book, sheet), 201, (
            '<v:fill color2="window"/><o:lock v:ext="edit" rotation="t" text="t"/><v:textbox style="mso-direction-alt:auto">'
            '<div style="text-align:left"><font face="宋体" size="180" color="auto">已核对</font></div></v:textbox>'
            '<x:ClientData ObjectType="Checkbox"><x:SizeWithCells/><x:Anchor>8, 10, 0, 4, 9, 40, 1, 0</x:Anchor><x:AutoFill>'
            "False</x:AutoFill><x:AutoLine>False</x:AutoLine><x:TextVAlign>Center</x:TextVAlign><x:NoThreeD/></x:ClientData>"
        ), "margin-left:400pt;width:60pt;height:18pt;z-index:1", "复选框_x0020_1")  # fmt: skip
        name = book.free("xl/ctrlProps/ctrlProp{}.xml")
        content = part(
            f'<formControlPr {ns(main="x14")} objectType="CheckBox" checked="Checked" lockText="1" noThreeD="1"/>'
        )
        identity = book.attach(book.sheets()[sheet], "ctrlProp", name, content, _CONTROL)
        corner = "".join(
            f"<xdr:{one}>{value}</xdr:{one}>"
            for one, value in (("col", 8), ("colOff", 0), ("row", 0), ("rowOff", 0))
        )
        book.put(sheet, (
            f'<mc:AlternateContent><mc:Choice Requires="x14" {ns("x14")}><controls><mc:AlternateContent><mc:Choice Requires="x14">'
            f'<control '
            f'shapeId="{shape}" r:id="{identity}" name="复选框 1"><controlPr defaultSize="0" autoFill="0" autoLine="0" '
            f'autoPict="0"><anchor moveWithCells="1"><from>{corner}</from><to>{corner}</to></anchor></controlPr></control>'
            "</mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>"
        ))  # fmt: skip


@feature(Trail(WORKS, "//m:legacyDrawingHF"), Trail(f"{WORKS}>vmlDrawing", "//v:imagedata"),
         Trail(f"{WORKS}>vmlDrawing>image"), Trail(f"{PROJECTS}>vmlDrawing", "//v:imagedata"),
         Trail(PROJECTS, "//m:headerFooter"))  # fmt: skip
def header_pictures(book: Book) -> None:
    """A logo in the page header; its VML is a part of its own, without notes."""
    for number, sheet in enumerate((PROJECTS, WORKS, ANALYSIS), 7):
        vml = _vml(book, sheet, "legacyDrawingHF")
        name = next(name for name in book.parts if name.endswith(".vml") and book.root(name) is vml)
        image = book.attach(name, "image", f"xl/media/image{number}.png", png(10, 20, 20 * number))
        _shape(vml, 75, f'<v:imagedata o:relid="{image}" o:title="徽标"/><o:lock v:ext="edit" rotation="t"/>',
               "margin-left:0;margin-top:0;width:18pt;height:18pt;z-index:1", "LH")  # fmt: skip
        for old in book.sheet(sheet).findall(tag("m", "headerFooter")):
            book.sheet(sheet).remove(old)
        book.put(sheet, '<headerFooter scaleWithDoc="0" alignWithMargins="0"><oddHeader>&amp;L&amp;G&amp;C&amp;"宋体,加粗"内部'
                 "</oddHeader><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>")  # fmt: skip
