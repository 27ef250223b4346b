"""Cells in many formats, as we show them and as LibreOffice does."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from tests.office.conftest import (
    Convert,
    convert,  # noqa: F401
)
from tests.reading.test_formats import DATES, GENERAL, NUMBERS, NUMERALS, SECTIONS
from xlbudget.reading.formats import BUILT_IN, show

pytestmark = pytest.mark.office

VALUES = (
    "0", "1", "-1", "5", "0.5", "-0.5", "12", "75", "99.995", "-99.995", "123.456", "1234.5", "-1234.5", "24100", "60000",
    "1234567.891", "-1234567.891", "0.004", "-0.004", "0.95", "44820", "44820.625", "60", "61", "0.25", "1.75", "123456789",
)  # fmt: skip
PLACES = ["0", "#", "?", "#,##0", "000", "??0"]
MORE = [
    f"{before}{whole}{rest}{after}"
    for before in ("", "[$¥-804]", '"约"', "_ ", "-")
    for whole in PLACES
    for rest in ("", ".0", ".00", ".0#", ".?", ",", ".0,,", "%", "\\.00", '"."00', "E+00")
    for after in ("", '"万元"', "_)")
]
LIBREOFFICE = {
    r"!|上午|通用|红色|颜色|b1|bb|gg": "does not know these signs of a Chinese Excel",
    r"aaa|\[DBNum\d\](?!\[\$)": "knows them only where it is set to Chinese",
    r"DBNum.*0": "writes place values where Excel writes digit by digit",
    r"under e|ee?(mm|-mm)": "writes two digits of the year",
    r"\[\$-F[48]00\]": "takes the machine's own forms, which differ",
    r"A/P": "writes a and p",
    r"\.#|\.0#\?": "leaves out a point or blanks behind which nothing stands",
    r"^(0|1|5|12|0\.\d+|1\.75|60) under .*[ymd]": "counts the first sixty days from 30 December 1899",
    r"^[\d.]+ under .*s": "cuts off parts of a second where Excel rounds",
    r"^(60000|1234567\S*) under .*\[[hms]": "shows no lengths of time that are so great",
    r"^-[\d.]+ under ([^0#?]*$|.*\[[<>=])": "sets no minus before words, and before digits by other conditions",
    r"under 0;\[>=-5\]": "applies the first section to no number where only the second has a condition",
    r"\[\$¥-804\][^;]*[%E]": "takes % and E behind a currency for words",
    r"[?#]E\+00|E\+00_\)": "leaves out zeros before E, and of the exponent before a blank",
    r"under \[Red\]$": "shows nothing where only a colour is said",
    r"/100": "shows 0.995 as 100/100",
}
"""Where LibreOffice is the odd one: pattern of "number under format" → what it does otherwise than Excel."""


def shown_by_libreoffice(cases: list[tuple[str, str]], folder: Path, program: Convert) -> list[str]:
    path = folder / "formats.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        looks = {
            code: book.add_format({"num_format": code}) for code in dict.fromkeys(code for code, _ in cases)
        }
        for row, (code, number) in enumerate(cases):
            sheet.write_number(row, 0, float(number), looks[code])
            sheet.write_string(row, 1, "|")
        sheet.set_column(0, 0, 80)
    result = program(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")
    # A ? without a digit is a blank as wide as one (U+2007) in 25.2.
    return [line[0].replace("\u2007", " ") for line in csv.reader(io.StringIO(result.read_text("utf-8")))]


def test_libreoffice_shows_the_same(tmp_path: Path, convert: Convert) -> None:  # noqa: F811
    codes = dict.fromkeys((*NUMBERS, *SECTIONS, *GENERAL, *NUMERALS, *DATES, *BUILT_IN.values(), *MORE))
    cases = [(code, number) for code in codes if code for number in VALUES]
    lines = shown_by_libreoffice(cases, tmp_path, convert)
    different = {
        f"{number} under {code}": (ours, line)
        for (code, number), line in zip(cases, lines, strict=True)
        if (ours := show(Decimal(number), code)) is not None and ours.strip() != line.strip()
    }
    reasons = re.compile("|".join(LIBREOFFICE))
    assert {one: shown for one, shown in different.items() if not reasons.search(one)} == {}
    assert len(different) < len(cases) // 8
