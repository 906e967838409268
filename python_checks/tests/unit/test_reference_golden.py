"""The reference must give every row of the golden cases."""

from __future__ import annotations

import pandas as pd
import pytest

from python_checks.compare import compare_tables
from python_checks.reference import compute
from python_checks.tests.tables import GOLDEN, GOLDEN_AS_OF, golden_policy

KEYS = {
    "lead_score_history": ["lead_id", "scoring_model", "valid_from"],
    "lead_scores": ["lead_id", "scoring_model"],
    "lead_stage_history": ["lead_id", "stage_number"],
    "lead_stages": ["lead_id"],
    "channel_conversion": ["channel"],
}


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


@pytest.mark.parametrize("table", sorted(KEYS))
def test_table_equals_golden(case, table):
    """No row is missing or too many, no cell differs."""
    name, computed = case
    path = GOLDEN / name / "expected" / f"{table}.csv"
    expected = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(expected) > 0
    differences = compare_tables(expected, computed[table], KEYS[table])
    assert not differences, "\n".join(differences[:20])
