"""The add-in put where Excel finds it, for one user and without rights of an administrator, and taken away again.

What was put where stands in a record, so that taking away touches nothing else. Each step is recorded before the next.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path

from pydantic import BaseModel, ValidationError

from xlbudget.files import CannotWrite
from xlbudget.files.writing import backup_of, cannot_write, refuse_if_open, write_atomic
from xlbudget.machine import conf, office
from xlbudget.machine.windows import Machine, remove_mark

Build = Callable[[Path], list[Path]]
"""Writes the workbook with macros and the add-in into a folder."""
_SLASH = "\\"
_REGION = "控制面板→区域→管理→更改系统区域设置"
_OURS = "xlbudget 预算绩效运行监控"


STORE = "它在 AppData 里新建的文件只有它自己看得到，Excel 找不到加载项。"


class CannotInstall(CannotWrite):
    """Something about the machine that has to be changed first. The text is for the user."""


class Placed(BaseModel):
    """A file that was put there, and what was in it."""

    path: Path
    sha256: str


class Setting(BaseModel):
    """A line of xlwings' settings: what it was before (None: not there), and what it is now."""

    before: str | None
    now: str
    made_file: bool
    backup: Path | None = None


class Location(BaseModel):
    """A trusted location that was registered."""

    key: str
    path: str


class Record(BaseModel):
    """All that installing did."""

    files: list[Placed] = []
    folders: list[Path] = []
    setting: Setting | None = None
    locations: list[Location] = []

    def digest(self, path: Path) -> str | None:
        return next((one.sha256 for one in self.files if one.path == path), None)

    @property
    def empty(self) -> bool:
        return not (self.files or self.folders or self.setting or self.locations)


def record_file(machine: Machine) -> Path:
    r"""%LOCALAPPDATA%\xlbudget\install.json. Raises CannotInstall."""
    return _folder(machine, "LOCALAPPDATA") / "xlbudget" / "install.json"


def load_record(machine: Machine) -> Record:
    """What is installed; an empty record where nothing is. Raises CannotInstall for one that is broken."""
    path = record_file(machine)
    try:
        return Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Record()
    except (OSError, ValidationError) as error:
        raise CannotInstall(
            f"安装记录“{path}”读不出来。请把它移到别处，再运行 xlbudget addin install。"
        ) from error


def _save(machine: Machine, record: Record) -> None:
    path = record_file(machine)
    if record.empty:
        path.unlink(missing_ok=True)
        _remove_if_empty(path.parent)
        return
    _make(path.parent)
    text = json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
    write_atomic(path, (text + "\n").encode())


