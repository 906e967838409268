"""The DuckDB file of a build is written for older readers too."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lead_qualification.warehouse import PROJECT
from lead_qualification.yaml_text import from_yaml


def test_profile_writes_the_storage_of_1_4(tmp_path: Path) -> None:
    profiles = from_yaml((PROJECT / "profiles.yml").read_text())
    options = profiles["lead_qualification"]["outputs"]["duckdb"]["config_options"]
    path = tmp_path / "written.duckdb"
    with duckdb.connect(str(path), config=options) as connection:
        connection.execute("create table facts as select 1 as fact")
    with duckdb.connect(str(path), read_only=True) as connection:
        tags = connection.execute(
            "select tags from duckdb_databases() where database_name = 'written'"
        ).fetchone()
    assert tags[0]["storage_version"].startswith("v1.4.0")
