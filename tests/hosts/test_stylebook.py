"""The styles part: which format a cell has, and how ours are written there."""

from __future__ import annotations

import pytest
from lxml import etree

from xlbudget.files.xml import MAIN
from xlbudget.hosts.stylebook import StyleBook
from xlbudget.pages import styles
from xlbudget.pages.styles import Style


def book(*numbers: int, custom: str = "") -> StyleBook:
    looks = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    return StyleBook(
        etree.fromstring(
            f'<styleSheet xmlns="{MAIN}"><numFmts>{custom}</numFmts><cellXfs>{looks}</cellXfs></styleSheet>'
        )
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (0, "General"), (9, "0%"), (14, "yyyy/m/d"), (28, 'm"月"d"日"'), (31, 'yyyy"年"m"月"d"日"'), (32, 'h"时"mm"分"'),
        (57, 'yyyy"年"m"月"'), (58, 'm"月"d"日"'), (49, "@"), (23, "General"), (163, "General"), (164, '0"元"'),
    ],
)  # fmt: skip
def test_a_format_named_by_its_number(number: int, code: str) -> None:
    assert book(number, custom='<numFmt numFmtId="164" formatCode="0&quot;元&quot;"/>').formats() == [code]


@pytest.mark.parametrize(
    ("code", "by_number"), [("0.00%", True), ("@", True), ("yyyy/m/d", False), ("#,##0;-#,##0", False)]
)
def test_our_formats_are_written_by_number_where_it_means_the_same_in_every_language(
    code: str, by_number: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = styles.Derived("probe")
    monkeypatch.setitem(styles.STYLES, probe, Style(format=code))
    one = book(0)
    assert one.formats()[0] == "General"
    assert one.index(probe) == 1
    assert one.formats()[1] == code
    numbers = {int(xf.get("numFmtId", "")) for xf in one.root.iter(f"{{{MAIN}}}xf")}
    assert (max(numbers) < 164) is by_number


@pytest.mark.parametrize(("length", "known"), [(255, True), (256, False), (300_000, False)])
def test_a_format_longer_than_excel_takes_is_none(length: int, known: bool) -> None:
    code = "0" * length
    custom = f'<numFmt numFmtId="164" formatCode="{code}"/>'
    assert book(164, custom=custom).formats() == [code if known else "General"]
