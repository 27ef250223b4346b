"""What a rule is, and how rules are run: isolated from each other, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from xlbudget.domain.finding import Finding, Severity
from xlbudget.domain.measures import Assessment
from xlbudget.domain.registry import declare
from xlbudget.domain.where import Where

CUSTOM = "填报惯例"


class Violation(NamedTuple):
    """Where a rule is not kept, what is wrong there, what to do, and how grave where that varies."""

    where: Where
    message: str
    remedy: str
    severity: Severity | None = None


Check = Callable[[Assessment], Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its code (never reused), severity, title and the document it rests on."""

    code: str
    severity: Severity
    title: str
    basis: str
    requirement: str
    check: Check
    needs: frozenset[str] = frozenset()
    """Columns (as 项目.id) without which it would only tell again that they are missing."""


class Family(NamedTuple):
    """Rules of one kind: their place in the reference, the letters that their codes begin with, and what they are about."""

    place: int
    letters: str
    title: str


REGISTRY: dict[str, Rule] = {}
MOST = 1000
"""Findings of one rule that are told one by one."""


def rule(
    code: str, severity: Severity, *, title: str, basis: str = CUSTOM, needs: Iterable[str] = ()
) -> Callable[[Check], Check]:
    """Register a check; its docstring is the requirement. Raises ValueError for a code used twice."""

    def register(check: Check) -> Check:
        requirement = (check.__doc__ or "").strip()
        declare(REGISTRY, code, Rule(code, severity, title, basis, requirement, check, frozenset(needs)))
        return check

    return register


def findings_of(one: Rule, case: Assessment) -> Iterator[Finding]:
    """The findings of a rule; of very many the first, and that there are more."""
    found = iter(one.check(case))
    for where, message, remedy, severity in chain(islice(found, MOST), _more(one, found)):
        yield Finding(
            code=one.code,
            severity=severity or one.severity,
            title=one.title,
            where=where,
            message=message,
            remedy=remedy,
        )


def _more(one: Rule, rest: Iterator[Violation]) -> Iterator[Violation]:
    """That there are more than are told, where there are."""
    for where, *_, severity in islice(rest, 1):
        message = f"“{one.title}”太多，只列出前 {MOST} 处，其余没有列出。"
        yield Violation(Where(where.sheet), message, "请先改正列出的，再运行一次。", severity)


def crashed(code: str, title: str, error: Exception) -> Finding:
    """SYS001: a rule of ours failed. It is not the user's fault and says so."""
    return Finding(
        code="SYS001",
        severity=Severity.ERROR,
        title="程序自身出错",
        where=Where("首页"),
        message=f"规则 {code}（{title}）运行出错：{type(error).__name__}: {error}",
        remedy="这是程序的问题，不是填报的问题；其他规则照常检查。请把工作簿和这句话发给维护人员。",
    )


def run(rules: Iterable[Rule], case: Assessment, *, strict: bool) -> list[Finding]:
    """Run rules over a case that has what they need. A rule that crashes gives SYS001, or raises when `strict`."""
    findings: list[Finding] = []
    for one in rules:
        if one.needs & case.facts.absent:
            continue
        try:
            findings.extend(findings_of(one, case))
        except Exception as error:
            if strict:
                raise
            findings.append(crashed(one.code, one.title, error))
    return findings
