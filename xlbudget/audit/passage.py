"""A paragraph as the auditor reads it: one form for every sign, no blanks, and a way back to the words of the document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from xlbudget.audit.finding import QUOTE_LENGTH, Quote
from xlbudget.audit.source import Place

_SIGNS = {
    code: chr(code - 0xFEE0)
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SIGNS |= {
    ord(sign): other
    for signs, other in (
        ("％﹪", "%"), ("．", "."), ("（﹙", "("), ("）﹚", ")"), ("–—―－−~～〜﹣", "-"), (":", "："), (";", "；"),
        ("「『", "“"), ("」』", "”"), ("＋", "+"), ("／", "/"), ("﹐", "，"), ("＝", "="), ("[［【", "["), ("]］】", "]"),
    )
    for sign in signs
}  # fmt: skip
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9]{3}(?![0-9]))")
_STOP = re.compile(r"(?<=[\u4e00-\u9fff”)])\.(?![0-9])")
_THOUSANDS = re.compile(r"(?<=[0-9])，(?=[0-9]{3}(?![0-9]))(?=[0-9，]{3,40}+(?:\.[0-9]{1,20}+)?(?:万|亿)?元)")
_NO_NUMBER = re.compile(
    r"[0-9.,%]{41,}+|[零〇一二三四五六七八九十百千万亿两点壹贰叁肆伍陆柒捌玖拾佰仟]{41,}+"
)
"""More digits or numerals than any number has."""
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_WITHOUT_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_THOUSANDS_APART = r"(?<![0-9]{4})[^\S\n][0-9]{3}(?:[^\S\n][0-9]{3})*+(?:\.[0-9]+)?+[^\S\n]?(?:万|亿)?元"
_PARTS_NUMBERS = rf"(?!{_THOUSANDS_APART})(?<=[0-9.%])[^\S\n](?=[^\S\n]*+[0-9.%])"
"""A blank between two numbers, which would else become one; none between the thousands of one: 4 862 000元."""
_KEPT = re.compile(rf"[^\s{INVISIBLE}]|{_PARTS_NUMBERS}")
_DROPPED = re.compile(rf"[\n{INVISIBLE}]|(?!{_PARTS_NUMBERS})\s")
_BLANK = re.compile(r"\s")
HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．,，]|[(（]\s*[一二三四五六七八九十]{1,3}\s*[)）]|第[一二三四五六七八九十]+[部章节]"
    r"|[0-9]{1,2}\s*[.．、](?![0-9])|[(（][0-9]{1,2}[)）]|[①-⑳]|附\s*件|附\s*表|表\s*[0-9一二三四五]|[#*-]\s)"
)
_NUMBERED = re.compile(
    r"(?:[0-9]{1,2}[.、]|\([0-9一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|[①-⑳])(?![0-9])"
)
_SENTENCE = re.compile(r"[^。；！？!?\n]*[。；！？!?\n]?")
_LONGEST_SENTENCE = 1500
_LONGEST_PASSAGE = 4000
_CLAUSE_ENDS = "，：。；！？!?"
_CLAUSE_END = re.compile(f"[{_CLAUSE_ENDS}]")


def one_form(text: str) -> str:
    """Signs in one form, character for character: １ as 1, （ as (, all dashes as -, a comma as ， unless in a number."""
    folded = _STOP.sub("。", _COMMA.sub("，", text.translate(_SIGNS)))
    return _THOUSANDS.sub(",", folded)


_MARK = re.compile(r"(?P<dash>--?|[●•·◆■★])|(?P<figure>[0-9]{1,2}[.、．])|(?P<figure_in_brackets>\([0-9]{1,2}\)|[0-9]{1,2}\))|(?P<circled>[①-⑳])|(?P<numeral>[一二三四五六七八九十]{1,3}[、.])|(?P<numeral_in_brackets>\([一二三四五六七八九十]{1,3}\))")  # fmt: skip


def mark_of(text: str) -> str:
    """What kind of mark a line of a list begins with; "" for none."""
    match = _MARK.match(text)
    return (match and match.lastgroup) or ""


@lru_cache(maxsize=1 << 12)
def squeeze(text: str) -> str:
    """Text in one form and without blanks, for names and headers."""
    return "".join(one_form(text).split()).translate(_WITHOUT_INVISIBLE)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a passage."""

    start: int
    end: int


def _begin(span: Span) -> int:
    return span.start


def _first(start: tuple[int, Place]) -> int:
    return start[0]


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a part of an endless one. `clean` is what is read of it."""

    raw: str
    clean: str
    starts: tuple[tuple[int, Place], ...]
    """Where in `raw` each line of the document begins, and its place."""
    offset: int = 0
    """How many characters of the paragraph are read in other passages before."""

    @cached_property
    def index(self) -> list[int]:
        """Where each character of `clean` stands in `raw`."""
        kept = [match.start() for match in _KEPT.finditer(_folded(self.raw))]
        return kept[self.offset : self.offset + len(self.clean)]

    def place(self, position: int) -> Place:
        """Where a character of `clean` stands."""
        at = self.index[min(position, len(self.index) - 1)] if self.index else 0
        return self.starts[bisect_right(self.starts, at, key=_first) - 1][1]

    def words(self, start: int, end: int) -> str:
        """The words of the document from `start` to `end`, blanks taken together."""
        if start >= end:
            return ""
        return " ".join(self.raw[self.index[start] : self.index[end - 1] + 1].split())

    def quote(self, start: int, end: int) -> Quote:
        """The sentence around a span; of a long one, the clauses about it."""
        low, high = self._about(start, end)
        text = self.words(low, high) if high - low <= QUOTE_LENGTH else ""
        if not text or len(text) > QUOTE_LENGTH:
            text = self.words(max(low, start - 40), min(high, end + 40))[:QUOTE_LENGTH]
        return Quote(text, self.place(start))

    def _about(self, start: int, end: int) -> tuple[int, int]:
        low, high = self.sentence(start)
        number = _NUMBERED.match(self.clean) if low == 0 else None
        if number and number.end() <= start:
            low = (
                number.end()
            )  # Word counts its paragraphs itself: the number is not among the words of the document
        high = max(high, end)
        if high - low <= QUOTE_LENGTH * 3 // 4:
            return low, high
        before = max(self.clean.rfind(sign, low, max(low, start - 50)) for sign in _CLAUSE_ENDS) + 1
        after = _CLAUSE_END.search(self.clean, max(low, end - 1), high)
        return max(low, before), after.end() if after else high

    def sentence(self, position: int) -> tuple[int, int]:
        """The bounds of the sentence that holds a character."""
        at = bisect_right(self.sentences, position, key=_begin) - 1
        if at < 0:
            return 0, len(self.clean)
        return self.sentences[at].start, self.sentences[at].end

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences; one that does not end is cut at a comma, so that a hostile document costs no more than another."""
        spans = []
        for match in _SENTENCE.finditer(self.clean):
            start = match.start()
            while match.end() - start > _LONGEST_SENTENCE:
                comma = self.clean.rfind("，", start, start + _LONGEST_SENTENCE) + 1
                end = comma if comma > start else start + _LONGEST_SENTENCE
                spans.append(Span(start, end))
                start = end
            if match.end() > start:
                spans.append(Span(start, match.end()))
        return tuple(spans)


def passages(lines: list[tuple[str, Place]]) -> Iterator[Passage]:
    """A paragraph as a passage; an endless one in several, so that a hostile document costs no more than another."""
    whole = passage(lines)
    start = 0
    while len(whole.clean) - start > _LONGEST_PASSAGE:
        stop = whole.clean.rfind("。", start, start + _LONGEST_PASSAGE) + 1
        end = stop if stop > start else start + _LONGEST_PASSAGE
        yield replace(whole, clean=whole.clean[start:end], offset=start)
        start = end
    yield replace(whole, clean=whole.clean[start:], offset=start) if start else whole


def passage(lines: list[tuple[str, Place]]) -> Passage:
    """Lines of one paragraph as a passage. A line may end anywhere, also inside a word or a number."""
    raw, starts = "", []
    for text, place in lines:
        starts.append((len(raw), place))
        raw += text + "\n"
    return Passage(raw, _BLANK.sub(" ", _DROPPED.sub("", _folded(raw))), tuple(starts))


def _folded(raw: str) -> str:
    return _NO_NUMBER.sub(lambda match: "…" + " " * (len(match[0]) - 1), one_form(raw))
