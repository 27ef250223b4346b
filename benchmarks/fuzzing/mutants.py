"""Mutant number so and so of a seed: which input, changed how, given to which command."""

from __future__ import annotations

import io
import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import openpyxl

from benchmarks.fuzzing import cells, packages, plain, xmls
from benchmarks.fuzzing.kinds import CELLS, PACKAGE, PDF, RAW, TEXT, TOML, XML, Dice, Kind, Parts, of
from tests.rich import rich_workbook
from xlbudget import app

assert all((cells, packages, plain, xmls))  # They declare their kinds when they are imported.
WORKBOOK, DOCX = "workbook", "docx"
WITNESS, PROFILE = "sample.xlsx", "my.toml"
Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Base:
    """An input as it was before it is changed."""

    family: str
    name: str
    content: bytes
    weight: int


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is put into a folder and what is called there; the changed file is `target`."""

    number: int
    label: str
    target: str
    files: dict[str, bytes]
    arguments: tuple[str, ...]
    special: dict[str, Make] = field(default_factory=dict)
    """Things that are no ordinary files, by name."""


def _with_profile(content: bytes, name: str) -> bytes:
    """The sample with a profile of its own named on 首页, saved by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    label = next(
        cell for row in book["首页"].iter_rows() for cell in row if str(cell.value).rstrip("*") == "监控口径"
    )
    label.offset(0, 1).value = name
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bases() -> list[Base]:
    """Every base, made anew: small files of each kind that people send."""
    sample, macros = app.new_workbook(None, sample=True), app.new_workbook(None, sample=True, macros=True)
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        for name, content in {"sample.xlsx": sample, "sample.xlsm": macros}.items():
            (folder / name).write_bytes(content)
            out = folder / f"result{name[-5:]}"
            to = app.Destinations(
                out, {".docx": folder / "report.docx", ".pdf": folder / "report.pdf"}, forms=folder / "forms"
            )
            app.run(folder / name, to)
        names = ("result.xlsx", "result.xlsm", "report.docx", "report.pdf")
        made = {name: (folder / name).read_bytes() for name in names}
        form = min((folder / "forms").iterdir()).read_bytes()
        text = _as_text(folder / "report.docx")
    profiles = resources.files("xlbudget.profiles")
    own = [
        profiles.joinpath(f"{name}.toml").read_text("utf-8").replace(f'id = "{name}"', 'id = "my"')
        for name in ("hebei-county", "self-eval")
    ]
    return [
        Base(WORKBOOK, WITNESS, sample, 5),
        Base(WORKBOOK, "result.xlsx", made["result.xlsx"], 4),
        Base(WORKBOOK, "saved.xlsx", _with_profile(sample, "hebei-county"), 3),
        Base(WORKBOOK, "rich.xlsm", rich_workbook(sample, macros=True), 2),
        Base(WORKBOOK, "result.xlsm", made["result.xlsm"], 2),
        Base(WORKBOOK, "year-end.xlsx", app.new_workbook("self-eval", sample=True), 1),
        Base(WORKBOOK, "blank.xlsx", app.new_workbook(None, sample=False), 1),
        Base(DOCX, "report.docx", made["report.docx"], 3),
        Base(DOCX, "form.docx", form, 1),
        Base(PDF, "report.pdf", made["report.pdf"], 1),
        Base(TEXT, "report.txt", text.encode(), 1),
        Base(TEXT, "report.md", text.replace("一、", "# 一、").encode(), 1),
        Base(TOML, "hebei-county", own[0].encode(), 2),
        Base(TOML, "self-eval", own[1].encode(), 1),
        Base("own", "with-profile.xlsx", _with_profile(sample, "my"), 0),
    ]  # fmt: skip


def _as_text(report: Path) -> str:
    """The report as plain text, its tables with strokes between the cells."""
    import docx

    document = docx.Document(str(report))
    lines = [one.text for one in document.paragraphs]
    tables = [
        "|" + "|".join(cell.text for cell in row.cells) + "|"
        for table in document.tables
        for row in table.rows
    ]
    return "\n".join([*lines, "", *tables]) + "\n"


