"""What the project of a company sets for a table, dbt also does where rows are replaced."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT, connect_postgres, postgres_warehouse
from python_checks.processes import environment_without_settings

pytestmark = pytest.mark.nightly

READ_BY_DBT = ("models", "seeds", "macros", "tests", "analyses", "snapshots")
MODELS_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
TABLE = "granted_marts.lead_stage_history"
SETTINGS = """
    +grants: {select: [reporter]}
    +persist_docs: {relation: true}
"""
"""What a company writes under models, lead_qualification in its dbt_project.yml."""


def test_a_table_that_is_there_is_granted_and_described(
    postgres: dict[str, str], tmp_path: Path
) -> None:
    project = tmp_path / "project"
    for part in READ_BY_DBT:
        if (PROJECT / part).exists():
            shutil.copytree(PROJECT / part, project / part)
    for file in PROJECT.glob("*.yml"):
        shutil.copy(file, project)
    warehouse = postgres_warehouse(postgres, "granted")

    def run() -> str:
        finished = subprocess.run(
            [
                *(sys.executable, "-m", "dbt.cli.main", "build", "--target", "postgres"),
                *("--select", "+int_finished_run", "+lead_stage_history", *MODELS_ONLY),
            ],
            cwd=project,
            env=environment_without_settings() | warehouse.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout[-5000:] + finished.stderr
        return finished.stdout

    run()
    settings = project / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    before = "\nmodels:\n  lead_qualification:\n"
    assert before in text
    settings.write_text(text.replace(before, before + SETTINGS.lstrip("\n")), encoding="utf-8")
    connection = connect_postgres(postgres)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("create role reporter")
        said = run()
        cursor.execute(f"select has_table_privilege('reporter', '{TABLE}', 'select')")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"select obj_description('{TABLE}'::regclass) is not null")
        assert cursor.fetchone() == (True,)
        cursor.execute(f"select count(*) from {TABLE}")
        assert cursor.fetchone() > (0,)
    connection.close()
    assert "0 of 591 leads recomputed" in said
