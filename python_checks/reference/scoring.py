"""Scoring: what is a lead's score, at every moment and in every model that scores it?

The score is evaluated by its definition at each moment at which it could change; moments at
which nothing changed are then joined to the interval before.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from python_checks.reference.identity import Lead
from python_checks.reference.policy import Band, CurveStep, FitRule, Policy, ScoringModel
from python_checks.reference.rules import PolicyVersion, Rules
from python_checks.reference.signals import Signal

FOREVER = datetime.max


@dataclass(frozen=True)
class Fit:
    """What the attributes of a lead say in one model."""

    fit_points: int
    penalty_points: int
    grade: str
    criteria_matched: int
    criteria_unknown: int


@dataclass(frozen=True)
class Contribution:
    """Points of one signal, alive from ``start`` until before ``end``, and the event's record."""

    signal: str
    component: str
    points: int
    start: datetime
    end: datetime
    source: str
    record_id: str

    def is_alive(self, at: datetime) -> bool:
        """Whether the points count at that time."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class ScoreState:
    """All value columns of the timeline at one moment."""

    fit_points: int
    behaviour_points: int
    behaviour_points_uncapped: int
    intent_points: int
    intent_points_uncapped: int
    recency_multiplier: Decimal
    penalty_points: Decimal
    score: Decimal
    score_band: str
    score_level: str
    grade: str
    meaningful_signals: int
    high_intent_signals: int
    intent_signals: int
    criteria_matched: int = 0
    criteria_unknown: int = 0

    @property
    def contract_values(self) -> tuple:
        """The columns by which two neighbours are the same."""
        return (
            self.fit_points,
            self.behaviour_points,
            self.intent_points,
            self.recency_multiplier,
            self.penalty_points,
            self.score,
            self.score_band,
            self.score_level,
            self.grade,
            self.meaningful_signals,
            self.high_intent_signals,
            self.intent_signals,
        )


@dataclass(frozen=True)
class Interval:
    """One step of the timeline; ``valid_to`` is ``None`` for one that never ends."""

    valid_from: datetime
    valid_to: datetime | None
    state: ScoreState
    states: list[tuple[datetime, ScoreState]]

    def state_at(self, at: datetime) -> ScoreState:
        """The full state at a time within the interval (uncapped sums may differ inside it)."""
        return [state for since, state in self.states if since <= at][-1]


def models_of(lead: Lead, policy: Policy, at: datetime) -> list[str]:
    """The models of the lead's pairs and every other active one with points for a signal of it."""
    names = list(dict.fromkeys(pair.scoring_model for pair in lead.assignment.at(at).both))
    for name, model in policy.scoring_models.items():
        if name in names or not model.is_active:
            continue
        if any(signal.kind.signal in policy.point_rules.get(name, {}) for signal in lead.signals):
            names.append(name)
    return names


def timelines(lead: Lead, rules: Rules) -> dict[str, list[Interval]]:
    """The steps of the lead's score in every model that ever scores it, the primary one first.

    Each version of the rules gives the steps of its own time, as if it had always been in force,
    and so does each stretch in which the lead has the same pairs; a model has none in those in
    which it does not score the lead.
    """
    found: dict[str, list[Interval]] = {lead.scoring_model: []}
    for version in stretches_of(lead, rules):
        begins = max(version.valid_from or lead.first_seen_at, lead.first_seen_at)
        for model_name in models_of(lead, version.policy, begins):
            own = found.setdefault(model_name, [])
            for moment, state in _states(lead, model_name, version, begins):
                _append(own, moment, state)
            own[-1] = replace(own[-1], valid_to=version.valid_to)
    return {name: intervals for name, intervals in found.items() if intervals}


def versions_since(first: datetime, rules: Rules) -> list[PolicyVersion]:
    """The versions that are not over at an instant."""
    return [v for v in rules.versions if v.valid_to is None or v.valid_to > first]


def stretches_of(lead: Lead, rules: Rules) -> list[PolicyVersion]:
    """The versions since first sight, cut where a pair of the lead changes."""
    found = []
    for version in versions_since(lead.first_seen_at, rules):
        since, until = version.valid_from, version.valid_to
        for cut in lead.assignment.changes:
            if (since is None or since < cut) and (until is None or cut < until):
                found.append(replace(version, valid_from=since, valid_to=cut))
                since = cut
        found.append(replace(version, valid_from=since))
    return found


