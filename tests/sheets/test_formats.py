"""What number formats show, and which number people see there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xlbudget.sheets.formats import show

SHOWN: dict[tuple[str, str], str | None] = {
    ("24100", 'General"元"'): "24100元",
    ("60000", '#,##0.00"元"'): "60,000.00元",
    ("60000", "0!.0,"): "6.0",
    ("24100", '0!.0000"万元"'): "2.4100万元",
    ("75", '[<60]"不达标";"达标"'): "达标",
    ("59.9", '[<60]"不达标";"达标"'): "不达标",
    ("-1", ";;;"): "",
    ("0.95", "0%"): "95%",
    ("5551234", "000-0000"): "555-1234",
    ("44820", 'yyyy"年"m"月"d"日"'): "2022年9月16日",
    ("1.5", "[h]:mm"): "36:00",
    ("44820", "aaaa"): "星期五",
    ("24100", '[DBNum2]General"元整"'): "贰万肆仟壹佰元整",
    ("-1", "yyyy/m/d"): None,
}


@pytest.mark.parametrize(("number", "code"), SHOWN)
def test_what_is_shown(number: str, code: str) -> None:
    assert show(Decimal(number), code) == SHOWN[number, code]
