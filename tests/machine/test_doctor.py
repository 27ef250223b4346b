"""Each check of the doctor with what it must and must not find."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.machine.test_links import OTHER, OWN, STARTUP, linked
from tests.machine.windows import EXCEL_CLSID, build_stand_in, program, registry_of, windows
from xlbudget.files import CannotWrite
from xlbudget.machine import conf, doctor, office
from xlbudget.machine.checkup import CHECKS, Found, Patient, State
from xlbudget.machine.doctor import Result, as_json, examine, exit_code, text
from xlbudget.machine.install import SUMS, install
from xlbudget.machine.windows import EmptyRegistry, Machine, Python
from xlbudget.vba.xlwings_module import OtherXlwings

VERSION = "0.37.8"
INTERNET = "[ZoneTransfer]\r\nZoneId=3\r\n"
WPS = r"C:\Users\x\AppData\Local\Kingsoft\WPS Office\12.1\office6\et.exe"
RESILIENCY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
CLOUD = r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0"
CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\REGISTRY\MACHINE\Software\Microsoft"
WOW_CLICK_TO_RUN = (
    r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\REGISTRY\MACHINE\Software\WOW6432Node\Microsoft"
)
APP_PATHS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """A machine on which everything is in order, in a path without Chinese; the add-in is installed."""
    machine = windows(tmp_path)
    place = tmp_path / "xlbudget" / "python"
    place.mkdir(parents=True)
    for name in ("python.exe", "pythonw.exe"):
        (place / name).write_bytes(program(64))
    for bits in (64, 32):
        (place / f"xlwings{bits}-{VERSION}.dll").write_bytes(program(bits))
    python = Python(place / "python.exe", place, place, (3, 11, 9), 64)
    machine = dataclasses.replace(machine, python=python)
    install(machine, build_stand_in)
    packages = {"xlwings": VERSION, "pywin32": "312", "pydantic": "2.14", "lxml": "6.1"}
    return Patient(
        machine=machine,
        build=build_stand_in,
        built_with=lambda content: VERSION if content.startswith(b"built") else None,
        version_of=packages.get,
        requirements=lambda: ["pydantic<3,>=2.10", "lxml<7,>=5.3", "psutil>=2; platform_system == 'Darwin'"],
        gen_py=lambda: tmp_path / "gen_py",
        font_note=lambda: None,
    )


def on(patient: Patient, **changes: Any) -> Patient:
    """The patient on a machine that differs."""
    return dataclasses.replace(patient, machine=dataclasses.replace(patient.machine, **changes))


def start(patient: Patient) -> Path:
    found = office.start_folder(patient.machine)
    assert found is not None
    return found


def put(key: str, default: Any = None, **values: Any) -> Callable[[Patient], None]:
    """A change of the registry."""
    return lambda patient: registry_of(patient.machine).put(key, default, **values)


def drop(key: str) -> Callable[[Patient], None]:
    return lambda patient: registry_of(patient.machine).remove(key)


def settings(content: str) -> Callable[[Patient], None]:
    def write(patient: Patient) -> None:
        path = conf.conf_file(patient.machine)
        assert path is not None
        path.write_bytes(content.encode("gbk"))

    return write


def all_of(*changes: Callable[[Patient], Patient | None]) -> Callable[[Patient], Patient]:
    def change(patient: Patient) -> Patient:
        for one in changes:
            patient = one(patient) or patient
        return patient

    return change


def given_location(key: str, **values: Any) -> Callable[[Patient], None]:
    """Excel's start folder as somebody else gave it, instead of the user."""

    def change(patient: Patient) -> None:
        drop(rf"HKCU\{SECURITY}\Trusted Locations\Location0")(patient)
        put(rf"{key}\Security\Trusted Locations\Location9", Path=f"{start(patient)}\\", **values)(patient)

    return change


def without_add_in(patient: Patient) -> None:
    (start(patient) / "xlbudget.xlam").unlink()


def strange_add_in(patient: Patient) -> None:
    (start(patient) / "xlbudget.xlam").write_bytes(b"of another version")


