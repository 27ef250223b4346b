"""What reading a cell comes to: a value, and what there is to say of how it was read."""

from __future__ import annotations

from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from xlbudget.domain.model import RemarkKind

T = TypeVar("T")


class Said(NamedTuple):
    """Something to say of a cell: what kind of thing, what it is, what to do."""

    kind: RemarkKind
    message: str
    remedy: str


class Reading(NamedTuple, Generic[T]):
    """A value as it was read, and what had to be interpreted for it."""

    value: T
    said: tuple[Said, ...] = ()


class Context(NamedTuple):
    """What a reader needs to know besides the cell."""

    amount_unit: str = "万元"
    year: int | None = None
    options: tuple[str, ...] = ()

    def choosing(self, options: tuple[str, ...]) -> Context:
        """The same for a column with these options."""
        return self if options == self.options else _choosing(self, options)


@lru_cache
def _choosing(context: Context, options: tuple[str, ...]) -> Context:
    return context._replace(options=options)


class Refused(Exception):  # noqa: N818  (not an error of the program: the cell's content is refused)
    """The cell cannot be read: what kind of trouble, what is wrong, what to do."""

    def __init__(self, kind: RemarkKind, message: str, remedy: str) -> None:
        super().__init__(message)
        self.kind, self.message, self.remedy = kind, message, remedy


_CHECK_READING = "读得不对请改写成规范的内容；读得对可以不管。"


def interpreted(text: str, reading: str, *, always: bool = False) -> tuple[Said, ...]:
    """A reading that was more than copying; a unit that is the column's own needs no word."""
    if not always and "".join(text.split()) == "".join(reading.split()):
        return ()
    return (Said(RemarkKind.INTERPRETED, f"“{text}”按“{reading}”读取。", _CHECK_READING),)


def as_shown(stored: str, shown: str, reading: str) -> tuple[Said, ...]:
    """A cell shows another number than it holds, and what it shows is taken."""
    message = f"单元格存的是 {stored}，显示为“{shorten(shown)}”，按“{reading}”读取。"
    return (Said(RemarkKind.INTERPRETED, message, _CHECK_READING),)


def unreadable(shown: str, what: str, remedy: str) -> Refused:
    return Refused(RemarkKind.UNREADABLE, f"“{shorten(shown)}”{what}。", remedy)


def shorten(text: str, limit: int = 40) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
