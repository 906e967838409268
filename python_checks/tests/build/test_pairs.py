"""Which pair of a model and a profile judges a lead, and since when.

Every lead fits perfectly and was created on 1 March 10:00; the clock stands at 30 September 00:00.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import add_policy_row, edit_policy
from python_checks.compare import normal
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import Builds
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

COMES = "2026-03-10 10:00:00"
GROWS = "2026-04-01 00:00:00"
SCENARIO = Scenario()

SCENARIO.lead("comes", lead_source="Cold Email")
SCENARIO.visit("comes", COMES)
SCENARIO.lead("clicks", lead_source="Cold Email")
SCENARIO.visit("clicks", COMES, "/")
SCENARIO.lead("writes", lead_source="Cold Email")
SCENARIO.activity("writes", COMES, "form_submit")

SCENARIO.account("grown", employee_count="600")
SCENARIO.lead("grows", account_id="grown")
SCENARIO.add(
    "attribute_changes",
    object="account",
    record_id="grown",
    attribute="employee_count",
    old_value="200",
    new_value="600",
    changed_at=GROWS,
)


def enterprises_apart(project: Path) -> None:
    """Judge enterprises by leadsuite's model."""
    edit_policy(project, "scoring_models", {"scoring_model": "leadsuite"}, {"is_active": "true"})
    rule = {"track": "main", "rule_order": "0", "company_segment": "startup | Enterprise"}
    pair = {"scoring_model": "leadsuite", "profile": "leadsuite", "description": "Enterprises"}
    add_policy_row(project, "model_assignment", rule | pair)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> Future[Warehouse]:
    """The build with a rule for enterprises before those that are shipped."""
    raw = SCENARIO.write(tmp_path_factory.mktemp("pairs") / "raw")
    return builds.submit(raw, WORLDS_AS_OF, edit=enterprises_apart)


def rows_of(warehouse: Warehouse, table: str, lead: str) -> list[dict[str, Any]]:
    """The rows of a lead in a public table."""
    found = warehouse.table(table).to_dict("records")
    return [
        {name: normal(value) for name, value in row.items()}
        for row in found
        if row["lead_id"] == lead
    ]


def test_a_cold_lead_that_comes_is_judged_by_both_pairs(built: Future[Warehouse]) -> None:
    """Its visit opens the gate of the second pair: the hand-off is of that model alone."""
    warehouse = built.result()
    handoffs = rows_of(warehouse, "handoffs", "comes")
    assert [(row["handed_off_at"], row["scoring_model"]) for row in handoffs] == [
        (normal(COMES), "guide")
    ]
    assert [row["scoring_model"] for row in rows_of(warehouse, "lead_stages", "comes")] == [
        "cold_email"
    ]
    points = rows_of(warehouse, "evaluation_points", "comes")
    assert [row["scoring_model"] for row in points] == ["guide"]


def test_the_page_behind_a_click_is_no_interest(built: Future[Warehouse]) -> None:
    """The main pair alone judges that lead, though guide scores it: nothing moves."""
    warehouse = built.result()
    assert {row["scoring_model"] for row in rows_of(warehouse, "lead_scores", "clicks")} > {"guide"}
    assert [row["stage"] for row in rows_of(warehouse, "lead_stages", "clicks")] == ["lead"]


def test_a_model_scores_from_its_pair_on(built: Future[Warehouse]) -> None:
    """A form has no points in guide, which begins with it: MQL at that instant."""
    warehouse = built.result()
    scored = [
        row["valid_from"]
        for row in rows_of(warehouse, "lead_score_history", "writes")
        if row["scoring_model"] == "guide"
    ]
    assert min(scored) == normal(COMES)
    stages = rows_of(warehouse, "lead_stage_history", "writes")
    assert ("mql", normal(COMES)) in [(row["stage"], row["entered_at"]) for row in stages]


def test_a_pair_ends_where_an_attribute_changes(built: Future[Warehouse]) -> None:
    """One model stops scoring the lead at the instant at which the other one begins."""
    rows = rows_of(built.result(), "lead_score_history", "grows")
    before = [row["valid_to"] for row in rows if row["scoring_model"] == "guide"]
    since = [row["valid_from"] for row in rows if row["scoring_model"] == "leadsuite"]
    assert max(before) == min(since) == normal(GROWS)
