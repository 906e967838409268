"""Tests that the top level holds the rooms of the house and nothing that was left there."""

from __future__ import annotations

import subprocess

from lead_qualification.warehouse import PROJECT

ROOMS = {"analyses", "docs", "integration_tests", "macros", "models", "python", "python_checks"}
ROOMS |= {"seeds", "snapshots", "tests"}
OF_DBT = {"dbt_project.yml", "profiles.yml", "selectors.yml", "dbt-bouncer.yml"}
OF_PYTHON = {"pyproject.toml", "requirements.in", "requirements.txt"}
OF_PYTHON |= {"requirements_bigquery.txt", "requirements_snowflake.txt"}
TO_READ = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile"}


def test_top_level_holds_what_it_should() -> None:
    printed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout
    found = {path.split("/")[0] for path in printed.split("\0") if path}
    seen = {name for name in found if not name.startswith(".")}
    assert seen == ROOMS | OF_DBT | OF_PYTHON | TO_READ