def copied_add_in(patient: Patient) -> Patient:
    record = Path(patient.machine.environment["LOCALAPPDATA"]) / "xlbudget" / "install.json"
    record.unlink()
    return patient


def broken_record(patient: Patient) -> None:
    (Path(patient.machine.environment["LOCALAPPDATA"]) / "xlbudget" / "install.json").write_text("{")


def marked(patient: Patient) -> None:
    Path(f"{start(patient) / 'xlbudget.xlam'}:Zone.Identifier").write_text(INTERNET)


def disabled_item(path: str) -> bytes:
    name, title = (f"{one}\0".encode("utf-16-le") for one in (path, "xlbudget"))
    return b"".join(number.to_bytes(4, "little") for number in (1, len(name), len(title))) + name + title


def without_dll(bits: int) -> Callable[[Patient], None]:
    return lambda patient: (patient.machine.python.prefix / f"xlwings{bits}-{VERSION}.dll").unlink()


def another_dll(patient: Patient) -> None:
    without_dll(64)(patient)
    (patient.machine.python.prefix / "xlwings64-0.36.0.dll").write_bytes(b"")


def dlls_above(patient: Patient) -> None:
    """As in a virtual environment: pythonw.exe in Scripts, DLLs in the folder above it."""
    for path in patient.machine.python.prefix.glob("*.dll"):
        path.rename(path.parent.parent / path.name)


def excel_of_32_bits(patient: Patient) -> None:
    found = office.excel_program(patient.machine)
    assert found is not None
    found.write_bytes(program(32))


def excel_of_32_bits_without_its_dll(patient: Patient) -> None:
    excel_of_32_bits(patient)
    without_dll(32)(patient)


def wps_alone(patient: Patient) -> None:
    drop(rf"{APP_PATHS}\excel.exe")(patient)
    put(rf"{APP_PATHS}\et.exe", WPS)(patient)


def blocked_folder(patient: Patient) -> Patient:
    """A file where the folder should be."""
    path = Path(patient.machine.environment["USERPROFILE"]) / "file"
    path.write_bytes(b"")
    return on(patient, environment={**patient.machine.environment, "LOCALAPPDATA": str(path)})


def gen_py_of_a_chinese_user(patient: Patient) -> Patient:
    path = Path(patient.machine.environment["TEMP"]) / "gen_py"
    return dataclasses.replace(patient, gen_py=lambda: path)


def gen_py_in_a_file(patient: Patient) -> Patient:
    path = patient.machine.python.executable / "gen_py"
    return dataclasses.replace(patient, gen_py=lambda: path)


def nearer_settings(content: str) -> Callable[[Patient], None]:
    """Beside the add-in; {other} is a Python that is there."""

    def write(patient: Patient) -> None:
        other = patient.machine.python.prefix.parent / "other.exe"
        other.write_bytes(b"")
        (start(patient) / "xlwings.conf").write_text(content.replace("{other}", str(other)))

    return write


def other_python(patient: Patient) -> None:
    other = patient.machine.python.prefix.parent / "other.exe"
    other.write_bytes(b"")
    settings(f'"INTERPRETER_WIN","{other}"\r\n')(patient)


def through_variable(patient: Patient) -> Patient:
    settings('"INTERPRETER_WIN","%XLB%/pythonw.exe"\r\n')(patient)
    return on(patient, environment={**patient.machine.environment, "XLB": str(patient.machine.python.prefix)})


def chinese_python(patient: Patient) -> Patient:
    python = patient.machine.python
    return on(patient, python=dataclasses.replace(python, executable=Path("/预算/python.exe")))


def python_is(patient: Patient, **changes: Any) -> Patient:
    return on(patient, python=dataclasses.replace(patient.machine.python, **changes))


def cannot_build(folder: Path) -> list[Path]:
    raise CannotWrite(f"写不了“{folder}”")


def other_xlwings(_: Path) -> list[Path]:
    raise OtherXlwings("带的宏和 xlbudget 认得的不一样")


