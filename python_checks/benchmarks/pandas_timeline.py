"""The score timeline of one scoring model in pandas, to compare its speed with that of the SQL.

It begins with the signals of a finished build and the fit of its leads, and ends with the score of
every lead at every instant of change. Points are integers; the multiplier and the penalties are
ten-thousandths, so that scores are exact.

Command: ``python -m python_checks.benchmarks.pandas_timeline built.duckdb "2026-06-30 23:59:59"``.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas

PLACES = 10_000
LEVELS = ["behaviour", "intent", "penalty", "multiplier", "recency_penalty", "awake"]
SIGNALS = """
    select
        signals.lead_id, signals.source, signals.record_id, signals.signal, signals.session_id,
        signals.asset, signals.occurred_at, signals.is_engagement
    from main_intermediate.int_lead_signals as signals
    inner join main_intermediate.int_lead_models as lead_models
        on signals.lead_id = lead_models.lead_id and lead_models.scoring_model = '{model}'
"""
LEADS = """
    select lead_id, first_seen_at, fit_points, fit_penalty_points
    from main_intermediate.int_lead_models
    inner join main_intermediate.int_lead_first_seen using (lead_id)
    inner join main_intermediate.int_lead_fit using (lead_id, scoring_model)
    where scoring_model = '{model}'
"""
POINTS = """
    select signal, component, points, dedupe_by, valid_days, cleared_by
    from main_policy.signal_points where scoring_model = '{model}'
"""
CURVE = f"""
    select
        from_day, cast(multiplier * {PLACES} as integer) as multiplier,
        cast(penalty_points * {PLACES} as integer) as penalty
    from main_policy.recency_curve where scoring_model = '{{model}}' order by from_day
"""
SETTINGS = """
    select dormancy_days, behaviour_cap, intent_cap, min_score
    from main_policy.scoring_models where scoring_model = '{model}'
