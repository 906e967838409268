"""Attributes of attributes.csv: fit rules, the funnel and predictions know them as they were.

Two leads at one company and one at another. A rep grades the first lead after an MQL, and the
company changes its plan; what is known of either is in attribute_changes alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.building import add_policy_row
from python_checks.tests.build.scenarios import Scenario
from python_checks.tests.builds import Builds
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly

BORN = "2026-03-01 10:00:00"
EVALUATED_AT = "2026-09-10 12:00:00"
CHANGED_AT = "2026-09-20 12:00:00"
BUILT = (
    "--select",
    *("+lead_score_history", "+lead_attribute_history", "+excluded_events"),
    *("+funnel_conversion", "+prediction_features", "+account_engagement"),
)
ATTRIBUTES = (
    ("lead_quality", "lead", "text"),
    ("budget", "lead", "decimal"),
    ("renewal_on", "account", "date"),
    ("is_partner", "account", "boolean"),
    ("seats", "account", "integer"),
)
CLASSES = ("lead_quality", "is_partner", "seats")
"""The attributes that are dimensions and features."""
NAMES = ", ".join(f"'{name}'" for name, *_ in ATTRIBUTES)


def scenario() -> Scenario:
    """An MQL whose grade improves later, a colleague, and a lead of another company."""
    told = Scenario()
    told.account("beta")
    told.lead("graded", job_title="Engineer")
    told.visit("graded", EVALUATED_AT)
    told.lead("colleague", job_title="Engineer")
    told.visit("colleague", CHANGED_AT, session_id="s1")
    told.lead("stranger", account_id="beta", email="stranger@beta.com")
    told.visit("stranger", EVALUATED_AT)
    for record, attribute, old, new, at in (
        ("graded", "lead_quality", "", "fair", EVALUATED_AT),
        ("graded", "LEAD_QUALITY", "fair", "Very Good", CHANGED_AT),
        ("graded", "budget", "$900", "1,200.5", CHANGED_AT),
        ("graded", "seats", "1", "500", CHANGED_AT),
        ("graded", "shoe_size", "41", "42", CHANGED_AT),
        ("acme", "seats", "many", "60.0", CHANGED_AT),
        ("acme", "is_partner", "No", "YES", CHANGED_AT),
        ("acme", "renewal_on", "", "2026-12-24 08:00", CHANGED_AT),
    ):
        told.add(
            "attribute_changes",
            object="account" if record == "acme" else "Lead",
            record_id=record,
            attribute=attribute,
            old_value=old,
            new_value=new,
            changed_at=at,
        )
    return told


def with_attributes(project: Path) -> None:
    """Five attributes, and points for three of them."""
    for attribute, described, data_type in ATTRIBUTES:
        use = "true" if attribute in CLASSES else "false"
        row = {"attribute": attribute, "object": described, "type": data_type}
        add_policy_row(project, "attributes", row | {"is_dimension": use, "is_feature": use})
    rule = {"scoring_model": "guide", "rule_order": "1", "counts_for_grade": "false"}
    for attribute, match_type, values, points in (
        ("lead_quality", "has_word", "good|excellent", "5"),
        ("seats", "between", "50|1000", "2"),
        ("budget", "between", "0|1000", "-5"),
    ):
        match = {"attribute": attribute, "match_type": match_type, "match_values": values}
        add_policy_row(
            project, "fit_rules", rule | match | {"criterion": attribute, "points": points}
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> Warehouse:
    """The scenario, built with the five attributes."""
    raw = scenario().write(tmp_path_factory.mktemp("custom_attributes"))
    return builds.build(raw, WORLDS_AS_OF, edit=with_attributes, arguments=BUILT)


def texts(warehouse: Warehouse, sql: str) -> set[tuple[str | None, ...]]:
    """The rows of a query, every value as text."""
    with warehouse.connection() as connection:
        found = connection.table(sql)
    return {tuple(None if value is None else str(value) for value in row) for row in found.rows}


def points_by_time(warehouse: Warehouse, lead_id: str) -> dict[str, tuple[int, int]]:
    """Fit points and penalties of a lead where they change, by the instant of the change."""
    steps: dict[str, tuple[int, int]] = {}
    rows = warehouse.table("lead_score_history").sort_values("valid_from")
    rows = rows[(rows["lead_id"] == lead_id) & (rows["scoring_model"] == "guide")]
    for row in rows.to_dict("records"):
        points = (int(row["fit_points"]), int(row["penalty_points"]))
        if not steps or list(steps.values())[-1] != points:
            steps[str(row["valid_from"])] = points
    return steps


def test_a_change_moves_points_at_its_instant(built: Warehouse) -> None:
    """25 points of the company, then 5 of the grade and 2 of the seats; a small budget ends."""
    assert points_by_time(built, "graded") == {BORN: (25, -5), CHANGED_AT: (32, 0)}


def test_a_lead_has_the_attributes_of_its_account(built: Warehouse) -> None:
    """The seats of acme are those of each of its leads, and of no other company's."""
    assert points_by_time(built, "colleague") == {BORN: (25, 0), CHANGED_AT: (27, 0)}
    assert points_by_time(built, "stranger") == {BORN: (40, 0)}


