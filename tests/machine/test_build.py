"""The built .xlsm and .xlam: sources come back exactly, names match, the same bytes each time, and `run` keeps it all."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from pyopenvba import check_file
from pyopenvba.vba import decompress

from tests.files import parts, repacked
from xlbudget import app, layout
from xlbudget.files import CannotWrite
from xlbudget.hosts.macros import ADDIN_TYPE, PROJECT_PART, WORKBOOK_TYPE
from xlbudget.hosts.package import Package
from xlbudget.machine import build
from xlbudget.vba import made as vba
from xlbudget.vba.project import macros

UI = "http://schemas.microsoft.com/office/200{}/relationships/ui/extensibility"
DOCUMENT = "ThisWorkbook", "Sheet"


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return build.workbook_file()


@pytest.fixture(scope="module")
def addin() -> bytes:
    return build.addin_file()


@pytest.fixture(params=[build.WORKBOOK, build.ADDIN])
def file(request: pytest.FixtureRequest, workbook: bytes, addin: bytes, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    path.write_bytes(workbook if request.param == build.WORKBOOK else addin)
    return path


def modules(content: bytes) -> dict[str, str]:
    """Module → source, as olevba reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses names that pyparsing will drop
        from oletools.olevba import VBA_Parser
    parser = VBA_Parser("book.xlsm", data=content)
    found = {
        os.path.splitext(str(name))[0]: (code if isinstance(code, str) else code.decode())
        for _, _, name, code in parser.extract_macros()
    }
    parser.close()
    return found


def wrong_sources(content: bytes, *, addin: bool = False) -> list[str]:
    """Modules that are not exactly their sources; those of sheets must be empty but for their attributes."""
    made = macros(addin=addin)
    wanted = {**made.modules, "ThisWorkbook": made.workbook_module}
    found = modules(content)
    lines = {name: text.splitlines() for name, text in found.items()}
    wrong = [name for name, text in wanted.items() if lines.get(name) != text.splitlines()]
    others = found.keys() - wanted.keys()
    return wrong + [
        n
        for n in others
        if [x for x in lines[n] if not x.startswith("Attribute")] or not n.startswith("Sheet")
    ]


def openable(content: bytes) -> bytes:
    """An add-in as a workbook, which other programs open."""
    return repacked(
        {"[Content_Types].xml": lambda one: one.replace(ADDIN_TYPE.encode(), WORKBOOK_TYPE.encode())}, content
    )


def code_names(content: bytes) -> list[str]:
    """codeNames of the workbook and its sheets; empty where one has none."""
    host = Package(Path("x.xlsm"), openable(content))
    elements = [host.workbook.root.find("{*}workbookPr")]
    elements += [host.parts.root(part).find("{*}sheetPr") for part in host.workbook.sheets().values()]
    return [one.get("codeName", "") if one is not None else "" for one in elements]


def ribbon_relations(content: bytes) -> dict[str, str]:
    """Target → type of the package's relations to ribbons that are there."""
    members = parts(content)
    relations = etree.fromstring(members["_rels/.rels"])
    found = {one.get("Target", "").lstrip("/"): one.get("Type", "") for one in relations}
    return {target: kind for target, kind in found.items() if "extensibility" in kind and target in members}


def test_sources_come_back_exactly(workbook: bytes, addin: bytes) -> None:
    assert wrong_sources(workbook) == []
    assert wrong_sources(addin, addin=True) == []
    assert "XlbCore" in wrong_sources(addin)


def test_the_check_of_sources_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = macros()
    other = {**changed.modules, "XlbCore": changed.modules["XlbCore"].replace("WAIT_SECONDS", "WAIT_SECOND")}
    monkeypatch.setattr("xlbudget.vba.project.macros", lambda: _with_modules(other))
    assert wrong_sources(app.new_workbook(None, sample=False, macros=True)) == ["XlbCore"]


def _with_modules(modules: Mapping[str, str]) -> object:
    from dataclasses import replace

    return replace(macros(), modules=modules)


def test_code_names_are_the_document_modules(file: Path) -> None:
    content = file.read_bytes()
    names = code_names(content)
    assert names[0] == "ThisWorkbook"
    assert len(set(names)) == len(names)
    assert set(names) == {name for name in modules(content) if name.startswith(DOCUMENT)}


