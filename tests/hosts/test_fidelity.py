"""Nothing of a rich workbook is lost: part by part, cell by cell, feature by feature (tests/rich builds it)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import files
from tests.office.conftest import Validate, sdk_errors  # noqa: F401
from tests.rich import Feature, features, rich_workbook
from tests.rich.book import TYPES, WORKBOOK, Book, rels_of, remove, tag
from tests.rich.cells import ANALYSIS, PROJECTS, chain_of_calculation
from tests.rich.compare import OWNED, unexplained
from tests.rich.notes import note
from tests.rich.package import Parts
from tests.rich.sound import faults
from xlbudget import app, layout

SUFFIXES = (".xlsx", ".xlsm")
BASES = ("filled", "computed")
WORKBOOKS = [pytest.param(base, suffix, id=f"{base}{suffix}") for base in BASES for suffix in SUFFIXES]
TABLE = [
    pytest.param(base, suffix, one, id=f"{one.name}-{base}{suffix}")
    for base in BASES
    for suffix in SUFFIXES
    for one in features(macros=suffix == ".xlsm")
]
STATS = layout.STATS.name


class Pair(NamedTuple):
    """A workbook and what `run` made of it."""

    before: bytes
    after: bytes

    @property
    def parts(self) -> tuple[Parts, Parts]:
        return Parts.of(self.before), Parts.of(self.after)


Ran = Callable[[str, str], Pair]


def run(content: bytes, folder: Path, suffix: str) -> bytes:
    source, out = folder / f"源{suffix}", folder / f"果{suffix}"
    source.write_bytes(content)
    app.run(source, app.Destinations(out))
    return out.read_bytes()


@cache
def rich(base: str, suffix: str, folder: Path) -> bytes:
    """The sample, as it is or computed before, with everything that Excel can add."""
    content = files.sample() if base == "filled" else run(files.sample(), folder, ".xlsx")
    return rich_workbook(content, macros=suffix == ".xlsm")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Each workbook and its result, made once."""
    folder = tmp_path_factory.mktemp("rich")

    @cache
    def pair(base: str, suffix: str) -> Pair:
        before = rich(base, suffix, folder)
        return Pair(before, run(before, folder, suffix))

    return pair


def built(change: Callable[[Book], None], base: bytes | None = None) -> bytes:
    """The sample with a change and the chain of calculation that Excel would write."""
    book = Book(base or files.sample(), macros=False)
    change(book)
    chain_of_calculation(book)
    return book.pack()


# -- the workbook itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "suffix"), WORKBOOKS)
def test_the_rich_workbook_holds_together(ran: Ran, base: str, suffix: str) -> None:
    """Built twice it is the same; each feature can be found in it; it is zipped as Excel does."""
    content = ran(base, suffix).before
    again = files.sample() if base == "filled" else None
    assert again is None or rich_workbook(again, macros=suffix == ".xlsm") == content
    parts = Parts.of(content)
    assert faults(parts) == []
    assert len(parts) > 60
    assert [
        one.name
        for one in features(macros=suffix == ".xlsm")
        for trail in one.trails
        if not parts.seen(trail)
    ] == []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
    assert infos[0].filename == TYPES
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    assert all(info.flag_bits & 8 for info in infos)


@pytest.mark.office
@pytest.mark.parametrize(("base", "suffix"), WORKBOOKS)
def test_validator_finds_no_error_before_and_after(
    ran: Ran,
    base: str,
    suffix: str,
    tmp_path: Path,
    sdk_errors: Validate,  # noqa: F811
) -> None:
    for name, content in zip(("before", "after"), ran(base, suffix), strict=True):
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(content)
        assert sdk_errors(path) == []


# -- part by part, cell by cell ------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "suffix"), WORKBOOKS)
def test_only_what_is_owned_differs(ran: Ran, base: str, suffix: str) -> None:
    """Foreign parts to the byte, owned ones element by element; OWNED says which and why."""
    assert all(OWNED.values())
    assert unexplained(*ran(base, suffix).parts) == []


@pytest.mark.parametrize(("base", "suffix"), WORKBOOKS)
def test_most_parts_are_the_same_to_the_byte(ran: Ran, base: str, suffix: str) -> None:
    before, after = ran(base, suffix).parts
    same = {name for name in before if after.get(name) == before[name]}
    folders = ("charts", "drawings", "media", "tables", "theme", "pivot", "slicer", "external", "persons", "printer",
               "threaded", "ctrlProps", "webext")  # fmt: skip
    assert [one for one in folders if not any(name.startswith(f"xl/{one}") for name in same)] == []
    assert {"xl/sharedStrings.xml", "xl/metadata.xml"} <= same
    assert ("xl/calcChain.xml" in same) == (suffix == ".xlsx")
    assert {name for name in before if not name.startswith("xl/")} - {TYPES} <= same
    assert before.sheets()[ANALYSIS] in same