def lacks(*names: str) -> Callable[[Patient], Patient]:
    def without(patient: Patient) -> Patient:
        before = patient.version_of
        return dataclasses.replace(patient, version_of=lambda one: None if one in names else before(one))

    return without


def given(**changes: Any) -> Callable[[Patient], Patient]:
    return lambda patient: dataclasses.replace(patient, **changes)


def in_a_bundle(patient: Patient) -> None:
    python = patient.machine.python.executable
    (python.parent.parent / SUMS).write_text(
        f"{sha256(python.read_bytes()).hexdigest()}  python/python.exe\n"
    )


def in_a_damaged_bundle(patient: Patient) -> None:
    in_a_bundle(patient)
    patient.machine.python.executable.write_bytes(b"something else")


def as_it_is(_: Patient) -> None:
    """Nothing changes."""


def with_workbook(
    content: bytes = b"built",
    *,
    suffix: str = ".xlsm",
    mark: bool = False,
    setting: int | None = None,
    trust: bool = False,
) -> Callable[[Patient], Patient]:
    def change(patient: Patient) -> Patient:
        folder = Path(patient.machine.environment["USERPROFILE"]) / "监控"
        folder.mkdir()
        path = folder / f"一中{suffix}"
        path.write_bytes(content)
        if mark:
            Path(f"{path}:Zone.Identifier").write_text(INTERNET)
        if setting:
            put(rf"HKCU\{SECURITY}", VBAWarnings=setting)(patient)
        if trust:
            install(patient.machine, build_stand_in, folder)
        return dataclasses.replace(patient, workbook=path)

    return change


def beside(content: str) -> Callable[[Patient], None]:
    """Settings beside the workbook."""

    def change(patient: Patient) -> None:
        assert patient.workbook is not None
        patient.workbook.with_name("xlwings.conf").write_text(content)

    return change


