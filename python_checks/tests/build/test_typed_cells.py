"""Cells that arrive typed are staged as the same cells are from text."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.building import build
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

LEADS = """
    select leads.*, lead_id || '@x.test' as email from (values
        ('usual', timestamp '2026-03-01 10:00:00.25', 51, true, date '2026-04-01'),
        ('no cells', timestamp '2026-03-01 10:00:00', null, null, null),
        ('last of the calendar', timestamp '2999-12-31 23:59:59', 999999999, false, null),
        ('too late', timestamp '3000-01-01 00:00:00', 1, false, date '3000-01-01'),
        ('too early', timestamp '0999-12-31 23:59:59', 1, false, date '0999-12-31'),
        ('never', timestamp 'infinity', 1, false, null),
        ('too many points', timestamp '2026-03-01 10:00:00', -1000000000, false, null)
    ) as leads (lead_id, created_at, crm_lead_score, is_deleted, crm_re_engage_on)
"""
OPPORTUNITIES = """
    select
        opportunity_id,
        'usual' as lead_id,
        date '2026-03-01' as created_at,
        cast(null as timestamp) as closed_at,
        cast(null as boolean) as is_won,
        cast(amount as decimal(18, 2)) as amount
    from (values
        ('usual', 15300.5), ('negative', -0.01), ('no cells', null), ('too much', 1e15)
    ) as opportunities (opportunity_id, amount)
"""
TABLES = {"leads": LEADS, "opportunities": OPPORTUNITIES}
DATA_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SELECTION = (*DATA_ONLY, "--select", "+stg_crm__leads", "+stg_crm__opportunities")


def _built(folder: Path, all_text: bool) -> Warehouse:
    """Staging of the rows, as Parquet with types or with text only."""
    raw = folder / "raw"
    raw.mkdir()
    for name, query in TABLES.items():
        cells = "cast(columns(*) as varchar)" if all_text else "*"
        duckdb.sql(f"copy (select {cells} from ({query})) to '{raw / name}.parquet'")
    warehouse = duckdb_warehouse(folder / "typed_cells.duckdb")
    build(warehouse, raw=raw, as_of=WORLDS_AS_OF, arguments=SELECTION)
    return warehouse


@pytest.fixture(scope="module")
def typed_and_text(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Warehouse]:
    """Staging from typed cells and from text."""
    folders = (tmp_path_factory.mktemp(name) for name in ("typed", "text"))
    typed, text = (
        _built(folder, all_text) for folder, all_text in zip(folders, (False, True), strict=True)
    )
    return typed, text


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        ("base_crm__leads", 7),
        ("stg_crm__leads", 4),
        ("base_crm__opportunities", 4),
        ("stg_crm__opportunities", 3),
    ],
)
def test_typed_cells_are_staged_as_text_is(
    typed_and_text: tuple[Warehouse, Warehouse], model: str, rows: int
) -> None:
    typed, text = (
        one.read(f"select * from main_staging.{model} order by all") for one in typed_and_text
    )
    assert len(typed) == rows
    assert typed.astype(str).to_dict() == text.astype(str).to_dict()
