"""监控结果: the judgement, bands, lights, forecast, table and charts."""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.domain.measures import Flag, ProjectResult, time_progress
from xlbudget.domain.model import Light
from xlbudget.domain.money import pct, percent, plain
from xlbudget.report.blocks.shared import budget_cells, ids_of
from xlbudget.report.charts import charts
from xlbudget.report.document import Block, Caption, Figure, Paragraph, Picture, Runs
from xlbudget.report.results_table import results_table
from xlbudget.report.wording import Value, join, separated
from xlbudget.report.writer import Writer, content


def _overall(writer: Writer) -> Runs:
    """What is to be said of all projects together: how many are on their way, deviate, or cannot be judged."""
    results = writer.case.results
    off = [one for one in results if one.deviates]
    fine = [one for one in results if one.flag is Flag.REACHED and one.light is not None and not one.deviates]
    unknown = len(results) - len(off) - len(fine)
    if len(fine) == len(results):
        return writer.say("overall_fine") if results else ()
    return writer.say(
        "overall",
        正常个数=writer.count(len(fine), ids_of(fine)),
        偏差=writer.say("overall_off", 偏差个数=writer.count(len(off), ids_of(off))) if off else (),
        不明=writer.say("overall_unknown", 不明个数=unknown) if unknown else (),
    )


def _pace(writer: Writer) -> Runs:
    """The execution rate of all money beside 序时进度, both as they are shown."""
    facts, rate = writer.case.facts, percent(writer.case.totals.execution_rate)
    due = percent(time_progress(writer.case.month))
    if rate is None or due is None:
        return ()
    cells = [one.where("spent") for one in facts.projects] + list(budget_cells(facts.projects))
    month = Figure(plain(due), (facts.unit.where("cutoff_month"),))
    gap = Figure(plain(abs(rate - due)), (*cells, facts.unit.where("cutoff_month")))
    if rate == due:
        beside = writer.say("pace_same", 序时进度=month)
    else:
        beside = writer.say("pace_higher" if rate > due else "pace_lower", 序时进度=month, 百分点=gap)
    return writer.say("pace", 执行率=Figure(plain(rate), tuple(cells)), 快慢=beside)


def _light_item(writer: Writer, result: ProjectResult) -> Runs:
    project = result.project
    rate: Runs = ()
    if result.execution_rate is not None:
        cells = (project.where("spent"), *project.budget_cells)
        rate = writer.say("light_item_rate", 执行率=Figure(pct(result.execution_rate), cells))
    return writer.say("light_item", 项目=writer.name(project), 执行率=rate)


def _lights(writer: Writer) -> Runs:
    """Which projects are 红 and which 黄, each with its execution rate."""
    said = []
    for light in (Light.RED, Light.YELLOW):
        members = [one for one in writer.case.results if one.light is light]
        if members:
            named = separated([_light_item(writer, one) for one in members], "；")
            number = writer.count(len(members), ids_of(members))
            said.append(writer.say("lights", 预警=str(light), 预警个数=number, 项目=named))
    return join(said) if said else writer.say("lights_none")


@content("bands")
def bands(writer: Writer, _: str) -> Iterator[Block]:
    """The judgement, all bands with their number of projects, the lights."""
    case = writer.case
    judgement = join([_overall(writer), _pace(writer)])
    if judgement:
        yield Paragraph(judgement)
    items = []
    for label, results in case.bands:
        key = "band_not_started" if label == case.profile.not_started else "band"
        items.append(writer.say(key, 分档=label, 个数=writer.count(len(results), ids_of(results))))
    runs = writer.say("bands", 各档=separated(items, "，"))
    if case.unknown_band:
        unknown = writer.count(len(case.unknown_band), ids_of(case.unknown_band))
        runs = join([runs, writer.say("bands_unknown", 个数=unknown)])
    yield Paragraph(runs)
    yield Paragraph(_lights(writer))


@content("forecast")
def forecast(writer: Writer, _: str) -> Iterator[Block]:
    """The three forecast classes with number and amount."""
    values: dict[str, Value] = {"差距": plain(writer.case.profile.forecast.partly)}
    known = 0
    for one in writer.case.forecast:
        projects = [result.project for result in one.results]
        known += len(projects)
        values[f"{one.flag}个数"] = writer.count(len(projects), ids_of(one.results))
        values[f"{one.flag}金额"] = writer.amount(one.amount, budget_cells(projects))
    runs = writer.say("forecast", **values)
    unknown = len(writer.case.results) - known
    if unknown:
        runs = join([runs, writer.say("forecast_unknown", 个数=unknown)])
    yield Paragraph(runs)


@content("table")
def table(writer: Writer, _: str) -> Iterator[Block]:
    """The statistics table: a row a project row, and 合计."""
    yield results_table(writer.case, writer.name)


@content("charts")
def chart_pictures(writer: Writer, _: str) -> Iterator[Block]:
    """The charts of 图表, each with its caption; of one with nothing to draw only why."""
    number = 0
    for chart in charts(writer.case, writer.plain_name):
        if chart.empty:
            yield Caption((f"{chart.title}：没有图。{chart.note}",))
        else:
            number += 1
            yield Picture(chart)
            yield Caption((f"图{number}　{chart.title}。{chart.note}",))