def boundaries_of(lead: Lead, rules: Rules) -> list[datetime]:
    """What is a boundary for a lead, in order: of the rules, or a change of a pair."""
    return sorted({*rules.boundaries, *lead.assignment.changes})


def _append(intervals: list[Interval], moment: datetime, state: ScoreState) -> None:
    """Add a step, or make the one before it longer where it is equal and nothing lies between."""
    last = intervals[-1] if intervals else None
    is_next = last is not None and last.valid_to in (None, moment)
    if is_next and last.state.contract_values == state.contract_values:
        last.states.append((moment, state))
        intervals[-1] = replace(last, valid_to=None)
        return
    if is_next:
        intervals[-1] = replace(last, valid_to=moment)
    intervals.append(Interval(moment, None, state, [(moment, state)]))


def _states(
    lead: Lead, model_name: str, version: PolicyVersion, begins: datetime
) -> list[tuple[datetime, ScoreState]]:
    """The score at every instant of a version at which it could change, by its rules."""
    policy = version.policy
    model = policy.scoring_models[model_name]
    curve = policy.recency_curve[model_name]
    bands = policy.score_bands[model_name]
    fit_rules = policy.fit_rules.get(model_name, [])
    engagements = [s.occurred_at for s in lead.signals if s.kind.is_engagement]
    episodes = engagement_episodes(engagements, model.dormancy_days)
    signals = [*lead.signals, *lead.scheduled_signals]
    contributions = contributions_of(signals, model, episodes, policy)
    moments = _moments(signals, engagements, episodes, contributions, curve)
    moments |= {begins, *_instants(lead)}
    found = []
    fit_of_values: dict[int, Fit] = {}
    for moment in sorted(moments):
        if moment < begins or (version.valid_to is not None and moment >= version.valid_to):
            continue
        values = lead.attributes_at(moment)
        if id(values) not in fit_of_values:
            fit_of_values[id(values)] = fit_of(lead, fit_rules, model, policy, moment)
        fit = fit_of_values[id(values)]
        state = _state_at(
            moment, signals, model, curve, bands, fit, engagements, episodes, contributions
        )
        found.append((moment, state))
    return found


def score_with(lead: Lead, model_name: str, policy: Policy, signal: Signal) -> ScoreState:
    """The score at the instant of one more signal, the last of those up to then."""
    model, at = policy.scoring_models[model_name], signal.occurred_at
    signals = [*(known for known in lead.signals if known.occurred_at <= at), signal]
    engagements = [s.occurred_at for s in signals if s.kind.is_engagement]
    episodes = engagement_episodes(engagements, model.dormancy_days)
    return _state_at(
        at,
        signals,
        model,
        policy.recency_curve[model_name],
        policy.score_bands[model_name],
        fit_of(lead, policy.fit_rules.get(model_name, []), model, policy, at),
        engagements,
        episodes,
        contributions_of(signals, model, episodes, policy),
    )


def _instants(lead: Lead) -> list[datetime]:
    """When an attribute of the lead or of its account changes."""
    return [] if lead.attributes is None else lead.attributes.instants


def interval_at(intervals: list[Interval], at: datetime) -> Interval | None:
    """The step that holds an instant; ``None`` where the model does not score the lead then."""
    for interval in intervals:
        if interval.valid_from <= at and (interval.valid_to is None or at < interval.valid_to):
            return interval
    return None


