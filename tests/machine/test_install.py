"""Installing and taking away again on a Windows machine in a folder."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.machine.windows import build_stand_in, registry_of, windows
from xlbudget.files import CannotWrite
from xlbudget.machine import conf, doctor, office
from xlbudget.machine.install import (
    SUMS,
    CannotInstall,
    install,
    installed,
    load_record,
    record_file,
    uninstall,
)
from xlbudget.machine.windows import EmptyRegistry, Machine, has_mark, remove_mark

LOCATIONS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations"
POLICIES = r"Software\Policies\Microsoft"
INTERNET = "[ZoneTransfer]\r\nZoneId=3\r\n"


def start(machine: Machine) -> Path:
    found = office.start_folder(machine)
    assert found is not None
    return found


def trusted(machine: Machine, folder: Path) -> bool:
    return office.trust(machine, folder) is office.Trust.GIVEN


def settings(machine: Machine) -> Path:
    found = conf.conf_file(machine)
    assert found is not None
    return found


def state(root: Path, machine: Machine) -> tuple[dict[str, bytes | None], dict[str, dict[str, object]]]:
    """Everything on the disk and in the registry."""
    tree = {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in root.rglob("*")
    }
    return tree, {key: dict(values) for key, values in registry_of(machine).keys.items()}


def test_the_add_in_lies_where_excel_looks_and_excel_finds_python(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    said = install(machine, build_stand_in)
    assert (start(machine) / "xlbudget.xlam").read_bytes() == b"built .xlam"
    pythonw = machine.python.executable.with_name("pythonw.exe")
    assert settings(machine).read_bytes() == f'"INTERPRETER_WIN","{pythonw}"\r\n'.encode("gbk")
    assert trusted(machine, start(machine))
    assert list(installed(machine)) == [start(machine) / "xlbudget.xlam"]
    assert "请重新启动 Excel" in said[-1]


def test_a_chosen_folder_is_trusted_with_those_in_it_and_gets_a_workbook(tmp_path: Path) -> None:
    machine, work = windows(tmp_path), tmp_path / "监控 工作簿"
    (work / "一中").mkdir(parents=True)
    assert not trusted(machine, work)
    install(machine, build_stand_in, work)
    assert (work / "xlbudget.xlsm").read_bytes() == b"built .xlsm"
    assert trusted(machine, work)
    assert trusted(machine, work / "一中")
    assert not trusted(machine, tmp_path)
    assert not trusted(machine, tmp_path / "监控 工作簿2")
    assert machine.registry.values(rf"{LOCATIONS}\xlbudget")["Path"] == f"{work}\\"


def test_trusted_locations_get_names_of_our_own_and_none_is_taken_from_another(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    untouched = state(tmp_path, machine)
    registry_of(machine).put(rf"{LOCATIONS}\XLBudget", Path="D:\\somebody's\\")
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        install(machine, build_stand_in, tmp_path / name)
    root = machine.registry.subkeys(LOCATIONS)
    assert root == ["Location0", "XLBudget", "xlbudget2", "xlbudget3"]
    uninstall(machine)
    assert machine.registry.subkeys(LOCATIONS) == ["Location0", "XLBudget"]
    registry_of(machine).remove(rf"{LOCATIONS}\XLBudget")
    assert state(tmp_path, machine)[1] == untouched[1]


@pytest.mark.parametrize(
    ("path", "left"), [("D:\\监控", ["Location0"]), ("D:\\别处\\", ["Location0", "Location1"])]
)
def test_a_location_that_an_older_version_registered_is_taken_away_while_it_is_ours(
    tmp_path: Path, path: str, left: list[str]
) -> None:
    machine = windows(tmp_path)
    install(machine, build_stand_in)
    key = rf"{LOCATIONS}\Location1"
    registry_of(machine).put(key, Path=path, AllowSubFolders=1)
    record = json.loads(record_file(machine).read_bytes())
    record["locations"] = [{"key": key, "path": "D:\\监控\\"}]
    record_file(machine).write_text(json.dumps(record), "utf-8")
    uninstall(machine)
    assert machine.registry.subkeys(LOCATIONS) == left


def test_twice_is_once(tmp_path: Path) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    settings(machine).parent.mkdir()
    settings(machine).write_bytes(b'"PYTHONPATH","C:\\x"\r\n')
    install(machine, build_stand_in, work)
    once = state(tmp_path, machine)
    said = install(machine, build_stand_in, work)
    assert state(tmp_path, machine) == once
    assert any("已经是最新的" in line for line in said)


@pytest.mark.parametrize("trusting", [False, True])
@pytest.mark.parametrize(
    "before",
    [
        None,
        b"",
        b'"PYTHONPATH","C:\\\xd4\xa4\xcb\xe3"\r\n"INTERPRETER_WIN","C:\\old\\pythonw.exe"\r\n"DEBUG UDFS","False"',
        b"interpreter_win, C:\\odd.exe\n\n# what\n",
        b'"INTERPRETER_WIN","C:\\1.exe"\r\n"INTERPRETER_WIN","C:\\2.exe"\r\n',
    ],
)
def test_uninstalling_leaves_everything_as_it_was(
    tmp_path: Path, before: bytes | None, trusting: bool
) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    if before is not None:
        settings(machine).parent.mkdir()
        settings(machine).write_bytes(before)
    untouched = state(tmp_path, machine)
    install(machine, build_stand_in, work if trusting else None)
    assert state(tmp_path, machine) != untouched
    uninstall(machine)
    assert state(tmp_path, machine) == untouched
    assert uninstall(machine) == ["没有安装记录，没有需要卸载的。"]


def test_what_changed_since_is_left_alone(tmp_path: Path) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    install(machine, build_stand_in, work)
    (work / "xlbudget.xlsm").write_bytes(b"filled in by somebody")
    settings(machine).write_bytes(b'"INTERPRETER_WIN","D:\\other\\pythonw.exe"\r\n')
    key = rf"{LOCATIONS}\xlbudget"
    registry_of(machine).put(key, Path="D:\\somewhere else\\")
    said = "\n".join(uninstall(machine))
    assert (work / "xlbudget.xlsm").read_bytes() == b"filled in by somebody"
    assert b"other" in settings(machine).read_bytes()
    assert machine.registry.value(key, "Path") == "D:\\somewhere else\\"
    assert not (start(machine) / "xlbudget.xlam").exists()
    assert "安装以后改动过" in said
    assert "后来改过" in said


def test_other_settings_changed_since_are_kept(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    settings(machine).parent.mkdir()
    settings(machine).write_bytes(b'"INTERPRETER_WIN","C:\\old.exe"\r\n')
    install(machine, build_stand_in)
    settings(machine).write_bytes(settings(machine).read_bytes() + b'"SHOW CONSOLE","True"\r\n')
    uninstall(machine)
    assert settings(machine).read_bytes() == b'"INTERPRETER_WIN","C:\\old.exe"\r\n"SHOW CONSOLE","True"\r\n'
    assert list(settings(machine).parent.glob("*备份*")), "the backup differs from what is there, so it stays"


def test_a_filled_workbook_is_not_overwritten_by_a_second_install(tmp_path: Path) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    install(machine, build_stand_in, work)
    (work / "xlbudget.xlsm").write_bytes(b"filled in")
    said = install(machine, build_stand_in, work)
    assert (work / "xlbudget.xlsm").read_bytes() == b"filled in"
    assert any("已经填过内容" in line for line in said)


def test_a_new_version_replaces_ours(tmp_path: Path) -> None:
    def newer(folder: Path) -> list[Path]:
        made = build_stand_in(folder)
        made[1].write_bytes(b"newer")
        return made

    machine = windows(tmp_path)
    untouched = state(tmp_path, machine)
    install(machine, build_stand_in)
    install(machine, newer)
    assert (start(machine) / "xlbudget.xlam").read_bytes() == b"newer"
    uninstall(machine)
    assert state(tmp_path, machine) == untouched


def test_a_moved_python_is_written_anew_and_the_first_setting_comes_back(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    settings(machine).parent.mkdir()
    settings(machine).write_bytes(b'"INTERPRETER_WIN","C:\\old.exe"\r\n')
    install(machine, build_stand_in)
    moved = windows(tmp_path / "moved")
    elsewhere = Machine(machine.windows, machine.environment, machine.registry, "gbk", moved.python)
    install(elsewhere, build_stand_in)
    assert str(tmp_path / "moved").encode("gbk") in settings(machine).read_bytes()
    uninstall(elsewhere)
    assert settings(machine).read_bytes() == b'"INTERPRETER_WIN","C:\\old.exe"\r\n'


def test_marks_come_off_our_own_files_only(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    bundle = machine.python.executable.parent.parent
    ours, strange = bundle / "python" / "python.exe", bundle / "someone's.exe"
    strange.write_bytes(b"x")
    (bundle / SUMS).write_text("00  python/python.exe\n", "utf-8")
    for path in (ours, strange):
        Path(f"{path}:Zone.Identifier").write_text(INTERNET)
        assert has_mark(path)
    said = install(machine, build_stand_in)
    assert not has_mark(ours)
    assert has_mark(strange)
    assert any("1 个文件" in line for line in said)


@pytest.mark.parametrize(("number", "passes"), [(errno.EINVAL, True), (errno.EACCES, False)])
def test_a_disk_without_streams_has_no_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, passes: bool
) -> None:
    def refuse(path: str) -> None:
        raise OSError(number, "no", path)

    monkeypatch.setattr(os, "remove", refuse)
    if passes:
        assert remove_mark(tmp_path / "f") is False
    else:
        with pytest.raises(OSError, match="no"):
            remove_mark(tmp_path / "f")


@pytest.mark.parametrize(("zone", "marked"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_only_foreign_zones_are_a_mark(tmp_path: Path, zone: int, marked: bool) -> None:
    (tmp_path / "f:Zone.Identifier").write_text(f"[ZoneTransfer]\r\nZoneId = {zone}\r\n")
    assert has_mark(tmp_path / "f") is marked


def test_the_real_add_in_is_installed_and_stays_the_same(tmp_path: Path) -> None:
    machine = doctor.this_patient()
    there = windows(tmp_path)
    install(there, machine.build, tmp_path)
    once = state(tmp_path, there)
    assert machine.built_with((start(there) / "xlbudget.xlam").read_bytes()) == metadata.version("xlwings")
    assert machine.built_with((tmp_path / "xlbudget.xlsm").read_bytes()) == metadata.version("xlwings")
    assert any("已经是最新的" in line for line in install(there, machine.build, tmp_path))
    assert state(tmp_path, there) == once


def refused(machine: Machine, root: Path, trust: Path | None = None) -> str:
    """What installing says when it refuses; nothing may have changed."""
    before = state(root, machine)
    with pytest.raises((CannotInstall, CannotWrite)) as told:
        install(machine, build_stand_in, trust)
    assert state(root, machine) == before
    return str(told.value)


def test_what_cannot_work_is_refused_before_anything_changes(tmp_path: Path) -> None:
    assert "32 位 Python" in refused(windows(tmp_path / "a", bits=32), tmp_path)
    assert "系统字符集" in refused(windows(tmp_path / "b", ansi="cp1252"), tmp_path)
    machine = windows(tmp_path / "c")
    store = dataclasses.replace(machine.python, base=Path("C:/Program Files/WindowsApps/Python"))
    assert "微软商店" in refused(dataclasses.replace(machine, python=store), tmp_path)
    assert "不存在" in refused(machine, tmp_path, tmp_path / "missing")
    start(machine).mkdir(parents=True)
    (start(machine) / "xlbudget.xlam").write_bytes(b"somebody else's")
    assert "不是 xlbudget 放的" in refused(machine, tmp_path)
    (start(machine) / "xlbudget.xlam").unlink()
    settings(machine).parent.mkdir()
    settings(machine).write_bytes(b'"PYTHONPATH","C:\\x"\r\n\r\n')
    assert "不成对" in refused(machine, tmp_path)
    settings(machine).unlink()
    record_file(machine).parent.mkdir()
    record_file(machine).write_text("{broken")
    assert "安装记录" in refused(machine, tmp_path)


def test_other_systems_are_told_politely(tmp_path: Path) -> None:
    there = windows(tmp_path)
    here = Machine(None, {"HOME": "/root"}, EmptyRegistry(), "utf-8", there.python)
    with pytest.raises(CannotInstall, match="不是 Windows"):
        install(here, build_stand_in)
    with pytest.raises(CannotInstall, match="不是 Windows"):
        uninstall(here)


def test_an_add_in_in_use_stays_and_the_rest_of_the_record_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = windows(tmp_path)
    install(machine, build_stand_in)

    def locked(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "in use", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", locked)
        with pytest.raises(CannotWrite, match="请关闭 Excel"):
            uninstall(machine)
    assert (start(machine) / "xlbudget.xlam").exists()
    assert load_record(machine).files
    uninstall(machine)
    assert not (start(machine) / "xlbudget.xlam").exists()


def test_a_locked_registry_is_told_and_what_was_done_can_be_undone(tmp_path: Path) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    untouched = state(tmp_path, machine)
    registry_of(machine).locked = (r"HKCU\Software\Microsoft\Office",)
    with pytest.raises(CannotInstall, match="管理员"):
        install(machine, build_stand_in, work)
    uninstall(machine)
    assert state(tmp_path, machine) == untouched


@pytest.mark.parametrize(
    ("key", "name", "value", "told"),
    [
        (rf"HKCU\{POLICIES}\Office\16.0\Common\Security\Trusted Locations", "Allow User Locations", 0, True),
        (
            rf"HKCU\{POLICIES}\Cloud\Office\16.0\Excel\Security\Trusted Locations",
            "AllLocationsDisabled",
            1,
            True,
        ),
        (LOCATIONS, "AllLocationsDisabled", 1, True),
        (LOCATIONS, "AllLocationsDisabled", 0, False),
    ],
)
def test_what_keeps_a_location_from_counting_is_told(
    tmp_path: Path, key: str, name: str, value: int, told: bool
) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    registry_of(machine).put(key, **{name: value})
    assert any("不认这个受信任位置" in line for line in install(machine, build_stand_in, work)) is told


@pytest.mark.parametrize(
    ("ansi", "told"), [("gbk", ""), ("utf-8", "UTF-8（65001）"), ("cp1252", "系统字符集没有的字")]
)
def test_a_profile_that_macros_cannot_spell_is_told(tmp_path: Path, ansi: str, told: str) -> None:
    machine, place = windows(tmp_path, ansi=ansi), tmp_path / "python"
    place.mkdir()
    (place / "python.exe").write_bytes(b"")
    python = dataclasses.replace(machine.python, executable=place / "python.exe")
    said = install(dataclasses.replace(machine, python=python), build_stand_in)
    assert [told in line for line in said if "注意" in line] == [True] * bool(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'"INTERPRETER_WIN","C:\\else.exe"', True),
        (b'"PYTHONPATH","C:\\x"', False),
        (b'\n"INTERPRETER_WIN","x"', False),
    ],
)
def test_settings_beside_the_workbook_that_go_before_ours_are_told(
    tmp_path: Path, content: bytes, told: bool
) -> None:
    machine, work = windows(tmp_path), tmp_path / "w"
    work.mkdir()
    (work / "xlwings.conf").write_bytes(content)
    assert any("写了另一个 Python" in line for line in install(machine, build_stand_in, work)) is told


def test_the_record_is_readable_json(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install(machine, build_stand_in)
    assert set(json.loads(record_file(machine).read_bytes())) == {"files", "folders", "setting", "locations"}


# -- xlwings' settings ---------------------------------------------------------------------------------


def test_xlwings_itself_reads_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import xlwings
    from xlwings.utils import read_user_config

    content = conf.with_value(b'"PYTHONPATH","C:\\x"\r\n', conf.INTERPRETER, "C:\\a b\\pythonw.exe", "gbk")
    (tmp_path / "xlwings.conf").write_bytes(content)
    monkeypatch.setattr(xlwings, "USER_CONFIG_FILE", str(tmp_path / "xlwings.conf"))
    found = read_user_config()  # type: ignore[no-untyped-call]
    assert found == {"pythonpath": "C:\\x", "interpreter_win": "C:\\a b\\pythonw.exe"}


line = st.builds(
    lambda key, value, quoted: f'"{key}","{value}"' if quoted else f"{key},{value}",
    st.sampled_from(["PYTHONPATH", "UDF MODULES", "INTERPRETER_WIN", "interpreter_win", "预算"]),
    st.text("ab 预算\\:.", max_size=8),
    st.booleans(),
)


@given(
    st.lists(line),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["C:\\py.exe", "D:\\预算\\p.exe"]),
)
def test_setting_one_key_leaves_the_others(lines: list[str], end: str, last: bool, value: str) -> None:
    before = (end.join(lines) + (end if last and lines else "")).encode("gbk")
    assume(not conf.odd(before))
    after = conf.with_value(before, conf.INTERPRETER, value, "gbk")
    assert conf.read(after, conf.INTERPRETER, "gbk") == value
    assert conf.with_value(after, conf.INTERPRETER, value, "gbk") == after

    def others(content: bytes) -> list[str]:
        return [one for one in content.decode("gbk").splitlines() if "interpreter_win" not in one.lower()]

    assert others(after) == others(before)
    assert conf.read(conf.with_value(after, conf.INTERPRETER, None, "gbk"), conf.INTERPRETER, "gbk") is None


@pytest.mark.parametrize(
    ("content", "tokens", "value"),
    [
        (b'"A","1"\r\n"B","2"\r\n', 4, "2"),
        (b'"A","1","B","2"', 4, "2"),
        (b"a\n1\n b , 2 \n", 4, "2"),
        (b'"A","x,y"\r\n"B",\r\n', 4, ""),
        (b'"A","1"\r\n\r\n"B","2"\r\n', 5, None),
        (b'"A","1"\r\n\r\n\r\n"B","2"\r\n', 6, "2"),
        (b'"B","2"\r\n\r\n', 3, "2"),
        (b'# mine\r\n"B","2"', 3, None),
        (b"", 0, None),
    ],
)
def test_settings_are_read_by_tokens_as_vba_does(content: bytes, tokens: int, value: str | None) -> None:
    assert conf.odd(content) is (tokens % 2 == 1)
    assert conf.read(content, "B", "gbk") == value
    if tokens % 2 == 0:
        assert conf.read(conf.with_value(content, "B", "3", "gbk"), "B", "gbk") == "3"


def test_a_file_beside_the_workbook_goes_before_the_users_key_by_key(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    install(machine, build_stand_in)
    mine = settings(machine)
    assert conf.conf_files(machine, tmp_path) == [mine]
    nearer = tmp_path / "xlwings.conf"
    nearer.write_bytes(b'"PYTHONPATH","D:\\"\r\n')
    files = conf.conf_files(machine, tmp_path)
    assert files == [nearer, mine]
    found = conf.effective(files, conf.INTERPRETER, "gbk")
    assert (found and found[1]) == mine
    assert conf.effective(files, "pythonpath", "gbk") == ("D:\\", nearer)
    assert conf.effective(files, "CONDA ENV", "gbk") is None
