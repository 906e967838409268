"""The comparison with the reference notices errors: each is planted in a copy of the project."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.builds import Builds
from python_checks.tests.conftest import ENOUGH_WORLDS, WORLDS_COUNT
from python_checks.tests.tables import Rows, differences
from python_checks.worlds import WORLDS_AS_OF

pytestmark = pytest.mark.nightly


@dataclass(frozen=True)
class Error:
    """A line of a model with a plausible mistake, and the table in which it must show."""

    model: str
    right: str
    wrong: str
    table: str

    @property
    def selection(self) -> tuple[str, str]:
        """What a build of the worlds must rebuild: from the model to the table."""
        return ("--select", f"{self.model}+,+{self.table}")

    def plant(self, project: Path) -> None:
        """Put the mistake into a copy of the project.

        Raises:
            LookupError: The model does not have the line just once.
        """
        (path,) = (project / "models").rglob(f"{self.model}.sql")
        text = path.read_text(encoding="utf-8")
        if text.count(self.right) != 1:
            raise LookupError(f"{self.model} does not say just once: {self.right}")
        path.write_text(text.replace(self.right, self.wrong), encoding="utf-8")


ERRORS = {
    "an episode goes on at exactly its end": Error(
        "int_engagement_episodes",
        "engagements.engaged_at < ",
        "engagements.engaged_at <= ",
        "lead_score_history",
    ),
    "behaviour has no cap": Error(
        "int_score_steps",
        "{{ capped('awake.behaviour', 'scoring_models.behaviour_cap') }} as behaviour_points",
        "awake.behaviour as behaviour_points",
        "lead_score_history",
    ),
    "one regression too many before long-term nurture": Error(
        "int_stage_rules",
        ">= situations.max_regressions",
        "> situations.max_regressions",
        "lead_stage_history",
    ),
    "an answer at the very moment that it is due is in time": Error(
        "int_handoff_sla",
        "'int_handoff_due_times')) }}",
        "'int_handoff_due_times')) | replace('first_response_at < ', 'first_response_at <= ') }}",
        "handoffs",
    ),
    "what ends a hand-off does not belong to it": Error(
        "int_handoff_activities",
        "{{ lies_in_handoff('handoffs', 'activities.occurred_at') }}",
        "{{ lies_in_handoff('handoffs', 'activities.occurred_at') | replace('>=', '>') }}",
        "handoffs",
    ),
    "sales works on holidays": Error(
        "int_business_hours",
        "where holidays.holiday is null",
        "where holidays.holiday is null or true",
        "handoffs",
    ),
    "a score of 82.5 is 82 in the CRM": Error(
        "crm_lead_sync",
        "floor(scores.adjusted_score + 0.5)",
        "floor(scores.adjusted_score)",
        "crm_lead_sync",
    ),
}


@pytest.fixture(scope="module")
def submitted(
    worlds: Path, worlds_build: Warehouse, builds: Builds
) -> dict[str, Future[Warehouse]]:
    """The worlds with each error; what is before it is taken from the worlds as they are built."""

    def submit(error: Error) -> Future[Warehouse]:
        return builds.submit(
            worlds,
            WORLDS_AS_OF,
            edit=error.plant,
            onto=worlds_build,
            arguments=error.selection,
        )

    return {name: submit(error) for name, error in ERRORS.items()}


@pytest.mark.skipif(WORLDS_COUNT < ENOUGH_WORLDS, reason="few worlds need not meet each error")
@pytest.mark.parametrize("name", ERRORS)
def test_error_is_noticed(
    submitted: dict[str, Future[Warehouse]], worlds_reference: dict[str, Rows], name: str
) -> None:
    """The worlds agree with the reference (see test_worlds), with the error they do not."""
    table = ERRORS[name].table
    actual = submitted[name].result().table(table)
    assert differences(table, worlds_reference[table], actual)
