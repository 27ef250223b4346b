"""Checks of Excel's side: the program, who answers for it, macros, trust, the add-in, xlwings' settings."""

from __future__ import annotations

from pathlib import Path

from xlbudget.machine import conf, office
from xlbudget.machine.checks_python import AGAIN
from xlbudget.machine.checkup import Found, Patient, State, check, good
from xlbudget.machine.install import CannotInstall, installed, load_record
from xlbudget.machine.windows import has_mark

ADDIN = "xlbudget.xlam"


@check("Excel")
def excel(patient: Patient) -> Found:
    program = office.excel_program(patient.machine)
    if program is None or not program.is_file():
        if office.wps_installed(patient.machine):
            found = "没有找到 Microsoft Excel，只有 WPS"
            remedy = "功能区和函数需要 Excel。用 WPS 时，请用命令 xlbudget run，结果工作簿可以用 WPS 打开。"
            return Found(State.STOP, found, remedy)
        return Found(State.STOP, "没有找到 Microsoft Excel", "请安装 Excel 2016 或更新的版本。")
    bits, version = office.excel_bits(patient.machine), office.excel_version(patient.machine)
    return good(f"{version or '版本不详'}，{f'{bits} 位' if bits else '位数不详'}，{program}")


@check("Excel.Application 由谁应答")
def owner(patient: Patient) -> Found:
    """Python reaches Excel by this name; WPS may have taken it (xlwings issue 2575)."""
    program = office.class_owner(patient.machine)
    if program is None:
        return Found(State.BAD, "没有登记", "请修复 Office：设置→应用→Microsoft Office→修改→快速修复。")
    name = str(program).replace("\\", "/").rsplit("/", 1)[-1].lower()
    if name != "excel.exe":
        remedy = (
            "请打开 WPS 的“配置工具”→高级→兼容设置，取消与 Microsoft Office 的兼容选项，再快速修复 Office。"
        )
        return Found(State.BAD, f"被别的程序占用：{program}", remedy)
    return good(str(program))


@check("宏设置")
def macros(patient: Patient) -> Found:
    setting, decided = office.macro_setting(patient.machine)
    by = "（由单位统一设置）" if decided else ""
    shown = {
        office.ENABLED: "启用所有宏",
        office.ASK: "禁用宏，并发出通知",
        office.SIGNED_ONLY: "只启用有数字签名的宏",
        office.DISABLED: "禁用所有宏，不通知",
    }.get(setting, f"未知的值 {setting}")
    if setting == office.ASK:
        return good(shown + by)
    if setting == office.ENABLED:
        return Found(State.NOTE, shown + by, "能用，但任何文件的宏都会运行。建议改成“禁用宏，并发出通知”。")
    remedy = "受信任位置里的加载项和工作簿不受影响；别处的工作簿请放进受信任位置（xlbudget addin install --trust 文件夹）。"
    return Found(State.NOTE, shown + by, remedy)


@check("受信任位置")
def trust(patient: Patient) -> Found:
    start = office.start_folder(patient.machine)
    if start is None:
        return Found(State.BAD, "系统没有设置 APPDATA", "请用平时登录的账户运行。")
    if not office.user_locations_allowed(patient.machine):
        return Found(
            State.BAD, "单位的策略不认个人的受信任位置", "请联系管理员，把 Excel 的启动文件夹设为受信任位置。"
        )
    if not office.is_trusted(patient.machine, start):
        remedy = "在 Excel 里：文件→选项→信任中心→信任中心设置→受信任位置→添加新位置，填这个文件夹。"
        return Found(State.NOTE, f"没有看到这个文件夹的登记：{start}", remedy)
    return good("、".join(one.path for one in office.trusted(patient.machine)))


@check("加载项")
def addin(patient: Patient) -> Found:
    path = _addin(patient)
    if path is None:
        return Found(State.BAD, "没有安装", AGAIN)
    content = path.read_bytes()
    inside, wanted = patient.built_with(content), patient.version_of("xlwings")
    if inside != wanted:
        return Found(State.BAD, f"{path} 里的宏是 xlwings {inside or '（没有）'} 的，装的是 {wanted}", AGAIN)
    try:
        known = load_record(patient.machine).digest(path)
    except CannotInstall as error:
        return Found(State.BAD, str(error), AGAIN)
    if known is None:
        return Found(State.NOTE, f"{path}，不是 xlbudget addin install 放的", "能用。卸载时请自己删除。")
    return good(str(path))


def _addin(patient: Patient) -> Path | None:
    start = office.start_folder(patient.machine)
    path = start / ADDIN if start else None
    return path if path is not None and path.is_file() else None


