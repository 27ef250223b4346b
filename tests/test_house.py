"""The walls of the house: who may import whom, and who may touch files."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "xlbudget"
PURE = ("domain", "rules", "sheets", "report", "formulas", "audit")
MAY_IMPORT = {
    "domain": {"domain"},
    "sheets": {"domain", "sheets", "report"},
    "report": {"domain", "report"},
    "rules": {"domain", "sheets", "rules", "report", "audit"},
    "profiles": {"domain", "profiles"},
    "sample": {"sample"},
    "formulas": {"domain", "sheets", "addin", "formulas"},
    "hosts": {"domain", "sheets", "formulas", "hosts"},
    "audit": {"audit", "domain", "report", "sheets"},
    "readers": {"audit", "hosts", "sheets", "readers"},
    "export": {"report", "export", "hosts", "audit", "domain", "readers"},
    "addin": {"domain", "sheets", "profiles", "addin"},
}
"""Package → the packages of xlbudget that it may import; app and the doors above it are free."""
DOORS = {
    ("addin", "ribbon.py"): {"app", "auditing", "hosts", "export", "report"},
    ("addin", "build.py"): {"app", "hosts"},
    ("addin", "project.py"): {"hosts"},
    ("addin", "install.py"): {"hosts"},
    ("addin", "bundle.py"): {"hosts"},
    ("addin", "checks_python.py"): {"hosts"},
    ("addin", "doctor.py"): {"export"},
    ("addin", "selftest.py"): {"app", "hosts"},
}
"""Modules of the add-in that stand beside app: what they may import besides."""
IO_LIBRARIES = {
    "lxml", "openpyxl", "xlsxwriter", "docx", "typst", "pandas", "xlwings", "zipfile", "os", "pathlib", "io",
    "tempfile", "shutil", "subprocess", "socket", "sys", "rich", "typer", "pypdfium2",
}  # fmt: skip


def imports(source: str) -> set[str]:
    """Every module that a source imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            rooms = {alias.name for alias in node.names if alias.name != "__version__"}
            found |= {f"{node.module}.{room}" for room in rooms if node.module == "xlbudget"}
    return found


def wrong_imports(package: str, source: str, module: str = "") -> set[str]:
    """Imports that a module of a package must not have."""
    wrong = set()
    allowed = MAY_IMPORT[package] | DOORS.get((package, module), set())
    for name in imports(source):
        top, _, rest = name.partition(".")
        room = rest.partition(".")[0]
        foreign = top == "xlbudget" and bool(room) and room not in allowed
        if foreign or (package in PURE and top in IO_LIBRARIES):
            wrong.add(name)
    return wrong


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_run_downwards(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    wrong = {path.name: wrong_imports(package, path.read_text("utf-8"), path.name) for path in modules}
    assert wrong == {path.name: set() for path in modules}


@pytest.mark.parametrize(
    ("package", "source", "wrong"),
    [
        ("domain", "from xlbudget.hosts import files", {"xlbudget.hosts"}),
        ("domain", "from xlbudget import app", {"xlbudget.app"}),
        ("addin", "from xlbudget import app", {"xlbudget.app"}),
        ("sheets", "import lxml.etree", {"lxml.etree"}),
        ("rules", "def f():\n    import os", {"os"}),
        ("report", "from decimal import Decimal", set()),
    ],
)
def test_the_check_can_fail(package: str, source: str, wrong: set[str]) -> None:
    assert wrong_imports(package, source) == wrong


def test_every_room_is_watched() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/*.py")}
    assert rooms == set(MAY_IMPORT)


def test_files_stay_readable() -> None:
    """A file is at most about 400 lines, so that it can be read in one sitting."""
    long = {
        str(path.relative_to(ROOT)): n
        for path in ROOT.rglob("*.py")
        if (n := len(path.open("rb").readlines())) > 480
    }
    assert long == {}
