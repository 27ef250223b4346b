"""Mutations of PDF files, texts, and profiles (TOML)."""

from __future__ import annotations

import re
import zlib

from benchmarks.fuzzing.kinds import NUMBERS, PDF, TEXT, TEXTS, TOML, Dice, bytes_of, cut, flipped, kind

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_CODES = (
    "gb18030",
    "gbk",
    "big5",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-8-sig",
    "utf-32",
    "utf-7",
    "latin-1",
    "shift_jis",
)


@kind(PDF, "bytes changed")
@kind(TEXT, "bytes changed")
@kind(TOML, "bytes changed")
def bytes_changed(dice: Dice, content: bytes) -> bytes:
    return flipped(dice, content, 20)


@kind(PDF, "truncated")
@kind(TEXT, "truncated")
@kind(TOML, "truncated")
def truncated(dice: Dice, content: bytes) -> bytes:
    return cut(dice, content)


@kind(PDF, "bytes inserted")
@kind(TEXT, "bytes inserted")
@kind(TOML, "bytes inserted")
def bytes_inserted(dice: Dice, content: bytes) -> bytes:
    place = dice.choice((0, len(content), dice.randrange(len(content))))
    return content[:place] + bytes_of(dice, 200) + content[place:]


# -- PDF -----------------------------------------------------------------------------------------------


@kind(PDF, "number outside streams")
def pdf_number(dice: Dice, content: bytes) -> bytes:
    streams = [one.span() for one in _STREAM.finditer(content)]
    found = [
        one
        for one in re.finditer(rb"\d+(?:\.\d+)?", content)
        if not any(a <= one.start() < b for a, b in streams)
    ]
    if not found:
        return content
    one = dice.choice(found)
    new = dice.choice((dice.choice(NUMBERS).encode(), str(dice.randrange(300)).encode(), b"-" + one[0]))
    return content[: one.start()] + new + content[one.end() :]


@kind(PDF, "key or name changed")
def pdf_name(dice: Dice, content: bytes) -> bytes:
    found = list(re.finditer(rb"/[A-Za-z]\w*", content))
    if not found:
        return content
    one, other = dice.choice(found), dice.choice(found)
    new = dice.choice((other[0], b"/X", b"", b"null", b"<<", b">>", b"[", b"]"))
    return content[: one.start()] + new + content[one.end() :]


@kind(PDF, "object dropped, doubled or moved")
def pdf_object(dice: Dice, content: bytes) -> bytes:
    found = list(re.finditer(rb"\d+ 0 obj.*?endobj\s*", content, re.DOTALL))
    if not found:
        return content
    one, other = dice.choice(found), dice.choice(found)
    start, end = one.span()
    return dice.choice(
        (
            content[:start] + content[end:],
            content[:end] + one[0] + content[end:],
            content[:start] + other[0] + content[end:],
        )
    )


@kind(PDF, "reference to another object")
def pdf_reference(dice: Dice, content: bytes) -> bytes:
    found = list(re.finditer(rb"\d+ 0 R", content))
    if not found:
        return content
    one, other = dice.choice(found), dice.choice(found)
    new = dice.choice((other[0], b"0 0 R", b"99999 0 R", b"null", b"[]", b"<<>>"))
    return content[: one.start()] + new + content[one.end() :]


@kind(PDF, "content of a stream")
def pdf_stream(dice: Dice, content: bytes) -> bytes:
    """A stream inflated, changed, and deflated again."""
    found = list(_STREAM.finditer(content))
    for one in dice.sample(found, len(found)):
        try:
            inner = zlib.decompress(one[1])
        except zlib.error:
            continue
        numbers = list(re.finditer(rb"-?\d+(?:\.\d+)?", inner))
        if numbers and dice.random() < 0.7:
            for number in sorted(
                dice.sample(numbers, min(len(numbers), dice.choice((1, 5, 50)))), key=lambda n: -n.start()
            ):
                inner = inner[: number.start()] + dice.choice(NUMBERS).encode() + inner[number.end() :]
        else:
            inner = dice.choice(
                (
                    cut(dice, inner),
                    flipped(dice, inner, 20),
                    inner * dice.choice((2, 30)),
                    bytes_of(dice) + inner,
                )
            )
        return content[: one.start(1)] + zlib.compress(inner, 1) + content[one.end(1) :]
    return flipped(dice, content)


# -- texts ---------------------------------------------------------------------------------------------


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").splitlines(keepends=True) or [""]


