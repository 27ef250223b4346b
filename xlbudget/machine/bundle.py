r"""A folder for machines without Python and without network: Python's embeddable ZIP, our packages, `install.cmd`.

    install.cmd, uninstall.cmd, doctor.cmd, xlbudget.cmd   plain ASCII, because cmd.exe reads them in
                                                           the machine's code page; Python shows the Chinese
    说明.txt                                                what to do, for staff
    SHA256SUMS.txt                                         every file, so that a damaged copy is noticed
    python\                                                python.exe, pythonw.exe, xlwings' and pywin32's DLLs
    python\Lib\site-packages\                              the wheels, unpacked

The same ZIP and the same wheels give the same bytes. `xlwings.pro` is not ours to hand on and is left out.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path, PurePosixPath

from xlbudget import __version__
from xlbudget.files import CannotOpen
from xlbudget.files.writing import cannot_write
from xlbudget.machine.install import SUMS, CannotInstall
from xlbudget.machine.office import X64, program_kind

Files = dict[str, bytes]
"""Path inside the bundle, with slashes → content."""
PACKAGES = "python/Lib/site-packages/"
LEFT_OUT = ("xlwings/pro/", "xlwings/xlwingslib", "LICENSE_PRO.txt")
"""What is not under xlwings' BSD licence, and the engine that only serves that part."""


# -- Python's ZIP --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Embeddable:
    """Python's embeddable distribution: its files, and its version such as 311."""

    files: Files
    tag: str

    @property
    def version(self) -> str:
        return f"{self.tag[0]}.{self.tag[1:]}"


def read_python(path: Path) -> Embeddable:
    """The embeddable distribution in a ZIP. Raises CannotOpen for anything else, also one of 32 bits."""
    advice = (
        "请到 python.org 下载“Windows embeddable package (64-bit)”，文件名像 python-3.11.9-embed-amd64.zip。"
    )
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except OSError as error:
        raise CannotOpen(f"“{path}”打不开。{advice}") from error
    except zipfile.BadZipFile as error:
        raise CannotOpen(f"“{path}”不是 ZIP 文件，或者没有下载完整。{advice}") from error
    tags = [found[1] for name in files if (found := re.fullmatch(r"python(3\d+)\._pth", name))]
    if len(tags) != 1 or "python.exe" not in files or "pythonw.exe" not in files:
        raise CannotOpen(f"“{path.name}”不是嵌入版的 Python。{advice}")
    if program_kind(files["python.exe"]) != X64:
        raise CannotOpen(f"“{path.name}”不是 64 位（amd64）的。{advice}")
    if int(tags[0][1:]) < 11:
        raise CannotOpen(f"“{path.name}”太旧了，需要 Python 3.11 或更新的版本。{advice}")
    return Embeddable(files, tags[0])


def python_files(python: Embeddable) -> Files:
    """Python's files, told to look into our packages; `import site` lets pywin32's .pth file work."""
    files = {f"python/{name}": content for name, content in python.files.items()}
    lines = (f"python{python.tag}.zip", ".", r"Lib\site-packages", "import site")
    files[f"python/python{python.tag}._pth"] = "".join(f"{line}\r\n" for line in lines).encode()
    return files


# -- wheels --------------------------------------------------------------------------------------------


def unpack(wheel: Path) -> Files:
    """A wheel's files where pip would put them, without programs. Raises CannotOpen for one that is broken."""
    files: Files = {}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                place = _place(name)
                if place and not name.endswith("/") and not any(one in name for one in LEFT_OUT):
                    files[place] = archive.read(name)
    except (OSError, zipfile.BadZipFile) as error:
        raise CannotOpen(f"“{wheel.name}”读不出来，可能没有下载完整。请删掉再取一次。") from error
    return {
        place: _record(content) if place.endswith("/RECORD") else content for place, content in files.items()
    }


