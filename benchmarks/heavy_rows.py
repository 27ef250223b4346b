"""Heavy by many rows, by what stands in cells, or by names that are equal or alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from heavy import (
    CORRECTIONS,
    FRONT,
    INDICATORS,
    KEY_WORKS,
    NOTES,
    PROJECTS,
    Book,
    dice,
    filled,
    kind,
    letter,
    number_cell,
    numbered,
    text_cell,
)

from xlbudget import layout
from xlbudget.domain.where import column_letter

_PROJECT = ("项目编号", "项目名称", "预算批次", "预算数", "累计支出", "全年预计支出", "资金用途")
_INDICATOR = (
    "项目编号",
    "一级指标",
    "二级指标",
    "三级指标",
    "计算符号",
    "年度指标值",
    "计量单位",
    "当前完成值",
)
_LAST = 1_048_576
_LONGEST = 32_767
"""Characters that Excel lets stand in a cell."""
_SHEETS = (
    (PROJECTS, layout.PROJECTS),
    (INDICATORS, layout.INDICATORS),
    (KEY_WORKS, layout.KEY_WORKS),
    (CORRECTIONS, layout.CORRECTIONS),
    (NOTES, layout.NOTES),
)


def _projects(
    number: int, name: Callable[[int], object], code: Callable[[int], str] = "{:05}".format
) -> bytes:
    """A workbook with so many projects, an indicator each, and the texts of the sample."""
    rows = [(code(n), name(n), "年初", 10, 3, 10, "用于日常工作") for n in range(1, number + 1)]
    indicators = [(code(n), "产出指标", "数量指标", "次数", "≥", 10, "次", 5) for n in range(1, number + 1)]
    return filled(项目=(_PROJECT, rows), 指标=(_INDICATOR, indicators))


# -- rows ------------------------------------------------------------------------------------------------


@kind()
def rows_with_only_a_number() -> bytes:
    return Book().rows(PROJECTS, numbered(10, 100_009, lambda n: number_cell(f"A{n}", n))).packed()


@kind()
def rows_with_only_an_amount() -> bytes:
    column = letter(layout.PROJECTS, "spent")
    return Book().rows(PROJECTS, numbered(10, 100_009, lambda n: number_cell(f"{column}{n}", n))).packed()


@kind()
def indicator_rows_with_only_a_number() -> bytes:
    return Book().rows(INDICATORS, numbered(40, 100_039, lambda n: number_cell(f"A{n}", n))).packed()


@kind()
def rows_on_every_sheet_with_only_a_number() -> bytes:
    book = Book()
    for part, _ in _SHEETS:
        book.rows(part, numbered(50, 20_049, lambda n: number_cell(f"A{n}", n)))
    return book.packed()


@kind()
def rows_with_a_blank_text() -> bytes:
    return Book().rows(PROJECTS, numbered(10, 100_009, lambda n: text_cell(f"A{n}", "无"))).packed()


@kind()
def empty_rows_to_the_last() -> bytes:
    rows = "".join(f'<row r="{n}"/>' for n in range(10, _LAST + 1))
    return Book().rows(PROJECTS, rows).packed()


@kind()
def styled_rows_to_the_last() -> bytes:
    rows = "".join(f'<row r="{n}" spans="1:24"><c r="A{n}" s="3"/></row>' for n in range(10, 300_000))
    return Book().rows(PROJECTS, rows).packed()


@kind()
def rows_without_numbers_of_their_own() -> bytes:
    return Book().rows(PROJECTS, '<row><c t="n"><v>1</v></c></row>' * 100_000).packed()


@kind()
def rows_in_the_wrong_order() -> bytes:
    rows = "".join(f'<row r="{n}">{number_cell(f"A{n}", n)}</row>' for n in range(50_009, 9, -1))
    return Book().rows(PROJECTS, rows).packed()


@kind()
def cells_in_one_row() -> bytes:
    cells = "".join(number_cell(f"{column_letter(n)}10", n) for n in range(1, 16_385))
    return Book().rows(PROJECTS, f'<row r="10">{cells}</row>' * 20).packed()


@kind()
def header_of_all_columns() -> bytes:
    cells = "".join(text_cell(f"{column_letter(n)}4", f"表头{n}") for n in range(25, 16_385))
    return Book().before(PROJECTS, '</row><row r="5"', cells).packed()


@kind()
def headers_in_every_row_of_all_columns() -> bytes:
    cells = [text_cell(f"{column_letter(n)}ROW", "预算数") for n in range(1, 5_000)]
    rows = "".join(f'<row r="{n}">{"".join(cells).replace("ROW", str(n))}</row>' for n in range(10, 30))
    return Book().rows(PROJECTS, rows).packed()


@kind()
def front_of_many_cells() -> bytes:
    return Book().rows(FRONT, numbered(40, 100_039, lambda n: text_cell(f"B{n}", f"栏{n}"))).packed()


@kind()
def front_with_a_label_in_every_cell() -> bytes:
    return Book().rows(FRONT, numbered(40, 50_039, lambda n: text_cell(f"B{n}", "填报人"))).packed()


@kind()
def total_rows() -> bytes:
    return Book().rows(PROJECTS, numbered(10, 30_009, lambda n: text_cell(f"A{n}", "合计"))).packed()


@kind()
def repeated_header_rows() -> bytes:
    def row(n: int) -> str:
        return (
            text_cell(f"A{n}", "项目编号") + text_cell(f"B{n}", "项目名称") + text_cell(f"C{n}", "部门名称")
        )

    return Book().rows(PROJECTS, numbered(10, 30_009, row)).packed()


# -- names -----------------------------------------------------------------------------------------------


@kind()
def too_many_projects() -> bytes:
    return _projects(5_000, lambda _: "")


@kind()
def projects_without_names() -> bytes:
    return _projects(2_000, lambda _: "")


@kind()
def projects_of_one_name() -> bytes:
    return _projects(2_000, lambda _: "宣传工作经费")


@kind()
def projects_of_one_number() -> bytes:
    return _projects(2_000, lambda n: f"第{n}号项目", lambda _: "001")


@kind()
def projects_of_one_number_and_name() -> bytes:
    return _projects(2_000, lambda _: "宣传工作经费", lambda _: "001")


@kind()
def projects_of_alike_names() -> bytes:
    """Each name differs from each other in two characters."""
    signs = (
        "文体广电旅游教育卫生农林水利交通住建财税审计统民政司法工商质监安环保土矿能源通信邮粮供销残联妇工团科"
    )
    names = [f"县直机关{one}公共服务保障{two}专项经费" for one in signs for two in signs]
    dice().shuffle(names)
    return _projects(2_000, lambda n: names[n])


@kind()
def projects_of_mixed_up_names() -> bytes:
    signs = list("宣传教育工作保障专项经费")
    random = dice()
    return _projects(2_000, lambda _: "".join(random.sample(signs, len(signs))))


@kind()
def projects_of_numbered_names() -> bytes:
    return _projects(2_000, lambda n: f"第{n}号项目经费")


@kind()
def projects_of_long_names() -> bytes:
    return _projects(300, lambda n: f"{'项目经费' * 2_000}{n}")


@kind()
def projects_of_many_batches() -> bytes:
    rows = [("001", "宣传经费", "追加", n % 12 + 1, 10, 3, "用于工作") for n in range(2_000)]
    headers = ("项目编号", "项目名称", "预算批次", "追加月份", "预算数", "累计支出", "资金用途")
    return filled(项目=(headers, rows))


@kind()
def codes_that_lost_zeros() -> bytes:
    book = Book()
    book.rows(PROJECTS, numbered(10, 3_009, lambda n: text_cell(f"A{n}", f"{n:06}")))
    return book.rows(INDICATORS, numbered(40, 3_039, lambda n: number_cell(f"A{n}", n))).packed()


@kind()
def indicators_of_one_project() -> bytes:
    rows = [("001", "产出指标", "数量指标", f"第{n}项", "≥", 10, "次", 5) for n in range(5_000)]
    return filled(指标=(_INDICATOR, rows))


@kind()
def indicators_of_one_name() -> bytes:
    rows = [("001", "产出指标", "数量指标", "次数", "≥", 10, "次", 1) for n in range(5_000)]
    return filled(指标=(_INDICATOR, rows))


@kind()
def indicators_of_unknown_projects() -> bytes:
    rows = [(f"X{n}", "产出指标", "数量指标", "次数", "≥", 10, "次", 1) for n in range(5_000)]
    return filled(指标=(_INDICATOR, rows))


@kind()
def corrections() -> bytes:
    headers = ("项目编号", "偏差原因", "原因分析", "整改措施", "整改完成时限", "整改结果")
    rows = [
        ("001", "经费保障", f"第{n}项验收晚了", f"九月底前完成第{n}项", "9月底", "未整改")
        for n in range(2_000)
    ]
    return filled(偏差整改=(headers, rows))


@kind()
def key_works() -> bytes:
    headers = ("类别", "工作事项", "数量", "计量单位", "上年同期")
    rows = [(f"第{n % 1_500}类", f"开展第{n}项工作", n, "次", n - 1) for n in range(2_000)]
    return filled(重点工作=(headers, rows))


@kind()
def key_works_of_one_category() -> bytes:
    headers = ("类别", "工作事项", "数量", "计量单位", "上年同期")
    return filled(重点工作=(headers, [("宣传", "开展宣传", 3, "次", 2)] * 2_000))


@kind()
def notes() -> bytes:
    rows = [
        ("资金情况补充", f"第{n}个项目预算{n}万元，支出{n - 1}万元，执行率{n % 100}%。")
        for n in range(1, 2_001)
    ]
    return filled(文字说明=(("章节", "内容"), rows))


@kind()
def notes_that_name_projects() -> bytes:
    rows = [
        ("资金情况补充", f"“第{n}号工作经费”{n}万元，上年同期{n + 1}万元，同比下降{n % 7}%。")
        for n in range(1, 2_001)
    ]
    return filled(文字说明=(("章节", "内容"), rows))


# -- cells -----------------------------------------------------------------------------------------------


def _amounts(text: str) -> bytes:
    """Nearly 8,000 amounts of one text."""
    columns = [letter(layout.PROJECTS, field) for field in ("amount", "adjustment", "spent", "contract")]
    return (
        Book()
        .rows(PROJECTS, numbered(10, 1_999, lambda n: "".join(number_cell(f"{c}{n}", text) for c in columns)))
        .packed()
    )


@kind()
def amounts_of_1e999999() -> bytes:
    return _amounts("1e999999")


@kind()
def amounts_of_1e_minus_999999() -> bytes:
    return _amounts("1e-999999")


@kind()
def amounts_of_long_digits() -> bytes:
    return _amounts("9" * 5_000)


@kind()
def amounts_of_many_decimals() -> bytes:
    return _amounts("0." + "3" * 5_000)


@kind()
def computed_cells_of_1e999999() -> bytes:
    column = letter(layout.PROJECTS, "achievement")
    return (
        Book()
        .rows(
            PROJECTS,
            numbered(10, 8_009, lambda n: number_cell(f"A{n}", n) + number_cell(f"{column}{n}", "1e999999")),
        )
        .packed()
    )


@kind()
def dates_of_huge_serials() -> bytes:
    column = letter(layout.CORRECTIONS, "deadline")
    cells = numbered(20, 8_019, lambda n: f'<c r="{column}{n}" s="5"><v>1e{n}</v></c>')
    return Book().rows(CORRECTIONS, cells).packed()


def _in_every_input(text: str) -> bytes:
    """A text in every input column of every sheet, as long as all together may be."""
    book = Book()
    for part, sheet in _SHEETS:
        columns = [column_letter(n) for n, column in enumerate(sheet.columns, 1) if not column.computed]
        cells = "".join(text_cell(f"{column}50", escape(text[:28_000])) for column in columns)
        book.rows(part, f'<row r="50">{cells}</row>')
    return book.packed()


_FILLINGS = {
    "digits": "9" * _LONGEST,
    "brackets": "(" * _LONGEST,
    "closed_brackets": "()" * (_LONGEST // 2),
    "numerals": "一" * _LONGEST,
    "tens": "十百" * (_LONGEST // 2),
    "myriads": "万亿" * (_LONGEST // 2),
    "numeral": "一亿三千万" * (_LONGEST // 5),
    "commas": "1," * (_LONGEST // 2),
    "thousands": "1,000" + ",000" * (_LONGEST // 5),
    "points": "1." * (_LONGEST // 2),
    "percents": "%" * _LONGEST,
    "percent_of_digits": "9" * (_LONGEST - 1) + "%",
    "blanks": "1" + " " * (_LONGEST - 2) + "x",
    "breaks": "1" + "\n" * (_LONGEST - 2) + "x",
    "units": "1" + "万元" * (_LONGEST // 2 - 1),
    "dates": "2022年" * (_LONGEST // 5),
    "months": "6月" + "底" * (_LONGEST - 3) + "x",
    "until": "至" * _LONGEST,
    "options": "经费保障、" * (_LONGEST // 5),
    "separators": "、" * _LONGEST,
    "comparisons": "≥" * _LONGEST,
    "comparison": "≥" + "9" * (_LONGEST - 1),
    "about": "约" * _LONGEST,
    "signs": "-" * _LONGEST,
    "stars": "*" * _LONGEST,
    "escapes": "_x000A_" * (_LONGEST // 7),
    "wide": "１" * _LONGEST,
    "quotes": "“" * _LONGEST,
    "sentences": "项目预算1万元，支出2万元，执行率3%。" * (_LONGEST // 20),
    "one_sentence": "项目预算1万元，" * (_LONGEST // 8),
    "braces": "{" * _LONGEST,
}


def _register_fillings() -> None:
    for name, text in _FILLINGS.items():

        def make(text: str = text) -> bytes:
            return _in_every_input(text)

        make.__name__ = f"every_input_of_{name}"
        kind()(make)


_register_fillings()


@kind()
def longest_texts_in_many_rows() -> bytes:
    text = "开展宣传活动" * (_LONGEST // 6)
    columns = [letter(layout.PROJECTS, field) for field in ("name", "purpose", "goal", "remark")]
    rows = numbered(10, 209, lambda n: "".join(text_cell(f"{c}{n}", text) for c in columns))
    return Book().rows(PROJECTS, rows).packed()


@kind()
def longest_notes() -> bytes:
    text = "本单位加强了预算管理，累计支出5万元，执行率50%。" * (_LONGEST // 26)
    return filled(文字说明=(("章节", "内容"), [("资金情况补充", text)] * 20))


@kind()
def front_of_longest_texts() -> bytes:
    book = Book()
    for cell in ("C4", "C5", "C7", "F4", "F5", "F6", "F7", "F8"):
        book.parts[FRONT] = re.sub(
            rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)',
            text_cell(cell, "某" * _LONGEST),
            book.parts[FRONT],
            count=1,
        )
    return book.packed()
