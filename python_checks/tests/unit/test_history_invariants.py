"""What holds of every history of random worlds with dated rules, whatever the rules say."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from python_checks.reference import compute
from python_checks.reference.attributes import HISTORY
from python_checks.tests.tables import POLICY
from python_checks.world_policies import write_dated_policy
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

WORLDS, VERSIONS = 30, 5
SEEDS = (204, 211, 219)
BOUNDS = ("valid_from", "valid_to", "is_projected")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module", params=SEEDS)
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The public tables of random worlds under a random dated policy."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    generate_worlds(WORLDS, request.param, folder / "raw")
    write_dated_policy(folder / "policy", POLICY, request.param, WORLDS_AS_OF, VERSIONS)
    return compute(folder / "raw", folder / "policy", WORLDS_AS_OF)


def histories(rows: Rows, *key: str) -> list[Rows]:
    """The rows of each key, in order of time."""
    found: dict[tuple, Rows] = {}
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        found.setdefault(tuple(row[name] for name in key), []).append(row)
    return list(found.values())


def values(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its time."""
    return {name: value for name, value in row.items() if name not in BOUNDS}


def test_steps_neither_overlap_nor_repeat(tables):
    boundaries = {version["valid_from"] for version in tables["policy_versions"]}
    for steps in histories(tables["lead_score_history"], "lead_id", "scoring_model"):
        for step, following in pairwise(steps):
            assert step["valid_to"] <= following["valid_from"]
            if step["valid_to"] < following["valid_from"]:
                assert {step["valid_to"], following["valid_from"]} <= boundaries
            else:
                assert values(step) != values(following)
        assert steps[-1]["valid_to"] is None or steps[-1]["valid_to"] in boundaries


def test_every_lead_has_one_primary_score(tables):
    primary = [row["lead_id"] for row in tables["lead_scores"] if row["is_primary"]]
    assert sorted(primary) == sorted(row["lead_id"] for row in tables["lead_stages"])


def test_attributes_have_neither_gaps_nor_equal_neighbours(tables):
    found = histories(tables["lead_attribute_history"], "lead_id", "attribute")
    attributes = {row["attribute"] for row in tables["lead_attribute_history"]}
    assert attributes >= set(HISTORY)
    assert len(found) == len(attributes) * len(tables["lead_stages"])
    for rows in found:
        for row, following in pairwise(rows):
            assert row["valid_to"] == following["valid_from"]
            assert row["value"] != following["value"]
        assert rows[-1]["valid_to"] is None
        assert rows[-1]["valid_from"] <= WORLDS_AS_OF


def test_versions_are_those_of_the_instants(tables):
    versions = tables["policy_versions"]
    for row in tables["lead_stage_history"]:
        version = versions[row["policy_version"] - 1]
        assert version["valid_from"] is None or version["valid_from"] <= row["entered_at"]
        assert version["valid_to"] is None or row["entered_at"] < version["valid_to"]
    mqls = sum(row["mql_at"] is not None for row in tables["lead_stages"])
    assert sum(version["mqls"] for version in versions) == mqls
