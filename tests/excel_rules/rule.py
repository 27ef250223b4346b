"""The registry: a rule with its source and the edit that breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from tests.excel_rules.package import Book, Element, Entry, Package, Sheet

T = TypeVar("T")
LIMITS = "support.microsoft.com: Excel specifications and limits"


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to one of our files (`base`, see books.py) so that it breaks a rule."""

    base: str
    change: Callable[[Package], Package]


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    text: str
    source: str
    edits: tuple[Edit, ...]
    check: Callable[[Package], Iterator[str]]


RULES: dict[str, Rule] = {}


def rule(
    scope: Callable[[Package], Iterable[T]], source: str, *edits: Edit
) -> Callable[[Callable[[T], Iterator[str]]], Callable[[T], Iterator[str]]]:
    """Declare a rule over all things of a scope that a file has. It yields what is wrong."""

    def declared(function: Callable[[T], Iterator[str]]) -> Callable[[T], Iterator[str]]:
        def check(package: Package) -> Iterator[str]:
            for thing in scope(package):
                for fault in function(thing):
                    yield f"{getattr(thing, 'part', '')} {fault[:200]}".strip()

        name = function.__name__
        assert name not in RULES, name
        RULES[name] = Rule(name, function.__doc__ or "", source, edits, check)
        return function

    return declared


def faults(package: Package) -> dict[str, list[str]]:
    """What is wrong with a file, by rule. Where its XML cannot be read there is no more to say."""
    unreadable = list(RULES["xml_can_be_read"].check(package))
    if unreadable:
        return {"xml_can_be_read": unreadable}
    found: Mapping[str, list[str]] = {name: list(one.check(package)) for name, one in RULES.items()}
    return {name: told for name, told in found.items() if told}


# -- scopes --------------------------------------------------------------------------------------------


def whole(package: Package) -> Iterator[Package]:
    yield package


def books(package: Package) -> Iterator[Book]:
    if package.book is not None:
        yield package.book


def sheets(package: Package) -> Iterator[Sheet]:
    if package.book is not None:
        yield from package.book.sheets


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is looked at by itself."""

    package: Package
    part: str

    @property
    def root(self) -> Element:
        return self.package.root(self.part)


def xml_parts(package: Package) -> Iterator[Part]:
    yield from (Part(package, name) for name in package.xml_parts)


# -- edits ---------------------------------------------------------------------------------------------


def sub(
    base: str, part: str, pattern: str, new: str | Callable[[re.Match[str]], str], number: int = 1
) -> Edit:
    """The first match of a pattern replaced; it must match, and change something."""

    def change(package: Package) -> Package:
        old = package.parts[part].decode()
        text = re.sub(pattern, new, old, count=number, flags=re.DOTALL)
        assert text != old, pattern
        return package.with_part(part, text.encode())

    return Edit(base, change)


def add(base: str, name: str, content: bytes | None = b"<a/>", **entry: Any) -> Edit:
    """A part added, or (None) taken away."""
    made = Entry(name, **entry) if entry else None
    return Edit(base, partial(Package.with_part, name=name, content=content, entry=made))


# the parts of the files that are edited
TYPES, BOOK, STYLES, APP = "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "docProps/app.xml"
PROJECTS, INDICATORS, CHECKED, REPORT, FORMS, CHARTS = (
    f"xl/worksheets/sheet{n}.xml" for n in (2, 3, 7, 9, 10, 11)
)
DOCUMENT = "word/document.xml"