def _folder(machine: Machine, variable: str) -> Path:
    found = machine.folder(variable)
    if machine.windows is None:
        raise CannotInstall("加载项只用于 Windows 上的 Excel，这台电脑不是 Windows，没有做任何改动。")
    if found is None:
        raise CannotInstall(f"系统没有设置 {variable}，找不到个人文件夹。请用平时登录的账户运行。")
    return found


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it. Returns what was missing, the innermost last. Raises CannotWrite."""
    missing = []
    for one in (folder, *folder.parents):
        if one.exists():
            break
        missing.append(one)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return missing[::-1]


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


# -- install -------------------------------------------------------------------------------------------


def install(machine: Machine, build: Build, trust: Path | None = None) -> list[str]:
    """Put the add-in into Excel's start folder and tell xlwings which Python to use; says what was done.

    With `trust`, that folder becomes a trusted location and gets a blank workbook with macros. Doing it twice changes
    nothing more. Raises CannotInstall or CannotWrite; what was done until then is recorded.
    """
    _check(machine, trust)
    record = load_record(machine)
    said = []
    with tempfile.TemporaryDirectory(prefix="xlbudget-") as work:
        built = {path.suffix: path for path in build(Path(work))}
        for one in _place_all(machine, record, built, trust):
            said.append(one)
            _save(machine, record)
    said.extend(_set_interpreter(machine, record))
    _save(machine, record)
    if trust is not None:
        said.extend(_trust(machine, record, trust.resolve()))
        _save(machine, record)
    said.extend(_unmark(machine, record))
    said.extend(_warnings(machine, trust))
    said.append(
        "请重新启动 Excel，功能区会出现“预算绩效”。没有出现时，运行 xlbudget addin doctor（离线版双击 doctor.cmd）。"
    )
    return said


def _check(machine: Machine, trust: Path | None) -> None:
    """Refuse what cannot work, before anything is changed."""
    for variable in ("APPDATA", "LOCALAPPDATA", "USERPROFILE"):
        _folder(machine, variable)
    python = machine.python
    if python.bits != 64:
        raise CannotInstall(
            f"正在用的是 {python.bits} 位 Python，加载项需要 64 位 Python（32 位的 Excel 也一样）。请换成 64 位的再装。"
        )
    if python.from_store:
        raise CannotInstall(f"正在用的 Python 来自微软商店，{STORE}请从 python.org 安装 Python，或用离线版。")
    if not machine.speaks(str(python.windowless)):
        raise CannotInstall(
            f"Python 在“{python.windowless}”，这个路径里有系统字符集没有的字，Excel 找不到它。"
            "请把整个文件夹移到只有英文字母和数字的路径（例如 D:\\xlbudget），再装。"
        )
    if trust is not None and not trust.is_dir():
        raise CannotInstall(f"文件夹“{trust}”不存在，请先建好，或换一个位置。")
    if trust is not None and office.is_network(trust.resolve()):
        raise CannotInstall(f"“{trust}”在网络上，Excel 默认不信任网络位置。请选本机的文件夹。")
    settings = conf.conf_file(machine)
    if settings is not None and settings.is_file() and conf.odd(_read(settings)):
        raise CannotInstall(f"“{settings}”{conf.ODD}再装。")


def _place_all(machine: Machine, record: Record, built: dict[str, Path], trust: Path | None) -> Iterator[str]:
    start = office.start_folder(machine)
    assert start is not None
    record.folders += [one for one in _make(start) if one not in record.folders]
    yield from _place(record, built[".xlam"], start)
    if trust is not None:
        yield from _place(record, built[".xlsm"], trust.resolve())


def _place(record: Record, made: Path, folder: Path) -> Iterator[str]:
    """Put a built file into a folder, unless a file of the user's own has its place."""
    target, content = folder / made.name, made.read_bytes()
    digest = sha256(content).hexdigest()
    try:
        there = sha256(target.read_bytes()).hexdigest() if target.exists() else None
    except OSError as error:
        raise cannot_write(target, error) from error
    if there == digest and record.digest(target) == digest:
        yield f"已经是最新的：{target}"
        return
    if there not in (None, digest, record.digest(target)):
        if target.suffix != ".xlam":
            yield f"没有动“{target}”：里面已经填过内容。"
            return
        raise CannotInstall(f"“{target}”不是 xlbudget 放的文件，没有覆盖它。请把它移走，再装。")
    refuse_if_open(target)
    write_atomic(target, content)
    record.files = [one for one in record.files if one.path != target]
    record.files.append(Placed(path=target, sha256=digest))
    yield f"已放好：{target}"


def _set_interpreter(machine: Machine, record: Record) -> list[str]:
    """Write INTERPRETER_WIN; a backup of the settings is made before the first change to a file that was there."""
    path = conf.conf_file(machine)
    assert path is not None
    value = str(machine.python.windowless)
    content = _read(path) if path.exists() else None
    before = conf.read(content or b"", conf.INTERPRETER, machine.ansi)
    changed = conf.with_value(content or b"", conf.INTERPRETER, value, machine.ansi)
    mine = record.setting if record.setting and record.setting.now == before else None
    if mine is None:
        backup = backup_of(path) if content is not None and changed != content else None
        if backup is not None:
            write_atomic(backup, content or b"")
        mine = Setting(before=before, now=value, made_file=content is None, backup=backup)
    record.folders += [one for one in _make(path.parent) if one not in record.folders]
    if changed != content:
        write_atomic(path, changed)
    record.setting = mine.model_copy(update={"now": value})
    said = [f"Excel 将用这个 Python：{value}（写在“{path}”）"]
    if mine.before not in (None, value):
        said.append(f"原来用的是 {mine.before}，卸载时会改回去；旧设置留在“{mine.backup}”。")
    return said


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotInstall(f"“{path}”读不出来。请关闭打开它的程序，再试。") from error


