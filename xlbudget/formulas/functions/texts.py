"""Functions that make texts and take them apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import ROUND_HALF_UP

from xlbudget.formulas.arrays import Array, Range, Value
from xlbudget.formulas.evaluate import At
from xlbudget.formulas.functions.numbers import rounded_to
from xlbudget.formulas.functions.registry import function
from xlbudget.formulas.functions.statistics import values_of
from xlbudget.formulas.values import (
    LONGEST,
    VALUE,
    NotEvaluable,
    Scalar,
    Shows,
    certain,
    fifteen,
    fitting,
    number_of,
    text_of,
    typed,
)
from xlbudget.formulas.wildcards import wildcards
from xlbudget.reading.formats import show, show_text


def _plain(text: str) -> str:
    """A text of characters that all programs count as one each. Raises NotEvaluable."""
    if any(ord(one) > 0xFFFF for one in text):
        raise NotEvaluable("生僻字算一个还是两个字符，各种软件不一样")
    return text


def _at_least(number: int, least: int) -> int:
    if number < least:
        raise Shows(VALUE)
    return number


# -- texts and numbers ---------------------------------------------------------------------------------


@function("TEXT", needs="vt")
def formatted(at: At, value: Scalar, code: str) -> str:
    """A value as a number format shows it."""
    if isinstance(value, bool):
        raise NotEvaluable("TEXT 的参数是逻辑值，各种软件结果不一样")
    if isinstance(value, str):
        try:
            value = typed(value)
        except Shows:
            shown = show_text(str(value), code)
            return _known(shown, code)
    number = fifteen(certain(number_of(value)))
    return _known(show(number, code, epoch_1904=at.cells.book.date1904), code)


def _known(shown: str | None, code: str) -> str:
    if shown is None:
        raise NotEvaluable(f"TEXT 的格式“{code}”没有把握")
    return fitting(shown)


@function("VALUE", needs="v")
def number_in(_: At, value: Scalar) -> float:
    """The number that a text says."""
    if isinstance(value, bool):
        raise NotEvaluable("逻辑值算不算数，各种软件不一样")
    return number_of(value)


@function("FIXED", needs="n", takes="ib")
def fixed(_: At, number: float, places: int = 2, plain: bool = False) -> str:
    """A number as a text with so many decimals."""
    shown = fifteen(rounded_to(number, places, ROUND_HALF_UP))
    return f"{shown:.{max(places, 0)}f}" if plain else f"{shown:,.{max(places, 0)}f}"


@function("T", needs="v")
def only_text(_: At, value: Scalar) -> str:
    """A text as it is, anything else as nothing."""
    return value if isinstance(value, str) else ""


# -- parts ---------------------------------------------------------------------------------------------


@function("LEN", needs="t")
def length(_: At, text: str) -> float:
    """How many characters it has."""
    return float(len(_plain(text)))


@function("LEFT", needs="t", takes="i")
def left(_: At, text: str, count: int = 1) -> str:
    """The first characters."""
    return _plain(text)[: _at_least(count, 0)]


@function("RIGHT", needs="t", takes="i")
def right(_: At, text: str, count: int = 1) -> str:
    """The last characters."""
    return _plain(text)[-count:] if _at_least(count, 0) else ""


@function("MID", needs="tii")
def middle(_: At, text: str, start: int, count: int) -> str:
    """So many characters from a place."""
    first = _at_least(start, 1) - 1
    return _plain(text)[first : first + _at_least(count, 0)]


@function("FIND", needs="tt", takes="i")
def find(_: At, wanted: str, text: str, start: int = 1) -> float:
    """The place of a text in another one."""
    if not wanted:
        raise NotEvaluable("要找的文字是空的")
    return _place(_plain(text).find(wanted, _at_least(start, 1) - 1))


@function("SEARCH", needs="tt", takes="i")
def search(_: At, wanted: str, text: str, start: int = 1) -> float:
    """The place of a text in another one; capitals do not matter, * and ? stand for any characters."""
    if not wanted:
        raise NotEvaluable("要找的文字是空的")
    return _place(wildcards(wanted).found_in(_plain(text), _at_least(start, 1) - 1))


def _place(found: int) -> float:
    if found < 0:
        raise Shows(VALUE)
    return float(found + 1)


@function("REPLACE", needs="tiit")
def replaced(_: At, text: str, start: int, count: int, new: str) -> str:
    """A text with other characters at a place."""
    first = _at_least(start, 1) - 1
    return fitting(_plain(text)[:first] + new + text[first + _at_least(count, 0) :])


@function("SUBSTITUTE", needs="ttt", takes="i")
def substituted(_: At, text: str, old: str, new: str, number: int = 0) -> str:
    """A text with another text in place of one in it, everywhere or at the place of a number."""
    if not old:
        return text
    if number == 0:
        return fitting(text.replace(old, new))
    parts = text.split(old)
    if _at_least(number, 1) >= len(parts):
        return text
    return fitting(old.join(parts[:number]) + new + old.join(parts[number:]))


# -- the texts together --------------------------------------------------------------------------------


@function("CONCATENATE", needs="t", repeats=1)
def joined(_: At, *texts: str) -> str:
    """Texts one after the other."""
    return fitting("".join(texts))


@function("CONCAT", needs="r", repeats=1)
def all_joined(at: At, *given: Value) -> str:
    """All texts of ranges one after the other."""
    return fitting("".join(_texts(at, given)))


@function("TEXTJOIN", needs="tbr", repeats=1)
def joined_by(at: At, between: str, skip: bool, *given: Value) -> str:
    """All texts of ranges with another one between them."""
    if not skip and any(isinstance(one, Range) and not one.single for one in given):
        given = tuple(at.cells.array(one) if isinstance(one, Range) else one for one in given)
    return fitting(between.join(one for one in _texts(at, given) if one or not skip))


def _texts(at: At, given: tuple[Value, ...]) -> Iterator[str]:
    count = 0
    for one in given:
        for value in one.full() if isinstance(one, Array) else values_of(at, one):
            text = text_of(value)
            count += len(text)
            if count > LONGEST:
                raise NotEvaluable("结果的文字太长")
            yield text


@function("REPT", needs="ti")
def repeated(_: At, text: str, count: int) -> str:
    """A text so many times."""
    if len(text) * _at_least(count, 0) > LONGEST:
        raise NotEvaluable("结果的文字太长")
    return text * count


@function("EXACT", needs="tt")
def exact(_: At, one: str, other: str) -> bool:
    """Whether two texts are the same, capitals too."""
    return one == other


# -- characters ----------------------------------------------------------------------------------------


_WIDE_LETTER = re.compile("[Ａ-Ｚａ-ｚ]")


def _simple(text: str) -> str:
    """A text without letters of which programs make different capitals. Raises NotEvaluable."""
    if any(one > "\x7f" and not _WIDE_LETTER.fullmatch(one) and one.upper() != one.lower() for one in text):
        raise NotEvaluable("这些字母的大小写，各种软件不一样")
    return text


@function("UPPER", needs="t")
def upper(_: At, text: str) -> str:
    """In capitals."""
    return _simple(text).upper()


@function("LOWER", needs="t")
def lower(_: At, text: str) -> str:
    """In small letters."""
    return _simple(text).lower()


@function("PROPER", needs="t")
def proper(_: At, text: str) -> str:
    """Each word with a capital."""
    if not text.isascii():
        raise NotEvaluable("PROPER 遇到汉字，各种软件结果不一样")
    return re.sub("[A-Za-z]+", lambda word: word[0].capitalize(), text)


@function("TRIM", needs="t")
def trimmed(_: At, text: str) -> str:
    """Without blanks before and behind, and one blank between words; wide blanks stay."""
    return re.sub(" +", " ", text.strip(" "))


@function("CLEAN", needs="t")
def cleaned(_: At, text: str) -> str:
    """Without control characters."""
    if re.search("[\x7f-\x9f]", text):
        raise NotEvaluable("CLEAN 遇到不常见的控制字符，各种软件结果不一样")
    return re.sub("[\x00-\x1f]", "", text)


@function("CHAR", needs="i")
def character(_: At, number: int) -> str:
    """The character of a number."""
    if not (32 <= number < 127 or number in (9, 10, 13)):
        raise NotEvaluable("这个字符代码，各种软件不一样")
    return chr(number)


@function("CODE", needs="t")
def code_of(_: At, text: str) -> float:
    """The number of the first character."""
    if not text[:1].isascii() or not text:
        raise NotEvaluable("汉字的代码，各种软件不一样")
    return float(ord(text[0]))


@function("ASC", needs="t")
def narrow(_: At, text: str) -> str:
    """Wide letters, digits and signs as narrow ones."""
    if re.search("[\u3001-\u30ff\uff5f-\uffef]", text):
        raise NotEvaluable("这些标点变成半角，各种软件结果不一样")
    return "".join(
        chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else " " if one == "　" else one for one in text
    )


# -- bytes: a Chinese character counts as two ----------------------------------------------------------


def _width(one: str) -> int:
    """1 or 2, as in Chinese Windows. Raises NotEvaluable."""
    if one.isascii():
        return 1
    if unicodedata.east_asian_width(one) not in ("W", "F"):
        raise NotEvaluable("这个字符算一个还是两个字节，各种软件不一样")
    return 2


@function("LENB", needs="t")
def bytes_of(_: At, text: str) -> float:
    """How many bytes it has."""
    return float(sum(map(_width, _plain(text))))


def _cut(text: str, count: int) -> int:
    """How many characters have so many bytes. Raises NotEvaluable where a character would be cut in two."""
    used = 0
    for place, one in enumerate(_plain(text)):
        if used >= count:
            if used > count:
                raise NotEvaluable("一个汉字被切成了两半，各种软件结果不一样")
            return place
        used += _width(one)
    if used > count:
        raise NotEvaluable("一个汉字被切成了两半，各种软件结果不一样")
    return len(text)


@function("LEFTB", needs="t", takes="i")
def left_bytes(_: At, text: str, count: int = 1) -> str:
    """The first bytes."""
    return text[: _cut(text, _at_least(count, 0))]


@function("RIGHTB", needs="t", takes="i")
def right_bytes(_: At, text: str, count: int = 1) -> str:
    """The last bytes."""
    turned = text[::-1]
    return turned[: _cut(turned, _at_least(count, 0))][::-1]


@function("MIDB", needs="tii")
def middle_bytes(_: At, text: str, start: int, count: int) -> str:
    """So many bytes from a place."""
    rest = text[_cut(text, _at_least(start, 1) - 1) :]
    return rest[: _cut(rest, _at_least(count, 0))]
