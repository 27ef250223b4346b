"""Mutations of the XML of a part: attributes, elements, texts, blanks, namespaces, encodings, syntax."""

from __future__ import annotations

import copy
import re

from lxml import etree

from benchmarks.fuzzing.kinds import (
    ADDRESSES,
    AREAS,
    FORMATS,
    FORMULAS,
    NUMBERS,
    TEXTS,
    XML,
    Dice,
    bytes_of,
    cut,
    flipped,
    kind,
)

Element = etree._Element
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMES = (
    "r", "s", "t", "cm", "vm", "ht", "hidden", "spans", "ref", "sqref", "si", "count", "uniqueCount", "min", "max", "id", "type", "name", "val",
    "numFmtId", "formatCode", "style", "width", "state", "sheetId", "Target", "TargetMode", "Id", "Type", "PartName", "Extension", "ContentType",
    "{http://www.w3.org/XML/1998/namespace}space", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable",
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", "{urn:x}y",
)  # fmt: skip
_TAGS = (
    "c",
    "row",
    "v",
    "f",
    "is",
    "t",
    "r",
    "si",
    "sheetData",
    "sheet",
    "mergeCell",
    "x",
    "p",
    "tbl",
    "tr",
    "tc",
    "extLst",
    "AlternateContent",
)
_ENCODINGS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-8-sig",
    "gb18030",
    "gbk",
    "big5",
    "latin-1",
    "ascii",
    "utf-32",
    "utf-7",
    "shift_jis",
)


def legal(text: str) -> str:
    """A text without the characters that XML does not know."""
    return _ILLEGAL.sub("", text)


def read(content: bytes) -> Element:
    return etree.fromstring(content)