def _trust(machine: Machine, record: Record, folder: Path) -> list[str]:
    """Register a trusted location under a name of our own: Excel numbers its own, LocationN."""
    path = f"{folder}\\"
    if any(office.same_folder(one.path, path) and one.deep for one in office.trusted(machine)):
        return [f"已经是受信任位置：{folder}"]
    root = office.trusted_key(machine)
    used = {name.lower() for name in machine.registry.subkeys(root)}
    key = rf"{root}\{next(name for name in _names() if name not in used)}"
    record.locations.append(Location(key=key, path=path))
    _save(machine, record)
    try:
        machine.registry.write(key, {"Path": path, "AllowSubFolders": 1, "Description": _OURS})
    except OSError as error:
        raise CannotInstall(
            f"没有权限登记受信任位置“{folder}”。可能由单位统一管理，请联系管理员。"
        ) from error
    return [f"已登记为受信任位置（含下级文件夹）：{folder}"]


def _names() -> Iterator[str]:
    """Names for keys of ours: xlbudget, xlbudget2, …"""
    yield "xlbudget"
    yield from (f"xlbudget{number}" for number in count(2))


def misspelled(machine: Machine) -> tuple[str, str] | None:
    """What Excel's macros cannot spell of the folders that they look into, and what to do about it."""
    folders = [str(machine.folder("USERPROFILE") or ""), str(machine.python.windowless)]
    foreign = next((one for one in folders if not one.isascii()), "")
    if machine.unicode and foreign:
        return (
            f"系统字符集是 UTF-8（65001），Excel 的宏读不对路径里的汉字：{foreign}",
            f"请打开{_REGION}，取消“Beta 版: 使用 Unicode UTF-8 提供全球语言支持”，重新启动电脑。",
        )
    unknown = next((one for one in folders if not machine.speaks(one)), "")
    if unknown:
        return (
            f"路径里有系统字符集没有的字，Excel 的宏找不到它：{unknown}",
            f"请打开{_REGION}，选“中文(简体，中国)”，重新启动电脑；或者换一个名字只有英文字母的 Windows 用户。",
        )
    return None


def _warnings(machine: Machine, trust: Path | None) -> Iterator[str]:
    """What Excel will stumble over although everything is in place."""
    spelled = misspelled(machine)
    if spelled:
        yield f"注意：{'。'.join(spelled)}"
    folders = [one for one in (office.start_folder(machine), trust and trust.resolve()) if one]
    for folder in folders:
        found = conf.effective(conf.conf_files(machine, folder), conf.INTERPRETER, machine.ansi)
        if found and found[1] != conf.conf_file(machine):
            yield f"注意：“{found[1]}”写了另一个 Python（{found[0]}），那里的工作簿以它为准。不需要时请删掉那个文件。"
    if trust is not None and office.trust(machine, trust.resolve()) is not office.Trust.GIVEN:
        yield "注意：单位的策略或 Excel 的设置不认这个受信任位置，宏可能仍被拦住。请运行诊断，看怎么办。"


def _unmark(machine: Machine, record: Record) -> list[str]:
    """Take the Mark of the Web off our own files: those put in place, and those of an offline bundle."""
    files = [one.path for one in record.files] + bundled_files(machine.python.executable)
    try:
        count = sum(remove_mark(path) for path in files)
    except OSError as error:
        raise CannotInstall(
            f"不能解除“来自其他计算机”的标记：{error.filename}。请检查文件夹的权限。"
        ) from error
    return [f"已解除 {count} 个文件的“来自其他计算机”标记。"] if count else []