def _state_at(
    at: datetime,
    signals: list[Signal],
    model: ScoringModel,
    curve: list[CurveStep],
    bands: list[Band],
    fit: Fit,
    engagements: list[datetime],
    episodes: list[tuple[datetime, datetime]] | None,
    contributions: list[Contribution],
) -> ScoreState:
    """The components and the score at one time, as the specification defines them."""
    behaviour = intent = intent_signals = 0
    penalty = Decimal(fit.penalty_points)
    for contribution in contributions:
        if not contribution.is_alive(at):
            continue
        if contribution.component == "behaviour":
            behaviour += contribution.points
        elif contribution.component == "intent":
            intent += contribution.points
            intent_signals += 1
        else:
            penalty += contribution.points

    episode_start = _episode_start(at, episodes)
    is_dormant = episode_start is None
    if is_dormant:
        behaviour = intent = intent_signals = 0
    meaningful = high_intent = 0
    for signal in signals:
        if not is_dormant and episode_start <= signal.occurred_at <= at:
            meaningful += signal.kind.is_meaningful
            high_intent += signal.kind.is_high_intent

    step = curve_step(at, engagements, curve)
    penalty += step.penalty_points
    behaviour_capped = capped(behaviour, model.behaviour_cap)
    intent_capped = capped(intent, model.intent_cap)
    raw = (fit.fit_points + behaviour_capped + intent_capped) * step.multiplier + penalty
    score = max(model.min_score, raw)
    band = band_of(score, bands)
    return ScoreState(
        fit_points=fit.fit_points,
        behaviour_points=behaviour_capped,
        behaviour_points_uncapped=behaviour,
        intent_points=intent_capped,
        intent_points_uncapped=intent,
        recency_multiplier=step.multiplier,
        penalty_points=penalty,
        score=score,
        score_band=band.score_band,
        score_level=band.score_level,
        grade=fit.grade,
        meaningful_signals=meaningful,
        high_intent_signals=high_intent,
        intent_signals=intent_signals,
        criteria_matched=fit.criteria_matched,
        criteria_unknown=fit.criteria_unknown,
    )


def capped(points: int, cap: int | None) -> int:
    """The points, at most the cap where there is one."""
    return points if cap is None else min(points, cap)


def band_of(score: Decimal, bands: list[Band]) -> Band:
    """The band with the largest lower bound not above the score (bands ascending)."""
    reached = [band for band in bands if band.min_score <= score]
    return reached[-1] if reached else bands[0]


def curve_step(at: datetime, engagements: list[datetime], curve: list[CurveStep]) -> CurveStep:
    """The step for the time since the last engagement; the last row if never engaged."""
    past = [time for time in engagements if time <= at]
    if not past:
        return curve[-1]
    elapsed = at - past[-1]
    return [step for step in curve if timedelta(days=step.from_day) <= elapsed][-1]


def engagement_episodes(
    engagements: list[datetime], dormancy_days: int | None
) -> list[tuple[datetime, datetime]] | None:
    """The episodes as [start, end) in order; ``None`` for a model without dormancy."""
    if dormancy_days is None:
        return None
    dormancy = timedelta(days=dormancy_days)
    episodes: list[tuple[datetime, datetime]] = []
    for time in engagements:
        if episodes and time < episodes[-1][1]:
            episodes[-1] = (episodes[-1][0], time + dormancy)
        else:
            episodes.append((time, time + dormancy))
    return episodes


def _episode_start(
    at: datetime, episodes: list[tuple[datetime, datetime]] | None
) -> datetime | None:
    """The start of the episode around ``at``; ``None`` while dormant."""
    if episodes is None:
        return datetime.min
    for start, end in episodes:
        if start <= at < end:
            return start
    return None


def contributions_of(
    signals: list[Signal],
    model: ScoringModel,
    episodes: list[tuple[datetime, datetime]] | None,
    policy: Policy,
) -> list[Contribution]:
    """The contributions of the signals (in order) to one model, once per dedupe key."""
    rules = policy.point_rules.get(model.scoring_model, {})
    seen: set[tuple] = set()
    contributions = []
    for signal in signals:
        rule = rules.get(signal.kind.signal)
        if rule is None:
            continue
        key = (signal.kind.signal, *_dedupe_key(signal, rule.dedupe_by))
        if key in seen:
            continue
        seen.add(key)
        end = _natural_end(signal, rule.component, rule.valid_days, episodes)
        if end is None:
            continue
        if rule.cleared_by is not None:
            clearing = [
                s.occurred_at
                for s in signals
                if s.kind.signal == rule.cleared_by and s.occurred_at > signal.occurred_at
            ]
            end = min([end, *clearing])
        contributions.append(
            Contribution(
                signal=rule.signal,
                component=rule.component,
                points=rule.points,
                start=signal.occurred_at,
                end=end,
                source=signal.source,
                record_id=signal.record_id,
            )
        )
    return contributions


