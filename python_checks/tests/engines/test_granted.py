"""What the project of a company sets for a table, dbt also does where rows are replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import connect_postgres, postgres_warehouse
from python_checks.building import build, copy_project
from python_checks.tests.builds import DATA_ONLY

pytestmark = pytest.mark.nightly

UP_TO_THE_TABLE = (*DATA_ONLY, "--select", "+int_finished_run", "+lead_stage_history")
TABLE = "granted_marts.lead_stage_history"
SETTINGS = """
    +grants: {select: [reporter]}
    +persist_docs: {relation: true}
"""
"""What a company writes under models, lead_qualification in its dbt_project.yml."""


def test_a_table_that_is_there_is_granted_and_described(
    postgres: dict[str, str], tmp_path: Path
) -> None:
    project = copy_project(tmp_path / "project")
    warehouse = postgres_warehouse(postgres, "granted")
    build(warehouse, project=project, arguments=UP_TO_THE_TABLE)
    settings = project / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    before = "\nmodels:\n  lead_qualification:\n"
    assert before in text
    settings.write_text(text.replace(before, before + SETTINGS.lstrip("\n")), encoding="utf-8")
    connection = connect_postgres(postgres)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("create role reporter")
        said = build(warehouse, project=project, arguments=UP_TO_THE_TABLE)
        cursor.execute(f"select has_table_privilege('reporter', '{TABLE}', 'select')")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"select obj_description('{TABLE}'::regclass) is not null")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"select count(*) from {TABLE}")
        assert cursor.fetchone() > (0,)
    connection.close()
    assert "0 of 591 leads recomputed" in said
