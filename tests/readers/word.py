"""Word documents written part by part, so that tests can say exactly what stands in them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from xlbudget.audit.source import Line, Source, Table
from xlbudget.readers import read_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    f'xmlns:r="{OFFICE}"'
)


def root(name: str, content: str, namespace: str = W) -> str:
    return f'<w:{name} xmlns:w="{namespace}" {_NAMESPACES}>{content}</w:{name}>'


def p(*runs: str, properties: str = "") -> str:
    """A paragraph; runs that are no XML yet are made ones."""
    inside = "".join(one if one.startswith("<") else r(one) for one in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return mark("begin") + code + mark("separate") + result + mark("end")


def tc(*blocks: str, properties: str = "") -> str:
    inside = "".join(one if one.startswith("<") else p(one) for one in blocks) or p()
    return f"<w:tc>{f'<w:tcPr>{properties}</w:tcPr>' if properties else ''}{inside}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    inside = "".join(one if one.startswith("<w:tc") or one.startswith("<w:sdt") else tc(one) for one in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inside}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def word(body: str, *, strict: bool = False, **parts: str) -> bytes:
    """A document of a body and other parts (styles, numbering, footnotes, endnotes, comments) by their content."""
    namespace, office = (STRICT_W, STRICT_OFFICE) if strict else (W, OFFICE)
    files = {"word/document.xml": root("document", f"<w:body>{body}</w:body>", namespace)}
    relations, types = "", ""
    for number, (name, content) in enumerate(parts.items()):
        files[f"word/{name}.xml"] = root(name, content, namespace)
        relations += f'<Relationship Id="rId{number}" Type="{office}/{name}" Target="{name}.xml"/>'
        types += f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE.format(name)}"/>'
    if relations:
        files["word/_rels/document.xml.rels"] = (
            f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'
        )
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN_TYPE}"/>{types}</Types>'
    )
    return zipped({name: text.encode() for name, text in files.items()})


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def source_of(content: bytes, name: str = "报告.docx") -> Source:
    return read_bytes(Path(name), content).source


def texts(source: Source) -> list[str]:
    return [item.text for item in source if isinstance(item, Line)]


def tables(source: Source) -> list[tuple[tuple[str, ...], ...]]:
    return [item.rows for item in source if isinstance(item, Table)]
