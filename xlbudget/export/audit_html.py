"""What an audit found, as one page to read or to print: the findings, and the document with the words they quote marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape as html_escape
from itertools import pairwise

from xlbudget.audit.finding import AuditFinding
from xlbudget.audit.source import Item, Line, Source, Table
from xlbudget.domain.finding import Severity
from xlbudget.export.quotes import Spot, spots
from xlbudget.files.xml import legal

_STYLE = """
@page { size: A4; margin: 20mm 18mm }
body { max-width: 46em; margin: 1.5em auto; padding: 0 1em; color: #222; line-height: 1.7;
  font-family: "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "微软雅黑", "PingFang SC", SimSun, sans-serif }
h1 { font-size: 1.5em; line-height: 1.4 } h2 { font-size: 1.2em; border-bottom: 2px solid #888 }
ol { padding-left: 0; list-style: none }
.finding { border: 1px solid #bbb; border-left-width: 6px; padding: .5em .9em; margin: .8em 0; break-inside: avoid }
.finding p { margin: .2em 0 } .remedy { color: #444 }
.level { font-weight: bold } .sure, .code, .at { color: #555; font-size: .85em }
q { quotes: "“" "”" }
.error { border-color: #b00020 } .warning { border-color: #a86400 } .info { border-color: #1565c0 }
mark { color: inherit; padding: 0 1px; border-bottom: 2px solid }
mark.error { background: #fde0e0; border-bottom-style: solid }
mark.warning { background: #fff0cc; border-bottom-style: dashed }
mark.info { background: #e0eefb; border-bottom-style: dotted }
mark sup a { text-decoration: none; font-weight: bold; color: inherit; padding-left: 1px }
.line { margin: .25em 0; white-space: pre-wrap; overflow-wrap: anywhere; padding-left: 7em; position: relative }
.line .at { position: absolute; left: 0 }
table { border-collapse: collapse; margin: .6em 0; font-size: .9em; width: 100% }
caption { text-align: left; color: #555; font-size: .9em } thead { display: table-header-group }
td { border: 1px solid #999; padding: .15em .4em; white-space: pre-wrap; overflow-wrap: anywhere; vertical-align: top }
tr { break-inside: avoid }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt }
  mark, .finding { -webkit-print-color-adjust: exact; print-color-adjust: exact } a { color: inherit } }
"""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quote in the document: the number of its finding, which of its quotes, how severe, where, and its last stretch."""

    finding: int
    quote: int
    severity: Severity
    spot: Spot
    last: bool

    @property
    def identity(self) -> str:
        return f"q{self.finding}-{self.quote}"


def render_html(name: str, source: Source, findings: Sequence[AuditFinding]) -> str:
    """The page as one file that needs nothing else; `name` is that of the document."""
    marks = _marks(source, findings)
    body = [
        f"<h1>核对结果：{_escape(name)}</h1>",
        f"<p>{_summary(findings)}</p>",
        "<ol>",
        *(_finding(number, one) for number, one in enumerate(findings, 1)),
        "</ol>",
        "<h2>原文</h2>",
        "<p class='at'>底色和下划线标出有问题的文字，右上角的数字是上面的序号。</p>" if findings else "",
        *(_item(item, marks.get(number, ())) for number, item in enumerate(source)),
    ]
    head = f"<meta charset='utf-8'><title>核对结果：{_escape(name)}</title><style>{_STYLE}</style>"
    return (
        f"<!DOCTYPE html>\n<html lang='zh-CN'><head>{head}</head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _escape(text: str) -> str:
    return html_escape(legal(text))


def _summary(findings: Sequence[AuditFinding]) -> str:
    if not findings:
        return "没有发现前后不一致的地方。"
    counts = Counter(one.severity for one in findings)
    tally = "、".join(f"{severity.label} {counts[severity]} 项" for severity in Severity if counts[severity])
    return f"共发现 {len(findings)} 项：{tally}。请对照原文逐项核对；点序号可以跳到原文。"


# -- findings ----------------------------------------------------------------------------------------------


def _finding(number: int, finding: AuditFinding) -> str:
    quotes = "".join(
        f"<p><a href='#q{number}-{index}'>{_escape(quote.place.label)}</a>：<q>{_escape(quote.text)}</q></p>"
        for index, quote in enumerate(finding.quotes, 1)
    )
    values = (("应为", finding.expected), ("文中为", finding.found))
    figures = "，".join(f"{label} {_escape(text)}" for label, text in values if text)
    return (
        f"<li class='finding {finding.severity.lower()}' id='f{number}'>"
        f"<p><span class='level'>{number}. {_escape(finding.severity.label)}</span> "
        f"<span class='sure'>{finding.confidence.label}</span> <span class='code'>{_escape(finding.code)}</span></p>"
        f"<p>{_escape(finding.message)}</p>"
        + (f"<p>{figures}</p>" if figures else "")
        + quotes
        + f"<p class='remedy'>→ {_escape(finding.remedy)}</p></li>"
    )


# -- the document ------------------------------------------------------------------------------------------


def _marks(source: Source, findings: Sequence[AuditFinding]) -> Mapping[int, Sequence[_Mark]]:
    """The marks of each item of the document."""
    found: dict[int, list[_Mark]] = defaultdict(list)
    for number, finding in enumerate(findings, 1):
        for index, quote in enumerate(finding.quotes, 1):
            stretches = spots(source[quote.place.item], quote)
            found[quote.place.item] += [
                _Mark(number, index, finding.severity, spot, spot is stretches[-1]) for spot in stretches
            ]
    return found


def _item(item: Item, marks: Sequence[_Mark]) -> str:
    named: set[str] = set()
    if isinstance(item, Line):
        return f"<p class='line'><span class='at'>{_escape(item.label)}</span>{_marked(item.text, marks, named)}</p>"
    return (
        f"<table><caption>{_escape(item.label)}</caption>\n"
        + "\n".join(_rows(item, marks, named))
        + "</table>"
    )


def _rows(table: Table, marks: Sequence[_Mark], named: set[str]) -> Iterator[str]:
    by_cell: dict[tuple[int | None, int | None], list[_Mark]] = defaultdict(list)
    for mark in marks:
        by_cell[mark.spot.row, mark.spot.column].append(mark)
    for row, texts in enumerate(table.rows):
        cells = (_marked(text, by_cell[row, column], named) for column, text in enumerate(texts))
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _marked(text: str, marks: Sequence[_Mark], named: set[str]) -> str:
    """A text with its marks; where they overlap, each stretch is marked once, by the most severe.

    `named` are the quotes that have the target of their link already.
    """
    edges = sorted({0, len(text), *(edge for mark in marks for edge in (mark.spot.start, mark.spot.end))})
    parts = []
    for start, end in pairwise(edges):
        piece = _escape(text[start:end])
        here = [mark for mark in marks if mark.spot.start <= start and end <= mark.spot.end]
        if here:
            worst = min((mark.severity for mark in here), key=list(Severity).index)
            targets = "".join(f"<a id='{one}'></a>" for one in _fresh(here, named))
            ending = sorted({mark.finding for mark in here if mark.last and mark.spot.end == end})
            numbers = "、".join(f"<a href='#f{number}'>{number}</a>" for number in ending)
            piece = f"{targets}<mark class='{worst.lower()}'>{piece}{f'<sup>{numbers}</sup>' if ending else ''}</mark>"
        parts.append(piece)
    return "".join(parts)


def _fresh(marks: Sequence[_Mark], named: set[str]) -> Iterator[str]:
    for mark in marks:
        if mark.identity not in named:
            named.add(mark.identity)
            yield mark.identity
