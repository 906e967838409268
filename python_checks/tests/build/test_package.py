"""The project as a dbt package inside another project: sources by vars, macros by package name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from python_checks.building import copy_project
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

PROJECT_FILE = """
name: parent
version: "1.0.0"
config-version: 2
profile: parent
model-paths: ["models"]
flags:
  send_anonymous_usage_stats: false
vars:
  raw_schema: crm_landing
  as_of: "{as_of}"
  has_intent_signals: false
"""

PROFILE = """
parent:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{path}"
"""

MODEL = """
select lead_id, stage, {{ lead_qualification.as_of() }} as as_of
from {{ ref('lead_qualification', 'lead_stages') }}
"""


@pytest.fixture(scope="module")
def parent_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    raw = folder / "raw"
    generate_worlds(5, 11, raw)
    path = folder / "parent.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema crm_landing")
        for file in raw.glob("*.csv"):
            connection.execute(
                f"create table crm_landing.{file.stem} as "
                f"select * from read_csv('{file}', header = true, all_varchar = true)"
            )
    package = copy_project(folder / "lead_qualification")
    parent = folder / "parent"
    (parent / "models").mkdir(parents=True)
    (parent / "models" / "sales_leads.sql").write_text(MODEL)
    (parent / "dbt_project.yml").write_text(PROJECT_FILE.format(as_of=WORLDS_AS_OF))
    (parent / "profiles.yml").write_text(PROFILE.format(path=path))
    (parent / "packages.yml").write_text(f"packages:\n  - local: {package}\n")
    environment = {name: value for name, value in os.environ.items() if name[:4] != "DBT_"}
    for command in (["deps"], ["build", "--exclude-resource-type", "test", "unit_test"]):
        finished = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", *command, "--profiles-dir", str(parent)],
            cwd=parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
    return path


def test_parent_reads_the_public_tables(parent_database: Path) -> None:
    with duckdb.connect(str(parent_database), read_only=True) as connection:
        rows = connection.execute("select count(*), min(as_of) from main.sales_leads").fetchone()
        own = connection.execute("select count(*) from main_marts.lead_stages").fetchone()
    assert rows[0] == own[0] > 0
    assert rows[1] == WORLDS_AS_OF


def test_parent_gets_no_demo(parent_database: Path) -> None:
    with duckdb.connect(str(parent_database), read_only=True) as connection:
        demo = connection.execute(
            "select count(*) from duckdb_tables() where table_name like 'demo_%'"
        ).fetchone()
    assert demo[0] == 0


def test_switched_off_source_is_empty(parent_database: Path) -> None:
    with duckdb.connect(str(parent_database), read_only=True) as connection:
        landed = connection.execute("select count(*) from crm_landing.intent_signals").fetchone()
        staged = connection.execute(
            "select count(*) from main_staging.stg_intent__intent_signals"
        ).fetchone()
    assert landed[0] > 0
    assert staged[0] == 0
