"""The offline bundle, made from stand-ins that have the layout of Python's ZIP and of wheels."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest

from tests.machine.windows import program
from xlbudget.files import CannotOpen
from xlbudget.machine.bundle import (
    PACKAGES,
    bundle,
    compose,
    damaged,
    gather,
    missing,
    package_files,
    read_python,
    unpack,
)
from xlbudget.machine.install import SUMS, CannotInstall, bundled_files

WINDOWS_ONLY = 'pywin32>=224; platform_system == "Windows"'


def embeddable(
    folder: Path,
    *,
    tag: str = "311",
    bits: int = 64,
    kind: int | None = None,
    without: str = "",
    name: str = "p.zip",
) -> Path:
    """A ZIP with the layout of Python's embeddable distribution."""
    files = {
        "python.exe": program(bits, kind),
        "pythonw.exe": program(bits),
        f"python{tag}.dll": program(bits),
        f"python{tag}.zip": b"standard library",
        f"python{tag}._pth": f"python{tag}.zip\r\n.\r\n\r\n#import site\r\n".encode(),
    }
    return archive(folder / name, {one: content for one, content in files.items() if one != without})


def archive(path: Path, files: Mapping[str, bytes], year: int = 2024) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), content)
    return path


def wheel(
    folder: Path, name: str, files: Mapping[str, bytes], needs: tuple[str, ...] = (), year: int = 2024
) -> Path:
    """A wheel with metadata and a list of its files."""
    info = f"{name}-1.0.dist-info"
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + "".join(
        f"Requires-Dist: {one}\n" for one in needs
    )
    record = "".join(f"{one},sha256=x,1\n" for one in files)
    extra = {f"{info}/METADATA": text.encode(), f"{info}/RECORD": record.encode()}
    return archive(folder / f"{name}-1.0-py3-none-any.whl", {**files, **extra}, year)


def wheels(folder: Path, year: int = 2024) -> Path:
    """Our wheel with what it needs, as far as the bundle looks at it."""
    folder.mkdir()
    dll = b"MZ xlwings"
    wheel(folder, "xlbudget", {"xlbudget/__init__.py": b"x = 1\n"}, ("xlwings<0.38", "typer"), year)
    parts = {
        "xlwings/__init__.py": b"",
        "xlwings/pro/__init__.py": b"secret",
        "xlwings/pro/reports/main.py": b"secret",
        "xlwings/xlwingslib.cp311-win_amd64.pyd": b"secret",
        "xlwings-1.0.data/data/xlwings64-1.0.dll": dll,
        "xlwings-1.0.data/scripts/x.py": b"a script",
    }
    wheel(folder, "xlwings", parts, (WINDOWS_ONLY, 'psutil; platform_system == "Darwin"'), year)
    wheel(folder, "typer", {"typer/__init__.py": b""}, ("colorama (>=0.4); sys_platform == 'win32'",), year)
    wheel(folder, "colorama", {"colorama/__init__.py": b""}, ("black; extra == 'dev'",), year)
    parts = {
        "pywin32_system32/pywintypes311.dll": b"MZ types",
        "win32com/__init__.py": b"",
        "pywin32.pth": b"win32\n",
    }
    wheel(folder, "pywin32", parts, (), year)
    return folder


# -- Python's ZIP --------------------------------------------------------------------------------------


def test_python_is_recognised(tmp_path: Path) -> None:
    assert read_python(embeddable(tmp_path)).version == "3.11"
    assert read_python(embeddable(tmp_path, tag="313")).version == "3.13"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bits": 32}, "不是 64 位"),
        ({"kind": 0xAA64}, "不是 64 位"),
        ({"tag": "310"}, "太旧"),
        ({"without": "pythonw.exe"}, "不是嵌入版"),
        ({"without": "python311._pth"}, "不是嵌入版"),
    ],
)
def test_other_pythons_are_refused(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    with pytest.raises(CannotOpen, match=words):
        read_python(embeddable(tmp_path, **changes))  # type: ignore[arg-type]


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="打不开"):
        read_python(tmp_path / "missing.zip")
    (tmp_path / "half.zip").write_bytes(embeddable(tmp_path).read_bytes()[:200])
    with pytest.raises(CannotOpen, match="没有下载完整"):
        read_python(tmp_path / "half.zip")


# -- wheels --------------------------------------------------------------------------------------------


def test_a_wheel_is_unpacked_where_pip_would_put_it(tmp_path: Path) -> None:
    parts = {
        "a/b.py": b"1",
        "a-1.0.data/purelib/c.py": b"2",
        "a-1.0.data/platlib/d.pyd": b"3",
        "a-1.0.data/data/e.dll": b"4",
        "a-1.0.data/scripts/f.py": b"5",
        "a-1.0.data/headers/g.h": b"6",
    }
    files = unpack(wheel(tmp_path, "a", parts))
    kept = {place: content for place, content in files.items() if ".dist-info" not in place}
    assert kept == {
        f"{PACKAGES}a/b.py": b"1",
        f"{PACKAGES}c.py": b"2",
        f"{PACKAGES}d.pyd": b"3",
        "python/e.dll": b"4",
    }


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil", "a/../../evil", "C:evil", "a\\..\\..\\evil"])
def test_a_wheel_cannot_reach_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotOpen, match="不该有的路径"):
        unpack(wheel(tmp_path, "a", {name: b""}))


def test_two_versions_of_a_package_are_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    one.mkdir()
    other.mkdir()
    first, second = wheel(one, "a", {"a.py": b"1"}), wheel(other, "a", {"a.py": b"2"})
    with pytest.raises(CannotOpen, match="只留每个包的一个版本"):
        package_files([first, second])
    assert package_files([first, first])