def test_the_check_of_code_names_can_fail(workbook: bytes) -> None:
    changed = repacked(
        {"xl/worksheets/sheet3.xml": lambda one: one.replace(b'codeName="Sheet3"', b"")}, workbook
    )
    assert "" in code_names(changed)
    changed = repacked({"xl/workbook.xml": lambda one: one.replace(b"ThisWorkbook", b"DieseMappe")}, workbook)
    assert code_names(changed)[0] not in modules(changed)


def test_kinds_and_relations(workbook: bytes, addin: bytes) -> None:
    for content, kind in ((workbook, WORKBOOK_TYPE), (addin, ADDIN_TYPE)):
        types = parts(content)["[Content_Types].xml"].decode()
        assert re.findall(r'PartName="/xl/workbook.xml" ContentType="([^"]+)"', types) == [kind]
        assert ribbon_relations(content) == {
            "customUI/customUI14.xml": UI.format(7), "customUI/customUI.xml": UI.format(6),
        }  # fmt: skip
        related = Package(Path("x.xlsm"), workbook).workbook.related("vbaProject")
        assert related == PROJECT_PART


def test_the_check_of_the_ribbon_can_fail(workbook: bytes) -> None:
    assert len(ribbon_relations(repacked({"customUI/customUI14.xml": None}, workbook))) == 1
    lost = repacked(
        {"_rels/.rels": lambda one: re.sub(rb"<Relationship [^>]*extensibility[^>]*/>", b"", one)}, workbook
    )
    assert ribbon_relations(lost) == {}


def test_the_project_is_sound(file: Path) -> None:
    assert check_file(file).issues == ()