def _place(name: str) -> str | None:
    """Where a member of a wheel belongs ("Binary distribution format"); None for scripts and headers."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise CannotOpen(f"包里有不该有的路径：{name}。请重新下载。")
    if not path.parts[0].endswith(".data"):
        return PACKAGES + name
    folder = {"data": "python/", "purelib": PACKAGES, "platlib": PACKAGES}.get(path.parts[1])
    return None if folder is None else folder + "/".join(path.parts[2:])


def _record(content: bytes) -> bytes:
    """The list of a package's files without what was left out."""
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if not any(one.encode() in line for one in LEFT_OUT))


def package_files(wheels: Iterable[Path]) -> Files:
    """All wheels unpacked; pywin32's DLLs lie beside python.exe too, where COM looks first."""
    files: Files = {}
    for wheel in sorted(wheels, key=lambda path: path.name.lower()):
        for place, content in unpack(wheel).items():
            if files.get(place, content) != content:
                raise CannotOpen(f"“{wheel.name}”和别的包都有“{place}”，内容不一样。请只留每个包的一个版本。")
            files[place] = content
    system = f"{PACKAGES}pywin32_system32/"
    beside = {
        f"python/{place.removeprefix(system)}": files[place] for place in files if place.startswith(system)
    }
    return files | beside


def metadata_of(wheel: Path) -> tuple[str, list[str]]:
    """Name and requirements of a wheel. Raises CannotOpen."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            name = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
            headers = HeaderParser().parsestr(archive.read(name).decode())
    except (OSError, zipfile.BadZipFile, StopIteration) as error:
        raise CannotOpen(f"“{wheel.name}”读不出来，可能没有下载完整。请删掉再取一次。") from error
    return normal(headers["Name"]), headers.get_all("Requires-Dist", [])


def normal(name: str) -> str:
    """A package's name as it is compared ("Names and normalization")."""
    return re.sub(r"[-_.]+", "-", name).lower()


_OF_WINDOWS = re.compile(
    r"""(platform_system\s*==\s*["']Windows|(sys_platform|os_name)\s*==\s*["'](win32|nt))"""
)


def missing(wheels: Iterable[Path]) -> list[str]:
    """Requirements that Windows has and that no wheel fulfils.

    pip decides by the system that it runs on which requirements count, so those of Windows alone are looked for here.
    """
    known = [metadata_of(wheel) for wheel in wheels]
    names = {name for name, _ in known}
    wanted: dict[str, str] = {}
    for _, requirements in known:
        for one in requirements:
            what, _, marker = one.partition(";")
            found = re.match(r"[A-Za-z0-9._-]+", what)
            if found and (not marker.strip() or _OF_WINDOWS.search(marker)) and "extra" not in marker:
                wanted.setdefault(normal(found[0]), re.sub(r"\s*\((.*)\)", r"\1", what.strip()))
    return [what for name, what in sorted(wanted.items()) if name not in names]


# -- gathering -----------------------------------------------------------------------------------------


def gather(folder: Path, version: str) -> None:
    """Put our wheel and all that it needs on 64-bit Windows into a folder; wants pip and a network.

    Raises CannotInstall.
    """
    source = Path(__file__).parent.parent.parent
    if not (source / "pyproject.toml").is_file():
        raise CannotInstall(
            "制作离线版要在 xlbudget 的源码文件夹里运行，或用 --wheels 指定放好全部 wheel 的文件夹。"
        )
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(source))
    wheel = next(folder.glob("xlbudget-*.whl"))
    _download(folder, version, [str(wheel)])
    for _ in range(5):
        more = missing(folder.glob("*.whl"))
        if not more:
            return
        _download(folder, version, more)


def _download(folder: Path, version: str, what: Sequence[str]) -> None:
    target = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", version]
    _pip("download", "--dest", str(folder), "--only-binary=:all:", *target, *what)


