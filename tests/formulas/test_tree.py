"""Formulas as trees: what binds how, what is read, what is refused, and that writing loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.formulas.tree import HIGHEST, Node, Unparsed, parse, replaced, written

BINDS = {
    "1+2*3": "(1+(2*3))",
    "1*2+3": "(1*2)+3",
    "2^3^2": "(2^3)^2",
    "-2^2": "((-2)^2)",
    "2^-1": "(2^(-1))",
    "2^-1^2": "(2^(-1))^2",
    "-2%": "(-(2%))",
    "5%%": "((5%)%)",
    "10-2-3": "(10-2)-3",
    "12/2*3": "(12/2)*3",
    "1+2&3+4": "((1+2)&(3+4))",
    '"a"&"b"="ab"': '(("a"&"b")="ab")',
    "1<2=TRUE": "(1<2)=TRUE",
    "1<>2": "(1<>2)",
    "1>=-2": "(1>=(-2))",
    "--A1": "(-(-A1))",
    "@A1:A5": "(@A1:A5)",
    "(1+2)*3": "((1+2)*3)",
    " 1 + 2 ": "(1+2)",
    "A1:B2*C1": "(A1:B2*C1)",
}
READ = {
    "SUM(A1,,B2)": [("ref", "A1"), ("none", ""), ("ref", "B2")],
    "NOW()": [],
    "F($A$1:B$2,A:B,1:3)": [("ref", "$A$1:B$2"), ("ref", "A:B"), ("ref", "1:3")],
    "F(项目!A1,'a b'!B2,'it''s'!C3)": [("ref", "项目!A1"), ("ref", "'a b'!B2"), ("ref", "'it''s'!C3")],
    "F(总数,项目!本地,'a b'!本地)": [("name", "总数"), ("name", "项目!本地"), ("name", "'a b'!本地")],
    "F(表1[列],表1[[#All],[列 1]])": [("name", "表1[列]"), ("name", "表1[[#All],[列 1]]")],
    'F(1E-5,.5,"a""b",true,#N/A)': [("number", "1E-5"), ("number", ".5"), ("text", '"a""b"'), ("bool", "TRUE"), ("error", "#N/A")],
    'F({1, -2;"a",TRUE})': [("array", '{1,-2;"a",TRUE}')],
    "A1:INDEX(B:B,3)": [("ref", "A1"), ("call", "INDEX")],
    "F(x):A1": [("call", "F"), ("ref", "A1")],
    "A1:名称": [("ref", "A1"), ("name", "名称")],
    "F('a b:c d'!A1,一:三!B2:C3)": [("ref", "'a b:c d'!A1"), ("ref", "一:三!B2:C3")],
    "F(项目!#REF!)": [("error", "#REF!")],
}  # fmt: skip
REFUSED = [
    "", "1+", "(1", "1)", "SUM(1", "A1 B1", "A1:B2 C1:C3", "(A1,B1)", "A1:1", "A1:B2:C3", "A1:B:B", "A1#", "[1]项目!A1",
    "'[1]项目'!A1", r"'C:\[b.xlsx]S'!A1", "[2]!名称", "[@列]", "LAMBDA(x,x)(2)", "{1,A1}",
    "项目!F(1)", "1 2", '"a', "TRUE:A1", "=1", "A1:F(1):B2", "名称:",
]  # fmt: skip
LONG = ["+".join(["A1"] * (HIGHEST + 1)), "A1" + "%" * 3000, "-" * 100 + "1", "(" * 200 + "1" + ")" * 200, "+".join(["A1"] * 4000)]  # fmt: skip


@pytest.mark.parametrize(("formula", "bound"), BINDS.items())
def test_operators_bind_as_in_excel(formula: str, bound: str) -> None:
    assert parse(formula) == parse(bound)
    assert parse(written(parse(formula))) == parse(formula)


def test_a_wrong_binding_is_noticed() -> None:
    assert parse("-2^2") != parse("-(2^2)")
    assert parse("2^3^2") != parse("2^(3^2)")
    assert parse("1-(2-3)") != parse("1-2-3")


@pytest.mark.parametrize(("formula", "parts"), READ.items())
def test_parts_are_read(formula: str, parts: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.text) for one in parse(formula).parts] == parts


@pytest.mark.parametrize("formula", [*REFUSED, *LONG], ids=lambda one: one[:20])
def test_what_is_not_understood_is_refused(formula: str) -> None:
    with pytest.raises(Unparsed):
        parse(formula)


def test_functions_lose_the_prefixes_that_files_give_them() -> None:
    texts = ("sum(1)", "_xlfn.SUM(1)", "_xlfn._xlws.SUM(1)", "_xludf.SUM(1)", "[1]!SUM(1)")
    assert [parse(one).function for one in texts] == ["SUM"] * 5
    assert parse("SUM").function == ""


def test_a_long_sum_needs_no_more_brackets_than_a_short_one() -> None:
    text = written(parse("+".join(["A1"] * HIGHEST)))
    assert text.count("(") == 1
    assert parse(text).height == HIGHEST


def test_replacing_keeps_what_stays() -> None:
    tree = parse("SUM(A1,B1)+C1")
    assert replaced(tree, lambda _: None) is tree
    changed = replaced(tree, lambda one: Node("number", "1") if one.text == "B1" else None)
    assert changed == parse("SUM(A1,1)+C1")


# -- whatever the tree is ------------------------------------------------------------------------------

LEAVES = st.sampled_from(
    ["1", "2.5", "1E-5", '"文""字"', "TRUE", "#N/A", "A1", "$B$2:C3", "A:A", "项目!A1", "'a b'!1:2", "总数", "表1[列]",
     "{1,2;3,4}"]
).map(parse)  # fmt: skip


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def node(
        kind: str, texts: tuple[str, ...], parts: st.SearchStrategy[tuple[Node, ...]]
    ) -> st.SearchStrategy[Node]:
        return st.builds(Node, st.just(kind), st.sampled_from(texts), parts)

    operators = ("+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=")
    return st.one_of(
        node("binary", operators, st.tuples(inner, inner)),
        node("prefix", ("-", "+", "@"), st.tuples(inner)),
        node("suffix", ("%",), st.tuples(inner)),
        node(
            "call",
            ("SUM", "_xlfn.XLOOKUP"),
            st.lists(inner | st.just(Node("none", "")), min_size=2, max_size=3).map(tuple),
        ),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=25)


@settings(max_examples=500, deadline=None)
@given(TREES)
def test_a_written_tree_reads_the_same(tree: Node) -> None:
    assert parse(written(tree)) == tree


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="A1$:!'\"(){}[]#@,;+-*/^&=<>% 项目.eE9", max_size=30))
def test_any_text_is_read_or_refused_and_reads_the_same_again(text: str) -> None:
    try:
        tree = parse(text)
    except Unparsed:
        return
    assert parse(written(tree)) == tree
