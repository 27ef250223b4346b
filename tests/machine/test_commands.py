"""The commands of the add-in as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine.test_bundle import embeddable, wheels


def addin(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xlbudget", "addin", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_bundle(tmp_path: Path) -> None:
    python, place = embeddable(tmp_path), wheels(tmp_path / "w")
    out = tmp_path / "离线版"
    done = addin("bundle", str(out), "--python", str(python), "--wheels", str(place))
    assert (done.returncode, done.stderr) == (0, "")
    assert "双击 install.cmd" in done.stdout
    assert (out / "install.cmd").is_file()
    again = addin("bundle", str(out), "--python", str(python), "--wheels", str(place))
    assert (again.returncode, again.stdout) == (2, "")
    assert "已经有了" in again.stderr


def test_bundle_without_python_is_told() -> None:
    done = addin("bundle", "x")
    assert done.returncode == 2
    assert "缺少" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there it would change the machine")
@pytest.mark.parametrize("words", [["install"], ["uninstall"], ["doctor", "--self-test"]])
def test_what_is_for_windows_says_so(words: list[str]) -> None:
    done = addin(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "不是 Windows" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_for_programs() -> None:
    done = addin("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == found["exit_code"]
    assert {"name", "state", "found", "remedy"} == set(found["checks"][0])
    assert addin("doctor").stdout.startswith("xlbudget 诊断")
