"""Checks of Python's side: system, Python, packages, DLLs, fonts, folders, the build."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from xlbudget.files import CannotWrite
from xlbudget.machine import office
from xlbudget.machine.bundle import damaged
from xlbudget.machine.checkup import Found, Patient, State, check, good
from xlbudget.machine.install import STORE, SUMS, misspelled
from xlbudget.vba.xlwings_module import OtherXlwings

OLDEST_WINDOWS = (10, 0)
OLDEST_PYTHON = (3, 11)
AGAIN = "请运行 xlbudget addin install；离线版请双击 install.cmd。"


@check("操作系统", windows=False)
def system(patient: Patient) -> Found:
    """Python 3.11 wants Windows 8.1, its later versions Windows 10, where people are today."""
    version = patient.machine.windows
    if version is None:
        remedy = "校验、计算、报告都能用；功能区和函数要在 Windows 的 Excel 里用。"
        return Found(State.NOTE, "不是 Windows", remedy)
    shown = ".".join(map(str, version))
    if version < OLDEST_WINDOWS:
        return Found(State.STOP, f"Windows {shown}", "请换用 Windows 10 或更新的系统。")
    return good(f"Windows {shown}")


@check("Python", windows=False)
def python(patient: Patient) -> Found:
    one = patient.machine.python
    shown = f"{'.'.join(map(str, one.version))}，{one.bits} 位，{one.executable}"
    if one.version < OLDEST_PYTHON:
        return Found(State.STOP, shown, "请换用 Python 3.11 或更新的版本。")
    if one.bits != 64:
        return Found(State.STOP, shown, "请换用 64 位 Python；32 位的 Excel 也要 64 位 Python。")
    if one.from_store:
        return Found(
            State.STOP, f"{shown}，来自微软商店", f"{STORE}请从 python.org 安装 Python，或用离线版。"
        )
    return good(shown)


@check("Python 的路径")
def python_path(patient: Patient) -> Found:
    """xlwings' DLL takes the path in the code page of Windows."""
    path = str(patient.machine.python.windowless)
    if not patient.machine.speaks(path):
        remedy = "请把整个文件夹移到只有英文字母和数字的路径（例如 D:\\xlbudget），再安装一次。"
        return Found(State.BAD, f"路径里有系统字符集没有的字：{path}", remedy)
    if not path.isascii():
        remedy = "一般能用。启动不了时，请把文件夹移到只有英文字母和数字的路径，再安装一次。"
        return Found(State.NOTE, f"路径里有中文：{path}", remedy)
    return good(path)


@check("系统字符集")
def code_page(patient: Patient) -> Found:
    """VBA reads xlwings.conf and %USERPROFILE% in it (its Open, Input # and Environ know no Unicode)."""
    wrong = misspelled(patient.machine)
    if wrong:
        return Found(State.BAD, *wrong)
    if patient.machine.unicode:
        remedy = "路径都是英文，不妨碍使用。以后请不要把程序放进中文文件夹。"
        return Found(State.NOTE, "UTF-8（65001）", remedy)
    return good("路径里的字都认得")


@check("组件", windows=False)
def packages(patient: Patient) -> Found:
    """Everything that xlbudget's own metadata name, beside what only other systems need."""
    needed = [one for one in patient.requirements() if ";" not in one]
    names = [found[0] for one in needed if (found := re.match(r"[A-Za-z0-9._-]+", one))]
    missing = [name for name in names if patient.version_of(name) is None]
    if missing:
        return Found(State.STOP, f"缺少 {'、'.join(missing)}", "请重新安装 xlbudget。")
    if not names:
        return Found(State.UNCHECKED, "没有找到 xlbudget 的安装信息，不知道需要哪些组件")
    return good(f"{len(names)} 个都在")


@check("离线版的文件", windows=False)
def files(patient: Patient) -> Found:
    """Virus scanners and unfinished copies leave holes in a bundle."""
    root = patient.machine.python.executable.parent.parent
    if not (root / SUMS).is_file():
        return good("不是离线版，不用检查")
    wrong = list(damaged(root))
    if wrong:
        shown = "、".join(wrong[:3]) + (f" 等 {len(wrong)} 个" if len(wrong) > 3 else "")
        return Found(State.BAD, f"缺少或改变了：{shown}", "请重新复制整个文件夹。可能被杀毒软件隔离了。")
    return good("完整")


