"""Seven plausible county units, generated from a seed, and the ways in which people type them.

`unit_of` gives the intended facts, `write` fills them into a blank workbook by sheet name and header text:
tidily, or with a share of cells typed as SPEC section 3 lists, or with columns and header row moved as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

from tests.facts import TIMED, Entry, IndicatorFact, ProjectFact, UnitFact
from xlbudget import app

YEAR = 2024
WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class County:
    """A unit to be generated; a theme is 项目名称|资金用途|产出指标|计量单位|服务对象."""

    name: str
    month: int
    money: str
    projects: int
    themes: tuple[str, ...]
    method: str = "equal_mean"
    zeros: bool = True
    """Whether project numbers are 001, 002 … or 1, 2 …"""


COUNTIES = (
    County("教育局", 6, "万元", 40, (
        "农村学校改造资金|改善农村学校办学条件|改造学校|所|学生和家长",
        "家庭经济困难学生资助|资助家庭经济困难学生|资助学生|人|受助学生",
        "教师培训经费|组织中小学教师培训|培训教师|人次|参训教师",
        "校园安全设备购置|购置校园安防设备|安装设备|套|师生",
        "营养改善计划补助|补助农村学生营养餐|供餐学校|所|学生和家长",
    )),
    County("卫健局", 9, "元", 18, (
        "基本公共卫生服务补助|为城乡居民提供基本公共卫生服务|建立健康档案|份|城乡居民",
        "村卫生室运行经费|保障村卫生室日常运行|补助村卫生室|个|村民",
        "老年人健康体检|组织65岁以上老年人体检|体检人数|人|老年人",
        "疫苗冷链设备购置|更新疫苗冷链设备|购置设备|台|接种人员",
    ), zeros=False),
    County("农业农村局", 7, "万元", 12, (
        "高标准农田建设|建设高标准农田|建成面积|亩|农户",
        "动物防疫经费|采购疫苗并开展免疫|免疫数量|头|养殖户",
        "农机购置补贴|补贴农户购置农机具|补贴机具|台|购机农户",
        "农产品质量检测|开展农产品抽样检测|抽检样品|批次|消费者",
    ), method="self_eval"),
    County("水利局", 3, "万元", 8, (
        "小型水库维修养护|维修养护小型水库|养护水库|座|库区群众",
        "农村饮水安全巩固提升|改造农村供水管网|改造管网|公里|用水户",
        "河道清淤整治|清理整治县域河道|整治河道|公里|沿河居民",
    ), method="weighted", zeros=False),
    County("交通运输局", 12, "万元", 25, (
        "农村公路养护|养护县乡村三级公路|养护里程|公里|沿线群众",
        "危桥改造工程|改造县域危桥|改造桥梁|座|过往司机",
        "城乡公交运营补贴|补贴城乡公交运营|运营班次|班次|乘客",
        "公路安全防护工程|安装公路防护栏|安装护栏|米|过往司机",
    ), method="self_eval"),
    County("民政局", 1, "元", 5, (
        "城乡低保补助|发放城乡最低生活保障金|保障人数|人|低保对象",
        "敬老院运行经费|保障敬老院日常运行|供养老人|人|供养老人",
        "社区服务站建设|建设社区服务站|建成服务站|个|社区居民",
    )),
    County("文旅局", 10, "元", 15, (
        "公共文化场馆免费开放|保障文化馆图书馆免费开放|接待群众|万人次|到馆群众",
        "送戏下乡演出|组织文艺院团下乡演出|演出场次|场|农村观众",
        "文物保护修缮|修缮县级文物保护单位|修缮文物|处|参观群众",
        "旅游宣传推广|编印旅游宣传材料|编印材料|期|游客",
    ), method="weighted"),
)  # fmt: skip
AREAS = (
    "",
    "（城关片区）",
    "（东部片区）",
    "（西部片区）",
    "（南部片区）",
    "（北部片区）",
    "（山区）",
    "（二期）",
)


class ProjectRow(NamedTuple):
    fact: ProjectFact
    name: str
    purpose: str


class IndicatorRow(NamedTuple):
    fact: IndicatorFact
    level1: str
    level3: str
    measure_unit: str


@dataclass(slots=True)
class FilledUnit:
    """What a unit means to fill in."""

    county: County
    projects: list[ProjectRow] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)

    @property
    def facts(self) -> UnitFact:
        projects = tuple(row.fact for row in self.projects)
        return UnitFact(self.county.month, projects, tuple(row.fact for row in self.indicators))


# -- what a unit means to say --------------------------------------------------------------------------


def _money(rng: random.Random) -> Decimal:
    """An amount in 元: round ten thousands, hundreds, or with 分."""
    yuan = Decimal(rng.randint(2, 60)) * WAN
    return yuan + rng.choice([Decimal(0), Decimal(0), Decimal(rng.randint(1, 99)) * 100, Decimal("1234.56")])


def _spent(rng: random.Random, budget: Decimal, month: int) -> Decimal:
    share = rng.choice([0, 10, 6, 8, 11, 12, 10]) * month
    return (min(budget, budget * share / 120) * 100 // 1) / 100


def _project(rng: random.Random, number: str, month: int, supplement: int | None) -> ProjectFact:
    amount = _money(rng)
    cuts: list[Entry] = ["", "", "", "", Decimal(5_000), Decimal("-1500.5"), -amount]
    adjustment = rng.choice(cuts)
    budget = amount + (adjustment if isinstance(adjustment, Decimal) else 0)
    early = supplement is not None and supplement > month
    spent = Decimal(0) if early or not budget else _spent(rng, budget, month)
    ahead: list[Entry] = [budget, max(spent, budget * 9 // 10), ""]
    full_year = rng.choice(ahead) if budget else ""
    batch = "年初" if supplement is None else "追加"
    return ProjectFact(number, batch, supplement, amount, adjustment, spent, full_year)


def _batches(rng: random.Random, month: int) -> list[int | None]:
    """年初 (None) and the months of supplementary batches of one project, one of them perhaps after N."""
    months = rng.sample(range(1, min(12, month + 1) + 1), 2 if month > 1 else 1)
    return rng.choice([[None], [None], [None], [None, months[0]], [None, *months], [months[0]]])


Maker = Callable[[random.Random, str, int, list[str]], IndicatorRow]


def _done(rng: random.Random, target: Decimal, month: int) -> Decimal:
    """How much of a yearly target is done by now: behind, on time, ahead or over."""
    share = Decimal(rng.choice(["0", "0.5", "0.65", "0.9", "1", "1.1", "1.3"])) * month / 12
    return (target * share).quantize(Decimal(1) if target >= 10 else Decimal("0.1"))


def _quantity(rng: random.Random, number: str, month: int, theme: list[str]) -> IndicatorRow:
    target = Decimal(rng.choice([4, 12, 20, 60, 240, 1500, 3600, 12_000]))
    if theme[3].startswith("万"):
        target = Decimal(rng.choice(["2.5", "12", "30.5"]))
    actual = _one_of(rng, *[_done(rng, target, month)] * 5, "")
    full_year = _one_of(rng, "", "", target, _done(rng, target, 12))
    comparison = rng.choice("≥≥≥＝＞")
    timed = rng.choice(TIMED)
    fact = IndicatorFact(number, comparison, target, actual, full_year, _likelihood(rng), timed, "数量指标")
    return IndicatorRow(fact, "产出指标", theme[2], theme[3])


def _one_of(rng: random.Random, *entries: Entry) -> Entry:
    return rng.choice(entries)


def _likelihood(rng: random.Random) -> str:
    return rng.choice(["", "", "确定能", "确定能", "有可能", "完全不可能"])


def _rate(rng: random.Random, month: int, wait: bool) -> Entry:
    if wait and rng.random() < 0.6 and month < 12:
        return "未到期"
    return rng.choice([Decimal(100), Decimal("97.5"), Decimal(88), Decimal(95), Decimal(0), Decimal("62.35")])


def _quality(rng: random.Random, number: str, month: int, _: list[str]) -> IndicatorRow:
    comparison, target = rng.choice([("＝", 100), ("≥", 95), ("≥", 98)])
    due = rng.choice([6, 9, 12, 12])
    fact = IndicatorFact(number, comparison, Decimal(target), _rate(rng, month, wait=False), due=due)
    return IndicatorRow(fact, "产出指标", "验收合格率", "%")


def _on_time(rng: random.Random, number: str, _: int, __: list[str]) -> IndicatorRow:
    due = rng.choice([3, 6, 9, 10, 12])
    actual = _one_of(rng, "达成", "部分达成", "未达成", "未到期", Decimal(80), "")
    full_year = rng.choice(["", "达成", "部分达成"])
    target = f"{due}月底前完成"
    fact = IndicatorFact(number, "定性", target, actual, full_year, _likelihood(rng), "", "时效指标", due)
    return IndicatorRow(fact, "产出指标", "按期完成", "")


def _cost(rng: random.Random, number: str, _: int, theme: list[str]) -> IndicatorRow:
    target = Decimal(rng.choice([50, 480, 1200, 36_000]))
    actual = _one_of(rng, target, target * Decimal("0.9"), target * Decimal("1.25"), "")
    comparison = rng.choice("≤≤＜")
    fact = IndicatorFact(number, comparison, target, actual, "", _likelihood(rng), "", "经济成本指标")
    return IndicatorRow(fact, "成本指标", f"每{theme[3]}成本", "元")


def _benefit(rng: random.Random, number: str, _: int, theme: list[str]) -> IndicatorRow:
    actual = rng.choice(["达成", "达成", "部分达成", "未达成", "未到期"])
    fact = IndicatorFact(number, "定性", "有效改善", actual, "", _likelihood(rng), "", "社会效益指标")
    return IndicatorRow(fact, "效益指标", f"{theme[4]}受益情况", "")


def _satisfaction(rng: random.Random, number: str, month: int, theme: list[str]) -> IndicatorRow:
    target = Decimal(rng.choice([85, 90, 95]))
    full_year = _one_of(rng, "", Decimal(96), Decimal("90.5"))
    actual = _rate(rng, month, wait=True)
    fact = IndicatorFact(number, "≥", target, actual, full_year, _likelihood(rng), "", "服务对象满意度指标")
    return IndicatorRow(fact, "满意度指标", f"{theme[4]}满意度", "%")


CORE: tuple[Maker, ...] = (_quantity, _benefit, _satisfaction)
EXTRA: tuple[Maker, ...] = (_quality, _on_time, _cost, _quantity, _quality)


def _weighed(rng: random.Random, rows: Sequence[IndicatorRow]) -> Iterable[IndicatorRow]:
    """The rows with weights that total 90."""
    cuts = sorted(rng.sample(range(1, 90), len(rows) - 1))
    for row, low, high in zip(rows, [0, *cuts], [*cuts, 90], strict=True):
        fact = row.fact
        values = {name: getattr(fact, name) for name in fact.__slots__} | {"weight": Decimal(high - low)}
        yield row._replace(fact=IndicatorFact(**values))


def unit_of(county: County) -> FilledUnit:
    """The facts of a unit, the same each time."""
    rng = random.Random(f"{county.name}-{county.month}")
    unit = FilledUnit(county)
    for index in range(county.projects):
        number = f"{index + 1:03}" if county.zeros else str(index + 1)
        theme = county.themes[index % len(county.themes)].split("|")
        name = theme[0] + AREAS[index // len(county.themes) % len(AREAS)]
        for supplement in _batches(rng, county.month):
            fact = _project(rng, number, county.month, supplement)
            unit.projects.append(ProjectRow(fact, name, theme[1]))
        makers = [*CORE, *rng.sample(EXTRA, rng.randint(0, len(EXTRA)))]
        rows = [maker(rng, number, county.month, theme) for maker in makers]
        unit.indicators.extend(_weighed(rng, rows))
    return unit


# -- how people type it --------------------------------------------------------------------------------

FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
SIGNS = {
    "≥": (">=", "＞＝", "不低于", "不少于"), "≤": ("<=", "＜＝", "不超过", "不高于"), "＞": (">", "大于"),
    "＜": ("<", "小于"), "＝": ("=", "等于"), "定性": ("定性　", " 定性"),
}  # fmt: skip
NOTHING = ("/", "—", "无", "　", None)


class Typed(NamedTuple):
    """What stands in a cell, with its number format where that matters."""

    value: Any
    format: str = "General"


def plain(number: Decimal) -> str:
    return format(number.normalize() + 0, "f")


def stored(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)


class Typist:
    """Someone who types a `share` of the cells in odd ways."""

    def __init__(self, county: County, share: float) -> None:
        self.county = county
        self.share = share
        self.rng = random.Random(f"{county.name} types {share}")
        self.odd = 0

    def choose(self, tidy: Any, *others: Any) -> Typed:
        """The tidy content, or now and then another that means the same."""
        if others and self.rng.random() < self.share:
            self.odd += 1
            tidy = self.rng.choice(others)
        return tidy if isinstance(tidy, Typed) else Typed(tidy)

    def text(self, text: str | None) -> Typed:
        return self.choose(text, f"{text}　", f" {text} ") if text else self.choose(None, *NOTHING)

    def number_of_project(self, number: str) -> Typed:
        if self.county.zeros:
            return self.choose(number, f"{number} ")
        return self.choose(number, int(number), float(number), f"{number}.0", number.translate(FULL_WIDTH))

    def amount(self, entry: Entry) -> Typed:
        if not isinstance(entry, Decimal):
            return self.choose(None, *NOTHING)
        wan, own = entry / WAN, entry / WAN if self.county.money == "万元" else entry
        return self.choose(
            stored(own), f"{plain(entry)}元", f"{plain(wan)} 万", f"{plain(wan)}万元", f"{own:,}", f"{plain(own)}　",
            plain(own).translate(FULL_WIDTH),
        )  # fmt: skip

    def month(self, month: int | None) -> Typed:
        if month is None:
            return self.choose(None, *NOTHING)
        day = Typed(datetime(YEAR, month, 15), "yyyy-mm-dd")
        return self.choose(month, f"{month}月", f"{month}月底前", str(month).translate(FULL_WIDTH), day)

    def quantity(self, entry: Entry, unit: str) -> Typed:
        """A number, a word or nothing in 当前完成值 or 全年预计完成值."""
        if entry == "":
            return self.choose(None, *NOTHING)
        if isinstance(entry, str):
            others = {"达成": ("已完成", "完成", "达标")}.get(entry, ())
            return self.choose(entry, *others, f"{entry}　", f" {entry}")
        assert entry is not None
        if unit == "%":
            return self.percent(entry)
        about = (f"约{plain(entry)}", f"{plain(entry)}余{unit}") if entry else ()
        wide = plain(entry).translate(FULL_WIDTH)
        return self.choose(
            stored(entry), *about, f"{plain(entry)}{unit}", f"{entry:,}", wide, f"{plain(entry)} "
        )

    def percent(self, number: Decimal) -> Typed:
        shown = Typed(float(number / 100), "0.00%")
        return self.choose(
            stored(number), f"{plain(number)}%", f"{plain(number)}％", shown, f"{plain(number)}% 　"
        )

    def flag(self, flag: bool | str | None) -> Typed:
        if flag is True:
            return self.choose("是", "√", "Y")
        return self.choose("否", " 否") if flag is False else self.choose(None, *NOTHING)

    def goal(self, row: IndicatorRow) -> tuple[Typed, Typed]:
        """计算符号 and 年度指标值, now and then both in one cell."""
        fact, sign = row.fact, row.fact.comparison or ""
        if not isinstance(fact.target, Decimal):
            return self.choose(sign, *SIGNS[sign]), self.text(fact.target)
        percent = row.measure_unit == "%"
        whole = f"{sign}{plain(fact.target)}{'%' if percent else ''}"
        word = f"{self.rng.choice(SIGNS[sign][1:])}{plain(fact.target)}{'%' if percent else row.measure_unit}"
        if self.rng.random() < self.share / 2:
            self.odd += 1
            return self.rng.choice(
                [(Typed(whole), Typed(None)), (Typed(None), Typed(whole)), (Typed(None), Typed(word))]
            )
        return self.choose(sign, *SIGNS[sign]), self.quantity(fact.target, row.measure_unit)

    def measure_unit(self, row: IndicatorRow, target: Typed) -> Typed:
        """计量单位; who writes the target as 95% may leave the unit out."""
        if row.measure_unit == "%" and "%" in f"{target.value}{target.format}":
            return self.choose("%", *NOTHING)
        return self.text(row.measure_unit)


def project_cells(row: ProjectRow, typist: Typist) -> dict[str, Typed]:
    """A row of 项目 by header."""
    fact = row.fact
    return {
        "项目编号": typist.number_of_project(fact.id),
        "项目名称": Typed(row.name),
        "预算批次": typist.text(fact.batch),
        "追加月份": typist.month(fact.month),
        "预算数": typist.amount(fact.amount),
        "调整额": typist.amount(fact.adjustment),
        "累计支出": typist.amount(fact.spent),
        "全年预计支出": typist.amount(fact.full_year),
        "资金用途": typist.text(row.purpose),
    }


def indicator_cells(row: IndicatorRow, typist: Typist) -> dict[str, Typed]:
    """A row of 指标 by header; a 定性 indicator's percentages are typed as numbers."""
    fact = row.fact
    sign, target = typist.goal(row)
    unit = "%" if fact.comparison == "定性" else row.measure_unit
    weight = fact.weight if isinstance(fact.weight, Decimal) else Decimal(0)
    return {
        "项目编号": typist.number_of_project(fact.project),
        "一级指标": typist.text(row.level1),
        "二级指标": typist.text(fact.level2),
        "三级指标": typist.text(row.level3),
        "计算符号": sign,
        "年度指标值": target,
        "计量单位": typist.measure_unit(row, target if target.value else sign),
        "权重": typist.choose(stored(weight), f"{weight} ", str(weight).translate(FULL_WIDTH)),
        "是否按序时考核": typist.flag(fact.timed),
        "计划完成月份": typist.month(fact.due if fact.due != 12 or typist.rng.random() < 0.5 else None),
        "当前完成值": typist.quantity(fact.actual, unit),
        "全年预计完成值": typist.quantity(fact.full_year, unit),
        "完成目标可能性": typist.text(fact.likelihood),
    }


