"""What was parsed once is kept for all commands that would be parsed alike."""

from __future__ import annotations

import re

from lead_qualification.warehouse import PROJECT
from python_checks.dbt_process import PARSED_VARIABLES, Command

ENABLED = re.compile(r"enabled.*?\bvar\('(\w+)'")
READ = ("models", "snapshots", "seeds", "tests")


def test_every_var_that_enables_something_is_parsed() -> None:
    files = [path for folder in READ for path in (PROJECT / folder).rglob("*.*")]
    texts = [path.read_text("utf-8") for path in files if path.suffix in (".yml", ".sql")]
    enabling = {name for text in texts for name in ENABLED.findall(text)}
    assert {"connectors", "attribute_history"} <= enabling <= set(PARSED_VARIABLES)


def test_other_vars_need_no_parsing() -> None:
    plain = Command("build", "duckdb", {}, {"raw_schema": "raw"})
    other = Command("build", "duckdb", {}, {"raw_schema": "raw", "as_of": "2026-01-01"})
    assert plain.parsed_alike == other.parsed_alike
    assert plain.parse_words == other.parse_words
    with_history = Command("build", "duckdb", {}, {"attribute_history": "snapshot"})
    assert with_history.parsed_alike != Command("build", "duckdb", {}).parsed_alike