@check("“来自其他计算机”标记")
def marks(patient: Patient) -> Found:
    """Excel blocks macros in marked files outside of trusted locations."""
    path = _addin(patient)
    files = {*installed(patient.machine), *([path] if path else [])}
    marked = [str(one) for one in sorted(files) if has_mark(one)]
    if marked:
        remedy = f"{AGAIN}也可以在文件上点右键→属性→勾选“解除锁定”。"
        return Found(State.BAD, f"有标记，宏会被拦住：{'、'.join(marked)}", remedy)
    return good("没有")


@check("被 Excel 停用")
def disabled(patient: Patient) -> Found:
    if office.is_disabled(patient.machine, ADDIN):
        remedy = "在 Excel 里：文件→选项→加载项→管理“禁用项目”→转到→选中 xlbudget→启用，再重启 Excel。"
        return Found(State.BAD, "Excel 异常退出后停用了加载项", remedy)
    return good("没有")


@check("xlwings 的设置")
def settings(patient: Patient) -> Found:
    r"""The user's file must name a Python that is there; xlwings.conf beside the add-in would go before it."""
    path, ansi = conf.conf_file(patient.machine), patient.machine.ansi
    if path is None or not path.is_file():
        return Found(State.BAD, "没有 xlwings.conf，Excel 不知道用哪个 Python", AGAIN)
    content = path.read_bytes()
    value = conf.read(content, conf.INTERPRETER, ansi)
    if not value:
        return Found(State.BAD, f"“{path}”里没有 {conf.INTERPRETER}", AGAIN)
    if (conf.read(content, "DEBUG UDFS", ansi) or "").lower() == "true":
        remedy = f"请把“{path}”里 DEBUG UDFS 那一行的 True 改成 False。"
        return Found(State.BAD, "DEBUG UDFS 开着，Excel 会一直等调试程序", remedy)
    python = office.expand(patient.machine, value)
    if not Path(python).is_file():
        return Found(State.BAD, f"Python 不在那里了：{value}", AGAIN)
    start = office.start_folder(patient.machine)
    nearer = start / "xlwings.conf" if start else None
    if nearer is not None and nearer.is_file() and conf.read(nearer.read_bytes(), conf.INTERPRETER, ansi):
        return Found(State.NOTE, f"“{nearer}”也写了 {conf.INTERPRETER}，以它为准", "不需要时请删掉那个文件。")
    if not office.same_folder(python, str(patient.machine.python.windowless)):
        return Found(State.NOTE, f"Excel 用的是另一个 Python：{value}", f"要换成现在这个，{AGAIN}")
    return good(value)


@check("工作簿", windows=False)
def workbook(patient: Patient) -> Found | None:
    """A workbook with macros must be let through by Excel and belong to the installed xlwings."""
    path = patient.workbook
    if path is None:
        return None
    if patient.machine.windows is None:
        return Found(State.UNCHECKED, "只在 Windows 上检查")
    try:
        content = path.read_bytes()
    except OSError:
        return Found(State.BAD, f"“{path}”打不开", "请检查文件名和位置。")
    if path.suffix.lower() != ".xlsm":
        return good(f"“{path.name}”没有宏，功能区来自加载项")
    inside, wanted = patient.built_with(content), patient.version_of("xlwings")
    if inside != wanted:
        remedy = "请用 xlbudget new 新建 .xlsm，把内容复制过去；或另存为 .xlsx，用加载项的功能区。"
        return Found(
            State.BAD, f"“{path.name}”里的宏是 xlwings {inside or '（没有）'} 的，装的是 {wanted}", remedy
        )
    return _let_through(patient, path.resolve())


def _let_through(patient: Patient, path: Path) -> Found:
    """Whether Excel runs the macros of a workbook where it lies."""
    remedy = f'请运行 xlbudget addin install --trust "{path.parent}"，这个文件夹就受信任了。'
    if office.is_trusted(patient.machine, path.parent):
        return good(f"“{path.name}”在受信任位置")
    if has_mark(path):
        unblock = "或者在文件上点右键→属性→勾选“解除锁定”。"
        return Found(State.BAD, f"“{path.name}”有“来自其他计算机”标记，宏会被拦住", remedy + unblock)
    if office.macro_setting(patient.machine)[0] in (office.SIGNED_ONLY, office.DISABLED):
        return Found(State.BAD, f"“{path.name}”不在受信任位置，宏设置不让它运行", remedy)
    return Found(State.NOTE, f"“{path.name}”不在受信任位置，打开时要点“启用内容”", remedy)
