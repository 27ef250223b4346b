"""Text files: any encoding that Chinese offices use, lines as they stand, tables drawn with | as tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from unicodedata import east_asian_width

from xlbudget.audit.source import Item, Line, Table
from xlbudget.readers import ACCEPTED, MAX_ITEMS, CannotRead, Reading, too_long

MAX_TEXT = 20 * 2**20
_MARKDOWN = (".md", ".markdown")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 200_000
"""Characters of a text that its encoding is judged by."""
_USUAL = re.compile(
    r"[\u00b0-\u00f7\u2010-\u2027\u2030-\u203b\u2103-\u22ff\u2460-\u25ff\u2610-\u2718\u3000-\u301f\u4e00-\u9fff\uff01-\uff60\ue000-\uf8ff\u3400-\u4dbf]"
)
_LEAST_LIKELY = 0.5
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_RULE = re.compile(r"\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
_PIPE = re.compile(r"(?<!\\)\|")
_DRAWN = re.compile(r"\s*[+├┌└┼╞╔╠╚╟][-=+─━┬┼┴┐┤┘═╦╬╩╗╣╝╪╡╢┄|├┌└]+\s*$")
_MOST_RULES = 4
"""Rules one below the other that a table can begin with."""
_BARS = str.maketrans("│┃║｜", "||||")
_ENDED = re.compile(r"[。！？!?；;：:，,][”\"』」)）]?\s*$")


def decode(path: Path, content: bytes) -> str:
    """The text of a file. Raises CannotRead for what is no text."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _sound(path, content.decode(encoding, errors="replace"))
    if content[:4000].count(0) > len(content[:4000]) // 5:
        sides = sum(not byte for byte in content[:4000:2]), sum(not byte for byte in content[1:4000:2])
        encoding = "utf-16-be" if sides[0] > sides[1] else "utf-16-le"
        return _sound(path, content.decode(encoding, errors="replace"))
    texts = [content.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    best = max(texts, key=_likelihood)
    if _likelihood(best) < _LEAST_LIKELY:
        raise _no_text(path)
    return _sound(path, best)


def _likelihood(text: str) -> float:
    """The share of what is usual in Chinese reports among the signs that are not ASCII; 1 where there are none."""
    strange = [sign for sign in text[:_SAMPLE] if not sign.isascii()]
    return sum(bool(_USUAL.match(sign)) for sign in strange) / len(strange) if strange else 1


def _no_text(path: Path) -> CannotRead:
    return CannotRead(f"“{path.name}”不是文本，也不是认得的文档。{ACCEPTED}。")


def _sound(path: Path, text: str) -> str:
    head = text[:100_000]
    if len(_CONTROL.findall(head)) + head.count("�") > len(head) / 100:
        raise _no_text(path)
    return text.replace("\x1a", "").replace("\0", "")


def read_text(path: Path, content: bytes) -> Reading:
    """A text file. Raises CannotRead."""
    if len(content) > MAX_TEXT:
        raise too_long(path)
    lines = _BREAK.split(decode(path, content))
    if len(lines) > MAX_ITEMS:
        raise too_long(path)
    markdown = path.suffix.lower() in _MARKDOWN
    wrapped = _is_wrapped([line for line in lines if line.strip() and not _CELLS.search(line)])
    source: list[Item] = []
    position = tables = 0
    while position < len(lines):
        length = _table_length(lines, position)
        if length:
            tables += 1
            rows = [row for line in lines[position : position + length] if (row := _row(line, markdown))]
            source.append(Table(_square(rows), f"第{tables}个表"))
            position += length
            continue
        text = _plain(lines[position]) if markdown else lines[position].rstrip()
        if text.strip():
            source.append(Line(text, f"第{position + 1}行", wrapped))
        position += 1
    return Reading(tuple(source))


# -- tables drawn with | ---------------------------------------------------------------------------------


def _table_length(lines: Sequence[str], start: int) -> int:
    """How many lines the table takes that begins at a line; 0 where none does."""
    end, rows, rules = start, 0, 0
    while end < len(lines):
        line = lines[end].translate(_BARS).strip()
        bars = len(_PIPE.findall(line))
        if _is_rule(line):
            rules += 1
            if rules > 2 * rows + _MOST_RULES:
                break
        elif bars >= 2 or (bars and rules) or (not rows and _heads_table(lines, end)):
            rows += 1
        else:
            break
        end += 1
    return end - start if rows >= 2 else 0


def _is_rule(line: str) -> bool:
    return bool(_DRAWN.match(line)) or ("-" in line and "|" in line and bool(_RULE.match(line)))


def _heads_table(lines: Sequence[str], at: int) -> bool:
    """Whether a line without outer bars is the head of a Markdown table: a rule stands below it."""
    below = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return "|" in lines[at] and "|" in below and bool(_RULE.match(below))


def _row(line: str, markdown: bool) -> tuple[str, ...]:
    """The cells of a row of a table; none of a rule."""
    line = line.translate(_BARS).strip()
    if _is_rule(line):
        return ()
    cells = _PIPE.split(line.removeprefix("|").removesuffix("|"))
    texts = [cell.strip().replace("\\|", "|") for cell in cells]
    return tuple(_emphasis(re.sub(r"<br\s*/?>", "\n", text)) if markdown else text for text in texts)


def _square(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    width = max(map(len, rows), default=0)
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


# -- Markdown --------------------------------------------------------------------------------------------

_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)+")
_UNDERLINE = re.compile(r"^\s{0,3}(?:=+|-{3,}|\*{3,}|_{3,}|```.*|~~~.*|(?:-\s){2,}-)\s*$")
_BULLET = re.compile(r"^(\s*)[-*+]\s+(?:\[[ xX]\]\s+)?")
_STRONG = re.compile(r"(\*\*\*|\*\*|\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->|</?(?:u|b|i|strong|em|span|font|center|p|div|sup|sub)\b[^>]*>")
_LONGEST_LINE = 2000
"""Characters: in a longer line nobody looks for marks of Markdown."""
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|~>-])")


def _plain(line: str) -> str:
    """A line of Markdown without the marks of headings, lists and emphasis."""
    if len(line) > _LONGEST_LINE:
        return line.rstrip()
    if _UNDERLINE.match(line):
        return ""
    line = _MARKS.sub("", line)
    line = re.sub(r"\s+#+\s*$", "", line)
    return _emphasis(_BULLET.sub(r"\1", line)).rstrip()


def _emphasis(text: str) -> str:
    text = _LINK.sub(r"\1", _COMMENT.sub("", re.sub(r"<br\s*/?>", " ", text)))
    for _ in range(3):  # bold in italics in struck text
        text = _STRONG.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)


# -- lines that were broken at a margin --------------------------------------------------------------------


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text.rstrip())


_CELLS = re.compile(r"\||\S(?:\t|[ \u3000]{2,})\S.*(?:\t|[ \u3000]{2,})\S")
"""A line of a table: three cells or more, parted by bars, tabs or blanks."""


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether a text was broken at a margin: many lines are as long as the longest, and end within a sentence."""
    widths = sorted(_width(line) for line in lines)
    if len(widths) < 4:
        return False
    margin = widths[int((len(widths) - 1) * 0.95)]
    full = [line for line in lines if margin - 6 <= _width(line) <= margin + 6]
    broken = sum(not _ENDED.search(line) for line in full)
    return (
        30 <= margin <= 160 and broken >= 3 and broken >= sum(width >= margin * 0.6 for width in widths) / 5
    )
