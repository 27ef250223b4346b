"""Heavy by what formulas ask for: huge arrays and texts, criteria over criteria, chains, names in names."""

from __future__ import annotations

from heavy import WORKBOOK, Book, kind, number_cell, numbered

_LAST = 1_048_576


def _formula(place: str, text: str, attributes: str = "", value: object = 1) -> str:
    return f'<c r="{place}"><f{attributes}>{text}</f><v>{value}</v></c>'


def _own(rows: str) -> Book:
    """The sample with a sheet of the user's own."""
    return Book().sheet(90, "我的", rows)


def _each(*texts: str, array: bool = False, times: int = 1) -> bytes:
    """A workbook in which each formula stands so many times, in a column of its own."""

    def line(row: int) -> str:
        cells = []
        for column, text in zip("ABCDEFGHIJKLMNOP", texts, strict=False):
            place = f"{column}{row}"
            cells.append(
                _formula(place, text.replace("{n}", str(row)), f' t="array" ref="{place}"' if array else "")
            )
        return "".join(cells)

    return _own(numbered(1, times, line)).packed()


def _with_numbers(count: int, text: str, times: int, *, array: bool = False) -> bytes:
    """Numbers in B, the formula so many times in A."""
    rows = numbered(
        1,
        count,
        lambda n: (
            (
                _formula(f"A{n}", text.replace("{n}", str(n)), f' t="array" ref="A{n}"' if array else "")
                if n <= times
                else ""
            )
            + number_cell(f"B{n}", n)
        ),
    )
    return _own(rows).packed()


@kind(".xlsx", "run")
def sequence_of_ten_millions() -> bytes:
    return _each(
        "SUM(_xlfn.SEQUENCE(10000000))+项目!T5",
        "SUM(_xlfn.SEQUENCE(10000,10000)*项目!T5)",
        array=True,
        times=50,
    )


@kind(".xlsx", "run")
def sequences_below_the_limit() -> bytes:
    return _each(
        "SUM(_xlfn.SEQUENCE(500,500)*项目!T5)", "MAX(_xlfn.SEQUENCE(400,600)+项目!T5)", array=True, times=500
    )


@kind(".xlsx", "run")
def array_made_by_lambda() -> bytes:
    return _each(
        "SUM(_xlfn.MAKEARRAY(3000,3000,_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*项目!T5)))", array=True, times=20
    )


@kind(".xlsx", "run")
def names_of_let_with_arrays() -> bytes:
    names = "".join(f"_xlpm.a{n},_xlpm.a{n - 1}+1," for n in range(1, 60))
    return _each(
        f"_xlfn.LET(_xlpm.a0,_xlfn.SEQUENCE(500,500)*项目!T5,{names}SUM(_xlpm.a59))", array=True, times=30
    )


@kind(".xlsx", "run")
def rows_of_the_sheet() -> bytes:
    return _each("SUM(ROW(1:1048576)*项目!T5)", "SUMPRODUCT(ROW(A1:A290000)*项目!T5)", array=True, times=300)


@kind(".xlsx", "run")
def whole_columns_multiplied() -> bytes:
    return _each(
        "SUMPRODUCT((项目!A:A=项目!T5)*(项目!T:T))",
        f"SUMPRODUCT(项目!A1:A{_LAST}*项目!T1:T{_LAST})",
        times=3_000,
    )


@kind(".xlsx", "run")
def rows_against_columns() -> bytes:
    return _with_numbers(3_000, "SUM(B1:B3000*TRANSPOSE(B1:B3000))+项目!T5", 50, array=True)


@kind(".xlsx", "run")
def texts_repeated() -> bytes:
    return _each(
        'REPT(项目!T5&amp;"",32767)',
        'REPT(REPT("a",10000),10000)&amp;项目!T5',
        'LEN(REPT("a",100000000))+项目!T5',
        times=500,
    )


@kind(".xlsx", "run")
def long_texts_in_all_cells() -> bytes:
    return _each('REPT("文",32000)&amp;项目!T5', times=10_000)


@kind(".xlsx", "run")
def arrays_of_long_texts() -> bytes:
    return _with_numbers(6_000, 'SUM(LEN(B1:B6000&amp;REPT("x",32000)))+项目!T5', 100, array=True)


@kind(".xlsx", "run")
def texts_doubled_in_a_chain() -> bytes:
    return _own(
        numbered(
            1, 3_000, lambda n: _formula(f"A{n}", f"A{n - 1}&amp;A{n - 1}" if n > 1 else '项目!T5&amp;"x"')
        )
    ).packed()


