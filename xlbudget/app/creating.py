"""The use case new: a blank or the sample workbook."""

from __future__ import annotations

from pathlib import Path

from xlbudget import layout, profiles
from xlbudget.app.opening import CannotGoOn, exists, load_profile
from xlbudget.app.running import check_folder
from xlbudget.files.writing import write_atomic
from xlbudget.hosts.package import Package, as_new_workbook
from xlbudget.layout.memory import MEMORY_SHEET, remember
from xlbudget.pages.grid import waiting_grid
from xlbudget.pages.guide import guide_grid


def new_workbook(profile: str | None, *, sample: bool, macros: bool = False) -> bytes:
    """A blank or the sample workbook, as .xlsm with `macros`. Raises UnknownProfile or BrokenProfile."""
    from xlbudget import sample as samples
    from xlbudget.functions.reference import function_help
    from xlbudget.hosts.template import input_sheets

    chosen = load_profile(profile, Path.cwd())
    names = [one.name for one in profiles.shipped().values()]
    content = as_new_workbook(input_sheets(samples.load() if sample else {}, chosen, names))
    host = Package(Path("模板.xlsx"), content)
    for sheet in layout.RESULT_SHEETS:
        host.write_grid(waiting_grid(sheet))
    host.write_grid(guide_grid(function_help() if macros else ()))
    host.write_memory(MEMORY_SHEET, remember({}))
    return _with_macros(host.save()) if macros else host.save()


def _with_macros(content: bytes) -> bytes:
    """A new workbook as .xlsm with ribbon and functions."""
    from xlbudget.hosts.macros import with_macros
    from xlbudget.vba.project import macros

    return with_macros(content, macros())


def create(path: Path, *, profile: str | None = None, sample: bool = False) -> Path:
    """Write a new workbook; an existing file is never touched. Raises Told."""
    if exists(path):
        raise CannotGoOn(f"“{path}”已经有了，没有改动它。请换一个文件名。")
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".xlsm"):
        raise CannotGoOn(f"“{path.name}”的扩展名应为 .xlsx 或 .xlsm。")
    check_folder(path)
    write_atomic(path, new_workbook(profile, sample=sample, macros=suffix == ".xlsm"))
    return path.resolve()
