"""Why a lead changed: the first difference that explains it, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas

from lead_qualification.policy_diff.builds import Build

PARTS = {
    "fit_points": "fit points",
    "behaviour_points": "behaviour points",
    "intent_points": "intent points",
    "recency_multiplier": "recency multiplier",
    "penalty_points": "penalty points",
}
"""The parts of a score, in the order of its formula."""

Lead = Mapping[str, Any]
Points = dict[tuple[str, str], float]
Stay = tuple[str, str, str]


@dataclass(frozen=True)
class Evidence:
    """What one build says of a lead beyond its row.

    Attributes:
        points: Points alive at as_of by component and item of the ledger.
        stays: Stage, date of entry and what led there, in order.
    """

    points: Points
    stays: list[Stay]


def evidence_of(build: Build, lead_ids: Iterable[str]) -> dict[str, Evidence]:
    """Return the evidence of some leads by lead_id."""
    wanted = sorted(set(lead_ids))
    found = {lead_id: Evidence({}, []) for lead_id in wanted}
    for lead_id, component, item, points in build.ledger(wanted).itertuples(index=False):
        found[lead_id].points[component, item] = float(points)
    for row in build.stays(wanted).itertuples(index=False):
        stay = (row.stage, f"{row.entered_at:%Y-%m-%d %H:%M}", plain(row.entered_by))
        found[row.lead_id].stays.append(stay)
    return found


def reason(kind: str, before: Lead, after: Lead, old: Evidence, new: Evidence) -> str:
    """Return why a lead changed.

    Args:
        kind: The column that changed.
        before: The lead's row in the build before the edit.
        after: Its row in the build after the edit.
        old: What else the build before says of it.
        new: What else the build after says of it.
    """
    if before["scoring_model"] != after["scoring_model"]:
        return f"model {before['scoring_model']} → {after['scoring_model']}"
    if kind in ("stage", "stage_owner"):
        return stage_reason(before, after, old, new)
    if kind == "grade" or (kind == "recommended_action" and before["grade"] != after["grade"]):
        return grade_reason(before, after, old, new)
    if kind == "recommended_action" and before["score_level"] == after["score_level"]:
        return f"qualification_matrix, grade {after['grade']} at level {after['score_level']}"
    return score_reason(before, after, old, new)


def score_reason(before: Lead, after: Lead, old: Evidence, new: Evidence) -> str:
    """Return what changes the score: an item of the ledger, else a part of the formula."""
    item = ledger_reason(old.points, new.points)
    if item:
        return item
    for part, label in PARTS.items():
        if float(before[part]) != float(after[part]):
            return f"{label} {number(before[part])} → {number(after[part])}"
    if float(before["score"]) != float(after["score"]):
        return "lowest score of the model (scoring_models)"
    return "limits of the bands (score_bands)"


def grade_reason(before: Lead, after: Lead, old: Evidence, new: Evidence) -> str:
    """Return what changes the grade: a criterion of the fit, else how many are met or unknown."""
    for column, label in (
        ("criteria_matched", "criteria matched"),
        ("criteria_unknown", "criteria unknown"),
    ):
        if before[column] != after[column]:
            fit = ledger_reason(fit_points(old.points), fit_points(new.points))
            counted = f"{label} {before[column]} → {after[column]}"
            return f"{counted}, {fit}" if fit else counted
    return "limits of the grades (grade_scale)"


def stage_reason(before: Lead, after: Lead, old: Evidence, new: Evidence) -> str:
    """Return where the history of stages parts, and the profile if it is another one."""
    if before["stage"] == after["stage"]:
        return f"owner of the stage {after['stage']} (stage_owners)"
    parting = "history of stages"
    for number_of_stay in range(max(len(old.stays), len(new.stays))):
        earlier = old.stays[number_of_stay] if number_of_stay < len(old.stays) else None
        later = new.stays[number_of_stay] if number_of_stay < len(new.stays) else None
        if earlier != later:
            parting = f"{stay_text(earlier)} → {stay_text(later)}"
            break
    if before["profile"] != after["profile"]:
        return f"profile {before['profile']} → {after['profile']}; {parting}"
    return parting


def ledger_reason(old: Points, new: Points) -> str | None:
    """Return the item of the ledger that differs most, with its points; none if none differs."""
    differing = [
        (-abs(new.get(key, 0) - old.get(key, 0)), key)
        for key in {*old, *new}
        if old.get(key) != new.get(key)
    ]
    if not differing:
        return None
    key = min(differing)[1]
    return f"{key[1]} {signed(old.get(key))} → {signed(new.get(key))}"


def fit_points(points: Points) -> Points:
    """Return the items of the fit."""
    return {key: value for key, value in points.items() if key[0] == "fit"}


def stay_text(stay: Stay | None) -> str:
    """Return a stay in words."""
    if stay is None:
        return "no such move"
    stage, entered_at, entered_by = stay
    return f"{stage} at {entered_at}" + (f" by {entered_by}" if entered_by else "")


def signed(points: float | None) -> str:
    """Return points with their sign; an item that is not there is none."""
    return "none" if points is None else f"{'+' if points > 0 else ''}{number(points)}"


def number(value: object) -> str:
    """Return a number without needless zeros."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def plain(value: object) -> str:
    """Return a text, empty for none."""
    return "" if value is None or pandas.isna(value) else str(value)