SUMS = "SHA256SUMS.txt"
"""The list of files in an offline bundle, beside the folder of its Python."""


def bundled_files(executable: Path) -> list[Path]:
    """The files of the offline bundle that a Python belongs to; none outside of one."""
    root = executable.parent.parent
    try:
        lines = (root / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [root / line.partition("  ")[2] for line in lines if "  " in line]


# -- uninstall -----------------------------------------------------------------------------------------


def uninstall(machine: Machine) -> list[str]:
    """Take away what the record says and nothing else; says what was done. Raises CannotInstall or CannotWrite."""
    _folder(machine, "LOCALAPPDATA")
    record = load_record(machine)
    if record.empty:
        return ["没有安装记录，没有需要卸载的。"]
    said = []
    for one in list(record.files):
        said.append(_take_away(one))
        record.files.remove(one)
        _save(machine, record)
    for location in list(record.locations):
        said.extend(_distrust(machine, location))
        record.locations.remove(location)
        _save(machine, record)
    if record.setting is not None:
        said.extend(_reset_interpreter(machine, record.setting))
        record.setting = None
        _save(machine, record)
    for folder in sorted(record.folders, key=lambda path: -len(path.parts)):
        _remove_if_empty(folder)
    record.folders = []
    _save(machine, record)
    return [*said, "卸载完成。您填的工作簿和报告都没有动。"]


def _take_away(one: Placed) -> str:
    """Delete a file that is still what was put there."""
    path = one.path
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return f"已经不在了：{path}"
    except OSError as error:
        raise cannot_write(path, error) from error
    if sha256(content).hexdigest() != one.sha256:
        return f"留下了“{path}”：安装以后改动过，请自行处理。"
    try:
        path.unlink()
    except OSError as error:
        raise CannotWrite(f"“{path}”正在使用，没有删掉。请关闭 Excel，再运行一次。") from error
    return f"已删除：{path}"


def _distrust(machine: Machine, location: Location) -> list[str]:
    """Delete a trusted location that still points to the folder it was made for."""
    now = machine.registry.value(location.key, "Path")
    if not isinstance(now, str) or not office.same_folder(now, location.path):
        return []
    try:
        machine.registry.remove(location.key)
    except OSError as error:
        raise CannotInstall(f"没有权限取消受信任位置“{location.path}”，请联系管理员。") from error
    return [f"已取消受信任位置：{location.path.rstrip(_SLASH)}"]


def _reset_interpreter(machine: Machine, setting: Setting) -> list[str]:
    """Put the old interpreter back, unless somebody chose another one since."""
    path = conf.conf_file(machine)
    if path is None or not path.exists():
        return []
    content = _read(path)
    if conf.read(content, conf.INTERPRETER, machine.ansi) != setting.now:
        return [f"“{path}”里的 Python 后来改过，没有动它。"]
    restored = _without_ours(content, setting, machine.ansi)
    if setting.made_file and not restored.strip():
        path.unlink()
        return [f"已删除：{path}"]
    write_atomic(path, restored)
    if setting.backup is not None and setting.backup.exists() and setting.backup.read_bytes() == restored:
        setting.backup.unlink()
    return [f"已恢复 xlwings 原来的设置：{path}"]


def _without_ours(content: bytes, setting: Setting, ansi: str) -> bytes:
    """The settings as they were: the backup where nothing else changed since, else with the old line back."""
    if setting.backup is not None and setting.backup.exists():
        old = setting.backup.read_bytes()
        if conf.with_value(old, conf.INTERPRETER, setting.now, ansi) == content:
            return old
    return conf.with_value(content, conf.INTERPRETER, setting.before, ansi)


def installed(machine: Machine) -> Sequence[Path]:
    """The files that an installation put in place and that are still there; none without a record."""
    try:
        return [one.path for one in load_record(machine).files if one.path.exists()]
    except CannotInstall:
        return []
