"""Heavy by formulas: what belongs to reading, trees and growth; how long the engine takes belongs to formulas."""

from __future__ import annotations

from heavy import PROJECTS, WORKBOOK, Book, kind, number_cell, numbered

_LAST = 1_048_576


def _own(rows: str, rest: str = "") -> Book:
    """The sample with a sheet of the user's own."""
    return Book().sheet(90, "我的", rows, rest)


def _formula(place: str, text: str, attributes: str = "", value: object = 1) -> str:
    return f'<c r="{place}"><f{attributes}>{text}</f><v>{value}</v></c>'


@kind()
def array_formula_over_all_rows() -> bytes:
    return _own(
        f'<row r="1">{_formula("A1", "项目!T5:T9*2", f""" t="array" ref="A1:A{_LAST}" """)}</row>'
    ).packed()


@kind()
def array_formula_over_the_sheet() -> bytes:
    return _own(
        f'<row r="1">{_formula("A1", "项目!T5*2", f""" t="array" ref="A1:XFD{_LAST}" """)}</row>'
    ).packed()


@kind()
def many_array_formulas_over_all_rows() -> bytes:
    rows = numbered(1, 2_000, lambda n: _formula(f"A{n}", "项目!T5*2", f' t="array" ref="A{n}:XFD{_LAST}"'))
    return _own(rows).packed()


@kind()
def array_formula_of_all_rows() -> bytes:
    text = f"SUM((项目!A1:A{_LAST}=1)*(项目!T1:T{_LAST}))"
    return _own(f'<row r="1">{_formula("A1", text, """ t="array" ref="A1" """)}</row>').packed()


@kind()
def array_formula_with_cells() -> bytes:
    first = _formula("A1", "项目!T5*ROW(A1:A60000)", ' t="array" ref="A1:A60000"')
    return _own(f'<row r="1">{first}</row>' + numbered(2, 60_000, lambda n: number_cell(f"A{n}", n))).packed()


@kind()
def formulas_on_one_cell() -> bytes:
    return _own(numbered(1, 10_000, lambda n: _formula(f"A{n}", "项目!$T$5*2"))).packed()


@kind()
def many_formulas_on_nothing_of_ours() -> bytes:
    return _own(
        numbered(1, 60_000, lambda n: _formula(f"A{n}", f"B{n}*2") + number_cell(f"B{n}", n))
    ).packed()


@kind()
def chain_of_formulas() -> bytes:
    return _own(
        numbered(1, 10_000, lambda n: _formula(f"A{n}", f"A{n - 1}+1" if n > 1 else "项目!T5"))
    ).packed()


@kind()
def chain_of_formulas_backwards() -> bytes:
    return _own(
        numbered(1, 10_000, lambda n: _formula(f"A{n}", f"A{n + 1}+1" if n < 10_000 else "项目!T5"))
    ).packed()


@kind()
def circle_of_formulas() -> bytes:
    return _own(numbered(1, 10_000, lambda n: _formula(f"A{n}", f"A{n % 10_000 + 1}+项目!T5"))).packed()


@kind()
def running_totals() -> bytes:
    return _own(numbered(1, 3_000, lambda n: _formula(f"A{n}", f"SUM(项目!T$5:T{n + 5})"))).packed()


@kind()
def formulas_on_all_formulas_above() -> bytes:
    return _own(
        numbered(1, 3_000, lambda n: _formula(f"A{n}", f"SUM(A$1:A{n - 1})" if n > 1 else "项目!T5"))
    ).packed()


@kind()
def shared_formula_over_many_cells() -> bytes:
    first = _formula("A1", "项目!T5*2", ' t="shared" ref="A1:A30000" si="0"')
    others = numbered(2, 30_000, lambda n: f'<c r="A{n}"><f t="shared" si="0"/><v>1</v></c>')
    return _own(f'<row r="1">{first}</row>{others}').packed()


@kind()
def shared_formula_of_great_length() -> bytes:
    text = "+".join(["项目!T5"] * 1_000)
    first = _formula("A1", text, ' t="shared" ref="A1:A2000" si="0"')
    others = numbered(2, 2_000, lambda n: f'<c r="A{n}"><f t="shared" si="0"/><v>1</v></c>')
    return _own(f'<row r="1">{first}</row>{others}').packed()


@kind()
def formulas_without_addresses() -> bytes:
    return _own("<row><c><f>项目!T5</f><v>1</v></c></row>" * 5_000).packed()


@kind()
def formulas_without_addresses_in_one_row() -> bytes:
    return _own(f"<row>{'<c><f>项目!T5</f><v>1</v></c>' * 5_000}</row>").packed()


@kind()
def formula_of_great_length() -> bytes:
    return _own(f'<row r="1">{_formula("A1", "+".join(["项目!T5"] * 100_000))}</row>').packed()


@kind()
def formula_of_brackets() -> bytes:
    return _own(f'<row r="1">{_formula("A1", "(" * 8_000 + "项目!T5" + ")" * 8_000)}</row>').packed()


@kind()
def formula_of_open_brackets() -> bytes:
    return _own(f'<row r="1">{_formula("A1", "[" * 100_000)}</row>').packed()


@kind()
def formula_of_quotes() -> bytes:
    return _own(
        f'<row r="1">{_formula("A1", "&apos;" * 100_001)}{_formula("B1", "&quot;" * 100_001)}</row>'
    ).packed()


@kind()
def formula_of_minus_signs() -> bytes:
    return _own(f'<row r="1">{_formula("A1", "-" * 8_000 + "项目!T5")}</row>').packed()


@kind()
def formula_of_digits() -> bytes:
    return _own(f'<row r="1">{_formula("A1", "9" * 100_000 + "+项目!T5")}</row>').packed()


@kind()
def formula_of_letters() -> bytes:
    return _own(
        f'<row r="1">{_formula("A1", "A" * 100_000)}{_formula("B1", "$" * 100_000)}{_formula("C1", "A1:" * 50_000)}</row>'
    ).packed()


@kind()
def formulas_in_input_cells() -> bytes:
    rows = numbered(
        10, 8_009, lambda n: number_cell(f"A{n}", n) + _formula(f"I{n}", f"K{n}+1") + _formula(f"K{n}", "1+1")
    )
    return Book().rows(PROJECTS, rows).packed()


@kind()
def formulas_in_input_cells_on_results() -> bytes:
    rows = numbered(10, 2_009, lambda n: number_cell(f"A{n}", n) + _formula(f"K{n}", f"T{n}+1"))
    return Book().rows(PROJECTS, rows).packed()


@kind()
def formulas_of_conditions() -> bytes:
    text = "SUMIFS(项目!$T$5:$T$100000,项目!$A$5:$A$100000,{n})"
    return _own(numbered(1, 500, lambda n: _formula(f"A{n}", text.replace("{n}", str(n))))).packed()


@kind()
def data_tables() -> bytes:
    return _own(
        numbered(1, 20_000, lambda n: _formula(f"A{n}", "", ' t="dataTable" ref="A1:B9" r1="C1"'))
    ).packed()


@kind()
def functions_of_ours() -> bytes:
    names = Book().sheet(
        90, "我的", numbered(1, 3_000, lambda n: _formula(f"A{n}", "ACHIEVEMENT(指标!A5:P5,指标!A$4:P$4)"))
    )
    assert WORKBOOK in names.parts
    return names.packed()
