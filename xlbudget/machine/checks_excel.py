"""Checks of Excel's side: the program, who answers for it, macros, trust, the add-in, xlwings' settings."""

from __future__ import annotations

from pathlib import Path

from xlbudget.files import CannotOpen
from xlbudget.machine import conf, links, office
from xlbudget.machine.checks_python import AGAIN
from xlbudget.machine.checkup import Found, Patient, State, check, good
from xlbudget.machine.install import CannotInstall, installed, load_record
from xlbudget.machine.office import Trust
from xlbudget.machine.windows import has_mark


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
    """Python reaches Excel by this name; WPS may have taken it (xlwings issue 2575), keeping what stood there before
    under `.ksobak` in the same key (https://jianshuapi.com/p/fdff0555ef1c)."""
    program = office.class_owner(patient.machine)
    if program is None:
        return Found(State.BAD, "没有登记", "请修复 Office：设置→应用→Microsoft Office→修改→快速修复。")
    name = str(program).replace("\\", "/").rsplit("/", 1)[-1].lower()
    if name != "excel.exe":
        remedy = (
            "请打开 WPS 的“配置工具”→高级→兼容设置，取消与 Microsoft Office 的兼容选项，再快速修复 Office。"
        )
        before = "，WPS 改过登记（注册表里有 .ksobak）" if office.changed_by_wps(patient.machine) else ""
        return Found(State.BAD, f"被别的程序占用：{program}{before}", remedy)
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
    state = office.trust(patient.machine, start)
    if state is Trust.UNLISTED:
        remedy = "在 Excel 里：文件→选项→信任中心→信任中心设置→受信任位置→添加新位置，填这个文件夹。"
        return Found(State.NOTE, f"没有看到这个文件夹的登记：{start}", remedy)
    if state is not Trust.GIVEN:
        return Found(State.BAD, *_distrusted(patient, state))
    return good("、".join(dict.fromkeys(one.path for one in office.trusted(patient.machine))))


def _distrusted(patient: Patient, state: Trust) -> tuple[str, str]:
    """Why a location does not count although it may be listed, and what to do."""
    if state is Trust.NETWORK_OFF:
        return "Excel 不认网络上的受信任位置", "请把文件放到本机的文件夹，或联系管理员。"
    if state is Trust.OWN_OFF:
        return "单位的策略不认个人的受信任位置", "请联系管理员，把这个文件夹设为受信任位置。"
    if office.decided(patient.machine, office.LOCATIONS, "AllLocationsDisabled") == 1:
        return "单位的策略停用了全部受信任位置", "请联系管理员。"
    remedy = "在 Excel 里：文件→选项→信任中心→信任中心设置→受信任位置，取消“禁用所有受信任位置”。"
    return "Excel 里停用了全部受信任位置", remedy


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
    path = start / office.ADDIN if start else None
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
    if office.is_disabled(patient.machine, office.ADDIN):
        remedy = "在 Excel 里：文件→选项→加载项→管理“禁用项目”→转到→选中 xlbudget→启用，再重启 Excel。"
        return Found(State.BAD, "Excel 异常退出后停用了加载项", remedy)
    return good("没有")


@check("xlwings 的设置")
def settings(patient: Patient) -> Found:
    """What the add-in takes from xlwings.conf must lead to a Python that is there."""
    return _settings(patient, office.start_folder(patient.machine))


def _settings(patient: Patient, folder: Path | None) -> Found:
    """The settings of a workbook in a folder: those beside it go before the user's."""
    machine = patient.machine
    files = conf.conf_files(machine, folder)
    broken = next((one for one in files if conf.odd(one.read_bytes())), None)
    if broken:
        return Found(State.BAD, f"“{broken}”的内容不成对", f"“{broken.name}”{conf.ODD}再试。")
    debug = conf.effective(files, conf.DEBUG, machine.ansi)
    if debug and debug[0].lower() not in ("", "false", "0"):
        # Without a debug server xlwings' DLL gives up at once (https://github.com/xlwings/xlwings/issues/1785).
        remedy = f"请把“{debug[1]}”里 DEBUG UDFS 那一行的 {debug[0]} 改成 False。"
        return Found(State.BAD, "DEBUG UDFS 开着，Excel 不启动 Python，只找调试程序，找不到就报错", remedy)
    found = conf.effective(files, conf.INTERPRETER, machine.ansi)
    if found is None:
        there = f"“{files[-1]}”里没有 {conf.INTERPRETER}" if files else "没有 xlwings.conf"
        return Found(State.BAD, f"{there}，Excel 不知道用哪个 Python", AGAIN)
    value, place = found
    python, nearer = office.expand(machine, value), place != conf.conf_file(machine)
    if not Path(python).is_file():
        remedy = f"请改对或删掉“{place}”。" if nearer else AGAIN
        return Found(State.BAD, f"Python 不在那里了：{value}", remedy)
    if nearer:
        return Found(
            State.NOTE, f"“{place}”也写了 {conf.INTERPRETER}，以它为准：{value}", "不需要时请删掉那个文件。"
        )
    if not office.same_folder(python, str(machine.python.windowless)):
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
    let = _let_through(patient, path.resolve())
    nearer = _settings(patient, path.resolve().parent)
    return nearer if let.state is State.GOOD and nearer.state is State.BAD else let


@check("工作簿里的加载项路径", windows=False)
def addin_paths(patient: Patient) -> Found | None:
    """Formulas keep where the add-in lay; elsewhere Excel asks for it there."""
    path = patient.workbook
    if path is None:
        return None
    try:
        kept, linked = links.paths(path.read_bytes(), path)
    except (OSError, CannotOpen) as error:
        return Found(State.UNCHECKED, f"“{path.name}”读不了：{error}")
    if not linked:
        return good(f"“{path.name}”没有用加载项的函数")
    if not kept:
        return good(f"“{path.name}”用了加载项的函数，没有记着路径")
    remedy = (
        f'请运行 xlbudget addin doctor "{path}" --relink，另存一份不带路径的（加 --in-place 是改原文件，先留备份）。'
        "对方没有装加载项的，请先把公式粘贴成数值再发。"
    )
    found = f"“{path.name}”的公式记着加载项的路径：{'、'.join(kept)}，在别的电脑上会要求更新链接"
    return Found(State.NOTE, found, remedy)


def _let_through(patient: Patient, path: Path) -> Found:
    """Whether Excel runs the macros of a workbook where it lies."""
    machine, state = patient.machine, office.trust(patient.machine, path.parent)
    if state is Trust.GIVEN:
        return good(f"“{path.name}”在受信任位置")
    if state is Trust.UNLISTED:
        why = "不在受信任位置"
        remedy = f'请运行 xlbudget addin install --trust "{path.parent}"，这个文件夹就受信任了。'
    else:
        why, remedy = _distrusted(patient, state)
    if has_mark(path) and office.blocks_marked(machine):
        unblock = "或者在文件上点右键→属性→勾选“解除锁定”。"
        found = f"“{path.name}”有“来自其他计算机”标记，{why}，宏会被拦住"
        return Found(State.BAD, found, remedy + unblock)
    if office.macro_setting(machine)[0] in (office.SIGNED_ONLY, office.DISABLED):
        return Found(State.BAD, f"“{path.name}”：{why}，宏设置不让它运行", remedy)
    return Found(State.NOTE, f"“{path.name}”：{why}，打开时要点“启用内容”", remedy)
