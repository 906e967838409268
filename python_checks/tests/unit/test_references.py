"""References say their package, so that a host project may have the same names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT
from lead_qualification.yaml_text import from_yaml

FOLDERS = ("models", "macros", "tests", "analyses", "seeds", "snapshots")
POLICY_TABLES = sorted(path.stem for path in (PROJECT / "seeds" / "policy").glob("*.csv"))
WITHOUT_PACKAGE = re.compile(r"""\b(?:ref|doc)\(\s*(?:'[^']*'|"[^"]*"|[\w.]+(?:\[[^]]*\])?)\s*\)""")
SOURCES = re.compile(r"""\bsource\(\s*['"]?(\w+)""")
OF_POLICY = re.compile(rf"""\bref\(\s*'lead_qualification',\s*'({"|".join(POLICY_TABLES)})'""")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def files(*suffixes: str) -> Iterator[Path]:
    """Files of dbt with one of the suffixes."""
    for folder in FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def found(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    """Where a pattern is, outside comments, as file and text."""
    return [
        f"{path.relative_to(PROJECT)}: {match.group()}"
        for path in files(*suffixes)
        for match in pattern.finditer(COMMENT.sub("", path.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("{{ ref('channels') }}", True),
        ('{{ ref( "channels" ) }}', True),
        ("ref(base_model)", True),
        ("ref(own[table_name])", True),
        ("{{ doc('lead_id') }}", True),
        ("{{ ref('lead_qualification', 'channels') }}", False),
        ("ref('lead_qualification', base_model)", False),
        ("{{ doc('lead_qualification', 'lead_id') }}", False),
        ("raw_href(x)", False),
    ],
)
def test_pattern(text: str, is_found: bool) -> None:
    assert bool(WITHOUT_PACKAGE.search(text)) is is_found


def test_every_ref_and_doc_says_its_package() -> None:
    assert not found(WITHOUT_PACKAGE, ".sql", ".yml", ".md")


def test_sources_are_our_own() -> None:
    declared = {
        source["name"]
        for path in (PROJECT / "models").rglob("*.yml")
        for source in (from_yaml(path.read_text(encoding="utf-8")) or {}).get("sources", [])
    }
    read = {
        match.group(1)
        for path in files(".sql")
        for match in SOURCES.finditer(COMMENT.sub("", path.read_text(encoding="utf-8")))
    }
    assert read <= declared


def test_policy_tables_are_read_by_the_macro_policy() -> None:
    assert POLICY_TABLES
    assert not found(OF_POLICY, ".sql")


def test_policy_columns_are_checked_against_the_table_in_force() -> None:
    targets = re.compile(rf"\bto:\s*{OF_POLICY.pattern}")
    assert not found(targets, ".yml")
