"""A macro that gives a condition can be negated: what it writes is one expression."""

from __future__ import annotations

import re

import pytest

from lead_qualification.warehouse import PROJECT

SQL = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("models", "macros", "analyses", "tests")
    for path in sorted((PROJECT / folder).rglob("*.sql"))
)
NEGATED = sorted(set(re.findall(r"\bnot \{\{-? *(?:lead_qualification\.)?(\w+)\(", SQL)))
TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)


def body(macro: str) -> str:
    """What a macro writes, without tags and comments."""
    found = re.search(rf"\{{%-? *macro {macro}\(.*?%\}}(.*?)\{{%-? *endmacro", SQL, re.DOTALL)
    assert found, macro
    return TAG.sub("", found.group(1)).strip()


def is_one_expression(sql: str) -> bool:
    """Whether not before it negates all of it: a case, or in parentheses from end to end."""
    if sql.startswith("case") and sql.endswith("end"):
        return True
    depths = [sql[: end + 1].count("(") - sql[: end + 1].count(")") for end in range(len(sql))]
    return sql.startswith("(") and depths.index(0) == len(sql) - 1


@pytest.mark.parametrize("macro", NEGATED)
def test_a_condition_that_is_negated_is_one_expression(macro: str) -> None:
    assert is_one_expression(body(macro)), f"{macro} is negated: put what it writes in parentheses"


def test_the_rule_itself() -> None:
    assert is_one_expression("(a or (b and c))")
    assert is_one_expression("case when a then b end")
    assert not is_one_expression("(a or b) and (c)")
    assert not is_one_expression("a and b")
