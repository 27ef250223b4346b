"""Each rule is seen to fail on the edit that breaks it; none finds anything in what xlbudget writes."""

from __future__ import annotations

import pytest

from tests.excel_rules import RULES, faults
from tests.excel_rules.books import OTHERS, OUTPUTS, base, result
from tests.excel_rules.package import Package
from tests.excel_rules.rule import Edit, Rule

EDITS = [
    pytest.param(one, edit, id=f"{one.name}-{number}")
    for one in RULES.values()
    for number, edit in enumerate(one.edits)
]


def test_every_rule_says_what_whose_word_it_is_and_how_it_is_broken() -> None:
    assert len(RULES) > 90
    assert [
        one.name
        for one in RULES.values()
        if not (one.text.endswith(".") and len(one.source) > 10 and one.edits)
    ] == []


@pytest.mark.parametrize(("one", "edit"), EDITS)
def test_a_rule_sees_what_breaks_it(one: Rule, edit: Edit) -> None:
    sound = base(edit.base)
    assert len(list(one.check(edit.change(sound)))) > len(list(one.check(sound)))


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_is_written_keeps_all_rules(name: str) -> None:
    found = [faults(Package.read(content)) for content in OUTPUTS[name]()]
    assert found
    assert [one for one in found if one] == []


@pytest.mark.parametrize("name", OTHERS)
def test_what_others_wrote_keeps_the_rules_that_it_kept(name: str) -> None:
    content = OTHERS[name]()
    before, after = (faults(Package.read(one)) for one in (content, result(content)))
    assert {rule: told for rule, told in after.items() if rule not in before} == {}
