"""What must hold after a command: exit code, words, outputs whole, the input as it was."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, ParamSpec

import openpyxl
from lxml import etree

P = ParamSpec("P")
_OWN = re.compile(r'File "[^"]*?(xlbudget/[\w/]+\.py)", line (\d+), in (\w+)')
_XML = (".xml", ".rels", ".vml")
OPENED_WITHIN = 10


def apart(judgement: Callable[P, list[str]], *given: P.args, **named: P.kwargs) -> list[str]:
    """What a judgement finds, in a forked child: the memory that it takes is not the command's."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            with os.fdopen(writing, "w", encoding="utf-8") as told:
                json.dump(judgement(*given, **named), told)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        words = told.read()
    os.waitpid(child, 0)
    return [str(one) for one in json.loads(words)]


def parts_of(content: bytes) -> dict[str, bytes] | None:
    """The members of a package by name, in lower case; nothing when it cannot be read whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name_of(info.filename): package.read(info) for info in package.infolist()}
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        zlib.error,
        EOFError,
        RuntimeError,
        OSError,
        KeyError,
    ):
        return None


def name_of(part: str) -> str:
    return part.replace("\\", "/").removeprefix("./").lstrip("/").lower()


def damage(before: bytes, after: bytes) -> list[str]:
    """What is wrong with a package that was made of another: not whole, XML that does not parse, parts lost."""
    old, new = parts_of(before) or {}, parts_of(after)
    if new is None:
        return ["damaged: the package cannot be read"]
    found = [
        f"lost: {name}"
        for name in old
        if name not in new and "calcchain" not in name and not name.endswith("/")
    ]
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        names = package.namelist()
    found += [f"damaged: {name} twice" for name in {one for one in names if names.count(one) > 1}]
    for name, content in new.items():
        if name.endswith(_XML) and content != old.get(name):
            try:
                etree.fromstring(content, etree.XMLParser(huge_tree=True))
            except etree.XMLSyntaxError as error:
                found.append(f"damaged: {name} does not parse ({error.msg})")
    return found


def opens(content: bytes) -> bool:
    """Whether openpyxl opens a workbook within some seconds of processor time."""

    def over(*_: object) -> NoReturn:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, OPENED_WITHIN)
    try:
        openpyxl.load_workbook(io.BytesIO(content)).close()
    except Exception:  # Whatever it raises: it does not open it.
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return True


def openable(before: bytes, after: bytes) -> list[str]:
    """An output that openpyxl does not open, though it opened the input."""
    return (
        ["damaged: openpyxl opened the input, not the output"] if opens(before) and not opens(after) else []
    )


def of_words(arguments: tuple[str, ...], code: int, out: str, err: str) -> list[str]:
    """What is wrong with what was said."""
    found = ["traceback shown"] if "Traceback (most recent" in out + err else []
    if code == 3:
        return found
    if code not in (0, 1, 2):
        found.append(f"exit {code}")
    if code == 2 and not re.search("[一-龥]", err):
        found.append("exit 2 without a message")
    if "--json" in arguments and code in (0, 1):
        found += of_json(out)
    if "SYS001" in out:
        found.append("a rule crashed")
    return found


def of_json(out: str) -> list[str]:
    def no_number(text: str) -> NoReturn:
        raise ValueError(text)

    try:
        json.loads(out, parse_constant=no_number)
        out.encode()
    except ValueError as error:
        return [f"no JSON: {type(error).__name__}"]
    return []


def place_of(trace: str) -> str:
    """Where of ours an error came from, and what it was."""
    places = _OWN.findall(trace)
    inner = f"{places[-1][0]}:{places[-1][1]} {places[-1][2]}" if places else "?"
    last = [
        line
        for line in trace.strip().splitlines()
        if re.match(r"[\w.]+(Error|Exception|Iteration|Interrupt)?\b", line)
    ]
    return f"{last[-1].split(':')[0] if last else '?'} at {inner}"


def leftovers(folder: Path, known: set[str]) -> list[str]:
    """Files that nobody asked for."""
    return [
        f"left behind: {re.sub(r'[0-9a-z_]{8}', '*', path.name)}"
        for path in sorted(folder.iterdir())
        if path.name not in known
    ]
