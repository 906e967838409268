"""Score health: does the score predict, where should the threshold be, does anything drift?"""

from __future__ import annotations

from typing import Any

import pandas
import streamlit

from lead_qualification.dashboard import charts, parts
from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.dashboard.wording import (
    NOTHING,
    count,
    decimal,
    interval,
    percent,
)
from lead_qualification.labels import within
from lead_qualification.policy.dates import in_force_sql

TITLE = "Score health"
SHOWN_SIGNALS = 40
LIFT_DETAILS = ("leads_with:Q", "leads_without:Q", "verdict:N")
THRESHOLDS = {
    "current": "current",
    "recommended": "recommended",
    "jump": "clearest step",
}
VERDICTS = {
    "insufficient_data": "Too few leads whose outcome is known; wait before changing anything.",
    "no_separation": "The score does not tell these leads apart; work on the points first.",
    "unreachable": "No score reaches the target rate; the threshold cannot be chosen by it.",
    "lower": "Leads below the current threshold convert well enough: lower it.",
    "raise": "Leads just above the current threshold convert too rarely: raise it.",
    "keep": "The current threshold is where the target rate is reached: keep it.",
}

MODELS = "select distinct scoring_model as found from {marts}.model_monitor order by 1"
PRIMARY = """
select scoring_model as found from {marts}.evaluation_points
group by scoring_model
order by count(*) desc
limit 1
"""
CALIBRATION = """
select * from {marts}.score_calibration where scoring_model = $model order by bin_from
"""
THRESHOLD = """
select * from {marts}.threshold_recommendation
where scoring_model = $model and basis = 'opportunity'
"""
SIGNALS = """
select * from {marts}.signal_lift
where scoring_model = $model
order by
    case suggestion when 'keep' then 1 when 'insufficient_data' then 2 else 0 end,
    leads_with desc,
    signal
"""
PATTERNS = "select * from {marts}.pattern_lift order by kind, pattern"
COMPARISON = """
select * from {marts}.model_comparison order by champion, is_champion desc, scoring_model
"""
MONITOR = "select * from {marts}.model_monitor where scoring_model = $model order by month"
SHARES = """
select * from {marts}.score_distribution
where scoring_model = $model and kind = $kind
order by month, member
"""
BANDS = f"""
select score_band as found from {{policy}}.score_bands
where scoring_model = $model and {in_force_sql("lead_scores")}
order by min_score
"""
GRADES = f"""
select grade as found from {{policy}}.grade_scale
where {in_force_sql("lead_scores")} order by grade_rank
"""


def render() -> None:
    """Show the page."""
    parts.heading(TITLE, "Does the score predict, and is the threshold where it should be?")
    models = parts.read(MODELS).values("found")
    if not models:
        parts.nothing(
            "No lead has reached a point at which its score could be judged.",
            "Wait until leads become MQLs or go to sales.",
        )
        return
    primary = parts.read(PRIMARY).values("found")
    model = parts.choice(
        "Scoring model",
        "model",
        models,
        primary[0] if primary else models[0],
        definition_of("score_calibration").of("scoring_model"),
        "scoring_model",
    )
    _calibration(model)
    _signals(model)
    _patterns()
    _comparison()
    _drift(model)


def _calibration(model: str) -> None:
    """Conversion by score, and the thresholds."""
    parts.section(
        "Calibration and threshold", meaning=definition_of("score_calibration").description
    )
    found = parts.read(CALIBRATION, model=model)
    thresholds = parts.read(THRESHOLD, model=model).records
    if thresholds:
        _threshold(thresholds[0])
    if not found.rows:
        parts.nothing(
            "No lead of this model has a known outcome yet.", "Wait, or choose another model."
        )
        return
    frame = found.frame
    marks = pandas.DataFrame(
        [
            {"threshold": name, "score": float(row[f"{stem}_threshold"])}
            for row in thresholds
            for stem, name in THRESHOLDS.items()
            if row[f"{stem}_threshold"] is not None
        ],
        columns=["threshold", "score"],
    )
    parts.picture(
        charts.calibration(
            frame.assign(middle=(frame["bin_from"] + frame["bin_to"]).astype(float) / 2), marks
        ),
        found,
        "score_calibration",
        "calibration",
        alt="Conversion by score with 95 % intervals, and the thresholds as upright lines.",
        defines=("conversion_rate",),
    )


def _threshold(row: dict[str, Any]) -> None:
    """What each threshold would have passed."""
    verdict = str(row["verdict"])
    parts.verdict(parts.told("verdict", verdict), VERDICTS.get(verdict, ""))
    parts.numbers(
        "threshold_recommendation",
        [
            parts.rate(row, "base", ("converted", "leads")),
            parts.Number("target_rate", percent(row["target_rate"])),
            *(_passed(row, stem) for stem in THRESHOLDS),
        ],
        in_row=3,
    )