"""


@dataclass(frozen=True)
class Inputs:
    """What the timeline is made of.

    Attributes:
        signals: One row per lead and signal.
        leads: One row per lead: first_seen_at and its points for fit.
        points: The points of the model, one row per signal.
        curve: Its recency curve, by day.
        settings: Dormancy in days, caps and least score of the model; a missing cap means no cap.
    """

    signals: pandas.DataFrame
    leads: pandas.DataFrame
    points: pandas.DataFrame
    curve: pandas.DataFrame
    settings: pandas.Series


def read_inputs(database: Path, model: str) -> Inputs:
    """Read signals, leads and policy of a scoring model from a finished build."""
    with duckdb.connect(str(database), read_only=True) as connection:
        frames = [
            connection.execute(query.format(model=model)).df()
            for query in (SIGNALS, LEADS, POINTS, CURVE, SETTINGS)
        ]
    signals, leads, points, curve, settings = frames
    return Inputs(signals, leads, points, curve, settings.iloc[0])


def score_timeline(inputs: Inputs) -> pandas.DataFrame:
    """Score every lead at every instant at which something changes.

    Returns:
        One row per lead and instant: lead_id, valid_from, score in ten-thousandths of a point;
        sorted by both.
    """
    engagements = _engagements(inputs.signals)
    episodes = _episodes(engagements, inputs.settings["dormancy_days"])
    contributions = _contributions(inputs.signals, inputs.points, episodes)
    changes = pandas.concat(
        [
            _edges(contributions, ["behaviour", "intent", "penalty"]),
            _edges(_recency_steps(engagements, inputs.leads, inputs.curve), LEVELS[3:5]),
            _edges(episodes.assign(awake=1), ["awake"]),
        ]
    )
    return _scores(_running(changes, inputs.leads), inputs)


def scores_at(timeline: pandas.DataFrame, as_of: str) -> pandas.Series:
    """Return the score of each lead at an instant, in ten-thousandths of a point."""
    begun = timeline[timeline["valid_from"] <= pandas.Timestamp(as_of)]
    return begun.drop_duplicates("lead_id", keep="last").set_index("lead_id")["score"]


def differing_scores(database: Path, model: str, as_of: str, timeline: pandas.DataFrame) -> int:
    """Count the leads whose score at as_of is not that of lead_scores."""
    query = (
        f"select lead_id, cast(score * {PLACES} as bigint) as score from main_marts.lead_scores "
        f"where scoring_model = '{model}'"
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        expected = connection.execute(query).df().set_index("lead_id")["score"]
    found = scores_at(timeline, as_of)
    both = pandas.concat([expected, found], axis=1, keys=["expected", "found"])
    return int((both["expected"] != both["found"]).sum())


def _days(days: pandas.Series | float) -> pandas.Series | pandas.Timedelta:
    """Days of 24 hours; missing days mean no time."""
    return pandas.to_timedelta(days, unit="D")


def _engagements(signals: pandas.DataFrame) -> pandas.DataFrame:
    """The instants at which each lead engaged, with the one before and the one after."""
    instants = (
        signals.loc[signals["is_engagement"], ["lead_id", "occurred_at"]]
        .drop_duplicates()
        .sort_values(["lead_id", "occurred_at"], ignore_index=True)
        .rename(columns={"occurred_at": "engaged_at"})
    )
    of_lead = instants.groupby("lead_id", sort=False)["engaged_at"]
    return instants.assign(previous_at=of_lead.shift(1), next_at=of_lead.shift(-1))


def _episodes(engagements: pandas.DataFrame, dormancy_days: float) -> pandas.DataFrame:
    """Runs of engagement without a gap of dormancy_days: lead_id, starts_at, ends_at."""
    dormancy = pandas.Timedelta(days=dormancy_days)
    begins = ~(engagements["engaged_at"] < engagements["previous_at"] + dormancy)
    episodes = (
        engagements.assign(episode=begins.cumsum())
        .groupby("episode")
        .agg(
            lead_id=("lead_id", "first"),
            starts_at=("engaged_at", "min"),
            ends_at=("engaged_at", "max"),
        )
    )
    return episodes.assign(ends_at=episodes["ends_at"] + dormancy)


def _contributions(
    signals: pandas.DataFrame, points: pandas.DataFrame, episodes: pandas.DataFrame
) -> pandas.DataFrame:
    """What each signal adds, from when until when: starts_at, ends_at and points by component."""
    scored = signals.merge(points, on="signal")
    scored["key"] = _dedupe_keys(scored)
    scored = scored.sort_values(["occurred_at", "source", "record_id"], ignore_index=True)
    first = scored.drop_duplicates(["lead_id", "signal", "key"])
    placed = pandas.merge_asof(
        first,
        episodes.sort_values("starts_at"),
        left_on="occurred_at",
        right_on="starts_at",
        by="lead_id",
    )
    is_in_episode = placed["starts_at"].notna() & ~(placed["occurred_at"] >= placed["ends_at"])
    is_penalty = placed["component"] == "penalty"
    placed = placed[is_in_episode | placed["valid_days"].notna() | is_penalty]
    ends_at = placed["ends_at"].mask(placed["component"] == "penalty")
    runs_out_at = (placed["occurred_at"] + _days(placed["valid_days"])).fillna(ends_at)
    contributions = placed[["lead_id"]].assign(
        starts_at=placed["occurred_at"],
        ends_at=pandas.concat([runs_out_at, _cleared_at(placed, signals)], axis=1).min(axis=1),
    )
    for component in ("behaviour", "intent", "penalty"):
        contributions[component] = placed["points"].where(placed["component"] == component, 0)
    contributions["penalty"] *= PLACES
    return contributions


def _dedupe_keys(scored: pandas.DataFrame) -> pandas.Series:
    """What makes two signals of one kind count once."""
    keys = "event " + scored["source"] + " " + scored["record_id"]
    day = "day " + scored["occurred_at"].dt.strftime("%Y-%m-%d")
    keys = keys.mask(scored["dedupe_by"] == "day", day)
    for column in ("session_id", "asset"):
        counts = (scored["dedupe_by"] == column.removesuffix("_id")) & scored[column].notna()
        keys = keys.mask(counts, column + " " + scored[column])
    return keys


def _cleared_at(placed: pandas.DataFrame, signals: pandas.DataFrame) -> pandas.Series:
    """When the signal that clears a contribution first came after it; missing if never."""
    clearing = signals.loc[
        signals["signal"].isin(placed["cleared_by"].dropna()), ["lead_id", "signal", "occurred_at"]
    ].rename(columns={"signal": "cleared_by", "occurred_at": "cleared_at"})
    clearable = placed.loc[
        placed["cleared_by"].notna(), ["lead_id", "cleared_by", "occurred_at"]
    ].reset_index()
    cleared = pandas.merge_asof(
        clearable,
        clearing.sort_values("cleared_at"),
        left_on="occurred_at",
        right_on="cleared_at",
        by=["lead_id", "cleared_by"],
        direction="forward",
        allow_exact_matches=False,
    )
    return cleared.set_index("index")["cleared_at"].reindex(placed.index)


def _recency_steps(
    engagements: pandas.DataFrame, leads: pandas.DataFrame, curve: pandas.DataFrame
) -> pandas.DataFrame:
    """The recency curve laid over each lead's engagements: starts_at, ends_at and its values."""
    until_days = curve["from_day"].shift(-1)
    steps = []
    for step, until_day in zip(curve.itertuples(), until_days, strict=True):
        starts_at = engagements["engaged_at"] + pandas.Timedelta(days=step.from_day)
        ends_at = engagements["next_at"]
        if pandas.notna(until_day):
            goes_on_at = engagements["engaged_at"] + pandas.Timedelta(days=until_day)
            ends_at = goes_on_at.mask(ends_at <= goes_on_at, ends_at)
        laid = engagements[["lead_id"]].assign(starts_at=starts_at, ends_at=ends_at)
        laid = laid[~(engagements["next_at"] <= starts_at)]
        steps.append(laid.assign(multiplier=step.multiplier, recency_penalty=step.penalty))
    first = engagements[engagements["previous_at"].isna()].set_index("lead_id")["engaged_at"]
    before = leads[["lead_id"]].assign(
        starts_at=leads["first_seen_at"], ends_at=leads["lead_id"].map(first)
    )
    before = before[~(before["ends_at"] <= before["starts_at"])]
    last = curve.iloc[-1]
    steps.append(before.assign(multiplier=last["multiplier"], recency_penalty=last["penalty"]))
    return pandas.concat(steps)


