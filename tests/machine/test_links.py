"""Links to the add-in: told, and changed so that nothing else of the workbook changes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import WORKBOOK, parts, sample
from tests.rich.book import Book, ns, part
from xlbudget.files import CannotOpen, CannotWrite
from xlbudget.machine import links

SML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OWN = r"file:///C:\Users\张三\AppData\Roaming\Microsoft\Excel\XLSTART\xlbudget.xlam"
SPELLED = "file:///D:\\%E5%8A%A0%E8%BD%BD%E9%A1%B9\\XLBUDGET.XLAM"
OTHER = r"file:///D:\上年.xlsx"
LINK = "xl/externalLinks/externalLink{}.xml"
RELS = "xl/externalLinks/_rels/externalLink{}.xml.rels"
STARTUP = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup"


def linked(*targets: str, kind: str = "externalLinkPath", elsewhere: str = "") -> bytes:
    """The sample with a formula on the add-in or workbook of each target, as Excel saves it."""
    book = Book(sample(), macros=False)
    references = ""
    for number, target in enumerate(targets, 1):
        alternate = (
            '<x:alternateUrls xmlns:x="http://schemas.microsoft.com/office/spreadsheetml/2021/extlinks2021">'
            '<x:absoluteUrl r:id="rId2"/></x:alternateUrls>'
        )
        inner = (
            alternate if elsewhere else ""
        ) + '<definedNames><definedName name="ACHIEVEMENT"/></definedNames>'
        content = part(
            f'<externalLink {ns("r", main="m")}><externalBook r:id="rId1">{inner}</externalBook></externalLink>'
        )
        name = LINK.format(number)
        identity = book.attach(WORKBOOK, "externalLink", name, content, f"{SML}.externalLink+xml")
        book.relate(name, kind, target, external=True)
        if elsewhere:
            book.relate(name, "externalLinkPath", elsewhere, external=True)
        references += f'<externalReference r:id="{identity}"/>'
        book.cell("文字说明", f"H{number}", f"<f>[{number}]!ACHIEVEMENT(A1:B2)</f><v>90</v>")
    if references:
        book.put_workbook(f"<externalReferences>{references}</externalReferences>")
    return book.pack()


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = parts(before), parts(after)
    assert list(old) == list(new)
    return {name for name in old if old[name] != new[name]}


def targets(content: bytes, number: int) -> list[tuple[str, str]]:
    """Kind and target of each relation of a link."""
    text = parts(content)[RELS.format(number)].decode()
    relations = re.findall(r"<Relationship [^>]+>", text)
    return [
        (re.findall(r'Type="([^"]+)"', one)[0], re.findall(r'Target="([^"]+)"', one)[0]) for one in relations
    ]


@pytest.mark.parametrize(
    ("content", "kept", "any_link"),
    [
        (sample(), [], False),
        (linked(OTHER), [], False),
        (linked(OWN), [OWN], True),
        (linked(OTHER, SPELLED), ["file:///D:\\加载项\\XLBUDGET.XLAM"], True),
        (linked(OWN, OWN), [OWN], True),
        (linked("xlbudget.xlam", kind=STARTUP), [], True),
        (linked("xlbudget.xlam.xlsx"), [], False),
        (linked(OTHER, elsewhere=OWN), [], False),
    ],
)
def test_paths_of_the_add_in_are_found(content: bytes, kept: list[str], any_link: bool) -> None:
    assert links.paths(content, Path("监控.xlsx")) == (kept, any_link)


def test_only_the_links_to_the_add_in_change() -> None:
    before = linked(OTHER, OWN, SPELLED)
    after = links.without_paths(before, Path("监控.xlsx"))
    assert after is not None
    assert changed(before, after) == {RELS.format(2), RELS.format(3)}
    assert targets(after, 1) == targets(before, 1)
    assert targets(after, 2) == targets(after, 3) == [(STARTUP, "xlbudget.xlam")]
    assert links.paths(after, Path("监控.xlsx")) == ([], True)
    assert links.without_paths(after, Path("监控.xlsx")) is None


def test_where_else_the_add_in_was_is_forgotten_too() -> None:
    before = linked(OWN, elsewhere=OWN)
    after = links.without_paths(before, Path("监控.xlsx"))
    assert after is not None
    assert changed(before, after) == {RELS.format(1), LINK.format(1)}
    assert targets(after, 1) == [(STARTUP, "xlbudget.xlam")]
    assert b"alternateUrls" not in parts(after)[LINK.format(1)]
    assert "张三".encode() not in b"".join(parts(after)[name] for name in changed(before, after))


def test_a_copy_is_written_and_the_original_stays(tmp_path: Path) -> None:
    path = tmp_path / "监控.xlsx"
    path.write_bytes(linked(OWN))
    assert "没有动" in links.relink(path, in_place=False)[-1]
    assert path.read_bytes() == linked(OWN)
    assert links.paths((tmp_path / "监控-改好链接.xlsx").read_bytes(), path) == ([], True)


def test_in_place_leaves_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "监控.xlsx"
    path.write_bytes(linked(OWN))
    links.relink(path, in_place=True)
    assert links.paths(path.read_bytes(), path) == ([], True)
    assert (tmp_path / "监控-备份.xlsx").read_bytes() == linked(OWN)
    assert links.relink(path, in_place=True) == ["“监控.xlsx”里没有带路径的加载项链接，不用改。"]


@pytest.mark.parametrize("in_place", [True, False])
def test_what_is_open_or_no_workbook_is_left_alone(tmp_path: Path, in_place: bool) -> None:
    path = tmp_path / "监控.xlsx"
    path.write_bytes(linked(OWN))
    name = path.name if in_place else "监控-改好链接.xlsx"
    (tmp_path / f"~${name}").write_bytes(b"")
    with pytest.raises(CannotWrite, match="打开"):
        links.relink(path, in_place=in_place)
    assert path.read_bytes() == linked(OWN)
    path.write_bytes(b"PK no workbook")
    with pytest.raises(CannotOpen):
        links.relink(path, in_place=in_place)


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "监控.xlsx"
    path.write_bytes(linked(OWN))

    def doctor(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xlbudget", "addin", "doctor", *words]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    assert "记着加载项的路径" in doctor(str(path)).stdout
    assert "已改好" in doctor(str(path), "--relink").stdout
    assert "没有记着路径" in doctor(str(tmp_path / "监控-改好链接.xlsx")).stdout
    for words in (["--relink"], [str(path), "--in-place"]):
        done = doctor(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--relink" in done.stderr