@kind(TEXT, "encoding")
@kind(TOML, "encoding")
def encoding(dice: Dice, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(dice.choice(_CODES), "replace")


@kind(TEXT, "lines dropped, doubled or moved")
@kind(TOML, "lines dropped, doubled or moved")
def lines(dice: Dice, content: bytes) -> bytes:
    found = _lines(content)
    one = dice.randrange(len(found))
    size = dice.choice((1, 1, 5))
    ways = (
        found[:one] + found[one + size :],
        found[:one] + found[one : one + size] * dice.choice((2, 2, 9, 200)) + found[one + size :],
        found[: one + size] + dice.sample(found, min(len(found), 9)) + found[one + size :],
        dice.sample(found, len(found)),
    )
    return "".join(dice.choice(ways)).encode()


@kind(TEXT, "numbers")
@kind(TOML, "numbers")
def numbers(dice: Dice, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    share = dice.choice((0.01, 0.1, 1))
    odd = (
        *NUMBERS,
        "一百二十万",
        "9" * 4000,
        "零" * 4000,
        "1" + ",000" * 900,
        "1." + "0" * 4000,
        "二〇二二",
        "3成",
        "1/3",
    )
    return re.sub(
        r"\d+(?:\.\d+)?", lambda one: dice.choice(odd) if dice.random() < share else one[0], text
    ).encode("utf-8", "replace")


@kind(TEXT, "words")
def words(dice: Dice, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    odd = (
        *TEXTS,
        "其中：",
        "合计",
        "（",
        "）",
        "“",
        "”",
        "％",
        "个百分点",
        "万元",
        "、" * 3000,
        "（" * 3000,
        "1、" * 3000,
        "|" * 2000,
        "\n| - |\n",
        "\t" * 500,
    )
    for _ in range(dice.choice((1, 3, 30))):
        place = dice.randrange(len(text) + 1)
        text = text[:place] + dice.choice(odd) + text[place + dice.choice((0, 0, 1, 5)) :]
    return text.encode("utf-8", "replace")


@kind(TEXT, "without line breaks, or all of them")
def breaks(dice: Dice, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    ways = (
        text.replace("\n", ""),
        "\n".join(text),
        text.replace("\n", "\r"),
        text.replace("\n", "\u2028"),
        text.replace("。", "\n"),
        text * 10,
    )
    return dice.choice(ways).encode()


# -- profiles ------------------------------------------------------------------------------------------


_VALUES = ("0", "-1", "1.5", "1e400", "nan", "inf", "-inf", "true", '""', '" "', "[]", "{}", "[[]]", "[1]", '["a"]', "2022-01-01", "9999-12-31", "0001-01-01",
           "2022-13-01", "12:00:00", "2022-01-01T00:00:00Z", '"{unit}"', '"{x}"', '"{"', '"{0}"', '"{a.b}"', '"{a[0]}"', '"{a!r:>99999999}"', "99999999999999999999",
           "1" * 5000, '"' + "x" * 5000 + '"', "'''a\nb'''", "0x10", "1_000", '"%s"', '"\\u0000"', '"\\u202e"', "{a = 1}", "[" * 400 + "]" * 400, "0.1", "100", "1000")  # fmt: skip


@kind(TOML, "value changed")
def toml_value(dice: Dice, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    found = list(re.finditer(r"(?m)^[^#\n=\[]+= *(.+)$", text))
    if not found:
        return content
    one = dice.choice(found)
    new = dice.choice(
        (
            dice.choice(_VALUES),
            dice.choice(found)[1],
            '"' + dice.choice(TEXTS).replace("\\", "").replace('"', "").replace("\n", " ") + '"',
        )
    )
    return (text[: one.start(1)] + new + text[one.end(1) :]).encode("utf-8", "replace")


@kind(TOML, "key changed or added")
def toml_key(dice: Dice, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    keys = re.findall(r"(?m)^([^#\n=\[]+?) *=", text) or ["id"]
    heads = re.findall(r"(?m)^\[.*\]$", text) or ["[x]"]
    one = dice.choice(keys)
    odd = (
        "x",
        '""',
        '"a b"',
        "id",
        "name",
        "a.b.c",
        dice.choice(keys),
        "base",
        "extends",
        "__class__",
        '"\\u0000"',
    )
    ways = (
        text.replace(f"{one} =", f"{dice.choice(odd)} =", 1),
        f"{dice.choice(odd)} = {dice.choice(_VALUES)}\n{text}",
        f"{text}\n{dice.choice(heads)}\n{dice.choice(odd)} = {dice.choice(_VALUES)}\n",
        text.replace(dice.choice(heads), dice.choice((*heads, "[x]", "[[x]]", "[a.b.c]", "[]")), 1),
        text + "\n[" + "a." * dice.choice((50, 3000)) + "a]\n",
        text + "\n" + "x = " + "[" * dice.choice((50, 3000)) + "\n",
    )
    return dice.choice(ways).encode("utf-8", "replace")


@kind(TOML, "placeholder in a wording")
def toml_placeholder(dice: Dice, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    found = list(re.finditer(r"\{[^{}\n]*\}", text))
    if not found:
        return content
    one = dice.choice(found)
    odd = (
        "",
        "{}",
        "{x}",
        "{",
        "}",
        "{{",
        "{{}}",
        "{0}",
        "{unit.__class__}",
        "{unit:>9999}",
        one[0] * dice.choice((2, 50)),
        "{ }",
        "{unit!r}",
        dice.choice(found)[0],
    )
    return (text[: one.start()] + dice.choice(odd) + text[one.end() :]).encode()
