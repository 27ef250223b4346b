"""The kinds of mutation, each declared once, and odd things to put where ordinary ones stand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Dice = random.Random
Parts = list[tuple[str, bytes]]
"""The members of a package in their order; names may stand twice."""
RAW, PACKAGE, XML, CELLS, PDF, TEXT, TOML = "raw", "package", "xml", "cells", "pdf", "text", "toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mutation: its name, what it works on, and the function that makes it."""

    name: str
    level: str
    """RAW: the bytes of a zip; PACKAGE: its parts; XML: the bytes of a part; CELLS: of a sheet; or a file's bytes."""
    change: Callable[..., Any]


KINDS: list[Kind] = []


def kind(level: str, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as a kind of mutation."""

    def declare(change: Callable[..., Any]) -> Callable[..., Any]:
        assert all((one.level, one.name) != (level, name) for one in KINDS), (level, name)
        KINDS.append(Kind(name, level, change))
        return change

    return declare


def of(*levels: str) -> list[Kind]:
    return [one for one in KINDS if one.level in levels]


NUMBERS = (
    "0", "1", "-1", "-0", "0.5", "1.5", "2", "6", "12", "13", "99", "255", "256", "65535", "65536", "1048576", "1048577",
    "16384", "16385", "2147483647", "2147483648", "-2147483649", "4294967295", "4294967296", "12345678901234567",
    "9" * 40, "9" * 400, "1e15", "1e-7", "1e309", "-1e309", "1e999999", "1e-999999", "1E+5", "0.1234567890123456789",
    "NaN", "INF", "-INF", "Infinity", "nan", "0x10", "1_000", "+5", "１２", "²", "½", "Ⅷ", "١٢", "一", "", " ", " 7 ",
    "\n3\n", "1,234.5", "1.2.3", "--1", "1e", "e5", ".", "true", "TRUE", "None", "44743", "0.25", "-44743", "1e6",
)  # fmt: skip
TEXTS = (
    "", " ", "\u3000", "\t", "\n", "a", "0", "=1+1", "+1", "@x", "'", '"', "<b>", "&amp;", "]]>", "{0}", "{unit}", "{", "%s",
    "%", "\\", "/", "..", "../../x", "C:\\x", "CON", "a/b", "x" * 256, "项目" * 200, "字" * 40000, "_x0000_", "_x000D_",
    "_x005F_", "_xD800_", "_xFFFF_", "\u202e反", "\ufeff", "\u200b", "\x7f", "\x85", "\ufffe", "\U00020bb7" * 50, "e\u0301", "🙂",
    "一亿三千万元", "6 万", "6w", "60000元", "12,34", "95%", "≥95%", "≥", "＞＝", "<10", "约20", "20余期", "√", "是", "否",
    "6月", "12月底前", "二〇二二年七月八日", "2022-13-45", "2022-7-8 10:00", "2022年底", "9999999年", "五月三十二日", "#REF!", "#N/A",
    "True", "NaN", "已完成", "未到期", "达成", "定性", "追加", "年初", "001", "1", "1.0", "项目编号", "预算数*", "万元", "元", "千元",
    "八成", "五分之一", "零" * 500, "一" * 500, "9" * 500, "1e5", "1e999999", "一千零一十万亿亿", "负三", "-5", "－5", "(5)", "（5）",
    "central", "self-eval", "sichuan", "hebei-county", "my", "、" * 30, "经费保障、其他", "\r\n" * 20, "a" * 32767, "a\n" * 300,
)  # fmt: skip
FORMATS = (
    "", "@", "General", "GENERAL", ";", ";;;", ";;;;;;;", "0!.0,", "0.00,,", '#,##0.00"元"', '0!.0000,"万元"', '0.00,"千元"',
    '0.00"亿元"', 'General"元"', '[<60]"不达标";"达标"', '[<1e400]0', "[>=x]0", "[<60", "[", "]", '"', '"元', "\\", "_", "*", "!",
    "[h]:mm", "[ss].000", "h:mm AM/PM", "yyyy\"年\"m\"月\"", "m\"月\"", "aaaa", "b2yyyy", "ggge", "[$-804]yyyy", "[$￥-804]0", "[$]",
    "[DBNum1]0", "[DBNum2][$-804]General", "[DBNum9]0", "0%", "0.0%%", "0‰", "?/?", "# ?/0", "#/99999999999", "0E+00", "0E", "E+",
    "0." + "0" * 300, "0" * 300, "#," * 200, "," * 300, '"x"' * 80, "[Red]" * 50, "[颜色10]0", "\\" * 255, "GGG", "mmmmmmm", "ddddd",
    "0;[Red]-0", "000", "0 ", "@@@@", "@元", "_(* #,##0_)", "[<1][<2]0", "-", "--0", "0-0-0", "\n0", "\U00020bb7", "x" * 255,
)  # fmt: skip
ADDRESSES = (
    "", "A", "1", "A0", "a5", "A1", "B4", "C5", "XFD1048576", "XFE1", "A1048577", "AAAA1", "A99999999999", "$A$1", "A1:B2", "-A1",
    "A-1", "1A", "Ａ１", "A1 ", " A1", "#REF!", "R1C1", "项目!A1", "ZZZZZZ9", "A5.5", "A\n5", "é5",
)  # fmt: skip
AREAS = (
    *ADDRESSES, "A1:XFD1048576", "B2:A1", "A:A", "1:1", "A1:", ":A1", "A5:P5 A7:P9", "A1:A1048576", "A5:P5:Q9", "1:1048576",
)  # fmt: skip
FORMULAS = (
    "", "1", "1+", "A1", "SUM(A:A)", "SUM(1:1048576)", "SUM(项目!I5:I9)", "项目!Z99", "'", "'没有'!A1", "[1]Sheet1!A1", "#REF!", "OFFSET(A1,1,1)",
    "INDIRECT(\"项目!A1\")", "ACHIEVEMENT(A5:P5)", "ACHIEVEMENT(A5:P5,A$4:P$4)", "ACHIEVEMENT()", "EXECUTION_RATE(1:1)", "NOW()", "RAND()",
    "VLOOKUP(B5,项目!A:Z,2,0)", "TEXT(A5,\"[DBNum2]0\")", "IF(" * 60 + "1" + ")" * 60, "(" * 300 + "1" + ")" * 300, "1/0", "\"" + "x" * 300 + "\"",
    "{1,2;3,4}", "LAMBDA(x,x)(1)", "LET(a,1,a)", "SUMPRODUCT((A1:A9000=B1:B9000)*1)", "A1:A3", "A1 A2", "@A1", "-" * 200 + "1", "_xlfn.XLOOKUP(1,A:A,B:B)",
    "REPT(\"x\",32767)", "REPT(\"x\",1e9)", "SEQUENCE(1000000)", "1e400", "表1[列]", "表1[[#All],[列]]", "INDEX(项目!I:I,ROW())", "CELL(\"filename\")", "中文(1)",
    "SUM(" + "A1," * 260 + "A1)", "A1&" * 200 + "A1", "项目!A1:指标!B2", "'项目:指标'!A1", "=1", " 1", "\n1", "1;2", "RTD(1)", "HYPERLINK(\"x\")",
)  # fmt: skip


def bytes_of(dice: Dice, most: int = 40) -> bytes:
    """Some bytes: random ones, one again and again, or what looks like markup."""
    size = dice.randint(1, most)
    return dice.choice(
        (
            dice.randbytes(size),
            dice.randbytes(1) * size,
            b"<>&\"'/=!?[]"[: size + 1],
            b"\0" * size,
            b"\xff\xfe",
        )
    )


def flipped(dice: Dice, content: bytes, most: int = 8, start: int = 0, end: int | None = None) -> bytes:
    """Content with a few bytes changed, between two places."""
    changed = bytearray(content)
    last = len(changed) if end is None else end
    for _ in range(dice.randint(1, most) if last > start else 0):
        changed[dice.randrange(start, last)] = dice.randrange(256)
    return bytes(changed)


def cut(dice: Dice, content: bytes) -> bytes:
    """Content without its end, its beginning, or a piece in the middle."""
    here, there = sorted((dice.randrange(len(content) + 1), dice.randrange(len(content) + 1)))
    return dice.choice((content[:here], content[here:], content[:here] + content[there:]))
