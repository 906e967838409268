"""The reference must give every row of the golden cases."""

from __future__ import annotations

import pandas as pd
import pytest

from python_checks.compare import compare_tables
from python_checks.reference import compute
from python_checks.tests.tables import (
    DATED,
    DATED_AS_OF,
    DATED_EXPECTED,
    GOLDEN,
    GOLDEN_AS_OF,
    KEYS,
    dated_policy,
    golden_policy,
    with_document_names,
)

TABLES = (
    "channel_conversion",
    "lead_score_history",
    "lead_scores",
    "lead_stage_history",
    "lead_stages",
)
DATED_TABLES = (*TABLES, "handoffs", "lead_attribute_history", "policy_versions")


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    """The folder with the policy of the golden cases."""
    return golden_policy(tmp_path_factory.mktemp("golden"))


@pytest.fixture(scope="module", params=sorted(GOLDEN_AS_OF))
def case(request, policy):
    """The name of a golden case and the tables that the reference computes from it."""
    name = request.param
    raw = GOLDEN / name / "raw"
    return name, compute(raw, policy, GOLDEN_AS_OF[name])


@pytest.fixture(scope="module", params=sorted(DATED_EXPECTED))
def dated_case(request, tmp_path_factory):
    """What policy_in_force says, and the tables that the reference computes from dated rules."""
    variables = {"policy_in_force": request.param}
    policy = dated_policy(tmp_path_factory.mktemp("dated"))
    return request.param, compute(DATED / "raw", policy, DATED_AS_OF, variables)


@pytest.mark.parametrize("table", TABLES)
def test_table_equals_golden(case, table):
    """No row is missing or too many, no cell differs."""
    name, computed = case
    assert_equal(GOLDEN / name / "expected", table, computed)


@pytest.mark.parametrize("table", DATED_TABLES)
def test_table_equals_dated_golden(dated_case, table):
    """By the rules of each time, and by those of the clock taken to have been in force always."""
    in_force, computed = dated_case
    assert_equal(DATED_EXPECTED[in_force], table, computed)


def assert_equal(folder, table, computed):
    expected = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
    assert len(expected) > 0
    actual = with_document_names(pd.DataFrame(computed[table]), folder / f"{table}.csv")
    differences = compare_tables(expected, actual, KEYS[table])
    assert not differences, "\n".join(differences[:20])