FAMILIES = {WORKBOOK: 66, DOCX: 9, PDF: 7, TEXT: 8, TOML: 10}
LEVELS = {
    WORKBOOK: (CELLS, XML, PACKAGE, RAW),
    DOCX: (XML, PACKAGE, RAW),
    PDF: (PDF,),
    TEXT: (TEXT,),
    TOML: (TOML,),
}
SEVERAL, SPECIAL = "several kinds together", "special file beside the workbook"
_WEIGHTS = {CELLS: 0.4, XML: 0.35, PACKAGE: 0.12, RAW: 0.13}


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, drawn before anything is done."""

    number: int
    dice: Dice
    base: Base
    kinds: tuple[Kind, ...]

    @property
    def label(self) -> str:
        if not self.kinds:
            return f"{self.base.family}: {SPECIAL}"
        if len(self.kinds) > 1:
            return f"{self.base.family}: {SEVERAL}"
        level = self.kinds[0].level
        return f"{self.base.family}: {f'{level}: ' if level != self.base.family else ''}{self.kinds[0].name}"


def plan(seed: int, number: int, all_bases: list[Base]) -> Plan:
    dice = random.Random(f"{seed}/{number}")
    family = dice.choices([*FAMILIES], [*FAMILIES.values()])[0]
    candidates = [one for one in all_bases if one.family == family]
    base = dice.choices(candidates, [one.weight for one in candidates])[0]
    if family == TOML and dice.random() < 0.1:
        return Plan(number, dice, base, ())
    times = dice.choices((1, 2, 3, 5), (85, 8, 4, 3))[0]
    return Plan(number, dice, base, tuple(_kind(dice, LEVELS[family]) for _ in range(times)))


def _kind(dice: Dice, levels: tuple[str, ...]) -> Kind:
    level = levels[0] if len(levels) == 1 else dice.choices(levels, [_WEIGHTS[one] for one in levels])[0]
    return dice.choice(of(level))


def mutant(chosen: Plan, all_bases: list[Base]) -> Mutant:
    """Do what was planned. A change that finds nothing to work on leaves the file as it is."""
    dice, base = chosen.dice, chosen.base
    content = base.content
    if base.family in (WORKBOOK, DOCX):
        content = _package(dice, content, chosen.kinds)
    else:
        for one in chosen.kinds:
            content = one.change(dice, content or b" ")
    by_name = {one.name: one.content for one in all_bases}
    if base.family == TOML:
        files = {"own.xlsx": by_name["with-profile.xlsx"], PROFILE: content}
        special = {"x.toml": _special(dice)} if not chosen.kinds else {}
        return Mutant(chosen.number, chosen.label, PROFILE, files, _profile_command(dice), special)
    if base.family == WORKBOOK:
        files = {base.name: content}
        arguments = _workbook_command(dice, base.name)
        if "--against" in arguments:
            files["report.txt"] = by_name["report.txt"]
        return Mutant(chosen.number, chosen.label, base.name, files, arguments)
    arguments = _audit_command(dice, base)
    files = {base.name: content} | ({WITNESS: by_name[WITNESS]} if "--against" in arguments else {})
    return Mutant(chosen.number, chosen.label, base.name, files, arguments)


def _package(dice: Dice, content: bytes, kinds: tuple[Kind, ...]) -> bytes:
    """Parts are changed before their package is."""
    parts = packages.unpacked(content)
    for one in kinds:
        if one.level == XML:
            parts = _part(dice, parts, one)
        elif one.level in (CELLS, PACKAGE):
            try:
                parts = one.change(dice, parts)
            except (ValueError, SyntaxError, IndexError, KeyError):
                continue  # An earlier change left nothing that this one could work on.
    content = packages.packed(parts) if any(one.level != RAW for one in kinds) else content
    for one in [one for one in kinds if one.level == RAW][:1]:
        content = one.change(dice, content)
    return content


def _part(dice: Dice, parts: Parts, one: Kind) -> Parts:
    """A part changed; sheets, the workbook, and the text of a document more often than others."""
    readable = [index for index, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels", ".vml"))]
    main = [
        i
        for i in readable
        if parts[i][0].startswith(
            ("xl/worksheets/sheet", "xl/workbook", "xl/styles", "xl/sharedS", "word/document")
        )
    ]
    if not readable:
        return parts
    index = dice.choice(main) if main and dice.random() < 0.6 else dice.choice(readable)
    try:
        return [*parts[:index], (parts[index][0], one.change(dice, parts[index][1])), *parts[index + 1 :]]
    except (ValueError, SyntaxError, UnicodeError):
        return parts


def _workbook_command(dice: Dice, name: str) -> tuple[str, ...]:
    way = dice.choices(("check", "run", "explain", "audit", "against"), (28, 42, 12, 10, 8))[0]
    json = ("--json",) if dice.random() < 0.5 else ()
    if way == "against":
        return ("audit", "report.txt", "--against", name, *json)
    if way != "run":
        return (way, name, *json)
    if dice.random() < 0.05:
        return ("run", name, "--in-place", *json)
    more = [("--docx", "out.docx"), ("--forms", "forms"), ("--pdf", "out.pdf")]
    wanted = [
        part
        for one, share in zip(more, (0.1, 0.05, 0.02), strict=True)
        if dice.random() < share
        for part in one
    ]
    return ("run", name, "-o", f"out{name[-5:]}", *wanted, *json)


def _audit_command(dice: Dice, base: Base) -> tuple[str, ...]:
    more: list[str] = ["--json"] if dice.random() < 0.5 else []
    if dice.random() < 0.2:
        more += ["--against", WITNESS]
    if base.family == DOCX and dice.random() < 0.3:
        more += ["--docx", "out.docx"]
    if dice.random() < 0.15:
        more += ["--html", "out.html"]
    return ("audit", base.name, *more)


def _profile_command(dice: Dice) -> tuple[str, ...]:
    return dice.choice((
        ("check", "own.xlsx"), ("check", "own.xlsx", "--json"), ("run", "own.xlsx", "-o", "out.xlsx", "--json"), ("explain", "own.xlsx"),
        ("run", "own.xlsx", "-o", "out.xlsx"), ("profiles", "check", PROFILE), ("profiles", "show", "my"),
        ("audit", "own.xlsx"), ("audit", PROFILE),
    ))  # fmt: skip


def _special(dice: Dice) -> Make:
    """Something named .toml that is no profile."""

    def text(content: bytes) -> Make:
        return lambda path: void(path.write_bytes(content))

    def void(_: object) -> None:
        return None

    return dice.choice((
        lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to(path.name), lambda path: path.symlink_to("nothing"),
        lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("/dev/full"), text(b"\xff\xfe\0"), text(b""), text(b"x = " + b"[" * 9000),
        text(b"x = '" + b"y" * 3_000_000 + b"'"), text(b"a." * 9000 + b"a = 1"), text(b'[tool]\nname = "x"\n'), text(b'id = "my"\n'), text(b'id = ["my"]'),
        text(b"x = 99999999999999999999e9999\n" * 99), text(b"x = " + b"1" * 20000), text(b'id = "hebei-county"\nname = 1\n'), text(b'name = "\\ud800"'),
    ))  # fmt: skip