def _edges(intervals: pandas.DataFrame, levels: list[str]) -> pandas.DataFrame:
    """What intervals add at their start and take away at their end: lead_id, changed_at, levels."""
    starts = intervals[["lead_id", "starts_at", *levels]].rename(
        columns={"starts_at": "changed_at"}
    )
    ends = intervals.loc[intervals["ends_at"].notna(), ["lead_id", "ends_at", *levels]].rename(
        columns={"ends_at": "changed_at"}
    )
    ends[levels] = -ends[levels]
    return pandas.concat([starts, ends])


def _running(changes: pandas.DataFrame, leads: pandas.DataFrame) -> pandas.DataFrame:
    """The running sums of the changes; what came before the lead was seen counts from then on."""
    timed = changes.merge(leads, on="lead_id")
    timed["valid_from"] = timed["changed_at"].mask(
        timed["changed_at"] < timed["first_seen_at"], timed["first_seen_at"]
    )
    summed = timed.groupby(["lead_id", "valid_from"], as_index=False)[LEVELS].sum()
    summed[LEVELS] = summed.groupby("lead_id", sort=False)[LEVELS].cumsum().astype("int64")
    return summed.merge(leads, on="lead_id")


def _scores(running: pandas.DataFrame, inputs: Inputs) -> pandas.DataFrame:
    """max(min_score, (fit + behaviour + intent) x multiplier + penalties)."""
    is_awake = running["awake"] > 0
    settings = inputs.settings.fillna(float("inf"))
    points = running["fit_points"]
    for component in ("behaviour", "intent"):
        points = points + running[component].where(is_awake, 0).clip(
            upper=settings[f"{component}_cap"]
        )
    penalty = running["penalty"] + running["recency_penalty"]
    score = points * running["multiplier"] + penalty + running["fit_penalty_points"] * PLACES
    least = int(settings["min_score"] * PLACES)
    return running[["lead_id", "valid_from"]].assign(score=score.clip(lower=least).astype("int64"))


def main() -> None:
    """Make the timeline, compare it with lead_scores, print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path, help="DuckDB file of a finished build")
    parser.add_argument("as_of", help="the as_of of that build")
    parser.add_argument("--model", default="guide", help="scoring model with dormancy_days")
    given = parser.parse_args()
    inputs = read_inputs(given.database, given.model)
    started = time.monotonic()
    timeline = score_timeline(inputs)
    seconds = time.monotonic() - started
    differing = differing_scores(given.database, given.model, given.as_of, timeline)
    print(f"{len(inputs.signals)} signals, {len(timeline)} changes of score, {seconds:.1f} s")
    print(f"{differing} leads differ from lead_scores")


if __name__ == "__main__":
    main()
