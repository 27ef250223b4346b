"""Small files that are heavy: the registry of their kinds, and the sample workbook as something that text is put into."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from xlbudget import app, layout, profiles, sample
from xlbudget.domain.where import column_letter
from xlbudget.hosts.template import input_sheets

SEED = 13
Make = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A file by name: what it is called, which commands are tried on it, how it is made."""

    name: str
    suffix: str
    commands: tuple[str, ...]
    make: Make
    beside: Mapping[str, Make]
    """Files that lie beside it."""


KINDS: dict[str, Kind] = {}


def kind(
    suffix: str = ".xlsx", *commands: str, beside: Mapping[str, Make] | None = None
) -> Callable[[Make], Make]:
    """Register what makes a kind of file; a workbook is checked and run, everything else audited."""

    def register(make: Make) -> Make:
        name = make.__name__
        assert name not in KINDS, name
        chosen = commands or (("check", "run") if suffix in (".xlsx", ".xlsm") else ("audit",))
        KINDS[name] = Kind(name, suffix, chosen, make, beside or {})
        return make

    return register


def dice() -> random.Random:
    """The same numbers each time."""
    return random.Random(SEED)


# -- workbooks -------------------------------------------------------------------------------------------

FRONT, PROJECTS, INDICATORS, KEY_WORKS, CORRECTIONS, NOTES = (
    f"xl/worksheets/sheet{number}.xml" for number in range(1, 7)
)
STYLES, STRINGS, WORKBOOK = "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
WORKBOOK_RELS, TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@cache
def _sample() -> Mapping[str, str]:
    with zipfile.ZipFile(io.BytesIO(app.new_workbook(None, sample=True))) as archive:
        return {info.filename: archive.read(info).decode() for info in archive.infolist()}


class Book:
    """The parts of the sample workbook as text."""

    def __init__(self) -> None:
        self.parts = dict(_sample())

    def before(self, part: str, mark: str, text: str) -> Book:
        """Put text before the first of a mark."""
        head, found, tail = self.parts[part].partition(mark)
        assert found, (part, mark)
        self.parts[part] = f"{head}{text}{mark}{tail}"
        return self

    def replace(self, part: str, old: str, new: str) -> Book:
        assert old in self.parts[part], (part, old)
        self.parts[part] = self.parts[part].replace(old, new, 1)
        return self

    def read_whole(self) -> Book:
        """Output sheets hidden, so that `audit` reads all others."""
        for sheet in layout.OUTPUT_SHEETS:
            self.replace(
                WORKBOOK, f'<sheet name="{sheet.name}"', f'<sheet state="hidden" name="{sheet.name}"'
            )
        return self

    def rows(self, part: str, text: str) -> Book:
        """Rows below those that are there."""
        return self.before(part, "</sheetData>", text)

    def relate(self, part: str, kind: str, target: str, identity: str) -> Book:
        """A relation of a sheet."""
        name = f"xl/worksheets/_rels/{part.rpartition('/')[2]}.rels"
        relations = self.parts.setdefault(name, f'<Relationships xmlns="{PACKAGE_RELS}"></Relationships>')
        one = f'<Relationship Id="{identity}" Type="{DOC_RELS}/{kind}" Target="{target}"/>'
        self.parts[name] = relations.replace("</Relationships>", f"{one}</Relationships>")
        return self

    def add(self, part: str, text: str, content_type: str) -> Book:
        self.parts[part] = text
        return self.before(TYPES, "</Types>", f'<Override PartName="/{part}" ContentType="{content_type}"/>')

    def sheet(self, number: int, name: str, rows: str, rest: str = "") -> Book:
        """One more sheet at the end; numbers from 90 are free."""
        part = f"xl/worksheets/sheet{number}.xml"
        text = (
            f'<worksheet xmlns="{MAIN}" xmlns:r="{DOC_RELS}"><sheetData>{rows}</sheetData>{rest}</worksheet>'
        )
        self.add(part, text, SHEET_TYPE)
        tab = f'<sheet name="{name}" sheetId="{number + 1000}" r:id="rIdH{number}"/>'
        self.before(WORKBOOK, "</sheets>", tab)
        relation = f'<Relationship Id="rIdH{number}" Type="{DOC_RELS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        return self.before(WORKBOOK_RELS, "</Relationships>", relation)

    def packed(self) -> bytes:
        return zipped({name: text.encode() for name, text in self.parts.items()})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Parts as a zip file with constant dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def number_cell(place: str, text: object) -> str:
    return f'<c r="{place}"><v>{text}</v></c>'


def numbered(first: int, last: int, cells: Callable[[int], str]) -> str:
    """Rows from a number to another."""
    return "".join(f'<row r="{row}">{cells(row)}</row>' for row in range(first, last + 1))


def letter(sheet: layout.Sheet, field: str) -> str:
    """The column of a field in the template."""
    return column_letter(1 + [column.field for column in sheet.columns].index(field))


# -- workbooks of many good rows -------------------------------------------------------------------------

Rows = Sequence[Sequence[object]]


def filled(**sheets: tuple[Sequence[str], Rows]) -> bytes:
    """A workbook with sheets (by their Chinese name) of these headers and rows; other sheets are those of the sample."""
    facts = dict(sample.load())
    for name, (headers, rows) in sheets.items():
        facts[name] = {"表头": list(headers), "行": [list(row) for row in rows]}
    return input_sheets(facts, profiles.load(None))