@kind(".xlsx", "run")
def criteria_of_all_cells() -> bytes:
    return _with_numbers(20_000, 'SUM(COUNTIF(B1:B20000,"&gt;"&amp;B1:B20000))+项目!T5', 20, array=True)


@kind(".xlsx", "run")
def criteria_counted_for_each_cell() -> bytes:
    return _with_numbers(5_000, "COUNTIF(B$1:B$5000,B{n})+项目!$T$5*0", 5_000)


@kind(".xlsx", "run")
def comparisons_counted_for_each_cell() -> bytes:
    return _with_numbers(5_000, 'COUNTIF(B$1:B$5000,"&gt;"&amp;B{n})+项目!$T$5*0', 5_000)


@kind(".xlsx", "run")
def lookups_for_each_cell() -> bytes:
    return _with_numbers(5_000, "VLOOKUP(B{n},B$1:B$5000,1,0)+MATCH(B{n},B$1:B$5000)+项目!$T$5*0", 5_000)


@kind(".xlsx", "run")
def last_rows_by_conditions() -> bytes:
    return _with_numbers(5_000, "LOOKUP(1,0/(B$1:B$5000=B{n}),B$1:B$5000)+项目!$T$5*0", 5_000)


@kind(".xlsx", "run")
def ranks_for_each_cell() -> bytes:
    return _with_numbers(5_000, "RANK(B{n},B$1:B$5000)+LARGE(B$1:B$5000,{n})+项目!$T$5*0", 5_000)


@kind(".xlsx", "run")
def running_balance() -> bytes:
    return _own(
        numbered(
            1,
            10_000,
            lambda n: (
                _formula(f"A{n}", f"B{n}+OFFSET(A{n},-1,0)" if n > 1 else "项目!T5") + number_cell(f"B{n}", n)
            ),
        )
    ).packed()


@kind(".xlsx", "run")
def running_balance_backwards() -> bytes:
    return _own(
        numbered(
            1,
            10_000,
            lambda n: (
                _formula(f"A{n}", f"B{n}+OFFSET(A{n},1,0)" if n < 10_000 else "项目!T5")
                + number_cell(f"B{n}", n)
            ),
        )
    ).packed()


@kind(".xlsx", "run")
def running_totals_by_index() -> bytes:
    return _own(
        numbered(
            1, 3_000, lambda n: _formula(f"A{n}", "SUM(A$1:INDEX(A:A,ROW()-1))+1" if n > 1 else "项目!T5")
        )
    ).packed()


@kind(".xlsx", "run")
def references_by_text() -> bytes:
    return _own(
        numbered(
            1,
            10_000,
            lambda n: (
                _formula(f"A{n}", f'INDIRECT("项目!T"&amp;{n % 5 + 5})')
                + _formula(f"B{n}", f'INDIRECT(C{n}&amp;"!T5")')
            ),
        )
    ).packed()


@kind(".xlsx", "run")
def circle_of_computed_references() -> bytes:
    return _own(
        numbered(1, 5_000, lambda n: _formula(f"A{n}", f"OFFSET(A{n % 5_000 + 1},0,0)+项目!T5"))
    ).packed()


@kind(".xlsx", "run")
def wildcards_in_long_texts() -> bytes:
    text = f'SUMPRODUCT(--ISNUMBER(SEARCH("{"a*" * 100}b",REPT("a",30000)&amp;B1:B200)))+项目!T5'
    return _with_numbers(200, text, 100, array=True)


@kind(".xlsx", "run")
def subtotals_of_hidden_rows() -> bytes:
    rows = "".join(
        f'<row r="{n}"{" hidden=&quot;1&quot;".replace("&quot;", chr(34)) if n % 2 else ""}>'
        + (_formula(f"A{n}", "SUBTOTAL(109,B$1:B$5000)+项目!T5") if n <= 2_000 else "")
        + f"{number_cell(f'B{n}', n)}</row>"
        for n in range(1, 5_001)
    )
    return _own(rows).packed()


@kind(".xlsx", "run")
def names_in_names() -> bytes:
    book = _own(numbered(1, 100, lambda n: _formula(f"A{n}", "甲0+项目!T5")))
    names = "".join(
        f'<definedName name="甲{n}">SUM({",".join([f"甲{n + 1}"] * 500)})</definedName>' for n in range(8)
    )
    return book.before(
        WORKBOOK, "</definedNames>", names + '<definedName name="甲8">项目!$T$5</definedName>'
    ).packed()


@kind(".xlsx", "run")
def many_constants() -> bytes:
    numbers = ",".join(map(str, range(1_500)))
    return _each(f"SUM({{{numbers}}}*项目!$T$5)", times=1_000)
