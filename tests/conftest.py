"""Shared fixtures: the sample as a file, its results, and the office programs (required in CI)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from xlbudget import app

# The suite tries the same examples each time; what a random search finds (benchmarks/search.py) becomes an example in a test.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def sample_bytes() -> bytes:
    return app.new_workbook(None, sample=True)


@pytest.fixture
def sample(tmp_path: Path, sample_bytes: bytes) -> Path:
    """A fresh copy of the sample workbook."""
    path = tmp_path / "样例.xlsx"
    path.write_bytes(sample_bytes)
    return path


@pytest.fixture(scope="session")
def produced(tmp_path_factory: pytest.TempPathFactory, sample_bytes: bytes) -> Path:
    """A folder with the sample, its computed workbook out.xlsx, r.docx and r.pdf."""
    folder = tmp_path_factory.mktemp("produced")
    source = folder / "s.xlsx"
    source.write_bytes(sample_bytes)
    app.run(
        source, app.Destinations(folder / "out.xlsx", {".docx": folder / "r.docx", ".pdf": folder / "r.pdf"})
    )
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Office tests run where the programs are; CI sets XLBUDGET_OFFICE=required and then none may be skipped."""
    missing = [name for name in ("soffice", "pdftotext") if shutil.which(name) is None]
    if not missing or os.environ.get("XLBUDGET_OFFICE") == "required":
        return
    skip = pytest.mark.skip(reason=f"needs {', '.join(missing)}")
    for item in items:
        if item.get_closest_marker("office"):
            item.add_marker(skip)
