"""Heavy for `audit`: numerals, brackets, long lines and many tables, as text, in a workbook's cell, in a Word paragraph; and profiles."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from heavy import Book, Make, dice, filled, kind, numbered, text_cell, zipped

from xlbudget.audit.source import LONGEST

_SIZE = LONGEST - 1000
"""Characters of a text: nearly as many as are read at all."""
_MARKED = (
    "bars",
    "stars",
    "links",
    "tags",
    "comment",
    "slashes",
    "dashes",
    "tabs",
    "blanks",
    "letters",
    "quotes",
)
"""Texts that are also given as Markdown."""
_LONGEST = 32_767


def _long(unit: str, size: int = _SIZE) -> str:
    return unit * (size // len(unit))


TEXTS = {
    "digits": "9",
    "numerals": "一",
    "tens": "十",
    "myriads": "万",
    "numeral": "一亿三千万",
    "capitals": "壹佰贰拾",
    "zeros": "0",
    "points": "1.",
    "commas": "1,",
    "thousands": ",000",
    "wide_commas": "，",
    "percents": "%",
    "percentages": "5%",
    "brackets": "(",
    "closed_brackets": "()",
    "wide_brackets": "（",
    "quotes": "“",
    "quoted": "“宣传经费”",
    "dashes": "-",
    "months": "6月",
    "years": "2022年",
    "dates": "2022年6月1日",
    "names": "宣传工作经费",
    "amounts": "5万元",
    "yuan": "元",
    "amounts_in_a_list": "宣传经费5万元、",
    "counts": "3个项目",
    "blanks": " ",
    "wide_blanks": "　",
    "tabs": "1\t",
    "bars": "|",
    "stars": "*",
    "colons": "：",
    "marks": "（一）",
    "letters": "a",
    "characters": "预算支出项目",
    "of_which": "其中：",
    "points_of_a_list": "1.宣传经费",
    "growth": "同比增长5%，",
    "shares": "占5%",
    "respectively": "分别为",
    "ranges": "5%—10%",
    "than": "比上年",
    "adjusted": "由5万元调整为6万元，",
    "tens_of_percent": "百分之五",
    "band": "50%（含）以上",
    "slashes": "\\",
    "links": "[a](",
    "tags": "<b",
    "comment": "<!--",
}


def _register() -> None:
    for name, unit in TEXTS.items():

        def text(unit: str = unit) -> bytes:
            return _long(unit).encode()

        def sheet(unit: str = unit) -> bytes:
            own = unit.replace("<", "&lt;")
            return (
                Book()
                .sheet(90, "我的", f'<row r="1">{text_cell("A1", own * (_LONGEST // len(unit)))}</row>')
                .packed()
            )

        def word(unit: str = unit) -> bytes:
            return _word([_long(unit)])

        for make, suffix, what in (
            (text, ".txt", "text"),
            (text, ".md", "markdown"),
            (sheet, ".xlsx", "cell"),
            (word, ".docx", "word"),
        ):
            if what == "markdown" and name not in _MARKED:
                continue
            one = cache(make)
            one.__name__ = f"{what}_of_{name}"  # type: ignore[attr-defined]
            kind(suffix, "audit")(one)


def _word(paragraphs: list[str]) -> bytes:
    """A Word document with paragraphs of text."""
    from docx import Document

    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_register()


@kind(".txt")
def text_of_400_kb_of_digits() -> bytes:
    return b"9" * 400 * 1024


@kind(".txt")
def text_of_400_kb_of_numerals() -> bytes:
    return ("一亿三千万" * 27_000).encode()


@kind(".txt")
def text_of_rules() -> bytes:
    return ("|---|---|\n" * 24_000).encode()


@kind(".txt")
def text_of_headers_and_numbers() -> bytes:
    return ("项目名称\n预算\n支出\n甲\n5\n" * 14_000).encode()


@kind(".txt")
def text_of_headers_and_names() -> bytes:
    return ("项目名称\n预算\n支出\n甲\n5\n" + "宣传工作\n" * 45_000).encode()


@kind(".txt")
def text_of_one_line() -> bytes:
    return ("项目预算5万元，支出3万元，执行率60%，" * 70_000).encode()


@kind(".txt")
def text_of_one_line_of_sentences() -> bytes:
    return ("宣传经费预算5万元，支出3万元，执行率60%。" * 65_000)[:1_400_000].encode()


@kind(".txt")
def text_of_many_lines() -> bytes:
    return "\n".join(f"第{n}个项目预算{n}万元，支出{n}元，执行率{n % 100}%。" for n in range(6_000)).encode()


@kind(".txt")
def text_of_short_lines() -> bytes:
    return ("项目\n" * 80_000).encode()


@kind(".txt")
def text_of_headers() -> bytes:
    return ("项目名称\n预算\n支出\n" * 20_000).encode()


@kind(".txt")
def text_of_flat_table() -> bytes:
    return ("项目名称  预算  支出  执行率\n" + "宣传经费  5  3  60%\n" * 12_000).encode()


@kind(".txt")
def text_of_numbers() -> bytes:
    random = dice()
    return " ".join(str(random.randrange(10**6)) for _ in range(32_000)).encode()


@kind(".txt")
def text_of_many_names() -> bytes:
    items = "、".join(
        f"{chr(0x4E00 + n % 20_000)}{chr(0x4E00 + n * 7 % 20_000)}宣传工作经费{n % 90 + 1}万元"
        for n in range(10_000)
    )
    return f"6个项目：{items}。".encode()


@kind(".txt")
def text_of_many_projects_again_and_again() -> bytes:
    names = [f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}宣传工作经费" for n in range(3_000)]
    return "\n".join(f"{name}预算5万元，支出3万元，执行率60%。{name}支出4万元。" for name in names).encode()


@kind(".txt")
def text_of_growths() -> bytes:
    return "\n".join(
        f"全年{n}次，上年{n + 1}次，同比下降{n % 90}%，占总数的{n % 70}%。" for n in range(20_000)
    ).encode()


@kind(".md")
def markdown_of_a_table() -> bytes:
    return ("|项目名称|预算|支出|\n|-|-|-|\n" + "|宣传经费|5|3|\n" * 16_000).encode()


@kind(".md")
def markdown_of_a_wide_table() -> bytes:
    return ("|项目名称" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + ("|5" * 5_000 + "|\n") * 20).encode()


@kind(".md")
def markdown_of_many_tables() -> bytes:
    return ("|项目名称|预算|支出|\n|-|-|-|\n|宣传经费|5|3|\n|合计|5|3|\n\n" * 5_000).encode()


@kind(".docx")
def word_of_many_paragraphs() -> bytes:
    return _raw_word("<w:p><w:r><w:t>宣传经费预算5万元，支出3万元。</w:t></w:r></w:p>" * 12_000)


@kind(".docx")
def word_of_too_many_paragraphs() -> bytes:
    return _raw_word(
        "".join(
            f"<w:p><w:r><w:t>第{n}号经费预算{n}万元，支出{n * 7 % 9999}元。</w:t></w:r></w:p>"
            for n in range(190_000)
        )
    )


@kind(".docx")
def word_of_many_runs() -> bytes:
    return _raw_word(f"<w:p>{'<w:r><w:t>5</w:t></w:r>' * 200_000}</w:p>")


@kind(".docx")
def word_of_deep_tables() -> bytes:
    open_, close = "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/>", "</w:tc></w:tr></w:tbl>"
    return _raw_word(open_ * 60 + close * 60)


@kind(".docx")
def word_of_a_wide_table() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="200"/></w:tcPr><w:p><w:r><w:t>5</w:t></w:r></w:p></w:tc>'
    return _raw_word(
        f"<w:tbl>{'<w:tr>' + cell * 100 + '</w:tr>'}{('<w:tr>' + cell * 100 + '</w:tr>') * 40}</w:tbl>"
    )


@kind(".docx")
def word_of_a_long_table() -> bytes:
    def row(*cells: str) -> str:
        return (
            "<w:tr>"
            + "".join(f"<w:tc><w:p><w:r><w:t>{one}</w:t></w:r></w:p></w:tc>" for one in cells)
            + "</w:tr>"
        )

    return _raw_word(f"<w:tbl>{row('项目名称', '预算', '支出')}{row('宣传经费', '5', '3') * 30_000}</w:tbl>")


def _raw_word(body: str) -> bytes:
    """A Word document of little more than its body."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return zipped(
        {
            "[Content_Types].xml": (
                b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
                b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
                b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
            ),
            "_rels/.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>'
            ).encode(),
            "word/document.xml": f'<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>'.encode(),
        }
    )


