"""Selectors of subjects: each finds its models, and all that they are made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from lead_qualification.warehouse import PROJECT
from lead_qualification.yaml_text import from_yaml
from python_checks.dbt_process import copy_what_was_parsed

pytestmark = pytest.mark.nightly

SELECTORS = from_yaml((PROJECT / "selectors.yml").read_text(encoding="utf-8"))["selectors"]
EXAMPLES = {
    "policy": "signal_points",
    "intake": "source_freshness",
    "identity": "int_identified_leads",
    "signals": "int_lead_signals",
    "health": "raw_row_ledger",
    "scores": "lead_scores",
    "lifecycle": "lead_stages",
    "handoff": "handoffs",
    "accounts": "account_engagement",
    "activation": "crm_lead_sync",
    "feedback": "rejections",
    "funnel": "channel_conversion",
    "evaluation": "score_calibration",
    "metrics": "time_spine",
}
"""A node that each selector has to find."""


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Where the project is, and where dbt writes its own files."""
    folder = tmp_path_factory.mktemp("selectors")
    copy_what_was_parsed(folder)
    project = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT))
    return (*project, "--target-path", str(folder), "--log-path", str(folder), "--quiet")


@pytest.fixture(scope="module")
def runner(options: tuple[str, ...]) -> Iterator[tuple[dbtRunner, Manifest]]:
    """An invoker of dbt in this process, and the project as it parsed it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LEAD_RAW_PATH", raising=False)
        patch.chdir(Path(options[options.index("--target-path") + 1]))
        parsed = dbtRunner().invoke(["parse", *options])
        assert parsed.success, parsed.exception
        yield dbtRunner(manifest=parsed.result), parsed.result


def listed(runner: dbtRunner, options: tuple[str, ...], selector: str) -> set[str]:
    """Unique ids of what a selector finds."""
    arguments = ["list", "--selector", selector, "--output", "json", "--output-keys", "unique_id"]
    found = runner.invoke([*arguments, *options])
    assert found.success, found.exception
    return {from_yaml(line)["unique_id"] for line in found.result}


def test_every_selector_has_a_description_and_an_example() -> None:
    assert {selector["name"] for selector in SELECTORS} == set(EXAMPLES)
    assert all(selector["description"] for selector in SELECTORS)


@pytest.mark.parametrize("selector", sorted(EXAMPLES))
def test_selector_finds_what_it_needs(
    runner: tuple[dbtRunner, Manifest], options: tuple[str, ...], selector: str
) -> None:
    dbt, manifest = runner
    found = listed(dbt, options, selector)
    assert EXAMPLES[selector] in {unique_id.split(".")[2] for unique_id in found}
    missing = {
        parent
        for unique_id in found
        if unique_id.split(".")[0] in ("model", "seed", "test", "unit_test")
        for parent in manifest.parent_map[unique_id]
        if parent not in found
    }
    assert not missing


def test_every_model_has_the_tag_of_one_selector(runner: tuple[dbtRunner, Manifest]) -> None:
    nodes = [node for node in runner[1].nodes.values() if node.resource_type in ("model", "seed")]
    untagged = {
        node.name: node.tags for node in nodes if len({*EXAMPLES, "demo"} & set(node.tags)) != 1
    }
    assert not untagged