@pytest.mark.parametrize(("base", "suffix"), WORKBOOKS)
def test_members_keep_their_order_and_compression(ran: Ran, base: str, suffix: str) -> None:
    listed = []
    for content in ran(base, suffix):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert package.testzip() is None
            listed.append(
                [(info.filename, info.compress_type, info.date_time) for info in package.infolist()]
            )
    if suffix == ".xlsm":  # functions came to the computed columns
        listed[0] = [one for one in listed[0] if one[0] != "xl/calcChain.xml"]
    assert listed[1][: len(listed[0])] == listed[0]


# -- feature by feature --------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "suffix", "one"), TABLE)
def test_feature_is_still_there(ran: Ran, base: str, suffix: str, one: Feature) -> None:
    """Reached by the same relations, of the same content type, with the same content."""
    before, after = ran(base, suffix).parts
    if one.name == "chain_of_calculation" and suffix == ".xlsm":
        assert "xl/calcChain.xml" not in after
        return
    for trail in one.trails:
        assert after.seen(trail) == before.seen(trail), trail
        assert all(after.content_type(name) for name in after.reached(trail) if name in after)


# -- again ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "suffix"), WORKBOOKS)
def test_running_again_changes_nothing(ran: Ran, base: str, suffix: str, tmp_path: Path) -> None:
    """The same bytes from the same workbook, and from the result itself."""
    before, after = ran(base, suffix)
    assert run(before, tmp_path, suffix) == after
    again = run(after, tmp_path, suffix)
    assert unexplained(Parts.of(after), Parts.of(again)) == []
    assert [name for name, content in Parts.of(again).items() if content != Parts.of(after)[name]] == []
    assert again == after


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_in_place_is_the_same_and_keeps_a_backup(ran: Ran, suffix: str, tmp_path: Path) -> None:
    before, after = ran("filled", suffix)
    path = tmp_path / f"报表{suffix}"
    path.write_bytes(before)
    app.run(path, app.Destinations(path, in_place=True))
    assert path.read_bytes() == after
    assert (tmp_path / f"报表-备份{suffix}").read_bytes() == before


# -- the comparison notices ----------------------------------------------------------------------------


FOREIGN = [
    "xl/theme/theme1.xml", "xl/sharedStrings.xml", "xl/media/image1.png", "xl/printerSettings/printerSettings1.bin",
    "xl/tables/table1.xml", "xl/metadata.xml", "xl/charts/chart1.xml", "xl/pivotCache/pivotCacheRecords1.xml",
    "customXml/item1.xml", "customUI/customUI14.xml", "xl/vbaProject.bin", "docProps/thumbnail.jpeg", "docProps/app.xml",
    "xl/persons/person.xml", "xl/externalLinks/_rels/externalLink1.xml.rels", "xl/worksheets/sheet5.xml",
]  # fmt: skip
PROJECT_PART, STYLES = files.PROJECT_PART, "xl/styles.xml"
EDITS = [
    (PROJECT_PART, rb'(<c r="J5" s="\d+">)<v>2.41</v>', rb'\1<v>2.42</v>'),
    (PROJECT_PART, rb'(<c r="J5" s=)"\d+">', rb'\1"1">'),
    (PROJECT_PART, rb'<c r="D6"[^>]*>.*?</c>', b""),
    (PROJECT_PART, rb'<c r="AA8".*?</c>', b""),
    (PROJECT_PART, rb'<c r="T10".*?</c>|(?=</row><row r="31")', b'<c r="T30"><v>1</v></c>'),
    (PROJECT_PART, rb'mc:Ignorable="x14ac xr xr2 xr3"', b'mc:Ignorable="x14ac xr xr2"'),
    (PROJECT_PART, rb' xmlns:xr3="[^"]*"', b""),
    (PROJECT_PART, rb'negative="1"', b'negative="0"'),
    (PROJECT_PART, rb'x14ac:dyDescent="0.15"', b'x14ac:dyDescent="0.2"'),
    (PROJECT_PART, rb"<mergeCells.*?</mergeCells>", b""),
    (PROJECT_PART, rb"<ext uri=.*?</ext>", b""),
    (PROJECT_PART, rb'<col min="18"([^>]*) hidden="1"', rb'<col min="18"\1'),
    (PROJECT_PART, rb"<ignoredErrors>.*?</ignoredErrors>", b""),
    ("xl/comments1.xml", "全称以批复为准".encode(), "全称以批文为准".encode()),
    ("xl/drawings/vmlDrawing1.vml", rb"2, 15, 4, 2", b"2, 15, 4, 3"),
    ("xl/worksheets/_rels/sheet2.xml.rels", rb"<Relationship [^>]*threadedComment[^>]*/>", b""),
    (STYLES, rb"knownFonts", b"unknownFonts"),
    (STYLES, rb'degree="90"', b'degree="45"'),
    (STYLES, rb'(<cellXfs [^>]*>)(<xf.*?(?:/>|</xf>))', rb"\1\2\2"),
    (WORKBOOK, rb'lockStructure="1"', b'lockStructure="0"'),
    (WORKBOOK, rb'hidden="1"(>"x)', rb"\1"),
    (WORKBOOK, rb"<pivotCaches>.*?</pivotCaches>", b""),
    (TYPES, rb"<Default [^>]*png[^>]*/>", b""),
    (TYPES, rb"<Override [^>]*ctrlProp1[^>]*/>", b""),
    ("_rels/.rels", rb"2007/relationships/ui", b"2006/relationships/ui"),
]  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_comparison_notices_a_byte_of_a_foreign_part(ran: Ran, name: str) -> None:
    before, after = ran("filled", ".xlsm").parts
    known = unexplained(before, after)
    assert after[name] == before[name]
    after[name] = flipped(after[name])
    assert [one for one in unexplained(before, after) if one not in known] == [f"{name} changed"]


