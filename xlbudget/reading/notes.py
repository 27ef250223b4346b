"""How cells are read, in words of a bookkeeper: for 填报说明 and docs/rules.md, each example tried by a test."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """What is typed or seen in a cell, and how it is read; None where it is refused."""

    typed: str
    read: str | None


class Note(NamedTuple):
    """One habit of reading. `where` names the column (its 计量单位 in brackets) that the examples stand in."""

    title: str
    text: str
    where: str
    examples: tuple[Example, ...]

    @property
    def shown(self) -> str:
        """The examples in one line."""
        return "；".join(f"{one.typed} → {one.read or '报错，请改写'}" for one in self.examples)


NOTES = (
    Note(
        "金额",
        "只填数字的，按首页的金额单位算；写了元、万元、亿元的，按写的单位换算，并提示换算成了多少。",
        "金额（万元）",
        (Example("6", "6"), Example("60000元", "6"), Example("6w", "6"), Example("1亿3000万元", "13000"), Example("5千", None)),
    ),
    Note(
        "中文数字",
        "按规范写法读，大写也可以，“一〇五”这样只写数码的按数码读；口语的写法（一千二、七八个、2个半）看不准，请写成阿拉伯数字。",
        "金额（万元）",
        (Example("一亿三千万元", "13000"), Example("贰万肆仟壹佰元整", "2.41"), Example("一零五", "105"), Example("一千二", None)),
    ),
    Note(
        "带格式的数",
        "以看到的为准：格式里带的元、千元、万元、%，以及把数缩小一千倍、一万倍的格式，都算填了单位，并提示；格式让数看不见的给警告；显示成日期、时间的金额请改为常规格式重填。",
        "金额（万元）",
        (Example('60000，格式 0"元"', "6"), Example("60000，格式 0!.0,", "6"), Example("0.25，格式 h:mm", None)),
    ),
    Note(
        "单位",
        "数后面的单位要与计量单位相同，或者能准确换算；不能换算的（人次与期、工作日与天）请换算好再填。约、左右、余、多可以写，按写的数算。",
        "当前完成值（公里）",
        (Example("50000米", "50"), Example("50余公里", "50"), Example("50亩", None), Example("<50", None)),
    ),
    Note(
        "百分数",
        "计量单位是 % 的，95、95%、百分之九十五都可以。目标填 0.95 的，看不出是 95% 还是 0.95%，请填 95 或 95%。",
        "当前完成值（%）",
        (Example("95%", "95"), Example("百分之九十五", "95"), Example("九成", "90")),
    ),
    Note(
        "日期和月份",
        "没写年份的，按预算年度；只写到月、季度、年底的，按最后一天；计量单位是月的，6月、12月底前就是 6 和 12。",
        "整改完成时限",
        (Example("7月8日", "2022-07-08"), Example("9月底前", "2022-09-30"), Example("2022年底", "2022-12-31"), Example("尽快", None)),
    ),
)  # fmt: skip