# -- workbooks given to audit ----------------------------------------------------------------------------


@kind(".xlsx", "audit")
def sheet_of_many_texts() -> bytes:
    return (
        Book()
        .sheet(
            90,
            "我的",
            numbered(
                1,
                30_000,
                lambda n: text_cell(f"A{n}", f"第{n}个项目预算{n}万元，支出{n}元，执行率{n % 100}%。"),
            ),
        )
        .packed()
    )


@kind(".xlsx", "audit")
def sheet_of_many_columns() -> bytes:
    from xlbudget.domain.where import column_letter

    row = "".join(text_cell(f"{column_letter(n)}1", "预算数") for n in range(1, 16_385))
    return (
        Book()
        .sheet(90, "我的", f'<row r="1">{row}</row>' + f'<row r="2">{row.replace("1", "2")}</row>')
        .packed()
    )


@kind(".xlsx", "audit")
def sheet_of_far_cells() -> bytes:
    """Cells on the diagonal: a table of them would have a hundred million cells."""
    from xlbudget.domain.where import column_letter

    return (
        Book()
        .sheet(90, "我的", numbered(1, 10_000, lambda n: text_cell(f"{column_letter(n)}{n}", "5")))
        .packed()
    )


@kind(".xlsx", "audit")
def workbook_of_many_projects() -> bytes:
    rows = [(f"{n:05}", f"第{n}号项目", "年初", 10, 3, "用于工作") for n in range(5_000)]
    return filled(项目=(("项目编号", "项目名称", "预算批次", "预算数", "累计支出", "资金用途"), rows))


