"""Score changes: why did a score move, in words?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from python_checks.reference.identity import Lead
from python_checks.reference.marts import LeadResult
from python_checks.reference.policy import Policy
from python_checks.reference.rules import Rules
from python_checks.reference.scoring import (
    ScoreState,
    attributes_of,
    contributions_of,
    curve_step,
    engagement_episodes,
    matches,
)

COMPONENTS = ("fit", "behaviour", "intent")
"""What the recency multiplier weighs, in the order in which it is told."""

PENALTY = "penalty"
FIT_RULES = "fit_rules"
NOTHING_COUNTED = "only counts of signals, band or grade changed"
Points = Decimal | int


@dataclass(frozen=True)
class Entry:
    """Points that count at an instant: of a signal, or of a criterion of fit."""

    component: str
    item: str
    source: str
    record_id: str
    points: int


@dataclass(frozen=True)
class Side:
    """A lead at the beginning of a step: its score, what counts, and the curve's penalty."""

    state: ScoreState
    entries: frozenset[Entry]
    inactivity: int

    @property
    def points(self) -> dict[str, int]:
        """The points that the multiplier weighs, by component, after their caps."""
        return {name: getattr(self.state, f"{name}_points") for name in COMPONENTS}


def score_changes_explained(
    results: list[LeadResult], rules: Rules, as_of: datetime, explained_days: int
) -> list[dict[str, Any]]:
    """The steps of the last days in each lead's main model that follow another one at once."""
    since = as_of - timedelta(days=explained_days)
    rows = []
    for result in results:
        lead, model_name = result.lead, result.lead.scoring_model
        intervals = result.scores.get(model_name, [])
        ended = {interval.valid_to: interval for interval in intervals}
        for interval in intervals:
            earlier = ended.get(interval.valid_from)
            if earlier is None or not since < interval.valid_from <= as_of:
                continue
            before = side_of(lead, model_name, rules, earlier.valid_from, earlier.state)
            after = side_of(lead, model_name, rules, interval.valid_from, interval.state)
            rows.append(
                {
                    "lead_id": lead.lead_id,
                    "scoring_model": model_name,
                    "valid_from": interval.valid_from,
                    **explained(before, after),
                }
            )
    return rows


def side_of(lead: Lead, model_name: str, rules: Rules, at: datetime, state: ScoreState) -> Side:
    """What counts for a lead at an instant, by the rules in force then."""
    policy = rules.at(at)
    engagements = [s.occurred_at for s in lead.signals if s.kind.is_engagement]
    curve = policy.recency_curve[model_name]
    return Side(
        state,
        frozenset(
            [
                *_of_signals(lead, model_name, engagements, policy, at),
                *_of_fit(lead, model_name, policy, at),
            ]
        ),
        curve_step(at, engagements, curve).penalty_points,
    )


def _of_signals(
    lead: Lead, model_name: str, engagements: list[datetime], policy: Policy, at: datetime
) -> list[Entry]:
    """The contributions that count; while dormant only penalties do."""
    model = policy.scoring_models[model_name]
    episodes = engagement_episodes(engagements, model.dormancy_days)
    is_awake = episodes is None or any(start <= at < end for start, end in episodes)
    return [
        Entry(one.component, one.signal, one.source, one.record_id, one.points)
        for one in contributions_of(lead.signals, model, episodes, policy)
        if one.is_alive(at) and (is_awake or one.component == PENALTY)
    ]


def _of_fit(lead: Lead, model_name: str, policy: Policy, at: datetime) -> list[Entry]:
    """The criteria whose first matching rule has points."""
    values = attributes_of(lead, at)
    points: dict[str, int] = {}
    for rule in policy.fit_rules.get(model_name, []):
        if matches(rule, values[rule.attribute]):
            points.setdefault(rule.criterion, rule.points)
    return [
        Entry("fit" if worth > 0 else PENALTY, criterion, FIT_RULES, criterion, worth)
        for criterion, worth in points.items()
        if worth != 0
    ]


