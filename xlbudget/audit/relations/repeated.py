"""The same fact told twice: in the text, in the text and in a table, as an amount and as a difference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xlbudget.audit import vocabulary as words
from xlbudget.audit.figures import Figure, Part
from xlbudget.audit.finding import Confidence
from xlbudget.audit.grid import Grid, Row
from xlbudget.audit.interval import Interval, rounded
from xlbudget.audit.labels import Fact, bare, facts, is_generic, is_name
from xlbudget.audit.paragraphs import Document, Paragraph, account_of, is_money, joins
from xlbudget.audit.projects import project_tables
from xlbudget.audit.quantities import Kind
from xlbudget.audit.relation import Tie, relation
from xlbudget.audit.relations.totals import adds_up, wholes
from xlbudget.audit.slips import slipped_to
from xlbudget.audit.values import shown

_OURS = re.compile(r"^(?:全|我|本)?(?:县|市|区|镇|乡|省|州|旗|部门|单位|局|街道|系统|年)(?!级|本级|属|直)")
_SAME = "同一件事前后写得不一样，请核对后改成一样。"


def _same_value(one: Figure, other: Figure) -> bool:
    step = max(one.step, other.step)
    return rounded(one.value, step).meets(rounded(other.value, step))


def _slip(one: Figure, other: Figure) -> bool:
    """Whether one is the other by a slip."""
    step = max(one.step, other.step)
    return any(
        slipped_to(a.value, a.step, rounded(b.value, step / 100)) is not None
        for a, b in ((one, other), (other, one))
    )


@relation("TXT010", "同一金额前后不一致", Confidence.LIKELY)
def told_twice(document: Document) -> Iterator[Tie]:
    """同一年、同一口径的同一笔钱，前后各处写的一样。"""
    known: dict[tuple[str, str, str], list[Fact]] = {}
    for one in facts(document):
        if not is_generic(one.label) and len(one.label) >= 4:
            known.setdefault((one.label.replace("财政拨款", ""), one.year, one.account), []).append(one)
    sound = {
        id(one)
        for whole in wholes(document)
        if adds_up(whole)
        for one in (whole.total, *(part for _, part in whole.parts))
    }
    for same in known.values():
        values = {one.figure.value for one in same}
        if len(values) < 2:
            continue
        first = same[0]
        for one in same[1:]:
            if (
                one.measure == first.measure
                and one.text is not first.text
                and not _same_value(first.figure, one.figure)
                and _slip(first.figure, one.figure)
            ):
                if id(one.figure) in sound and id(first.figure) not in sound:
                    one, first = first, one
                quotes = (
                    one.text.quote(one.figure.start, one.figure.end),
                    first.text.quote(first.figure.start, first.figure.end),
                )
                found, expected = one.text.written(one.figure), first.text.written(first.figure)
                yield Tie(
                    False, quotes, f"{one.label}这里写{found}，另一处写{expected}。", expected, found, _SAME
                )


# -- text and table ------------------------------------------------------------------------------------

_ITEM_ENDS = re.compile(r"\((?:类|款|项|类级|款级|项级)\)|合计$|小计$|总计$|支出$|经费$|预算$|决算$")


def _core(label: str) -> str:
    label = re.sub(r"\([^()]*\)", "", label)
    while (shorter := _ITEM_ENDS.sub("", label)) != label and len(shorter) >= 2:
        label = shorter
    return _OURS.sub("", bare(re.sub(r"^[0-9.、一二三四五六七八九十()]+", "", label)))


def _title(words_of: str) -> str:
    """A title without its number, unit and what kind of page it is."""
    text = re.sub(
        r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|[0-9]+[.、]|第[一二三四五六七八九十]+部分)+|单位：.*|\(.*?\)",
        "",
        words_of.strip(),
    )
    text = re.sub(r"(?:19|20)[0-9]{2}年度?|关于|具体", "", text)
    return re.sub(r"(?:总?表|情况(?:的)?(?:说明)?|说明|明细表|结构|总体)+$", "", text)


@relation("TXT020", "正文与表里同一项的数不符", Confidence.LIKELY)
def text_and_table(document: Document) -> Iterator[Tie]:
    """正文里一项的金额，是同一口径的表里该项的数。"""
    of_projects = {id(grid) for grid in project_tables(document)}
    tables = [(grid, {}) for grid in document.grids if id(grid) not in of_projects]
    for grid, rows in tables:
        for row in grid.rows:
            core = _core(row.label)
            if len(core) >= 2:
                rows.setdefault(core, []).append(row)
    yield from _titled_totals(document)
    for one in facts(document):
        core = _core(one.label)
        if (is_generic(core) and not is_name(core)) or one.year == "last":
            continue
        for grid, rows in tables:
            found = rows.get(core, [])
            if len(found) == 1 and _same_scope(document, grid, one):
                yield from _against_row(document, grid, found[0], one)


def _titled_totals(document: Document) -> Iterator[Tie]:
    """基本支出 in the section 基本支出情况, against the rows of 基本支出表 where that has no total of its own."""
    for grid in document.grids:
        title = next((_title(line) for line in grid.above.splitlines() if len(_title(line)) >= 4), "")
        if (
            not title
            or grid.unit is None
            or len(grid.amounts) != 1
            or any(row.label in ("合计", "总计") for row in grid.rows)
        ):
            continue
        at = grid.amounts[0].at
        value = sum((row.numbers[at].value for row in grid.rows if at in row.numbers), Decimal(0)) * grid.unit
        for one in facts(document):
            if (
                any(_title(head) == title for head in one.text.headings)
                and title.endswith(_core(one.label) + "支出决算")
            ) or title == one.label + "决算":
                found, expected = one.text.written(one.figure), shown(value, one.figure)
                quotes = (
                    one.text.quote(one.figure.start, one.figure.end),
                    *(row.quote for row in grid.rows[:3]),
                )
                holds = rounded(value, one.figure.step).meets(one.figure.range)
                yield Tie(
                    holds,
                    quotes,
                    f"{one.label}这里写{found}，表里各行加起来是{expected}。",
                    expected,
                    found,
                    _SAME,
                )


def _same_scope(document: Document, grid: Grid, one: Fact) -> bool:
    return account_of(grid.above) == (one.account or account_of("".join(one.text.headings)))


def _against_row(document: Document, grid: Grid, row: Row, one: Fact) -> Iterator[Tie]:
    """The amount of the text against the numbers of its row: one of them, or one of them by a slip."""
    units = [grid.unit] if grid.unit else [Decimal(10_000), Decimal(1)]
    cells = [row.numbers[each.at] for each in grid.amounts if each.at in row.numbers]
    for unit in units:
        if any(
            rounded(cell.value * unit, max(cell.step * unit, one.figure.step)).meets(one.figure.range)
            for cell in cells
        ):
            yield Tie(True, (row.quote,), group=(grid.position, "text"))
            return
    if grid.unit is None:
        return
    everywhere = [
        cell.value * units[0]
        for each in document.grids
        for some in each.rows
        for cell in some.numbers.values()
    ]
    if one.figure.value in everywhere or one.figure.depth:
        return
    slips = [cell for cell in cells if _slipped(one.figure, cell.value * units[0], cell.step * units[0])]
    titled = any(
        _title(head) == _title(line)
        for head in one.text.headings
        for line in grid.above.splitlines()
        if len(_title(line)) >= 4
    )
    if len({cell.value for cell in slips}) == 1:
        cell = slips[0]
    elif titled and len(cells) == 1:
        cell = cells[0]
    else:
        return
    found, expected = one.text.written(one.figure), shown(cell.value * units[0], one.figure)
    message = f"{row.label or one.label}这里写{found}，表里是{expected}。"
    group = (grid.position, "text") if not titled else None
    yield Tie(
        False,
        (one.text.quote(one.figure.start, one.figure.end), row.quote),
        message,
        expected,
        found,
        _SAME,
        group,
    )


def _slipped(figure: Figure, value: Decimal, step: Decimal) -> bool:
    return value > 0 and slipped_to(figure.value, figure.step, rounded(value, step / 100)) is not None


# -- larger or smaller ---------------------------------------------------------------------------------

_COMPARED = re.compile(
    r"(?P<one>决算数?|支出决算数?|执行数|支出数)(?:比|较)?(?P<word>大于|小于|等于|高于|低于|超过|多于|少于|与)(?P<other>(?:年初|全年|调整后?|调整)?预算数?)(?P<even>持平|一致|相等)?"
)


@relation("TXT113", "大于、小于写反了")
def larger_or_smaller(document: Document) -> Iterator[Tie]:
    """“决算数大于预算数”的，决算数真的大于预算数；小于、等于也一样。"""
    for text in document.paragraphs:
        for match in _COMPARED.finditer(text.clean):
            if match["word"] == "与" and not match["even"]:
                continue
            pair = _pair_before(text, match.start(), match["other"])
            if pair is None:
                continue
            done, plan = pair
            gap = done.value - plan.value
            sign = (
                0
                if match["even"] or match["word"] == "等于"
                else -1
                if match["word"] in ("小于", "低于", "少于")
                else 1
            )
            right = "大于" if gap > 0 else "小于" if gap < 0 else "等于"
            told = text.written(done), text.written(plan)
            message = f"决算数{told[0]}{right}预算数{told[1]}，这里写“{match.group()}”。"
            quote = text.quote(match.start(), match.end())
            yield Tie(
                (gap > 0) - (gap < 0) == sign,
                (quote, text.quote(min(done.start, plan.start), max(done.end, plan.end))),
                message,
                right,
                match.group(),
            )


def _pair_before(text: Paragraph, position: int, named: str) -> tuple[Figure, Figure] | None:
    """The last amount spent and the last of the plan before a place, where both are told side by side."""
    before = [
        one
        for one in text.figures
        if one.end <= position and is_money(one) and one.is_level and not one.depth
    ]
    done = next(
        (
            one
            for one in reversed(before)
            if re.search(r"(?:决算|支出|执行)[^#，。；]{0,4}$", one.lead) and "预算" not in one.lead[-8:]
        ),
        None,
    )
    wanted = named.removesuffix("数")
    plan = next((one for one in reversed(before) if re.search(r"预算[^#，。；]{0,4}$", one.lead)), None)
    if done is None or plan is None or done.about or plan.about:
        return None
    first, last = sorted((done, plan), key=lambda one: one.start)
    between = [one for one in before if first.end <= one.start < last.start]
    if (
        between
        or position - last.end > 60
        or (len(wanted) > 2 and any(wanted in one.lead for one in before) and wanted not in plan.lead)
    ):
        return None
    return done, plan


# -- differences ---------------------------------------------------------------------------------------


@relation("TXT114", "两个数的差不对")
def differences(document: Document) -> Iterator[Tie]:
    """“比上年减少0.59万元”：等于前面写明的两个数之差。"""
    known = [one for one in facts(document) if one.label]
    for text in document.paragraphs:
        for at, change in enumerate(text.figures):
            if change.part is not Part.CHANGE or not is_money(change) or change.about:
                continue
            if at + 1 < len(text.figures) and text.figures[at + 1].part is Part.CHANGE:
                continue
            pairs = _pairs(text, change, known)
            if not pairs:
                continue
            holds = any(_is_gap(change, now, before) for now, before in pairs)
            all_money = [one for one in text.figures if is_money(one) and one is not change]
            holds = holds or any(_is_gap(change, a, b) for a in all_money for b in all_money if a is not b)
            now, before = pairs[-1]
            gap = now.value - before.value
            if (
                not holds
                and slipped_to(change.value, change.step, Interval(abs(gap), abs(gap))) is None
                and (gap > 0) == (change.sign > 0)
                and len(pairs) > 1
            ):
                continue
            expected = shown(abs(gap), change)
            message = f"{shown(now.value, change)}与{shown(before.value, change)}相差{expected}，这里写{text.written(change)}。"
            yield Tie(holds, (text.quote(change.start, change.end),), message, expected, text.written(change))


def _is_gap(change: Figure, now: Figure, before: Figure) -> bool:
    return (now.range - before.range).meets(change.range if change.sign > 0 else -change.range)


def _pairs(text: Paragraph, change: Figure, known: list[Fact]) -> list[tuple[Figure, Figure]]:
    """This year's and last year's amount of what changed: in the sentence, or under the same label elsewhere."""
    sentence = [
        one
        for one in text.figures
        if one.sentence == change.sentence and one.end <= change.start and is_money(one)
    ]
    last = [one for one in sentence if re.search(words.LAST_YEAR + r"[^#，。；]{0,8}$", one.prefix)]
    now = [one for one in sentence if one not in last and one.is_level and not one.depth]
    if last and now and words.NEUTRAL_ONLY.fullmatch(text.between(last[-1].end, change.start)):
        return [(now[0], last[-1])]
    subject = re.sub(rf"(?:{words.COMPARED}[^，。；#]*)?{words.CHANGE}.*$", "", change.lead)
    subject = bare(re.sub(r"(?:比|较|与|同)[^，。；#]*$", "", subject))
    if is_generic(subject):
        return []
    same = [
        one
        for one in known
        if one.label == subject or one.label.rstrip("支出预算决算费用") == subject.rstrip("支出预算决算费用")
    ]
    years: dict[str, Figure] = {}
    for one in same:
        if one.year in years and years[one.year].value != one.figure.value:
            return []
        years[one.year] = one.figure
    if len(years) == 2 and "" not in years and all(year.isdigit() for year in years):
        early, late = sorted(years)
        return [(years[late], years[early])]
    return []


# -- growth told twice ---------------------------------------------------------------------------------


@relation("TXT122", "同一增减幅度前后不一致", Confidence.LIKELY)
def growth_told_twice(document: Document) -> Iterator[Tie]:
    """同一年、同一项的增减幅度，前后各处写的一样。"""
    known: dict[tuple[str, str], list[tuple[Paragraph, Figure]]] = {}
    for text in document.paragraphs:
        for at, one in enumerate(text.figures):
            if one.kind is not Kind.PERCENT or one.part is not Part.CHANGE or one.about:
                continue
            label = _OURS.sub("", _changed(text, at))
            if (not is_generic(label) or re.search("财政总|公共预算", label)) and not re.search(
                "口径|月|季", text.clean[max(0, one.clause - 12) : one.start]
            ):
                known.setdefault((label, text.year), []).append((text, one))
    for (label, _), same in known.items():
        first_text, first = same[0]
        for text, one in same[1:]:
            if text is first_text or one.value * one.sign == first.value * first.sign:
                continue
            if len({each.value for _, each in same}) > 2:
                break
            found, expected = text.written(one), first_text.written(first)
            quotes = (text.quote(one.start, one.end), first_text.quote(first.start, first.end))
            yield Tie(False, quotes, f"{label}这里写{found}，前面写{expected}。", expected, found, _SAME)


def _changed(text: Paragraph, at: int) -> str:
    """What a change is of: the words before it, or those before the amount that it follows."""
    one = text.figures[at]
    own = bare(
        re.sub(
            r"(?:比|较|与|同)[^#，。；]*$|同比$|环比$", "", re.sub(words.CHANGE + r"[^#]*$", "", one.prefix)
        )
    )
    if own or not at:
        return "" if "#" in one.prefix else own
    last = text.figures[at - 1]
    if last.is_level and last.sentence == one.sentence and joins(text.between(last.end, one.start)):
        return bare(last.lead)
    return ""


# -- a grand total below its part ----------------------------------------------------------------------


@relation("TXT124", "总计小于其中的合计")
def grand_total(document: Document) -> Iterator[Tie]:
    """收入（支出）总计包括本年收入（支出）合计，不会比它小。"""
    known = [one for one in facts(document) if one.year != "last" and one.figure.value]
    for whole in known:
        lead = whole.figure.prefix.rpartition("#")[2]
        if not re.search(r"(?:收入|支出|收支)(?:决算|预算)?总计(?:为|是)?$|收、支总计$", lead) or re.search(
            "上年|去年", lead
        ):
            continue
        parts = [
            one
            for one in known
            if abs(one.text.block - whole.text.block) <= 3
            and one.account == whole.account
            and re.search(r"本年(?:收入|支出)合计(?:为|是)?$", one.figure.prefix.rpartition("#")[2])
        ]
        for part in parts:
            message = (
                f"总计写{whole.text.written(whole.figure)}，其中的合计写{part.text.written(part.figure)}。"
            )
            holds = part.figure.exact.low <= whole.figure.exact.high
            yield Tie(
                holds,
                (
                    whole.text.quote(whole.figure.start, whole.figure.end),
                    part.text.quote(part.figure.start, part.figure.end),
                ),
                message,
                f"不小于{part.text.written(part.figure)}",
                whole.text.written(whole.figure),
            )
            break
