"""The comparison with the reference notices errors: each is planted in a copy of the project."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from python_checks.tests.builds import Builds
from python_checks.tests.conftest import ENOUGH_WORLDS, WORLDS_COUNT
from python_checks.tests.tables import Rows, differences
from python_checks.warehouse import Warehouse
from python_checks.worlds import WORLDS_AS_OF

HISTORIES = ("lead_score_history", "lead_stage_history")
UP_TO_HISTORIES = ("--select", *(f"+{table}" for table in HISTORIES))


@dataclass(frozen=True)
class Error:
    """A line of a model with a plausible mistake, and the table in which it must show."""

    model: str
    right: str
    wrong: str
    table: str

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
        "int_score_timeline",
        "{{ capped('behaviour', 'behaviour_cap') }} as behaviour_points",
        "behaviour as behaviour_points",
        "lead_score_history",
    ),
    "one regression too many before long-term nurture": Error(
        "int_stage_rules",
        ">= situations.max_regressions",
        "> situations.max_regressions",
        "lead_stage_history",
    ),
}


@pytest.fixture(scope="module")
def submitted(worlds: Path, edited_builds: Builds) -> dict[str, Future[Warehouse]]:
    """The worlds, built with each error."""

    def submit(edit: Callable[[Path], None]) -> Future[Warehouse]:
        return edited_builds.submit(worlds, WORLDS_AS_OF, edit=edit, arguments=UP_TO_HISTORIES)

    return {name: submit(error.plant) for name, error in ERRORS.items()}


@pytest.mark.skipif(WORLDS_COUNT < ENOUGH_WORLDS, reason="few worlds need not meet each error")
@pytest.mark.parametrize("name", ERRORS)
def test_error_is_noticed(
    submitted: dict[str, Future[Warehouse]], worlds_reference: dict[str, Rows], name: str
) -> None:
    """The worlds agree with the reference (see test_worlds), with the error they do not."""
    table = ERRORS[name].table
    actual = submitted[name].result().table(table)
    assert differences(table, worlds_reference[table], actual)
