"""FND: the money of project rows. A row with nothing spent gets one finding of this family about spending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment, ProjectResult, start_month, time_progress
from xlbudget.domain.model import Light, Project
from xlbudget.domain.money import fraction, pct, percent, plain, round_half_up, total
from xlbudget.rules.families.cells import OUT_OF_SCALE, about_ten_thousand_times, yuan_suspects
from xlbudget.rules.registry import Family, Violation, rule
from xlbudget.rules.words import money, name, tells_of_several_years

FAMILY = Family(3, "FND", "资金")


def _nothing_spent(result: ProjectResult) -> bool:
    return result.project.spent == 0 and (result.project.budget or 0) > 0


def _taken_back(project: Project) -> bool:
    """A budget that an adjustment took back to 0, with nothing spent."""
    return project.budget == 0 and bool(project.adjustment) and project.spent == 0


def _spending(case: Assessment) -> Iterator[ProjectResult]:
    """Rows with a positive budget and something spent within it: those whose spending can be judged."""
    for result in case.results:
        budget, spent = result.project.budget, result.project.spent
        if "amount" in yuan_suspects(result.project):
            continue
        if budget is not None and spent is not None and 0 < spent <= budget:
            yield result


_CORRECTED = {"项目.id", "偏差整改.project_id", "偏差整改.analysis", "偏差整改.measures"}


def _judged(case: Assessment, result: ProjectResult, message: str, remedy: str) -> Violation:
    """Slow spending at its cell; only to know once 偏差整改 says why and what is done, or cannot be read."""
    number = result.project.id
    if _CORRECTED & case.facts.absent:
        later = "“偏差整改”表补齐以后，再看有没有说明。"
        return Violation(result.project.where("spent"), message, later, Severity.INFO)
    told = any(row.project_id == number and row.analysis and row.measures for row in case.facts.corrections)
    if told:
        known = "“偏差整改”表里已经说明，情况属实就不用再改。"
        return Violation(result.project.where("spent"), message, known, Severity.INFO)
    return Violation(result.project.where("spent"), message, f"{remedy}。")


@rule("FND001", Severity.ERROR, title="支出超过预算")
def spending_exceeds_budget(case: Assessment) -> Iterator[Violation]:
    """累计支出不超过调整后预算（预算数＋调整额）。"""
    for project in case.facts.projects:
        budget, spent = project.budget, project.spent
        if budget is None or budget < 0 or spent is None or spent <= budget:
            continue
        message = f"{name(project)}累计支出 {money(case, spent)}，大于调整后预算 {money(case, budget)}。"
        remedy = "请核对支出；预算有调整的，请补填调整额。"
        if about_ten_thousand_times(spent, budget):
            remedy = f"支出像是以元为单位填的，本工作簿的金额单位是{case.facts.unit.amount_unit}，请改正。"
        yield Violation(project.where("spent"), message, remedy)


@rule("FND002", Severity.ERROR, title="预算为负数")
def negative_budget(case: Assessment) -> Iterator[Violation]:
    """预算数＋调整额不小于 0。"""
    for project in case.facts.projects:
        if project.budget is not None and project.budget < 0:
            field = "adjustment" if project.adjustment else "amount"
            message = f"{name(project)}调整后预算为 {money(case, project.budget)}，是负数。"
            yield Violation(project.where(field), message, "请核对预算数和调整额；调减额不能大于预算数。")


@rule("FND003", Severity.WARNING, title="全年预计支出没有填")
def no_expected_spending(case: Assessment) -> Iterator[Violation]:
    """有支出的项目要填全年预计支出，才能算预计执行率。"""
    for result in _spending(case):
        project = result.project
        where = project.where("full_year_spending")
        if project.full_year_spending is None and where.at and not project.unknown("full_year_spending"):
            message = f"{name(project)}没有填全年预计支出，算不出预计执行率。"
            yield Violation(where, message, "请填预计到年底一共要支出多少。")


@rule("FND004", Severity.WARNING, title="全年预计支出小于累计支出")
def expected_below_spent(case: Assessment) -> Iterator[Violation]:
    """全年预计支出不小于累计支出。"""
    for result in _spending(case):
        project = result.project
        expected, spent = project.full_year_spending, project.spent
        if expected is not None and spent is not None and expected < spent:
            amounts = f"{money(case, expected)}，比已经支出的 {money(case, spent)} 还少"
            message = f"{name(project)}全年预计支出 {amounts}。"
            yield Violation(
                project.where("full_year_spending"), message, "请核对；全年预计支出要包括已经支出的。"
            )


@rule("FND005", Severity.WARNING, title="全年预计支出大于预算")
def expected_above_budget(case: Assessment) -> Iterator[Violation]:
    """全年预计支出不大于调整后预算。"""
    for result in case.results:
        project = result.project
        expected, budget, spent = project.full_year_spending, project.budget, project.spent
        if expected is None or budget is None or budget <= 0 or expected <= budget:
            continue
        if (spent is not None and spent > budget) or "full_year_spending" in yuan_suspects(project):
            continue
        amounts = f"{money(case, expected)}，大于调整后预算 {money(case, budget)}"
        message = f"{name(project)}全年预计支出 {amounts}。"
        yield Violation(
            project.where("full_year_spending"), message, "请核对；要追加预算的，请在备注里说明。"
        )


@rule("FND006", Severity.WARNING, title="支出进度偏慢")
def slow_spending(case: Assessment) -> Iterator[Violation]:
    """资金预警为红或黄的，要关注支出进度（没有支出的、低于最低执行率的另有规则）。"""
    below = {id(result) for result, _ in _below_floor(case)}
    for result in _spending(case):
        if result.budget_light in (Light.RED, Light.YELLOW) and id(result) not in below:
            rate = f"{name(result.project)}预算执行率 {pct(result.execution_rate)}%"
            message = f"{rate}，落后于序时进度，资金预警为{result.budget_light}。"
            yield _judged(case, result, message, "请核对累计支出；确实偏慢的，请在“偏差整改”表说明原因和措施")


def _rows_of_projects(case: Assessment) -> dict[str, list[Project]]:
    groups: dict[str, list[Project]] = {}
    for project in case.facts.projects:
        if project.id is not None:
            groups.setdefault(project.id, []).append(project)
    return groups


def _contracts(case: Assessment) -> Iterator[tuple[Project, list[Project], Decimal, Decimal]]:
    """A project's first row with a contract, all its rows, its contracts' sum, what its batches provide."""
    for rows in _rows_of_projects(case).values():
        signed = [project for project in rows if project.contract is not None and project.contract > 0]
        unread = any(project.budget is None or project.unknown("contract") for project in rows)
        if not signed or unread or any("contract" in yuan_suspects(project) for project in rows):
            continue
        if any("amount" in yuan_suspects(project) or _taken_back(project) for project in rows):
            continue
        contract = sum({project.contract for project in signed if project.contract is not None}, Decimal(0))
        provided = sum((project.budget for project in rows if project.budget is not None), Decimal(0))
        yield signed[0], rows, contract, provided


def _contracts_out_of_scale(case: Assessment) -> dict[str | None, tuple[Project, Decimal, Decimal]]:
    """Projects whose contract is a thousand times what their batches provide, or more, unless CEL010 tells of it."""
    found: dict[str | None, tuple[Project, Decimal, Decimal]] = {}
    for number, rows in _rows_of_projects(case).items():
        signed = [row for row in rows if row.contract is not None and row.contract > 0]
        provided = sum((row.budget for row in rows if row.budget is not None), Decimal(0))
        contract = sum({row.contract for row in signed if row.contract is not None}, Decimal(0))
        told = any("contract" in yuan_suspects(row) for row in rows)
        if signed and not told and provided > 0 and contract >= OUT_OF_SCALE * provided:
            found[number] = signed[0], contract, provided
    return found


@rule("FND013", Severity.ERROR, title="合同金额是预算的一千倍以上")
def contract_out_of_scale(case: Assessment) -> Iterator[Violation]:
    """合同金额达到各批次预算合计一千倍的，一般是单位填错了，报告里不能用。"""
    for project, contract, provided in _contracts_out_of_scale(case).values():
        amounts = f"合同金额 {money(case, contract)}，是各批次预算合计 {money(case, provided)}的 {plain(int(contract / provided))} 倍"
        remedy = f"请核对合同金额；本工作簿的金额单位是{case.facts.unit.amount_unit}。"
        yield Violation(project.where("contract"), f"{name(project)}{amounts}。", remedy)


@rule("FND007", Severity.WARNING, title="合同金额大于预算")
def contract_above_budget(case: Assessment) -> Iterator[Violation]:
    """合同金额不大于各批次预算的合计；资金用途或备注写明跨年的（或者这两栏读不出来的），只作提示。"""
    for project, rows, contract, provided in _contracts(case):
        if contract <= provided or contract >= OUT_OF_SCALE * provided > 0:
            continue  # FND013 tells of what is out of scale
        amounts = f"合同金额 {money(case, contract)}，大于各批次预算合计 {money(case, provided)}"
        where, message = project.where("contract"), f"{name(project)}{amounts}。"
        if any(tells_of_several_years(row) for row in rows):
            yield Violation(where, message, "是跨年合同就不用改。", Severity.INFO)
        else:
            yield Violation(
                where, message, "请核对合同金额和预算；是跨年合同的，请在备注里写明合同从哪年哪月到哪年哪月。"
            )


@rule("FND008", Severity.INFO, title="合同金额小于预算")
def contract_below_budget(case: Assessment) -> Iterator[Violation]:
    """合同金额小于各批次预算合计的，看看有没有可以收回的结余。"""
    over = {project.id for project, _, _ in _above_contract(case)}
    for project, _, contract, provided in _contracts(case):
        if contract < provided and project.id not in over:
            amounts = f"合同金额 {money(case, contract)}，小于各批次预算合计 {money(case, provided)}"
            remedy = "还有别的开支就不用管；有结余的，可以在“偏差整改”表提处理建议。"
            yield Violation(project.where("contract"), f"{name(project)}{amounts}。", remedy)


@rule("FND009", Severity.WARNING, title="没有支出")
def nothing_spent(case: Assessment) -> Iterator[Violation]:
    """预算已下达、到监控截止月份还没有支出的，要关注。"""
    for result in case.results:
        suspect = "amount" in yuan_suspects(result.project)
        if not _nothing_spent(result) or result.budget_light in (Light.GREY, None) or suspect:
            continue  # money that has not come yet, or nobody knows when
        budget = money(case, result.project.budget or Decimal(0))
        message = f"{name(result.project)}预算 {budget}，截至 {case.month} 月底没有支出。"
        remedy = "请核对累计支出；确实没有支出的，请在“偏差整改”表说明原因和措施"
        expected = result.project.full_year_spending is None
        yield _judged(case, result, message, remedy + ("，并填上全年预计支出" if expected else ""))


@rule("FND010", Severity.INFO, title="预算已全部调减")
def budget_taken_back(case: Assessment) -> Iterator[Violation]:
    """调整后预算为 0、没有支出的，不计算执行率。"""
    for project in case.facts.projects:
        if _taken_back(project):
            message = f"{name(project)}调整后预算为 0，也没有支出，不计算执行率，不参加资金预警。"
            yield Violation(project.where("adjustment"), message, "调整额没有填错就不用管。")


def _below_floor(case: Assessment) -> Iterator[tuple[ProjectResult, Decimal]]:
    """Rows whose execution rate is below the floor of the latest listed month, with the floor."""
    floors = [floor for floor in case.profile.execution_floors if floor.month <= case.month]
    if not floors:
        return
    rate = floors[-1].rate
    for result in _spending(case):
        if (
            result.execution_rate is not None
            and result.execution_rate < rate
            and result.budget_light is not Light.GREY
        ):
            yield result, rate


@rule("FND011", Severity.WARNING, title="预算执行率低于规定")
def below_floor(case: Assessment) -> Iterator[Violation]:
    """监控口径规定了各月最低预算执行率的，预算执行率不能低于规定。"""
    for result, floor in _below_floor(case):
        rate = f"{name(result.project)}预算执行率 {pct(result.execution_rate)}%"
        message = f"{rate}，低于规定的最低执行率 {plain(floor)}%。"
        yield _judged(case, result, message, "请核对累计支出；确实偏低的，请在“偏差整改”表说明原因和措施")


def _indicators_achievement(case: Assessment, result: ProjectResult) -> Fraction | None:
    """The mean of the indicators alone, as the profile weighs them; None where none is due.

    It is what the execution rate leaves of the achievement, which is quicker than adding the indicators up once more.
    """
    rates = [term for term in result.terms if term.indicator is None]
    due, achievement = len(result.terms) - len(rates), result.achievement
    if not due or achievement is None:
        return None
    if case.profile.method.uses_weights:
        weights = total(term.weight for term in result.terms if term.indicator)
    else:
        weights = Fraction(due)
    if not weights:
        return None
    whole = achievement * (weights + total(term.weight for term in rates))
    return (whole - total(term.value * term.weight for term in rates)) / weights


_USUAL_GAP = Decimal(50)


def _on_time(case: Assessment, result: ProjectResult, achievement: Fraction) -> bool:
    """Whether money keeps step with the year while the indicators are ahead, which only a profile may object to."""
    start, rate = start_month(result.project), percent(result.execution_rate)
    if case.profile.achievement_gap is not None or start is None or rate is None:
        return False
    due = percent(time_progress(case.month, start))
    return achievement > rate and due is not None and rate >= due


@rule("FND012", Severity.WARNING, title="实现程度与执行率相差较大")
def achievement_far_from_execution(case: Assessment) -> Iterator[Violation]:
    """各指标实现程度与预算执行率之差不超过监控口径规定的（没有规定的为 50 个百分点，支出不慢于序时进度的不提）；备注写明了的、已经提醒支出进度的也不提。"""
    limit = _USUAL_GAP if case.profile.achievement_gap is None else case.profile.achievement_gap
    below = {id(result) for result, _ in _below_floor(case)}
    for result in _spending(case):
        slow = result.budget_light in (Light.RED, Light.YELLOW) or id(result) in below
        achievement, rate = None if slow else _indicators_achievement(case, result), result.execution_rate
        if achievement is None or rate is None or abs(achievement - rate) <= limit:
            continue
        if result.achievement is None or result.project.remark or _on_time(case, result, achievement):
            continue
        both = f"{name(result.project)}各指标实现程度 {pct(achievement)}%，预算执行率 {pct(rate)}%"
        remedy = "请核对支出和各指标的当前完成值；属实的请在备注里说明。"
        yield Violation(result.project.where("spent"), f"{both}，相差超过 {plain(limit)} 个百分点。", remedy)


# -- what reviewers return -----------------------------------------------------------------------------

_ADJUSTED = re.compile(r"调整|调增|调减|压减|核减|追加|收回|统筹|增加|减少")


@rule("FND014", Severity.INFO, title="调整额没有说明")
def adjusted_without_words(case: Assessment) -> Iterator[Violation]:
    """年中调整预算的，要在备注里说明原因，或者填文号。"""
    for project in case.facts.projects:
        told = project.remark or project.document_no or project.unknown("remark")
        if project.adjustment and not told and not _ADJUSTED.search(project.purpose or ""):
            how = "调增" if project.adjustment > 0 else "调减"
            message = f"{name(project)}{how} {money(case, abs(project.adjustment))}，没有说明原因。"
            yield Violation(project.where("adjustment"), message, "请在备注里写明为什么调整、依据什么文件。")


_BESIDE = re.compile(r"合同|协议|另|其他|其余|以外|质保|增补|零星|尾款")


def _above_contract(case: Assessment) -> Iterator[tuple[Project, Decimal, Decimal]]:
    """Projects whose rows with a contract spent more than it: the first such row, what was spent, the contract."""
    for _, rows, contract, _ in _contracts(case):
        signed = [row for row in rows if row.contract]
        if any(row.spent is None or "spent" in yuan_suspects(row) for row in signed):
            continue
        spent = sum((row.spent for row in signed if row.spent is not None), Decimal(0))
        told = any(_BESIDE.search(row.remark or "") or tells_of_several_years(row) for row in rows)
        if spent > contract and not told:
            yield max(signed, key=lambda row: row.spent or 0), spent, contract


@rule("FND015", Severity.WARNING, title="累计支出大于合同金额")
def spent_above_contract(case: Assessment) -> Iterator[Violation]:
    """填了合同金额的，累计支出不大于合同金额；备注写明还有合同以外支出的不提。"""
    for project, spent, contract in _above_contract(case):
        amounts = f"累计支出 {money(case, spent)}，大于合同金额 {money(case, contract)}"
        remedy = "请核对支出和合同金额；有合同以外的支出，请在备注里写明。"
        yield Violation(project.where("spent"), f"{name(project)}{amounts}。", remedy)


_LEAST_EXPECTED = Decimal("0.6")
_GIVEN_BACK = ("调减", "收回", "调剂")
_LESS_NEEDED = re.compile(r"结余|节约|节余|调减|收回|调剂|下年|明年|次年|结转|跨年")


@rule("FND016", Severity.INFO, title="全年预计支出远小于预算")
def far_less_expected(case: Assessment) -> Iterator[Violation]:
    """全年预计支出不到调整后预算 60% 的，一般要在“偏差整改”表建议调减、收回或调剂。"""
    given_back = {row.project_id for row in case.facts.corrections if row.advice in _GIVEN_BACK}
    for project in case.facts.projects:
        expected, budget = project.full_year_spending, project.budget
        if expected is None or budget is None or budget <= 0 or expected >= budget * _LEAST_EXPECTED:
            continue
        told = _LESS_NEEDED.search(f"{project.remark or ''}{project.purpose or ''}")
        below_spent = project.spent is not None and expected < project.spent
        if project.id in given_back or told or below_spent or yuan_suspects(project):
            continue
        share = plain(round_half_up(fraction(expected) / fraction(budget) * 100))
        amounts = f"全年预计支出 {money(case, expected)}，只有调整后预算 {money(case, budget)}的 {share}%"
        remedy = "请核对；确实用不完的，请在“偏差整改”表的处理建议里选调减、收回或调剂。"
        yield Violation(project.where("full_year_spending"), f"{name(project)}{amounts}。", remedy)