@check("xlwings", windows=False)
def xlwings(patient: Patient) -> Found:
    version = patient.version_of("xlwings")
    if version is None:
        return Found(State.STOP, "没有安装", "请重新安装 xlbudget。")
    return good(version)


@check("xlwings 的 DLL")
def dlls(patient: Patient) -> Found:
    """VBA looks for them beside pythonw.exe, then in the folder above; their names carry the version."""
    version, folder = patient.version_of("xlwings"), patient.machine.python.windowless.parent
    names = [f"xlwings{bits}-{version}.dll" for bits in (64, 32)]
    missing = [name for name in names if not any((one / name).is_file() for one in (folder, folder.parent))]
    needed = f"xlwings{office.excel_bits(patient.machine) or 64}-{version}.dll"
    if needed in missing:
        others = sorted(
            {path.name for one in (folder, folder.parent) for path in one.glob("xlwings??-*.dll")}
        )
        there = f"；那里有 {'、'.join(others)}" if others else ""
        remedy = "请重新安装 xlwings（pip install --force-reinstall xlwings），离线版请重新解压。可能被杀毒软件隔离了。"
        return Found(State.BAD, f"“{folder}”里没有 {needed}{there}", remedy)
    return good(f"{needed} 在")


@check("pywin32")
def pywin32(patient: Patient) -> Found:
    version = patient.version_of("pywin32")
    if version is None:
        return Found(State.STOP, "没有安装", "请运行 pip install pywin32，或重新安装 xlbudget。")
    return good(version)


@check("pywin32 的缓存")
def gen_py(patient: Patient) -> Found:
    """pywin32 writes modules there; a path that is not ASCII makes that fail for some."""
    path = patient.gen_py()
    if path is None:
        return Found(State.UNCHECKED, "没有 pywin32，不知道缓存在哪里")
    if not _writable(path):
        return Found(State.BAD, f"写不了：{path}", "请检查这个文件夹的权限，或换一个位置安装。")
    if not str(path).isascii():
        remedy = "一般能用。启动不了时，请把系统变量 TEMP、TMP 改到只有英文字母的文件夹，例如 C:\\Temp。"
        return Found(State.NOTE, f"路径里有中文：{path}", remedy)
    return good(str(path))


@check("可写的文件夹")
def folders(patient: Patient) -> Found:
    wanted = [
        patient.machine.folder("LOCALAPPDATA"),
        patient.machine.folder("TEMP"),
        office.start_folder(patient.machine),
    ]
    unknown = sum(one is None for one in wanted)
    locked = [str(one) for one in wanted if one is not None and not _writable(one)]
    if unknown:
        return Found(
            State.BAD, "系统没有设置个人文件夹（APPDATA、LOCALAPPDATA、TEMP）", "请用平时登录的账户运行。"
        )
    if locked:
        return Found(State.BAD, f"写不了：{'、'.join(locked)}", "请检查权限，或联系管理员。")
    return good("个人文件夹、临时文件夹和 Excel 的启动文件夹都能写")


def _writable(folder: Path) -> bool:
    """Whether a file can be made in a folder, or in the nearest one above that is there."""
    place = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False


@check("生成加载项", windows=False)
def build(patient: Patient) -> Found:
    """The add-in is built anew into a temporary folder; its VBA must belong to the installed xlwings."""
    version = patient.version_of("xlwings")
    with tempfile.TemporaryDirectory(prefix="xlbudget-") as work:
        try:
            made = patient.build(Path(work))
        except CannotWrite as error:
            return Found(State.STOP, str(error), "请检查临时文件夹。")
        except OtherXlwings as error:
            return Found(State.STOP, str(error), "请重新安装 xlbudget。")
        wrong = [path.name for path in made if patient.built_with(path.read_bytes()) != version]
    if wrong:
        return Found(
            State.STOP, f"{'、'.join(wrong)} 里的宏不是 xlwings {version} 的", "请重新安装 xlbudget。"
        )
    return good(f"{'、'.join(path.name for path in made)}，宏与 xlwings {version} 一致")


@check("字体", windows=False)
def fonts(patient: Patient) -> Found:
    note = patient.font_note()
    if note is None:
        return good("仿宋、黑体、楷体、小标宋都有")
    return Found(State.NOTE, note, "要用标准字体，请安装后再导出。Word 文件不受影响，换到有字体的电脑就好。")
