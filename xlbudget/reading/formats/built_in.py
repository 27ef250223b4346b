"""Number formats that a file names by number only, as a Chinese Excel shows them (ECMA-376 part 1, 18.8.30)."""

from __future__ import annotations

_MONTH, _DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
_CLOCK, _HALF_DAYS = 'h"时"mm"分"', '上午/下午h"时"mm"分"'
_ACCOUNTING = '_ {0}* #,##0{1}_ ;_ {0}* -#,##0{1}_ ;_ {0}* "-"{2}_ ;_ @_ '
BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _MONTH, 28: _DAY, 29: _DAY, 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: _CLOCK, 33: f'{_CLOCK}ss"秒"',
    34: _HALF_DAYS, 35: f'{_HALF_DAYS}ss"秒"', 36: _MONTH,
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: _ACCOUNTING.format("", "", ""), 42: _ACCOUNTING.format('"¥"', "", ""),
    43: _ACCOUNTING.format("", ".00", "??"), 44: _ACCOUNTING.format('"¥"', ".00", "??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
    50: _MONTH, 51: _DAY, 52: _MONTH, 53: _DAY, 54: _DAY, 55: _HALF_DAYS, 56: f'{_HALF_DAYS}ss"秒"', 57: _MONTH, 58: _DAY,
}  # fmt: skip
SAME_EVERYWHERE: tuple[int, ...] = (*range(5), *range(9, 14), *range(18, 22), *range(45, 50))
"""Numbers whose format is the same in every language, so that a style may be written by number."""