def flipped(content: bytes) -> bytes:
    """One byte changed; XML stays readable."""
    if b'"UTF-8"' in content:
        return content.replace(b'"UTF-8"', b'"uTF-8"', 1)
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize(("part", "pattern", "new"), EDITS)
def test_comparison_notices_an_edit(ran: Ran, part: str, pattern: bytes, new: bytes) -> None:
    before, after = ran("filled", ".xlsm").parts
    known = unexplained(before, after)
    after[part], count = re.subn(pattern, new, after[part], count=1, flags=re.DOTALL)
    assert count == 1
    assert [one for one in unexplained(before, after) if one not in known] != []


def test_comparison_notices_a_part_that_went_or_came(ran: Ran) -> None:
    before, after = ran("filled", ".xlsm").parts
    del after["xl/media/image1.png"]
    after["xl/media/image99.png"] = b""
    found = unexplained(before, after)
    assert {"xl/media/image1.png gone", "xl/media/image99.png new"} <= set(found)


# -- traps: each a workbook that Excel writes ----------------------------------------------------------


def results(content: bytes, folder: Path) -> tuple[Parts, Parts]:
    return Parts.of(content), Parts.of(run(content, folder, ".xlsx"))


def test_formula_shared_from_an_owned_cell_is_not_orphaned(tmp_path: Path) -> None:
    """Excel writes a filled-down formula once, in its first cell: when we replace that, the others need it still."""

    def change(book: Book) -> None:
        book.cell(PROJECTS, "T5", '<f t="shared" ref="T5:T12" si="0">K5/I5*100</f><v>98.39</v>')
        for row in range(6, 13):
            book.cell(PROJECTS, f"T{row}", f'<f t="shared" si="0"/><v>{row}</v>')

    before, after = results(built(change), tmp_path)
    assert faults(before) == []
    assert faults(after) == []
    cells = {one.get("r"): one for one in after.root(after.sheets()[PROJECTS]).iter(tag("m", "c"))}
    assert all(cells[f"T{row}"].find(tag("m", "f")) is not None for row in (10, 11, 12))


def test_formula_on_a_result_sheet_leaves_the_chain_of_calculation(tmp_path: Path) -> None:
    """Somebody unprotected 统计表 and calculated there: we write the sheet anew, so Excel must not look for it."""

    def change(book: Book) -> None:
        book.cell(STATS, "J40", "<f>1+1</f><v>2</v>")

    before, after = results(built(change), tmp_path)
    assert faults(before) == []
    assert faults(after) == []


def test_drawing_that_is_no_xml_does_not_stop_us(tmp_path: Path) -> None:
    """Excel itself writes captions with line breaks as <br>, unclosed."""
    content = built(lambda book: note(book, PROJECTS, (4, 1), "财务科", "全称"))
    parts = Parts.of(content)
    (drawing,) = parts.related(parts.sheets()[PROJECTS], "vmlDrawing")
    parts[drawing] = re.sub(
        rb'<div style="text-align:left"/>', b'<div style="text-align:left">a<br>b</div>', parts[drawing]
    )
    assert b"<br>" in parts[drawing]
    after = Parts.of(run(files.zipped(parts), tmp_path, ".xlsx"))
    assert b"a<br" in after[drawing]


def without(book: Book, name: str) -> None:
    """The workbook after somebody deleted a sheet."""
    part, place = book.sheets()[name], list(book.sheets()).index(name)
    for one in list(book.root(WORKBOOK).iter(tag("m", "definedName"))):
        local = int(one.get("localSheetId", "-1"))
        if local == place:
            remove(one)
        elif local > place:
            one.set("localSheetId", str(local - 1))
    for holder in (WORKBOOK, rels_of(WORKBOOK), TYPES):
        for one in list(book.root(holder).iter()):
            if (
                one.get("name") == name
                or one.get("PartName") == f"/{part}"
                or one.get("Target") == f"/{part}"
            ):
                remove(one)
    del book.parts[part]
    book.parts.pop(rels_of(part), None)


@pytest.mark.parametrize("name", [STATS, layout.CHECK.name, layout.CHARTS.name])
def test_result_sheet_that_was_deleted_comes_back_without_harm(ran: Ran, name: str, tmp_path: Path) -> None:
    """Names of sheets, the tab in front, views and pivot tables still mean the sheets that they meant."""
    book = Book(ran("filled", ".xlsx").before, macros=False)
    without(book, name)
    before, after = results(book.pack(), tmp_path)
    assert unexplained(before, after) == []
    assert name in after.sheets()