def _dedupe_key(signal: Signal, dedupe_by: str) -> tuple:
    if dedupe_by == "day":
        return ("day", signal.occurred_at.date())
    if dedupe_by == "session" and signal.session_id is not None:
        return ("session", signal.session_id)
    if dedupe_by == "asset" and signal.asset is not None:
        return ("asset", signal.asset)
    return ("event", signal.source, signal.record_id)


def _natural_end(
    signal: Signal,
    component: str,
    valid_days: int | None,
    episodes: list[tuple[datetime, datetime]] | None,
) -> datetime | None:
    """When a contribution ends if nothing clears it; ``None`` if it contributes nothing."""
    if valid_days is not None:
        return signal.occurred_at + timedelta(days=valid_days)
    if component == "penalty" or episodes is None:
        return FOREVER
    for start, end in episodes:
        if start <= signal.occurred_at < end:
            return end
    return None


def _moments(
    signals: list[Signal],
    engagements: list[datetime],
    episodes: list[tuple[datetime, datetime]] | None,
    contributions: list[Contribution],
    curve: list[CurveStep],
) -> set[datetime]:
    """Every time at which the score could change by signals and silence."""
    moments = {signal.occurred_at for signal in signals}
    moments.update(contribution.end for contribution in contributions)
    moments.update(end for _, end in episodes or [])
    for position, time in enumerate(engagements):
        following = engagements[position + 1] if position + 1 < len(engagements) else FOREVER
        for step in curve:
            moment = time + timedelta(days=step.from_day)
            if moment < following:
                moments.add(moment)
    moments.discard(FOREVER)
    return moments


def fit_of(
    lead: Lead, rules: list[FitRule], model: ScoringModel, policy: Policy, at: datetime
) -> Fit:
    """Fit points, fit penalties and grade of a lead at a time by the rules of one model."""
    values = attributes_of(lead, at)
    criteria: dict[str, list[FitRule]] = {}
    for rule in rules:
        criteria.setdefault(rule.criterion, []).append(rule)

    positive = negative = matched = unknown = 0
    for rules_of_criterion in criteria.values():
        for rule in rules_of_criterion:
            if matches(rule, values[rule.attribute]):
                if rule.points > 0:
                    positive += rule.points
                else:
                    negative += rule.points
                break
        graded = [rule for rule in rules_of_criterion if rule.counts_for_grade]
        if any(matches(rule, values[rule.attribute]) for rule in graded):
            matched += 1
        elif any(values[rule.attribute] is None for rule in graded):
            unknown += 1
    return Fit(
        fit_points=capped(positive, model.fit_cap),
        penalty_points=negative,
        grade=grade_of(matched, unknown, policy),
        criteria_matched=matched,
        criteria_unknown=unknown,
    )


def grade_of(matched: int, unknown: int, policy: Policy) -> str:
    """The best grade whose number of criteria is matched; the last needs all to be known."""
    grades = policy.grade_scale
    for position, row in enumerate(grades):
        if matched >= int(row["min_criteria_matched"]):
            is_last = position == len(grades) - 1
            return grades[position - 1]["grade"] if is_last and unknown > 0 else row["grade"]
    raise ValueError(f"grade_scale.csv has no grade for {matched} criteria")


def attributes_of(lead: Lead, at: datetime) -> dict[str, object]:
    """The attributes that fit rules may ask for at a time; ``None`` is unknown."""
    return lead.attributes_at(at) | {"email_domain_kind": lead.email_domain_kind}


def matches(rule: FitRule, value: object) -> bool:
    """Whether a rule matches a value; an unknown value matches nothing."""
    if value is None:
        return False
    if rule.match_type == "is_known":
        return True
    if rule.match_type == "is_true":
        return value is True
    if rule.match_type == "in":
        return str(value).lower() in rule.values
    if rule.match_type == "between":
        low, high = rule.values
        return (not low or value >= Decimal(low)) and (not high or value <= Decimal(high))
    if rule.match_type == "has_word":
        text = f" {words(str(value))} "
        return any(f" {words(phrase)} " in text for phrase in rule.values)
    raise ValueError(f"unknown match type {rule.match_type!r}")


def words(text: str) -> str:
    """NFC and lower case, every run of characters other than letters and digits as one space."""
    seen = unicodedata.normalize("NFC", text).lower()
    kept = (char if unicodedata.category(char)[0] in "LN" else " " for char in seen)
    return " ".join("".join(kept).split())
