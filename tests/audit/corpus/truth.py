"""What is true about each report of the corpus, and the words that its readers get."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent
HALVES = ("open", "held")
SUFFIXES = (".txt", ".md", ".docx", ".pdf")
KINDS = {
    "count": "a number of things against the list or table of them",
    "sum": "a total against its parts",
    "bands": "bands of achievement against all projects or the table",
    "forecast": "classes of the forecast against all projects or the table",
    "fact": "the same fact told twice differently",
    "name": "one name written two ways, or one name for two rows",
    "unit": "a wrong or mixed unit of money",
    "percent": "a percentage against its own numerator and denominator",
    "year_on_year": "同比 against both figures, or impossible",
    "period": "the period of title or heading against the body",
    "judgement": "a judgement against the figures",
    "contract": "a contract above all that is provided for it",
    "spent": "spent more than the budget",
    "date": "a date or month against another, or out of the period",
    "yoy-rate": "growth told in percent against the change and its base",
    "direction": "an increase told with a decrease",
    "share": "a share against its whole",
    "rate": "a rate against what was done and planned",
    "rate-base": "a rate of another base than the one named",
    "total-parts": "a total against its parts in one sentence",
    "list-below": "a total against the list below it",
    "flat-list": "a total against plain lines below it",
    "count-list": "an announced count against its list",
    "count-parts": "parts of a count against the count",
    "from-to": "from, to and by how much",
    "respectively": "分别为 with a wrong member",
    "plus-total": "加上 … and the grand total",
    "bigger-smaller": "大于 and 小于 the wrong way round",
    "difference": "two amounts against their difference",
    "product": "quantity times price against the amount",
    "told-twice": "one fact told twice",
    "text-table": "text against a table",
    "table-column": "the total of a column",
    "table-row": "the sum of a row",
    "table-level": "a level of codes against the level below",
    "table-rate": "a rate between columns",
    "zero-base": "a rate on a base of nothing",
    "template": "leftovers of a template",
    "unit-slip": "one unit of money for another",
    "near-name": "one name written in two ways",
    "score": "points against their maximum or their total",
    "average": "an average against its total and count",
    "time-shift": "quarters and months against the whole",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contradiction(_Frozen):
    id: str
    kind: str
    quote: str
    other: str = ""
    expected: str
    found: str
    sure: Literal["certain", "likely", "possible"]
    note: str = ""


class Right(_Frozen):
    quote: str
    why: str


class Truth(_Frozen):
    about: str
    contradictions: tuple[Contradiction, ...]
    right: tuple[Right, ...]
    checks: tuple[str, ...]

    @property
    def quotes(self) -> list[str]:
        """All that is quoted as accused or right."""
        return [*(one.quote for one in self.contradictions), *(one.quote for one in self.right)]


def truth_of(report: Path) -> Truth:
    """The truth that stands beside a report."""
    return Truth.model_validate(yaml.safe_load(report.with_suffix(".yaml").read_text("utf-8")))


def reports(corpus: str | Path) -> list[Path]:
    """The reports of a corpus by its name here, or of any folder."""
    folder = HERE / corpus if (HERE / corpus).is_dir() else Path(corpus)
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)


def no_space(text: str) -> str:
    """A text without blanks and without the marks that draw tables and bold letters."""
    return "".join(text.split()).replace("|", "").replace("**", "")


def _docx_text(path: Path) -> str:
    import docx
    from docx.table import Table

    parts: list[str] = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            cells = {cell._tc: cell.text for row in block.rows for cell in row.cells}
            parts += cells.values()
        else:
            parts.append(block.text)
    return "\n".join(parts)


def _pdf_text(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def _plain_text(stored: bytes) -> str:
    """Text as offices store it: UTF-8 or GB 18030."""
    try:
        return stored.decode("utf-8-sig")
    except UnicodeDecodeError:
        return stored.decode("gb18030")


@cache
def text_of(report: Path) -> str:
    """The text of a report: cells of a Word table in reading order, merged ones once."""
    readers = {".docx": _docx_text, ".pdf": _pdf_text}
    reader = readers.get(report.suffix)
    return reader(report) if reader else _plain_text(report.read_bytes())


def half_up(value: Fraction, places: Fraction) -> Fraction:
    """Half away from zero, written apart from the product's own rounding."""
    scale = Fraction(10) ** int(places)
    size = Fraction(math.floor(abs(value) * scale + Fraction(1, 2))) / scale
    return size if value >= 0 else -size


def _percent(part: Fraction, whole: Fraction, places: Fraction = Fraction(2)) -> Fraction:
    return half_up(part / whole * 100, places)


def _growth(now: Fraction, before: Fraction, places: Fraction = Fraction(1)) -> Fraction:
    return half_up((now - before) / before * 100, places)


_FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "total": lambda *parts: sum(parts, Fraction(0)),
    "percent": _percent,
    "growth": _growth,
}
_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


def _value(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.BinOp(left, operation, right):
            value = _OPERATORS[type(operation)](_value(left, text), _value(right, text))
            assert isinstance(value, Fraction)
            return value
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, text)
        case ast.Call(ast.Name(name), arguments):
            return _FUNCTIONS[name](*(_value(one, text) for one in arguments))
    raise ValueError(f"not understood: {ast.dump(node)}")


def holds(check: str) -> bool:
    """Whether a comparison of exact numbers holds, such as `percent(0.38, 1.5) == 25.33`."""
    tree = ast.parse(check, mode="eval").body
    if not isinstance(tree, ast.Compare):
        raise ValueError(f"not a comparison: {check}")
    values = [_value(one, check) for one in (tree.left, *tree.comparators)]
    pairs = zip(values, tree.ops, values[1:], strict=False)
    return all(_OPERATORS[type(how)](left, right) for left, how, right in pairs)
