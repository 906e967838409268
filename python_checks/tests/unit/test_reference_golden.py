"""The reference must give every row of the golden cases."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from python_checks.compare import compare_tables
from python_checks.reference import compute
from python_checks.tests.tables import GOLDEN, POLICY

AS_OF = {"tour": datetime(2026, 8, 1), "mixed": datetime(2026, 9, 30)}
KEYS = {
    "lead_score_history": ["lead_id", "scoring_model", "valid_from"],
    "lead_scores": ["lead_id", "scoring_model"],
    "lead_stage_history": ["lead_id", "stage_number"],
    "lead_stages": ["lead_id"],
    "channel_conversion": ["channel"],
}


@pytest.fixture(scope="module", params=sorted(AS_OF))
def case(request):
    """The name of a golden case and the tables that the reference computes from it."""
    name = request.param
    raw = GOLDEN / name / "raw"
    return name, compute(raw, POLICY, AS_OF[name])


@pytest.mark.parametrize("table", sorted(KEYS))
def test_table_equals_golden(case, table):
    """No row is missing or too many, no cell differs."""
    name, computed = case
    path = GOLDEN / name / "expected" / f"{table}.csv"
    expected = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(expected) > 0
    differences = compare_tables(expected, computed[table], KEYS[table])
    assert not differences, "\n".join(differences[:20])