OWN_OFF = put(rf"{POLICY}\Common\Security\Trusted Locations", **{"Allow User Locations": 0})
GOOD, NOTE, BAD, STOP, UNCHECKED = State.GOOD, State.NOTE, State.BAD, State.STOP, State.UNCHECKED
CASES: list[tuple[str, Callable[[Patient], Patient | None], State, str]] = [
    ("操作系统", as_it_is, GOOD, "10.0.19045"),
    ("操作系统", lambda p: on(p, windows=(6, 1, 7601)), STOP, "Windows 10"),
    ("操作系统", lambda p: on(p, windows=None), NOTE, "不是 Windows"),
    ("Python", as_it_is, GOOD, "64 位"),
    ("Python", lambda p: python_is(p, bits=32), STOP, "64 位 Python"),
    ("Python", lambda p: python_is(p, version=(3, 10, 1)), STOP, "3.11"),
    ("Python", lambda p: python_is(p, base=Path("C:/Program Files/WindowsApps/P.Python.3.11")), STOP, "微软商店"),
    ("Python 的路径", as_it_is, GOOD, "pythonw.exe"),
    ("Python 的路径", chinese_python, NOTE, "有中文"),
    ("Python 的路径", lambda p: on(chinese_python(p), ansi="cp1252"), BAD, "字符集"),
    ("系统字符集", as_it_is, GOOD, "认得"),
    ("系统字符集", lambda p: on(p, ansi="cp1252"), BAD, "换一个名字只有英文字母"),
    ("系统字符集", lambda p: on(p, ansi="utf-8"), BAD, "Beta 版"),
    ("系统字符集", lambda p: on(p, ansi="utf-8", environment={"USERPROFILE": "/home"}), NOTE, "65001"),
    ("组件", as_it_is, GOOD, "2 个都在"),
    ("组件", lacks("lxml"), STOP, "缺少 lxml"),
    ("组件", given(requirements=list), UNCHECKED, "没有找到"),
    ("离线版的文件", as_it_is, GOOD, "不是离线版"),
    ("离线版的文件", in_a_bundle, GOOD, "完整"),
    ("离线版的文件", in_a_damaged_bundle, BAD, "python/python.exe"),
    ("xlwings", as_it_is, GOOD, VERSION),
    ("xlwings", lacks("xlwings"), STOP, "没有安装"),
    ("xlwings 的 DLL", as_it_is, GOOD, f"xlwings64-{VERSION}.dll"),
    ("xlwings 的 DLL", dlls_above, GOOD, f"xlwings64-{VERSION}.dll"),
    ("xlwings 的 DLL", without_dll(32), GOOD, f"xlwings64-{VERSION}.dll"),
    ("xlwings 的 DLL", without_dll(64), BAD, "杀毒软件"),
    ("xlwings 的 DLL", another_dll, BAD, "xlwings64-0.36.0.dll"),
    ("xlwings 的 DLL", excel_of_32_bits_without_its_dll, BAD, f"xlwings32-{VERSION}.dll"),
    ("pywin32", as_it_is, GOOD, "312"),
    ("pywin32", lacks("pywin32"), STOP, "没有安装"),
    ("pywin32 的缓存", as_it_is, GOOD, "gen_py"),
    ("pywin32 的缓存", gen_py_of_a_chinese_user, NOTE, "有中文"),
    ("pywin32 的缓存", gen_py_in_a_file, BAD, "写不了"),
    ("pywin32 的缓存", given(gen_py=lambda: None), UNCHECKED, "没有 pywin32"),
    ("可写的文件夹", as_it_is, GOOD, "都能写"),
    ("可写的文件夹", blocked_folder, BAD, "写不了"),
    ("可写的文件夹", lambda p: on(p, environment={}), BAD, "平时登录的账户"),
    ("生成加载项", as_it_is, GOOD, "xlbudget.xlsm、xlbudget.xlam"),
    ("生成加载项", given(built_with=lambda _: "0.36.0"), STOP, "重新安装"),
    ("生成加载项", given(build=cannot_build), STOP, "写不了"),
    ("生成加载项", given(build=other_xlwings), STOP, "认得的不一样"),
    ("字体", as_it_is, GOOD, "都有"),
    ("字体", given(font_note=lambda: "本机没有仿宋字体"), NOTE, "没有仿宋"),
    ("Excel", as_it_is, GOOD, "64 位"),
    ("Excel", excel_of_32_bits, GOOD, "32 位"),
    ("Excel", drop(rf"{APP_PATHS}\excel.exe"), STOP, "Excel 2016"),
    ("Excel", wps_alone, STOP, "只有 WPS"),
    ("Excel.Application 由谁应答", as_it_is, GOOD, "EXCEL.EXE"),
    ("Excel.Application 由谁应答", put(rf"HKCR\CLSID\{EXCEL_CLSID}\LocalServer32", f'"{WPS}" /automation'), BAD, "et.exe"),
    ("Excel.Application 由谁应答", put(rf"HKCR\CLSID\{EXCEL_CLSID}\LocalServer32", f'"{WPS}" /automation', **{".ksobak": "EXCEL.EXE"}), BAD, "WPS 改过登记"),
    ("Excel.Application 由谁应答", put(r"HKCR\Excel.Application\CurVer", **{".ksobak": "Excel.Application.15"}), GOOD, "EXCEL.EXE"),
    ("Excel.Application 由谁应答", put(rf"HKCR\CLSID\{EXCEL_CLSID}\LocalServer32", r"%userprofile%\EXCEL.EXE /automation"), GOOD, "用户"),
    ("Excel.Application 由谁应答", drop(r"HKCR\Excel.Application\CLSID"), BAD, "修复 Office"),
    ("宏设置", as_it_is, GOOD, "发出通知"),
    ("宏设置", put(rf"HKCU\{SECURITY}", VBAWarnings=1), NOTE, "启用所有宏"),
    ("宏设置", put(rf"HKCU\{SECURITY}", VBAWarnings=4), NOTE, "--trust"),
    ("宏设置", put(rf"{POLICY}\Excel\Security", VBAWarnings=3), NOTE, "由单位统一设置"),
    ("宏设置", put(rf"{CLOUD}\Excel\Security", VBAWarnings=4), NOTE, "由单位统一设置"),
    ("宏设置", all_of(put(rf"{CLOUD}\Excel\Security", VBAWarnings=2), put(rf"{POLICY}\Excel\Security", VBAWarnings=4)), GOOD, "发出通知"),
    ("受信任位置", as_it_is, GOOD, "XLSTART"),
    ("受信任位置", drop(rf"HKCU\{SECURITY}\Trusted Locations\Location0"), NOTE, "信任中心"),
    ("受信任位置", put(rf"{POLICY}\Common\Security\Trusted Locations", **{"Allow User Locations": 0}), BAD, "管理员"),
    ("受信任位置", put(rf"{POLICY}\Excel\Security\Trusted Locations", AllLocationsDisabled=1), BAD, "管理员"),
    ("受信任位置", put(rf"{CLOUD}\Excel\Security\Trusted Locations", AllLocationsDisabled=1), BAD, "停用了全部"),
    ("受信任位置", all_of(put(rf"{CLOUD}\Excel\Security\Trusted Locations", AllLocationsDisabled=0), put(rf"{POLICY}\Excel\Security\Trusted Locations", AllLocationsDisabled=1)), GOOD, "XLSTART"),
    ("受信任位置", put(rf"HKCU\{SECURITY}\Trusted Locations", AllLocationsDisabled=1), BAD, "禁用所有受信任位置"),
    ("受信任位置", given_location(r"HKLM\SOFTWARE\Microsoft\Office\16.0\Excel"), GOOD, "XLSTART"),
    ("受信任位置", given_location(rf"{CLICK_TO_RUN}\Office\16.0\Excel"), GOOD, "XLSTART"),
    ("受信任位置", given_location(r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Office\16.0\Excel"), GOOD, "XLSTART"),
    ("受信任位置", given_location(rf"{WOW_CLICK_TO_RUN}\Office\16.0\Excel"), GOOD, "XLSTART"),
    ("受信任位置", put(r"HKLM\SOFTWARE\Policies\Microsoft\Office\16.0\Excel\Security\Trusted Locations", AllLocationsDisabled=1), BAD, "停用了全部"),
    ("受信任位置", given_location(r"HKLM\SOFTWARE\Microsoft\Office\15.0\Excel"), NOTE, "信任中心"),
    ("受信任位置", all_of(given_location(rf"{POLICY}\Excel"), OWN_OFF), GOOD, "XLSTART"),
    ("受信任位置", all_of(given_location(rf"{CLICK_TO_RUN}\Office\16.0\Excel"), OWN_OFF), BAD, "单位的策略不认"),
    ("加载项", as_it_is, GOOD, "xlbudget.xlam"),
    ("加载项", without_add_in, BAD, "install"),
    ("加载项", strange_add_in, BAD, "（没有）"),
    ("加载项", copied_add_in, NOTE, "自己删除"),
    ("加载项", broken_record, BAD, "安装记录"),
    ("“来自其他计算机”标记", as_it_is, GOOD, "没有"),
    ("“来自其他计算机”标记", marked, BAD, "解除锁定"),
    ("被 Excel 停用", as_it_is, GOOD, "没有"),
    ("被 Excel 停用", put(RESILIENCY, A1=disabled_item(r"c:\x\xlstart\xlbudget.xlam")), BAD, "禁用项目"),
    ("被 Excel 停用", put(RESILIENCY, A1=disabled_item(r"c:\x\other.xlam")), GOOD, "没有"),
    ("被 Excel 停用", put(RESILIENCY, A1=b"\xff" * 12 + "xlbudget.xlam".encode("utf-16-le")), BAD, "禁用项目"),
    ("xlwings 的设置", as_it_is, GOOD, "pythonw.exe"),
    ("xlwings 的设置", through_variable, GOOD, "%XLB%"),
    ("xlwings 的设置", settings(""), BAD, "没有 INTERPRETER_WIN"),
    ("xlwings 的设置", settings('"INTERPRETER_WIN","C:\\gone\\pythonw.exe"'), BAD, "不在那里了"),
    ("xlwings 的设置", nearer_settings('"INTERPRETER_WIN","{other}"\n'), NOTE, "以它为准"),
    ("xlwings 的设置", nearer_settings('"INTERPRETER_WIN","C:\\else.exe"\n'), BAD, "改对或删掉"),
    ("xlwings 的设置", nearer_settings('"PYTHONPATH","C:\\x"\n'), GOOD, "pythonw.exe"),
    ("xlwings 的设置", nearer_settings('"PYTHONPATH","C:\\x"\n\n'), BAD, "不成对"),
    ("xlwings 的设置", nearer_settings('"debug udfs","True"\n'), BAD, "改成 False"),
    ("xlwings 的设置", nearer_settings('"debug udfs","False"\n'), GOOD, "pythonw.exe"),
    ("xlwings 的设置", settings('"DEBUG UDFS","False"\r\n\r\n'), BAD, "不成对"),
    ("xlwings 的设置", other_python, NOTE, "另一个 Python"),
    ("工作簿", with_workbook(suffix=".xlsx"), GOOD, "来自加载项"),
    ("工作簿", with_workbook(), NOTE, "启用内容"),
    ("工作簿", with_workbook(mark=True), BAD, "解除锁定"),
    ("工作簿", with_workbook(mark=True, trust=True), GOOD, "在受信任位置"),
    ("工作簿", all_of(with_workbook(mark=True, trust=True), OWN_OFF), BAD, "单位的策略不认"),
    ("工作簿", all_of(with_workbook(trust=True), put(rf"HKCU\{SECURITY}\Trusted Locations", AllLocationsDisabled=1)), NOTE, "禁用所有受信任位置"),
    ("工作簿", all_of(with_workbook(mark=True), put(rf"{CLOUD}\Excel\Security", blockcontentexecutionfrominternet=0)), NOTE, "启用内容"),
    ("工作簿", all_of(with_workbook(mark=True), put(rf"{POLICY}\Excel\Security", blockcontentexecutionfrominternet=1)), BAD, "解除锁定"),
    ("工作簿", all_of(with_workbook(trust=True), beside('"INTERPRETER_WIN","C:\\gone.exe"\n')), BAD, "改对或删掉"),
    ("工作簿", all_of(with_workbook(trust=True), beside('"INTERPRETER_WIN"\n')), BAD, "不成对"),
    ("工作簿", all_of(with_workbook(trust=True), beside('"PYTHONPATH","C:\\x"\n')), GOOD, "在受信任位置"),
    ("工作簿", with_workbook(setting=4), BAD, "宏设置"),
    ("工作簿", with_workbook(setting=3, trust=True), GOOD, "在受信任位置"),
    ("工作簿", with_workbook(b"old"), BAD, "xlwings （没有）"),
    ("工作簿", given(workbook=Path("gone.xlsm")), BAD, "打不开"),
    ("工作簿里的加载项路径", with_workbook(linked(), suffix=".xlsx"), GOOD, "没有用加载项"),
    ("工作簿里的加载项路径", with_workbook(linked(OWN), suffix=".xlsx"), NOTE, "--relink"),
    ("工作簿里的加载项路径", with_workbook(linked("xlbudget.xlam", kind=STARTUP), suffix=".xlsx"), GOOD, "没有记着"),
    ("工作簿里的加载项路径", with_workbook(linked(OTHER), suffix=".xlsx"), GOOD, "没有用加载项"),
    ("工作簿里的加载项路径", with_workbook(b"PK"), UNCHECKED, "不完整"),
    ("工作簿里的加载项路径", given(workbook=Path("gone.xlsx")), UNCHECKED, "读不了"),
]  # fmt: skip


def found(patient: Patient, name: str) -> Result:
    return next(one for one in examine(patient) if one.name == name)


@pytest.mark.parametrize(("name", "change", "state", "words"), CASES)
def test_cases(
    patient: Patient, name: str, change: Callable[[Patient], Patient | None], state: State, words: str
) -> None:
    result = found(change(patient) or patient, name)
    assert (result.state, words in result.found + result.remedy) == (state, True), result
    assert bool(result.remedy) == (state in (NOTE, BAD, STOP)), "what is wrong comes with what to do"


def test_debugging_is_found(patient: Patient) -> None:
    settings(f'"INTERPRETER_WIN","{patient.machine.python.windowless}"\r\n"debug udfs","True"\r\n')(patient)
    assert found(patient, "xlwings 的设置").state is BAD


def test_every_check_is_seen_to_pass_and_to_object(patient: Patient) -> None:
    examine(patient)
    for name in CHECKS:
        states = {state for case, _, state, _ in CASES if case == name}
        assert GOOD in states, name
        assert states & {NOTE, BAD, STOP}, name
    assert {case for case, *_ in CASES} == set(CHECKS)


def test_all_is_well(patient: Patient) -> None:
    results = examine(patient)
    assert {one.state for one in results} == {GOOD}
    assert exit_code(results) == 0
    assert text(results).endswith("没有发现妨碍使用的问题。")


def test_the_text_says_what_to_do_first(patient: Patient) -> None:
    without_add_in(patient)
    shown = text(examine(python_is(patient, bits=32)))
    assert "[不行] 加载项：没有安装\n    怎么办：" in shown
    assert shown.endswith("请先处理：Python。")


@pytest.mark.parametrize(
    ("states", "code"),
    [([GOOD, NOTE, UNCHECKED], 0), ([GOOD, BAD], 1), ([BAD, STOP, GOOD], 2), ([], 0)],
)
def test_exit_codes(states: list[State], code: int) -> None:
    assert exit_code([Result("x", state, "", "") for state in states]) == code


def test_another_system_says_what_was_not_checked(patient: Patient) -> None:
    linux = Machine(None, {}, EmptyRegistry(), "utf-8", patient.machine.python)
    results = examine(dataclasses.replace(patient, machine=linux))
    assert "工作簿" not in {one.name for one in results}
    unchecked = {one.name for one in results if one.state is UNCHECKED}
    assert unchecked == {name for name, (windows_only, _) in CHECKS.items() if windows_only}
    assert "没有检查的，上面逐项写明了" in text(results)
    assert exit_code(results) == 0


def test_a_check_that_crashes_does_not_stop_the_others(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: Patient) -> Found:
        raise RuntimeError("boom")

    examine(patient)
    monkeypatch.setitem(CHECKS, "Python", (False, crash))
    results = examine(patient)
    crashed = next(one for one in results if one.name == "Python")
    assert crashed.state is UNCHECKED
    assert "RuntimeError：boom" in crashed.found
    assert [one.name for one in results] == [name for name in CHECKS if "工作簿" not in name]


def test_json(patient: Patient) -> None:
    without_add_in(patient)
    given_back = json.loads(json.dumps(as_json(examine(patient))))
    assert given_back["exit_code"] == 1
    assert {"name": "加载项", "state": "bad", "found": "没有安装"}.items() <= next(
        one for one in given_back["checks"] if one["name"] == "加载项"
    ).items()


def test_this_machine_can_be_examined() -> None:
    """Whatever the machine, no check crashes, and the real add-in is built."""
    results = {one.name: one for one in examine(doctor.this_patient())}
    assert not [one for one in results.values() if "程序出错" in one.found]
    assert results["生成加载项"].state is GOOD
    assert doctor.report().startswith("xlbudget 诊断")


def test_the_manual_names_every_check() -> None:
    examine(doctor.this_patient())
    manual = (Path(__file__).parent.parent.parent / "docs" / "excel.zh-CN.md").read_text("utf-8")
    first_column = re.findall(r"^\| ([^|]+) \|", manual, re.MULTILINE)
    named = {name for cell in first_column for name in cell.split("、")}
    assert [name for name in CHECKS if name not in named] == []