# -- into a workbook -----------------------------------------------------------------------------------


def header_name(value: object) -> str:
    return "".join(str(value or "").replace("*", "").split())


def header_row(sheet: Any) -> tuple[int, dict[str, int]]:
    """The first row with 项目编号 in it: its number, and header → column number."""
    for cells in sheet.iter_rows(max_row=20):
        found = {header_name(cell.value): cell.column for cell in cells if cell.value}
        if "项目编号" in found:
            return cells[0].row, found
    raise AssertionError(f"no header row in {sheet.title}")


def _put(cell: Any, typed: Typed) -> None:
    cell.value = typed.value
    if typed.format != "General":
        cell.number_format = typed.format


def rearrange(sheet: Any, rng: random.Random) -> None:
    """Shuffle the columns, put some of the unit's own between them, and move the header row down."""
    row, headers = header_row(sheet)
    labels = [sheet.cell(row, column).value for column in headers.values()]
    rng.shuffle(labels)
    for label in ("经办科室", "自用备注", None):
        labels.insert(rng.randrange(len(labels)), label)
    for column in headers.values():
        sheet.cell(row, column).value = None
    down = row + rng.randint(3, 16)
    sheet.cell(row + 1, 1).value = "本单位内部使用，金额单位见首页"
    for column, label in enumerate(labels, 2):
        text = label and rng.choice([label, f"{label} ", f"{label[:2]}\n{label[2:]}", label.replace("*", "")])
        sheet.cell(down, column).value = text
    sheet.column_dimensions["F"].hidden = True