def test_accounts_are_scored_by_their_own(built: Warehouse) -> None:
    """Two points for the seats of acme; the companies are equal but for them."""
    sql = "select account_id, account_fit_points from main_intermediate.int_account_fit"
    assert texts(built, sql) == {("acme", "27"), ("beta", "25")}


def test_history_has_typed_values(built: Warehouse) -> None:
    """Values are read by their type; unknown before the first, and where nothing ever changed."""
    found = texts(
        built,
        "select lead_id, attribute, valid_from, value from main_marts.lead_attribute_history "
        f"where attribute in ({NAMES}) and lead_id <> 'colleague'",
    )
    assert found == {
        ("graded", "lead_quality", BORN, None),
        ("graded", "lead_quality", EVALUATED_AT, "fair"),
        ("graded", "lead_quality", CHANGED_AT, "Very Good"),
        ("graded", "budget", BORN, "900.00"),
        ("graded", "budget", CHANGED_AT, "1200.50"),
        ("graded", "seats", BORN, None),
        ("graded", "seats", CHANGED_AT, "60"),
        ("graded", "is_partner", BORN, "false"),
        ("graded", "is_partner", CHANGED_AT, "true"),
        ("graded", "renewal_on", BORN, None),
        ("graded", "renewal_on", CHANGED_AT, "2026-12-24"),
    } | {("stranger", name, BORN, None) for name, *_ in ATTRIBUTES}


def test_the_funnel_is_cut_by_what_holds_today(built: Warehouse) -> None:
    """A dimension has its value at as_of; the two other attributes are none."""
    found = texts(
        built,
        "select dimension, member, leads from main_marts.funnel_conversion "
        f"where dimension in ({NAMES}) and cohort_month is null and cohort_basis = 'mql'",
    )
    assert found == {
        ("lead_quality", "Very Good", "1"),
        ("lead_quality", "unknown", "2"),
        ("is_partner", "true", "2"),
        ("is_partner", "unknown", "1"),
        ("seats", "60", "2"),
        ("seats", "unknown", "1"),
    }


def test_a_prediction_knows_what_held_when_it_was_made(built: Warehouse) -> None:
    """The MQL of 10 September was fair; what the rep said later is not known yet."""
    points = "select evaluated_at from main_marts.evaluation_points where lead_id = 'graded'"
    assert texts(built, points) == {(EVALUATED_AT,)}
    features = (
        "select feature from main_marts.prediction_features where lead_id = 'graded' "
        f"and split_part(feature, '=', 1) in ({NAMES})"
    )
    assert texts(built, features) == {("lead_quality=fair",), ("is_partner=false",)}


def test_other_attributes_are_not_tracked(built: Warehouse) -> None:
    """An unlisted one, and one that is listed for the other object."""
    sql = "select reason, events from main_marts.excluded_events where source = 'attribute_changes'"
    assert texts(built, sql) == {("not_tracked", "2")}