def test_what_windows_needs_and_nobody_brought_is_found(tmp_path: Path) -> None:
    place = wheels(tmp_path / "w")
    assert missing(place.glob("*.whl")) == []
    (place / "colorama-1.0-py3-none-any.whl").unlink()
    (place / "pywin32-1.0-py3-none-any.whl").unlink()
    assert missing(place.glob("*.whl")) == ["colorama>=0.4", "pywin32>=224"]
    with pytest.raises(CannotOpen, match="colorama"):
        compose(read_python(embeddable(tmp_path)), sorted(place.glob("*.whl")))


def test_a_broken_wheel_is_named(tmp_path: Path) -> None:
    place = wheels(tmp_path / "w")
    (place / "typer-1.0-py3-none-any.whl").write_bytes(b"half")
    with pytest.raises(CannotOpen, match=r"typer-1\.0"):
        bundle(tmp_path / "out", embeddable(tmp_path), place)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".xlbudget-*"))


# -- the bundle ----------------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "预算 绩效"
    bundle(folder, embeddable(tmp_path), wheels(tmp_path / "w"))
    return folder


def test_everything_is_in_its_place(made: Path) -> None:
    python = made / "python"
    assert (
        python / "python311._pth"
    ).read_bytes() == b"python311.zip\r\n.\r\nLib\\site-packages\r\nimport site\r\n"
    assert (python / "xlwings64-1.0.dll").read_bytes() == b"MZ xlwings"
    assert (python / "pywintypes311.dll").read_bytes() == b"MZ types"
    packages = python / "Lib" / "site-packages"
    assert {path.name for path in packages.glob("*.dist-info")} == {
        f"{name}-1.0.dist-info" for name in ("xlbudget", "xlwings", "typer", "colorama", "pywin32")
    }
    assert (packages / "win32com" / "gen_py").is_dir()
    assert "双击 install.cmd" in (made / "说明.txt").read_text("utf-8-sig")


def test_what_is_not_ours_to_hand_on_stays_out(made: Path) -> None:
    packages = made / "python" / "Lib" / "site-packages"
    assert (packages / "xlwings" / "__init__.py").is_file()
    assert not list(packages.rglob("*pro*"))
    assert not [path for path in made.rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert b"pro/" not in (packages / "xlwings-1.0.dist-info" / "RECORD").read_bytes()


def test_xlwings_works_without_that_part(tmp_path: Path) -> None:
    """The xlwings that is installed here, packed as a wheel and unpacked as in the bundle."""
    parts = metadata.files("xlwings") or []
    files = {str(one): Path(str(one.locate())).read_bytes() for one in parts if "__pycache__" not in str(one)}
    files = {name: content for name, content in files.items() if not name.startswith("..")}
    assert any(name.startswith("xlwings/pro/") for name in files)
    for place, content in unpack(archive(tmp_path / "xlwings-1.0-py3-none-any.whl", files)).items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / PACKAGES)!r}); import xlwings; "
        "assert xlwings.__file__.startswith(sys.path[0]); "
        "assert not [one for one in sys.modules if one.startswith('xlwings.pro')]; print(xlwings.__version__)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, metadata.version("xlwings")), done.stderr


def test_commands_can_be_read_in_every_code_page(made: Path) -> None:
    commands = sorted(made.glob("*.cmd"))
    assert [path.name for path in commands] == ["doctor.cmd", "install.cmd", "uninstall.cmd", "xlbudget.cmd"]
    for path in commands:
        content = path.read_bytes()
        assert content.isascii()
        assert content.count(b"\n") == content.count(b"\r\n")
        assert b'"%~dp0python\\python.exe" -m xlbudget' in content
        assert content.rstrip().endswith((b"exit /b %code%", b"exit /b %errorlevel%"))


def test_the_same_gives_the_same_bytes(tmp_path: Path, made: Path) -> None:
    again = tmp_path / "again"
    bundle(again, embeddable(tmp_path, name="other name.zip"), wheels(tmp_path / "w2", year=2020))

    def content(folder: Path) -> dict[str, bytes]:
        return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}

    assert content(again) == content(made)


def test_checksums_cover_every_file_and_notice_a_change(made: Path) -> None:
    files = {path for path in made.rglob("*") if path.is_file() and path.name != SUMS}
    assert set(bundled_files(made / "python" / "python.exe")) == files
    assert list(damaged(made)) == []
    if sys.platform == "linux":
        subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=made, check=True)
    (made / "python" / "python.exe").write_bytes(b"changed")
    (made / "install.cmd").unlink()
    assert list(damaged(made)) == ["install.cmd", "python/python.exe"]


def test_an_existing_folder_is_not_touched(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").write_text("x")
    with pytest.raises(CannotInstall, match="已经有了"):
        bundle(there, embeddable(tmp_path), wheels(tmp_path / "w"))
    with pytest.raises(CannotInstall, match="不存在"):
        bundle(tmp_path / "no" / "out", embeddable(tmp_path), tmp_path / "w")
    assert [path.name for path in there.iterdir()] == ["mine.txt"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert bundle(empty, embeddable(tmp_path), tmp_path / "w")


def test_what_pip_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for pip that fails as without a network."""
    pip = tmp_path / "pip.py"
    pip.write_text("import sys; print('no network', file=sys.stderr); sys.exit(1)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CannotInstall, match="no network"):
        gather(tmp_path, "3.11")