def _pip(*words: str) -> None:
    if importlib.util.find_spec("pip"):
        command = [sys.executable, "-m", "pip"]
    elif found := shutil.which("pip"):
        command = [found]
    else:
        raise CannotInstall("没有找到 pip。请先运行 python -m ensurepip，再试。")
    done = subprocess.run([*command, *words], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise CannotInstall(f"pip 没有取到需要的包。请检查网络，再试。pip 说：\n{last}")


# -- the bundle ----------------------------------------------------------------------------------------

_COMMANDS = {
    "install.cmd": ("addin install %*", True),
    "uninstall.cmd": ("addin uninstall %*", True),
    "doctor.cmd": ("addin doctor %*", True),
    "xlbudget.cmd": ("%*", False),
}


def command_file(words: str, waits: bool) -> bytes:
    """A .cmd file that runs xlbudget with the Python beside it and hands its exit code on."""
    lines = ["@echo off", "setlocal", f'"%~dp0python\\python.exe" -m xlbudget {words}']
    lines += ["set code=%errorlevel%", "pause", "exit /b %code%"] if waits else ["exit /b %errorlevel%"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


GUIDE = f"""xlbudget {__version__} 离线版（64 位 Windows 10 或更新，Excel 2016 或更新）

安装
1. 把整个文件夹放到本机一个固定的位置，例如 D:\\xlbudget。路径最好只有英文字母和数字。不要从压缩包里直接运行。
2. 关闭 Excel，双击 install.cmd。不需要管理员权限，不需要联网。
3. 打开 Excel，功能区有“预算绩效”。

让某个文件夹里带宏的工作簿不再询问：在命令窗口运行
    install.cmd --trust "D:\\监控工作簿"

没有出现“预算绩效”，或者按钮没有反应：双击 doctor.cmd，按“怎么办”处理。
移动了文件夹：再双击一次 install.cmd。
卸载：关闭 Excel，双击 uninstall.cmd，再删除这个文件夹。工作簿和报告不受影响。
不用 Excel 也能用：在命令窗口运行 xlbudget.cmd --help。

文件是否完整：{SUMS} 列出每个文件的校验值。
"""


def compose(python: Embeddable, wheels: Sequence[Path]) -> Files:
    """Every file of the bundle, the list of checksums last. Raises CannotOpen when a package is missing."""
    lacking = missing(wheels)
    names = {metadata_of(wheel)[0] for wheel in wheels}
    lacking += [name for name in ("xlbudget", "pywin32") if name not in names and name not in lacking]
    if lacking:
        raise CannotOpen(f"缺少这些包的 wheel：{'、'.join(lacking)}。请放齐再试。")
    files = python_files(python) | package_files(wheels)
    # Without this folder pywin32 writes into %TEMP%, whose path bears the user's name.
    files[f"{PACKAGES}win32com/gen_py/__init__.py"] = b""
    files |= {name: command_file(words, waits) for name, (words, waits) in _COMMANDS.items()}
    files["说明.txt"] = GUIDE.replace("\n", "\r\n").encode("utf-8-sig")
    sums = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return files | {SUMS: sums.encode()}


def bundle(folder: Path, python_zip: Path, wheels: Path | None = None) -> list[str]:
    """Make the offline bundle in a new folder; says what was done. Raises CannotOpen, CannotInstall or CannotWrite."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotInstall(f"“{folder}”已经有了，没有改动它。请换一个文件夹名。")
    if not folder.resolve().parent.is_dir():
        raise CannotInstall(f"文件夹“{folder.resolve().parent}”不存在，请先建好，或换一个位置。")
    python = read_python(python_zip)
    with tempfile.TemporaryDirectory(prefix="xlbudget-") as work:
        place = wheels
        if place is None:
            place = Path(work)
            gather(place, python.version)
        found = sorted(place.glob("*.whl"))
        files = compose(python, found)
    _write(folder, files)
    size = sum(map(len, files.values())) / 1e6
    return [
        f"离线版已做好：{folder.resolve()}",
        f"Python {python.version}，{len(found)} 个包，{len(files)} 个文件，{size:.0f} MB。",
        "整个文件夹复制到没有网络的电脑上，双击 install.cmd。",
    ]


def _write(folder: Path, files: Files) -> None:
    """Write all files beside the target and give it its name at the end."""
    try:
        with tempfile.TemporaryDirectory(dir=folder.resolve().parent, prefix=".xlbudget-") as work:
            made = Path(work) / "bundle"
            for name, content in files.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if folder.exists():
                folder.rmdir()
            made.rename(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error


def damaged(folder: Path) -> Iterator[str]:
    """The files of a bundle that are missing or not what they were."""
    for line in (folder / SUMS).read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
            yield name