def _passed(row: dict[str, Any], stem: str) -> parts.Number:
    """A threshold, and how many leads it would have passed."""
    name = f"{stem}_threshold"
    if row[name] is None:
        return parts.Number(name, NOTHING, "none found")
    passed = f"{percent(row[f'{stem}_rate'])} of {count(row[f'{stem}_leads'])} leads"
    ends = interval(row[f"{stem}_low"], row[f"{stem}_high"])
    return parts.Number(name, decimal(row[name], 0), f"{passed}; {ends}")


def _signals(model: str) -> None:
    """Which signals predict, against the points that they get."""
    parts.section("Signal lift", meaning=definition_of("signal_lift").description)
    found = parts.read(SIGNALS, model=model)
    drawn = found.frame.dropna(subset=["lift_low"]).head(SHOWN_SIGNALS)
    drawn = drawn.assign(
        name=[
            f"{parts.told('signal', signal)} ({points:+d}): "
            f"{within(parts.told('suggestion', suggestion))}"
            for signal, points, suggestion in zip(
                drawn["signal"], drawn["current_points"], drawn["suggestion"], strict=True
            )
        ]
    )
    parts.picture(
        charts.lift(drawn, "name", LIFT_DETAILS) if len(drawn) else None,
        found,
        "signal_lift",
        "signals",
        alt="Lift of each signal with its 95 % interval; its points and the suggestion.",
        defines=("lift", "current_points", "suggestion"),
    )


def _patterns() -> None:
    """Which patterns of signals predict."""
    parts.section("Pattern lift", meaning=definition_of("pattern_lift").description)
    found = parts.read(PATTERNS)
    drawn = found.frame.dropna(subset=["lift_low"])
    parts.picture(
        charts.lift(drawn, "description", LIFT_DETAILS) if len(drawn) else None,
        found,
        "pattern_lift",
        "patterns",
        alt="Lift of each pattern with its 95 % interval.",
        defines=("lift", "verdict"),
    )


def _comparison() -> None:
    """Champion and challengers on the same leads."""
    parts.section("Models on the same leads", meaning=definition_of("model_comparison").description)
    found = parts.read(COMPARISON)
    drawn = found.frame.dropna(subset=["auc"])
    drawn = drawn.assign(
        name=[
            f"{parts.told('scoring_model', model)} on leads of {parts.told('champion', champion)}"
            for model, champion in zip(drawn["scoring_model"], drawn["champion"], strict=True)
        ]
    )
    chart = charts.intervals(
        drawn,
        "name",
        "auc",
        ["leads:Q", "converted:Q", "top_decile_lift:Q", "brier_score:Q"],
        "AUC (0.5: as good as chance)",
    )
    parts.picture(
        chart if len(drawn) else None,
        found,
        "model_comparison",
        "models",
        alt="AUC of each model with its 95 % interval.",
        defines=("auc", "top_decile_lift", "brier_score"),
    )


def _drift(model: str) -> None:
    """Whether scores or conversion change over time."""
    parts.section("Drift", meaning=definition_of("model_monitor").description)
    found = parts.read(MONITOR, model=model)
    if not found.rows:
        parts.nothing("No month yet.")
        return
    last = found.records[-1]
    parts.numbers(
        "model_monitor",
        [
            parts.Number("leads", count(last["leads"]), f"{last['month']:%B %Y}"),
            parts.Number("mean_score", decimal(last["mean_score"])),
            parts.Number("score_verdict", parts.told("score_verdict", last["score_verdict"])),
            parts.Number("rate_verdict", parts.told("rate_verdict", last["rate_verdict"])),
            parts.Number(
                "population_stability_index", decimal(last["population_stability_index"], 3)
            ),
        ],
        in_row=3,
    )
    frame = found.frame
    left, right = streamlit.columns(2)
    with left:
        parts.picture(
            parts.with_policy_versions(
                charts.lines(frame, "month", "mean_score", "Mean score"), found, "month"
            ),
            found,
            "model_monitor",
            "mean_score",
            alt="Mean score month by month.",
            defines=("mean_score",),
        )
    with right:
        parts.picture(
            parts.with_policy_versions(
                charts.lines(
                    frame,
                    "month",
                    "population_stability_index",
                    "Population stability index",
                    ".3f",
                ),
                found,
                "month",
            ),
            found,
            "model_monitor",
            "stability",
            alt="Population stability index month by month.",
            defines=("population_stability_index",),
        )
    for kind, order in (
        ("score_band", parts.read(BANDS, model=model).values("found")),
        ("grade", parts.read(GRADES).values("found")[::-1]),
    ):
        shares = parts.read(SHARES, model=model, kind=kind)
        parts.subtitle(f"Share of each {within(parts.heading_of(kind))} by month")
        parts.picture(
            charts.shares(shares.frame, "month", "member", "share_rate", order),
            shares,
            "score_distribution",
            f"{kind}s",
            alt=f"Stacked bars: the share of each {within(parts.heading_of(kind))} month by month.",
            defines=("share_rate",),
        )
