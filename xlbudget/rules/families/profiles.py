"""PRF: the rules that figures are judged by."""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.domain.finding import Severity
from xlbudget.domain.measures import Assessment
from xlbudget.rules.registry import Family, Violation, rule

FAMILY = Family(7, "PRF", "监控口径")


@rule("PRF001", Severity.INFO, title="用的是自己的口径文件")
def own_profile(case: Assessment) -> Iterator[Violation]:
    """监控口径取自工作簿旁边的文件时，说明是哪个文件；它可以代替自带的口径。"""
    file = case.profile.own_file
    if file:
        what = "代替了自带的口径" if file.replaces else "不是自带的口径"
        message = f"监控口径“{case.profile.name}”（{case.profile.id}）取自工作簿旁边的文件{file}，{what}。"
        remedy = "确实要按这个文件计算就不用管；不认识这个文件的，请把它移到别的文件夹，再运行。"
        yield Violation(case.facts.unit.where("profile"), message, remedy)


@rule("PRF002", Severity.WARNING, title="监控口径不适用于这个期间")
def profile_of_another_time(case: Assessment) -> Iterator[Violation]:
    """监控截止月末要在监控口径的有效期内；有效期以外，口径规定的下限和差距不用来判断。"""
    profile, last = case.profile, case.facts.unit.last_day
    if last is None or profile.valid_on(last):
        return
    until = f"至 {profile.valid_until}" if profile.valid_until else "起"
    message = f"监控口径“{profile.name}”自 {profile.valid_from} {until}适用，监控期间到 {last}。"
    remedy = "请核对预算年度；期间没有错的，请改用当时适用的口径。口径里的执行率下限和差距没有用来判断。"
    yield Violation(case.facts.unit.where("profile"), message, remedy)