def explained(before: Side, after: Side) -> dict[str, Any]:
    """The columns of a step that say how, and in words why, the score moved."""
    began, ended = after.entries - before.entries, before.entries - after.entries
    score_from, score_to = before.state.score, after.state.score
    change = score_to - score_from
    parts = _parts(before, after, began, ended)
    return {
        "score_from": score_from,
        "score_to": score_to,
        "change": change,
        "began": _joined([*shown(began), *_of_time(before, after, is_upwards=True)]),
        "ended": _joined(shown(ended)),
        "decayed": _joined(_of_time(before, after, is_upwards=False)),
        "explanation": f"{plain(score_from)} to {plain(score_to)} ({signed(change)}): "
        + (_joined(parts) or NOTHING_COUNTED),
    }


def _parts(before: Side, after: Side, began: Iterable[Entry], ended: Iterable[Entry]) -> list[str]:
    """What moved the score, in the order in which it is told; the changes add up to the whole."""
    parts = []
    if began:
        parts.append(f"began {_joined(shown(began))}")
    if ended:
        parts.append(f"ended {_joined(shown(ended))}")
    moved = {name: after.points[name] - before.points[name] for name in COMPONENTS}
    for name in COMPONENTS:
        by_cap = moved[name] - _sum_of(began, name) + _sum_of(ended, name)
        if by_cap != 0:
            parts.append(f"{name} cap {signed(by_cap)}")

    multiplier, multiplier_before = (side.state.recency_multiplier for side in (after, before))
    by_points = sum(moved.values()) * multiplier
    if any(moved.values()):
        listed = ", ".join(f"{name} {signed(n)}" for name, n in moved.items() if n != 0)
        parts.append(
            f"points {signed(sum(moved.values()))} ({listed}) x {plain(multiplier)}"
            f" = {signed(by_points)}"
        )
    weighed = sum(before.points.values())
    by_multiplier = weighed * (multiplier - multiplier_before)
    if multiplier != multiplier_before:
        parts.append(
            f"{_of_multiplier(before, after)} on {plain(weighed)} points = {signed(by_multiplier)}"
        )
    by_penalties = after.state.penalty_points - before.state.penalty_points
    if by_penalties != 0:
        if before.inactivity != after.inactivity:
            parts.append(_of_inactivity(before, after))
        parts.append(f"penalties {signed(by_penalties)}")
    change = after.state.score - before.state.score
    by_floor = change - by_points - by_multiplier - by_penalties
    if by_floor != 0:
        parts.append(f"minimum score {signed(by_floor)}")
    return parts


def _sum_of(entries: Iterable[Entry], component: str) -> int:
    return sum(entry.points for entry in entries if entry.component == component)


def _of_time(before: Side, after: Side, *, is_upwards: bool) -> list[str]:
    """What the time since the last engagement gave, or took away."""
    texts = []
    multipliers = (before.state.recency_multiplier, after.state.recency_multiplier)
    if _goes(*multipliers, is_upwards=is_upwards):
        texts.append(_of_multiplier(before, after))
    if _goes(before.inactivity, after.inactivity, is_upwards=is_upwards):
        texts.append(_of_inactivity(before, after))
    return texts


def _goes(start: Points, end: Points, *, is_upwards: bool) -> bool:
    return start < end if is_upwards else end < start


def _of_multiplier(before: Side, after: Side) -> str:
    start, end = (plain(side.state.recency_multiplier) for side in (before, after))
    return f"recency multiplier {start} to {end}"


def _of_inactivity(before: Side, after: Side) -> str:
    return f"inactivity penalty {plain(before.inactivity)} to {plain(after.inactivity)}"


def shown(entries: Iterable[Entry]) -> list[str]:
    """What each item has in all, the most first, for or against; equal ones by name.

    An item that counts more than once says how often: ``website_visit +4 (2x)``.
    """
    points: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        points.setdefault((entry.item, entry.component), []).append(entry.points)
    ordered = sorted(points.items(), key=lambda pair: (-abs(sum(pair[1])), pair[0]))
    return [
        f"{item} {signed(sum(worths))}" + (f" ({len(worths)}x)" if len(worths) > 1 else "")
        for (item, _), worths in ordered
    ]


def plain(number: Points) -> str:
    """A number without needless zeros: ``66``, ``85.5``, ``-10``."""
    text = f"{Decimal(number):.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def signed(number: Points) -> str:
    """The same with a plus where it is above 0."""
    return f"+{plain(number)}" if number > 0 else plain(number)


def _joined(texts: list[str]) -> str | None:
    return "; ".join(texts) or None
