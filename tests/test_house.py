"""The walls of the house: no room needs one that needs it, and pure rooms touch no files."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "xlbudget"
PURE = (
    "domain", "reading", "layout", "pages", "report", "rules", "audit", "formulas", "functions",
)  # fmt: skip
"""Rooms that neither touch files nor need what has no wheel for a browser."""
IO_LIBRARIES = {
    "lxml", "openpyxl", "xlsxwriter", "docx", "typst", "pandas", "xlwings", "zipfile", "os", "io",
    "tempfile", "shutil", "subprocess", "socket", "sys", "rich", "typer", "pypdfium2",
}  # fmt: skip
Graph = Mapping[str, set[str]]


def imports(source: str) -> Iterator[str]:
    """Every module that a source imports, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "xlbudget":
                yield from (f"xlbudget.{alias.name}" for alias in node.names)


def rooms(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Room (package, or module beside the packages) → the rooms that it imports, of sources by their path."""
    found: dict[str, set[str]] = {path.partition("/")[0].removesuffix(".py"): set() for path in sources}
    for path, source in sources.items():
        room = path.partition("/")[0].removesuffix(".py")
        for name in imports(source):
            top, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if top == "xlbudget" and other in found and other != room:
                found[room].add(other)
    return found


def loops(graph: Graph) -> list[str]:
    """Rooms that need themselves, through others."""

    def reached(room: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(graph[room])
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(graph[one])
        return seen

    return sorted(room for room in graph if room in reached(room))


def our_sources() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.rglob("*.py")}


def test_no_room_needs_one_that_needs_it() -> None:
    graph = rooms(our_sources())
    assert len(graph) > 20
    assert loops(graph) == []


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ({"a/x.py": "from xlbudget.b import y", "b/y.py": "import xlbudget.c", "c.py": "def f():\n    from xlbudget import a"}, ["a", "b", "c"]),
        ({"a/x.py": "from xlbudget.b.z import y", "b/y.py": "", "c.py": "from xlbudget import a, b"}, []),
        ({"a/__init__.py": "from xlbudget.a.x import y", "a/x.py": "from xlbudget import a"}, []),
    ],
    ids=["lazily, through a third", "downwards", "within a room"],
)  # fmt: skip
def test_a_loop_is_seen(sources: dict[str, str], found: list[str]) -> None:
    assert loops(rooms(sources)) == found


def impure(source: str) -> set[str]:
    """Libraries that a pure room must not import."""
    return {name for name in imports(source) if name.partition(".")[0] in IO_LIBRARIES}


def test_pure_rooms_touch_no_files() -> None:
    wrong = {path: impure(source) for path, source in our_sources().items() if path.partition("/")[0] in PURE}
    assert len(wrong) > 100
    assert {path: found for path, found in wrong.items() if found} == {}
    assert impure("def f():\n    import lxml.etree\nfrom decimal import Decimal") == {"lxml.etree"}


def test_pure_rooms_need_only_pure_ones() -> None:
    graph = rooms(our_sources())
    allowed = {*PURE, "profiles"}
    assert {room: graph[room] - allowed for room in PURE if graph[room] - allowed} == {}


def test_workbook_files_are_known_to_hosts_alone() -> None:
    """Excel and the parts of workbooks; the template's writer is one of them."""
    known = {"lxml": {"files", "hosts", "readers", "export"}, "xlwings": {"hosts", "addin", "machine"}}
    for library, allowed in known.items():
        using = {
            path.partition("/")[0]
            for path, source in our_sources().items()
            if any(name.partition(".")[0] == library for name in imports(source))
        }
        assert using
        assert using <= allowed, library


def test_files_stay_readable() -> None:
    """A file is at most about 400 lines, so that it can be read in one sitting."""
    long = {
        str(path.relative_to(ROOT)): n
        for path in ROOT.rglob("*.py")
        if (n := len(path.open("rb").readlines())) > 480
    }
    assert long == {}
