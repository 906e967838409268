"""Builds of the embedded demo with one edit of the policy each.

Each is built once in a session, whichever test asks first.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from lead_qualification.warehouse import Warehouse
from python_checks.building import edit_policy
from python_checks.tests.builds import Builds

COMPARED_TABLES = (
    "--select",
    *("path:seeds/policy", "+funnel_conversion", "+lead_score_contributions"),
    *("+lead_stage_history", "+int_gate_levels"),
)


def more_points(project: Path) -> None:
    """A pricing page is worth 20 points, not 15."""
    match = {"scoring_model": "guide", "signal": "pricing_page_visit"}
    edit_policy(project, "signal_points", match, {"points": "20"})


def higher_band(project: Path) -> None:
    """The band warm begins at 40, not at 31."""
    match = {"scoring_model": "guide", "score_band": "warm"}
    edit_policy(project, "score_bands", match, {"min_score": "40"})


def other_profile(project: Path) -> None:
    """All leads are judged by the profile mid_market."""
    edit_policy(project, "model_assignment", {"track": "main"}, {"profile": "mid_market"})


@cache
def edited_demo(builds: Builds, edit: Callable[[Path], None]) -> Future[Warehouse]:
    """The demo with an edited policy, being built.

    Args:
        builds: The fixture builds.
        edit: A function of this module.
    """
    return builds.submit(None, None, edit=edit, arguments=COMPARED_TABLES)
