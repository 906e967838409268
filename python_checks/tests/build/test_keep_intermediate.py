"""With the var keep_intermediate false a build drops what only the build itself reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import duckdb_warehouse
from python_checks.building import build
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

DATA_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
LEADS = "lead_id,email,created_at\none,one@x.test,2026-03-01 10:00:00\n"
KEPT = ("int_policy_dates", "int_policy_versions", "stg_sales__sales_reps")
"""A later run of a part asks whether the policy has versions; pages and messages name reps."""
SELECTION = ("--select", "+int_lead_merges", "+source_freshness", "+stg_sales__sales_reps")


def test_work_is_dropped_after_a_build(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "leads.csv").write_text(LEADS, encoding="utf-8")
    warehouse = duckdb_warehouse(tmp_path / "work.duckdb")
    build(
        warehouse,
        raw=raw,
        as_of=WORLDS_AS_OF,
        variables={"keep_intermediate": False},
        arguments=(*DATA_ONLY, *SELECTION),
    )
    left = warehouse.read(
        "select table_name from information_schema.tables "
        "where table_schema in ('main_staging', 'main_intermediate', 'main_marts')"
    )
    assert set(left["table_name"]) == {"int_lead_merges", "source_freshness", *KEPT}
