"""What the rules are tried on: files that the edits break, and everything that xlbudget writes."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import cycle
from pathlib import Path

import xlsxwriter

from benchmarks.make import values, workbook
from tests import bookkeepers, files
from tests.excel_rules.package import Package
from tests.rich import rich_workbook
from xlbudget import app, auditing, layout, profiles
from xlbudget.hosts.template import input_sheets
from xlbudget.machine.build import addin_file

APP = "docProps/app.xml"


@cache
def everything() -> Mapping[str, bytes]:
    """What `run` writes for the sample: the workbook, again over it and in place, the report, a form a project; by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / "a.xlsx", folder / "out.xlsx"
        source.write_bytes(files.sample())
        app.run(source, app.Destinations(target, {".docx": folder / "report.docx"}, forms=folder / "forms"))
        app.run(target, app.Destinations(folder / "second.xlsx"))
        app.run(source, app.Destinations(source, in_place=True))
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }


@cache
def result(content: bytes, suffix: str = ".xlsx") -> bytes:
    """The workbook that `run` writes."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / f"a{suffix}", Path(name) / f"b{suffix}"
        source.write_bytes(content)
        app.run(source, app.Destinations(target))
        return target.read_bytes()


def saved_by(version: str, content: bytes) -> bytes:
    """A workbook as another version of Excel leaves it, as far as its properties say."""
    return files.repacked({APP: lambda part: part.replace(b"12.0000", version.encode())}, content)


@cache
def macros() -> bytes:
    return app.new_workbook(None, sample=True, macros=True)


@cache
def rich() -> bytes:
    return rich_workbook(files.sample(), macros=False)


def plain() -> bytes:
    """A chart by XlsxWriter, which leaves unsaid what Office 2007 takes for false."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet, chart = book.add_worksheet("a"), book.add_chart({"type": "bar"})
        chart.add_series({"values": ["a", 0, 0, 4, 0], "data_labels": {"value": True}})
        sheet.insert_chart(0, 0, chart)
    return buffer.getvalue()


@cache
def audited() -> bytes:
    """The report of the sample with a wrong number in it, and what the audit says of it."""
    report = files.parts(everything()["report.docx"])
    wrong = re.sub(b"13.91", b"14.91", report["word/document.xml"], count=1)
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "a.docx", Path(name) / "b.docx"
        source.write_bytes(files.zipped({**report, "word/document.xml": wrong}))
        auditing.audit_document(source, docx=target)
        return target.read_bytes()


BASES: dict[str, Callable[[], bytes]] = {
    "run": lambda: result(files.sample()),
    "later": lambda: saved_by("16.0300", result(files.sample())),
    "macros": lambda: result(macros(), ".xlsm"),
    "rich": rich,
    "plain": plain,
    "word": audited,
}
"""The files that edits break."""


@cache
def base(name: str) -> Package:
    return Package.read(BASES[name]())


@cache
def made(projects: int, indicators: int) -> bytes:
    """The result of a workbook of a size."""
    with tempfile.TemporaryDirectory() as name:
        source, target = (
            workbook(Path(name) / "a.xlsx", projects, indicators),
            Path(name) / "b.xlsx",
        )
        app.run(source, app.Destinations(target))
        return target.read_bytes()


def twice(content: bytes, suffix: str = ".xlsx") -> list[bytes]:
    """A workbook's result, and the result of that."""
    first = result(content, suffix)
    return [first, result(first, suffix)]


@cache
def many_findings() -> bytes:
    """The result of 2,500 indicators each of which has one of four mistakes: more notes than a block of shapes holds."""
    facts = values(20, 2500)
    table = facts[layout.INDICATORS.name]
    wrong = {"年度指标值": "许多", "当前完成值": "大约一半吧", "计划完成月份": 13, "一级指标": "别的指标"}
    for row, (header, value) in zip(table["行"], cycle(wrong.items()), strict=False):
        row[table["表头"].index(header)] = value
    made = result(input_sheets(facts, profiles.load(None)))
    assert b"_x0000_s2049" in b"".join(
        part for name, part in files.parts(made).items() if name.endswith(".vml")
    )
    return made


OUTPUTS: dict[str, Callable[[], list[bytes]]] = {
    "new": lambda: [files.sample(), app.new_workbook(None, sample=False)],
    "with macros": lambda: [macros(), addin_file()],
    "run": lambda: list(everything().values()),
    "run with macros": lambda: twice(macros(), ".xlsm"),
    "of Excel 2013": lambda: twice(saved_by("15.0000", files.sample())),
    "of Excel 2016": lambda: twice(saved_by("16.0300", result(files.sample()))),
    "audited": lambda: [audited()],
    "20 projects": lambda: [made(20, 120)],
    "200 projects": lambda: [made(200, 800)],
    "1,100 projects": lambda: [made(1100, 1100)],
    "2,500 findings": lambda: [many_findings()],
}
"""Everything that xlbudget writes by itself."""

OTHERS: dict[str, Callable[[], bytes]] = {
    "everything that Excel has": rich,
    "openpyxl": lambda: files.edited(files.columns_moved),
    "a name of 300 characters": lambda: files.edited(files.front("单位全称", "某" * 300)),
    "projects elsewhere": lambda: files.edited(lambda book: setattr(book["项目"], "title", "项目 - 表格 1")),
    "a bookkeeper": lambda: bookkeepers.workbook(bookkeepers.MESSY[0]).content,
}
"""Workbooks that other programs wrote."""