# -- profiles --------------------------------------------------------------------------------------------


def _profile(text: str) -> bytes:
    return f'extends = "hebei-county"\nid = "own"\nname = "自己的口径"\n{text}'.encode()


def _wording(sentence: str) -> bytes:
    return _profile(f"[report.wording]\nexecution_total = {sentence!r}\n".replace("'", '"'))


PROFILES: dict[str, Make] = {
    "placeholders": lambda: _wording("{budget}" * 100_000),
    "braces": lambda: _wording("{" * 400_000),
    "closing_braces": lambda: _wording("}" * 400_000),
    "deep_arrays": lambda: _profile("x = " + "[" * 100_000 + "]" * 100_000),
    "deep_tables": lambda: _profile("[" + ".".join(["a"] * 100_000) + "]\n"),
    "many_tables": lambda: _profile("".join(f"[t{n}]\n" for n in range(100_000))),
    "huge_array": lambda: _profile("bands = [" + "{label='a', lower=1}," * 40_000 + "]"),
    "many_bands": lambda: _profile(
        "bands = [" + ",".join(f"{{label='a{n}', lower={100 - n / 1000}}}" for n in range(20_000)) + "]"
    ),
    "long_number": lambda: _profile("over_achievement = 1" + "0" * 900_000),
    "long_decimal": lambda: _profile("over_achievement = 1." + "1" * 900_000),
    "long_exponent": lambda: _profile("over_achievement = 1e999999999"),
    "many_sections": lambda: _profile("[report]\nsections = [" + "{heading='a'}," * 60_000 + "]"),
    "deep_sections": lambda: _profile(
        "[report]\nsections = " + "[{heading='a', sections=" * 500 + "[]" + "}]" * 500
    ),
    "long_string": lambda: _profile(f'basis = "{"字" * 300_000}"'),
    "unknown_keys": lambda: _profile("".join(f"k{n} = 1\n" for n in range(60_000))),
    "dotted_keys": lambda: _profile("".join(f"report.wording.k{n} = ''\n" for n in range(30_000))),
    "comments": lambda: _profile("# x\n" * 250_000),
    "too_large": lambda: _profile("# x\n" * 1_000_000),
}


def _register_profiles() -> None:
    for name, make in PROFILES.items():

        def alone(make: Make = make) -> bytes:
            return make()

        alone.__name__ = f"profile_of_{name}"
        kind(".toml", "profiles check")(alone)

        def beside() -> bytes:
            return Book().packed()

        beside.__name__ = f"beside_profile_of_{name}"
        kind(".xlsx", "check", beside={"own.toml": make})(beside)


_register_profiles()