def test_the_check_of_the_project_can_fail(file: Path) -> None:
    file.write_bytes(repacked({PROJECT_PART: lambda one: one[: len(one) // 2]}, file.read_bytes()))
    assert not check_file(file).ok


def test_the_same_bytes_each_time(workbook: bytes, addin: bytes) -> None:
    assert build.workbook_file() == workbook
    assert build.addin_file() == addin
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_bytes_in_another_process_and_place(workbook: bytes, addin: bytes, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlbudget", "addin", "build", "别处 folder"]
    done = subprocess.run(
        command, cwd=tmp_path, check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    made = {path.name: path.read_bytes() for path in (tmp_path / "别处 folder").iterdir()}
    assert made == {build.WORKBOOK: workbook, build.ADDIN: addin}
    assert done.stdout.count("已做好：") == 2


def traces(content: bytes) -> list[str]:
    """Folders of this machine, anywhere in a file; xlwings names one log file on a Mac."""
    members = {name: one for name, one in parts(content).items() if name != PROJECT_PART}
    text = b"".join(members.values()).decode("utf-8", "ignore") + "".join(modules(content).values())
    text = text.replace("/tmp/xlwings.log", "")
    return [one for one in ("/tmp/", "/root/", "/home/", os.getcwd(), "xlbudget-") if one in text]


def test_no_trace_of_the_machine(file: Path) -> None:
    assert traces(file.read_bytes()) == []
    told = repacked(
        {"docProps/core.xml": lambda one: one.replace(b"</dc:title>", b"/home/x</dc:title>")},
        file.read_bytes(),
    )
    assert traces(told) == ["/home/"]


def settings_sheet(file: Path) -> Any:
    return openpyxl.load_workbook(io.BytesIO(openable(file.read_bytes())))[vba.SETTINGS_SHEET]


def test_the_hidden_sheet_is_as_xlwings_reads_it(file: Path) -> None:
    sheet = settings_sheet(file)
    assert sheet.sheet_state == "veryHidden"
    rows = [list(row) for row in sheet.iter_rows(max_col=2, values_only=True)]
    assert {key: value for key, value in rows if key} == dict(vba.SETTINGS)


def test_chinese_texts_are_cells_and_not_vba(file: Path) -> None:
    texts = {cell for row in settings_sheet(file).iter_rows(values_only=True) for cell in row}
    assert set(vba.TEXTS.values()) <= texts
    assert all(code.isascii() for code in modules(file.read_bytes()).values())


def test_the_workbook_is_the_template_with_macros_added(workbook: bytes) -> None:
    plain, book = parts(app.new_workbook(None, sample=False)), openpyxl.load_workbook(io.BytesIO(workbook))
    assert book.sheetnames == [*layout.SHEET_ORDER, "_xlbudget", vba.SETTINGS_SHEET]
    members = parts(workbook)
    without = {name: re.sub(rb' ?codeName="\w+"|<sheetPr/>', b"", members[name]) for name in plain}
    same = [name for name in plain if name.startswith("xl/worksheets/") and without[name] == plain[name]]
    assert len(same) >= len(layout.SHEET_ORDER) - 1


def test_excel_does_not_compute_it_anew_when_it_is_opened(file: Path) -> None:
    assert re.findall(r"<calcPr[^>]*>", parts(file.read_bytes())["xl/workbook.xml"].decode()) == [
        '<calcPr calcId="191029"/>'
    ]


def test_built_with(workbook: bytes, addin: bytes, sample_bytes: bytes) -> None:
    from importlib.metadata import version

    assert build.built_with(workbook) == build.built_with(addin) == version("xlwings")
    assert build.built_with(sample_bytes) is None
    assert build.built_with(repacked({PROJECT_PART: lambda one: one[:100]}, workbook)) is None
    assert build.built_with(b"no workbook") is None


# -- what `run` keeps ----------------------------------------------------------------------------------


def run(content: bytes, folder: Path) -> bytes:
    source, out = folder / "源.xlsm", folder / "果.xlsm"
    source.write_bytes(content)
    app.run(source, app.Destinations(out))
    return out.read_bytes()


def test_macros_and_ribbon_survive_a_run(tmp_path: Path) -> None:
    before = app.new_workbook(None, sample=True, macros=True)
    after = run(before, tmp_path)
    kept = [name for name in parts(before) if name.startswith("customUI/") or name == PROJECT_PART]
    assert len(kept) == 3
    assert {name: parts(after)[name] for name in kept} == {name: parts(before)[name] for name in kept}
    assert ribbon_relations(after) == ribbon_relations(before)
    assert code_names(after) == code_names(before)
    assert run(after, tmp_path) == after


def without_sheet(content: bytes, name: str) -> bytes:
    """A workbook as Excel leaves it when a sheet was deleted: the sheet gone, its module still in the project."""
    host = Package(Path("x.xlsm"), content)
    tab = next(one for one in host.workbook.root.iter("{*}sheet") if one.get("name") == name)
    part = host.workbook.sheets()[name]
    tab.getparent().remove(tab)  # type: ignore[union-attr]
    host.parts.drop(part, host.workbook.part)
    host.parts.touch(host.workbook.part)
    return host.save()


def test_a_sheet_that_run_makes_takes_no_module_of_another(tmp_path: Path) -> None:
    """It has no codeName, as with any program that adds a sheet without VBA; Excel gives it one."""
    before = app.new_workbook(None, sample=True, macros=True)
    after = run(without_sheet(before, "统计表"), tmp_path)
    assert "统计表" in Package(Path("x.xlsm"), after).workbook.sheets()
    names = code_names(after)
    assert names.count("") == 1
    assert {name for name in names if name} < set(code_names(before))
    assert parts(after)[PROJECT_PART] == parts(before)[PROJECT_PART]


# -- the command ---------------------------------------------------------------------------------------


def test_build_writes_both_and_replaces_old_ones(tmp_path: Path, workbook: bytes) -> None:
    folder = tmp_path / "新"
    assert [path.name for path in build.build(folder)] == [build.WORKBOOK, build.ADDIN]
    (folder / build.WORKBOOK).write_bytes(b"old")
    (folder / "别的.txt").write_text("stays")
    build.build(folder)
    assert (folder / build.WORKBOOK).read_bytes() == workbook
    assert {path.name for path in folder.iterdir()} == {build.WORKBOOK, build.ADDIN, "别的.txt"}


def test_build_says_why_it_cannot(tmp_path: Path) -> None:
    with pytest.raises(app.CannotGoOn, match="不存在，请先建好"):
        build.build(tmp_path / "没有" / "新")
    (tmp_path / "文件").write_text("x")
    with pytest.raises(CannotWrite):
        build.build(tmp_path / "文件")
    (tmp_path / "占" / build.ADDIN).mkdir(parents=True)
    with pytest.raises(CannotWrite):
        build.build(tmp_path / "占")
    assert [path.name for path in (tmp_path / "占").iterdir()] == [build.ADDIN]


def test_a_compressed_module_is_what_vba_compresses(workbook: bytes) -> None:
    """An independent reader's decompression agrees with olevba's on the biggest module."""
    import olefile

    project = olefile.OleFileIO(parts(workbook)[PROJECT_PART])
    raw = project.openstream("VBA/xlwings").read()
    text = macros().modules["xlwings"].splitlines()
    assert decompress(raw).decode("ascii").splitlines() == text