def _fill_table(sheet: Any, rows: Iterable[dict[str, Typed]], typist: Typist) -> None:
    top, columns = header_row(sheet)
    number = top
    for cells in rows:
        number += 1 + (typist.rng.random() < typist.share / 8)
        for header, typed in cells.items():
            _put(sheet.cell(number, columns[header]), typed)


def _fill_front(sheet: Any, county: County, profile: str, typist: Typist) -> None:
    values = {
        "单位全称": Typed(f"某县{county.name}"),
        "部门名称": typist.text(county.name),
        "预算年度": typist.choose(YEAR, f"{YEAR}年", str(YEAR)),
        "监控截止月份": typist.month(county.month),
        "金额单位": typist.text(county.money),
        "监控口径": Typed(profile),
    }
    places = {header_name(cell.value): cell for cells in sheet.iter_rows() for cell in cells if cell.value}
    for label, typed in values.items():
        _put(sheet.cell(places[label].row, places[label].column + 1), typed)


def write(path: Path, unit: FilledUnit, profile: str, typist: Typist, *, moved: bool = False) -> None:
    """Fill a blank workbook, as `xlbudget new` makes it, with a unit's facts."""
    app.create(path)
    book = openpyxl.load_workbook(path)
    _fill_front(book["首页"], unit.county, profile, typist)
    if moved:
        for name in ("项目", "指标"):
            rearrange(book[name], typist.rng)
    _fill_table(book["项目"], (project_cells(row, typist) for row in unit.projects), typist)
    _fill_table(book["指标"], (indicator_cells(row, typist) for row in unit.indicators), typist)
    book.save(path)