def written(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def elements(root: Element) -> list[Element]:
    return [one for one in root.iter() if isinstance(one.tag, str)]


def chosen(dice: Dice, root: Element, *, inner: bool = True) -> Element:
    """An element; every second time each sort of element is as likely as the others. `inner`: not the root."""
    found = elements(root)[1 if inner else 0 :] or [root]
    if dice.random() < 0.5:
        name = dice.choice(sorted({str(one.tag) for one in found}))
        found = [one for one in found if one.tag == name]
    return dice.choice(found)


def odd_value(dice: Dice) -> str:
    return legal(dice.choice(dice.choice((NUMBERS, NUMBERS, TEXTS, FORMATS, ADDRESSES, AREAS, FORMULAS))))


def _with_attribute(dice: Dice, root: Element) -> Element | None:
    found = [one for one in elements(root) if one.attrib]
    if found and dice.random() < 0.5:
        name = dice.choice(sorted({str(one.tag) for one in found}))
        found = [one for one in found if one.tag == name]
    return dice.choice(found) if found else None


@kind(XML, "attribute dropped")
def attribute_dropped(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one = _with_attribute(dice, root)
    if one is not None:
        name = dice.choice(sorted(map(str, one.attrib)))
        everywhere = dice.random() < 0.3
        for other in root.iter(one.tag) if everywhere else (one,):
            other.attrib.pop(name, "")
    return written(root)


@kind(XML, "attribute changed")
def attribute_changed(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one = _with_attribute(dice, root)
    if one is not None:
        name = dice.choice(sorted(map(str, one.attrib)))
        values = sorted({other.get(name, "") for other in root.iter(one.tag)})
        one.set(name, dice.choice((odd_value(dice), odd_value(dice), dice.choice(values))))
    return written(root)


@kind(XML, "attribute added")
def attribute_added(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    chosen(dice, root, inner=False).set(dice.choice(_NAMES), odd_value(dice))
    return written(root)


@kind(XML, "attribute twice")
def attribute_twice(dice: Dice, content: bytes) -> bytes:
    found = list(re.finditer(rb'\s[\w:]+="[^"]*"', content))
    one = dice.choice(found) if found else None
    return content[: one.end()] + one[0] + content[one.end() :] if one else content


@kind(XML, "element dropped")
def element_dropped(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one = chosen(dice, root)
    doomed = list(root.iter(one.tag)) if dice.random() < 0.2 else [one]
    for other in doomed:
        parent = other.getparent()
        if parent is not None:
            parent.remove(other)
    return written(root)


@kind(XML, "element moved")
def element_moved(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one, place = chosen(dice, root), chosen(dice, root, inner=False)
    if one is not root and one not in place.iterancestors() and one is not place:
        place.insert(dice.randint(0, len(place)), one)
    return written(root)


@kind(XML, "element nested")
def element_nested(dice: Dice, content: bytes) -> bytes:
    """An element within another of its name, once or deep."""
    root = read(content)
    one = chosen(dice, root)
    parent = one.getparent()
    if parent is None:
        return content
    place, inner = parent.index(one), copy.deepcopy(one)
    attributes = {str(name): str(value) for name, value in one.attrib.items()}
    for _ in range(dice.choice((1, 1, 1, 2, 30, 250, 3000))):
        outer = etree.Element(one.tag, attributes if dice.random() < 0.5 else {})
        outer.append(inner)
        inner = outer
    parent[place] = inner
    return written(root)


@kind(XML, "element repeated")
def element_repeated(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one = chosen(dice, root)
    parent = one.getparent()
    if parent is not None:
        times = (
            dice.choice((1, 1, 1, 2, 10, 300)) if len(one) > 50 else dice.choice((1, 1, 1, 2, 10, 300, 5000))
        )
        for _ in range(times):
            parent.insert(dice.choice((parent.index(one) + 1, len(parent))), copy.deepcopy(one))
    return written(root)


@kind(XML, "element renamed")
def element_renamed(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one = chosen(dice, root, inner=False)
    space = str(one.tag).rpartition("}")[0]
    other = dice.choice(
        (str(chosen(dice, root).tag), f"{space}}}{dice.choice(_TAGS)}" if space else "x", "x", "{urn:x}x")
    )
    one.tag = other
    return written(root)


@kind(XML, "elements exchanged")
def elements_exchanged(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    one = chosen(dice, root)
    parent = one.getparent()
    if parent is not None:
        others = dice.sample(list(parent), len(parent))
        parent[:] = others
    return written(root)


@kind(XML, "text changed")
def text_changed(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    found = [one for one in elements(root) if one.text and one.text.strip()]
    one = dice.choice(found) if found else chosen(dice, root, inner=False)
    one.text = odd_value(dice)
    return written(root)


@kind(XML, "text beside elements")
def text_beside(dice: Dice, content: bytes) -> bytes:
    root = read(content)
    chosen(dice, root).tail = odd_value(dice)
    return written(root)


@kind(XML, "blanks and comments")
def blanks(dice: Dice, content: bytes) -> bytes:
    """Blanks, comments, instructions or CDATA between, around or within what is there."""
    ways = {
        "between": (
            rb"><",
            b">" + dice.choice((b"\n", b"  ", b"\t\r\n", b"<!-- <c/> -->", b"<?x y?>")) + b"<",
        ),
        "around texts": (
            rb">([^<>]+)<",
            dice.choice(
                (rb">\n  \1\n<", rb"> \1 <", rb"><![CDATA[\1]]><", rb"><!-- -->\1<", rb">\1<!-- --><")
            ),
        ),
        "in tags": (rb"(<[\w:]+)([ />])", rb"\1" + dice.choice((b" ", b"\n", b"\t")) + rb"\2"),
        "in attributes": (
            rb'(\w)="([^"]*)"',
            dice.choice((rb'\1 = "\2"', rb'\1=" \2 "', rb"\1='\2'", rb'\1="\2\n"')),
        ),
        "empty tags": (rb"<([\w:]+)([^<>]*)/>", rb"<\1\2></\1>"),
    }
    pattern, new = ways[dice.choice(sorted(ways))]
    head = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    if dice.random() < 0.5:
        return content[:head] + re.sub(pattern, new, content[head:])
    start = dice.randrange(head, len(content) + 1)
    return content[:start] + re.sub(pattern, new, content[start:], count=dice.choice((1, 30)))


@kind(XML, "namespace")
def namespaces(dice: Dice, content: bytes) -> bytes:
    """Another namespace, another prefix, or none."""
    text = content.decode("utf-8", "replace")
    uris = re.findall(r'xmlns(?::\w+)?="([^"]*)"', text) or [""]
    uri = dice.choice(uris)
    way = dice.randrange(5)
    if way == 0:
        strict = uri.replace("http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml").replace(
            "/2006", ""
        )
        text = text.replace(uri, dice.choice((strict, "urn:x", "", uri.upper(), f"{uri} ", f"{uri}/")))
    elif way == 1:
        text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text, count=dice.choice((1, 9)))
    elif way == 2:
        start = max(text.find("?>") + 2, 0)
        body = re.sub(r"<(/?)(?=[A-Za-z]\w*[\s/>])", r"<\1zz:", text[start:])
        text = text[:start] + body.replace(" xmlns=", " xmlns:zz=", 1)
    elif way == 3:
        text = re.sub(r"<([\w:]+)([ />])", r'<\1 xmlns:q="urn:q"\2', text, count=dice.choice((1, 50)))
    else:
        text = re.sub(r"<(/?)(\w+):", rf"<\1{dice.choice(('', 'r:', 'zz:'))}", text)
    return text.encode()


@kind(XML, "encoding")
def encodings(dice: Dice, content: bytes) -> bytes:
    """In another encoding, or said to be in one."""
    text, code = content.decode("utf-8", "replace"), dice.choice(_ENCODINGS)
    body = re.sub(r"^\s*<\?xml.*?\?>", "", text)
    said = dice.choice(
        (code, code.removesuffix("-le").removesuffix("-be").removesuffix("-sig"), "UTF-8", "x-unknown", "")
    )
    head = f'<?xml version="{dice.choice(("1.0", "1.0", "1.1", "2.0"))}" encoding="{said}"?>' if said else ""
    try:
        return (head + body).encode(dice.choice((code, code, "utf-8")))
    except UnicodeEncodeError:
        return (head + body).encode(code, "xmlcharrefreplace")


@kind(XML, "syntax")
def syntax(dice: Dice, content: bytes) -> bytes:
    """Bytes dropped, inserted, changed; characters and references that XML does not know."""
    bits = (b"&", b"<", b">", b"]]>", b"&#0;", b"&#x1;", b"&#xD800;", b"&#xFFFF;", b"&#x110000;", b"&nbsp;", b"\0", b"\x0b", b"\xff", b"\xc0\x80",
            b"\xed\xa0\x80", b"<!--", b"<![CDATA[", b"<?", b"</x>", b"<x>", b'"', b"&amp;amp;", b"&lt;!DOCTYPE x&gt;", b"<![CDATA[<!DOCTYPE x>]]>")  # fmt: skip
    place = dice.randrange(len(content) + 1)
    inserted = (
        content[:place]
        + dice.choice((dice.choice(bits), dice.choice(bits), bytes_of(dice)))
        + content[place:]
    )
    return dice.choice((inserted, inserted, cut(dice, content), flipped(dice, content, 3)))


@kind(XML, "document type")
def document_type(dice: Dice, content: bytes) -> bytes:
    doctypes = ('<!DOCTYPE x>', '<!DOCTYPE x [<!ENTITY e "1">]>', '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY e "&a;&a;&a;">]>', '<!doctype x>',
                '<!DOCTYPE\nx SYSTEM "x.dtd">', "<!-- <!DOCTYPE x> -->")  # fmt: skip
    text = content.decode("utf-8", "replace")
    end = text.find("?>") + 2 if text.startswith("<?xml") else 0
    text = (
        text[:end] + dice.choice(doctypes) + re.sub(r">\d+<", ">&e;<", text[end:], count=dice.choice((0, 1)))
    )
    return text.encode(dice.choice(("utf-8", "utf-8", "utf-16")))


@kind(XML, "numbers in it")
def numbers(dice: Dice, content: bytes) -> bytes:
    """A number anywhere, in texts or attributes, is another."""
    found = list(re.finditer(rb"\d+(?:\.\d+)?", content))
    for _ in range(dice.choice((1, 1, 3)) if found else 0):
        one = dice.choice(found)
        old = one[0]
        near = str(int(old[:15].partition(b".")[0] or b"0") + dice.choice((-1, 1, 10, 10000))).encode()
        new = dice.choice((dice.choice(NUMBERS).encode(), near, old + old))
        content = content[: one.start()] + new + content[one.end() :]
        found = [other for other in found if other.end() <= one.start()]
        if not found:
            break
    return content
