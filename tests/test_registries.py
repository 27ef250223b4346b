"""A code or a name is declared once: a second time is an error, whoever declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from xlbudget import profiles
from xlbudget.audit import against, claims, relations
from xlbudget.audit.relation import AGAINST, RELATIONS, relation
from xlbudget.domain.finding import Severity
from xlbudget.domain.registry import discover
from xlbudget.formulas.functions import registry, statistics
from xlbudget.functions import registry as functions
from xlbudget.machine import checkup, doctor
from xlbudget.report import writer
from xlbudget.rules import FAMILIES, REGISTRY
from xlbudget.rules.registry import rule
from xlbudget.vba import buttons

assert against
assert relations.MODULES
assert doctor  # it imports the doctor's checks
assert statistics  # and this functions of formulas

REGISTRIES: dict[str, tuple[dict[str, Any], str, Callable[[str], Callable[[Any], Any]]]] = {
    "rules": (REGISTRY, "FND001", lambda code: rule(code, Severity.ERROR, title="另一条")),
    "relations of the audit": (RELATIONS, "TXT001", lambda code: relation(code, "另一条")),
    "against a workbook": (AGAINST, "TXT080", lambda code: relation(code, "另一条", registry=AGAINST)),
    "claims": (claims.KINDS, "count", claims.kind),
    "worksheet functions": (
        functions.FUNCTIONS, "ACHIEVEMENT", lambda name: functions.function(name, "另一个", example=""),
    ),
    "functions of formulas": (registry.FUNCTIONS, "SUM", registry.function),
    "the doctor's checks": (checkup.CHECKS, "Python", checkup.check),
    "blocks of a report": (writer.CONTENT, "bands", writer.content),
}  # fmt: skip


@pytest.mark.parametrize(("registry", "name", "declaring"), REGISTRIES.values(), ids=REGISTRIES.keys())
def test_a_name_is_not_given_twice(
    registry: dict[str, Any], name: str, declaring: Callable[[str], Callable[[Any], Any]]
) -> None:
    before = dict(registry)
    old = registry[name]

    def another(_: object) -> Iterator[object]:
        yield from ()

    for part in ("find", "check", "function", "call"):  # one of the same name in another module
        another.__qualname__ = getattr(getattr(old, part, old), "__qualname__", another.__qualname__)
    with pytest.raises(ValueError, match=f"{name} is declared twice"):
        declaring(name)(another)
    assert registry == before


def test_a_code_of_a_relation_that_has_gone_is_not_given_again() -> None:
    with pytest.raises(ValueError, match="TXT011 was another relation"):
        relation("TXT011", "另一条")


def test_codes_of_the_registries_do_not_meet() -> None:
    codes = [*REGISTRY, *RELATIONS, *AGAINST]
    assert len(set(codes)) == len(codes)


def test_an_id_of_a_button_is_not_given_twice() -> None:
    assert list(buttons.by_id(buttons.GROUPS)) == list(buttons.BUTTONS)
    with pytest.raises(ValueError, match="check is declared twice"):
        buttons.by_id((buttons.GROUPS[0], buttons.GROUPS[0]))


def test_an_id_of_a_shipped_profile_is_not_given_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (resources.files(profiles) / "hebei-county.toml").read_text("utf-8")
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="hebei-county is declared twice"):
        profiles.shipped()


def test_a_shipped_profile_is_found_by_its_id() -> None:
    """Its file has the name of its id, and no two have one Chinese name."""
    shipped = profiles.shipped()
    assert {name: profiles.load(name).id for name in shipped} == {name: name for name in shipped}
    assert {one.name: profiles.load(one.name).id for one in shipped.values()} == {
        one.name: one.id for one in shipped.values()
    }


def test_modules_of_a_package_are_found_by_themselves() -> None:
    names = [one.__name__.rpartition(".")[2] for one in discover("xlbudget.rules.families")]
    folder = resources.files("xlbudget") / "rules" / "families"
    files = {one.name for one in folder.iterdir() if one.name.endswith(".py")}
    assert [f"{name}.py" for name in names] == sorted(files - {"__init__.py"})
    with pytest.raises(LookupError, match=r"xlbudget\.sample declares nothing"):
        discover("xlbudget.sample")


def test_the_code_of_a_rule_begins_with_the_letters_of_its_family() -> None:
    families = {one.letters: 0 for one in FAMILIES}
    for code in REGISTRY:
        families[code[:3]] += 1
    assert all(families.values())
