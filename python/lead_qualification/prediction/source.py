"""Reads what dbt built: evaluation points, features, scores of the rules and settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.dates import in_force_sql
from lead_qualification.prediction.features import Features, pivoted
from lead_qualification.warehouse import Warehouse

POINTS = """
select
    lead_id,
    scoring_model,
    evaluated_at,
    is_mature,
    is_converted,
    is_mature or opportunity_at is not null as is_outcome_known,
    as_of
from {marts}.evaluation_points
"""
FEATURES = """
select lead_id, feature, cast(value as double precision) as value, is_dated, is_usable
from {marts}.prediction_features
"""
SCORES = """
select points.lead_id, cast(history.score as double precision) as score
from {marts}.evaluation_points as points
inner join {marts}.lead_score_history as history
    on points.lead_id = history.lead_id
    and points.scoring_model = history.scoring_model
    and history.valid_from <= points.evaluated_at
    and (history.valid_to is null or history.valid_to > points.evaluated_at)
"""
SETTINGS = f"""
select setting, cast(value as double precision) as value
from {{policy}}.lifecycle_settings
where {in_force_sql("evaluation_points")}
"""


@dataclass(frozen=True)
class Settings:
    """The rows of lifecycle_settings.csv that matter here.

    Attributes:
        show_minimum: Outcomes of either kind before there are predictions.
        act_minimum: Outcomes in total before predictions may drive anything.
        window_days: Days within which a conversion counts.
        bin_points: Width of a bin of the rules' score, in points.
    """

    show_minimum: int
    act_minimum: int
    window_days: int
    bin_points: int


@dataclass(frozen=True)
class Inputs:
    """What a run knows; leads are ordered by evaluated_at, then lead_id.

    Attributes:
        lead_ids: Ids (leads,).
        evaluated_at: Evaluation points (leads,), datetime64, UTC.
        is_mature: Whether the outcome window is over (leads,).
        is_outcome_known: Whether it is over or the lead has converted already (leads,).
        outcomes: Whether the lead converted within the window (leads,).
        scores: Score of the rules at the point (leads,), points.
        features: What was known at the point, in the same order of leads.
        settings: The settings.
        as_of: The clock of the build, UTC; None where there is no lead.
        undated: Names of features of attributes whose value at the point no history tells.
        unusable: Those of them that may not be learned from.
    """

    lead_ids: list[str]
    evaluated_at: np.ndarray
    is_mature: np.ndarray
    is_outcome_known: np.ndarray
    outcomes: np.ndarray
    scores: np.ndarray
    features: Features
    settings: Settings
    as_of: datetime | None
    undated: frozenset[str] = frozenset()
    unusable: frozenset[str] = frozenset()


def read_inputs(warehouse: Warehouse) -> Inputs:
    """Return what dbt built.

    Raises:
        ConfigurationError: The warehouse cannot be read, or is not built.
    """
    points = _read(warehouse, POINTS)
    points = points.sort_values(["evaluated_at", "lead_id"], ignore_index=True)
    lead_ids = points["lead_id"].tolist()
    rows = _read(warehouse, FEATURES)
    return Inputs(
        lead_ids=lead_ids,
        evaluated_at=points["evaluated_at"].to_numpy(dtype="datetime64[us]"),
        is_mature=points["is_mature"].to_numpy(dtype=bool),
        is_outcome_known=points["is_outcome_known"].to_numpy(dtype=bool),
        outcomes=points["is_converted"].to_numpy(dtype=bool),
        scores=_scores(warehouse, lead_ids),
        features=pivoted(lead_ids, rows),
        settings=_settings(warehouse),
        as_of=points["as_of"].iloc[0].to_pydatetime() if lead_ids else None,
        undated=frozenset(rows.loc[~rows["is_dated"].astype(bool), "feature"]),
        unusable=frozenset(rows.loc[~rows["is_usable"].astype(bool), "feature"]),
    )


def _scores(warehouse: Warehouse, lead_ids: list[str]) -> np.ndarray:
    """The score of the rules (leads,) at the evaluation point."""
    rows = _read(warehouse, SCORES)
    scores = rows.set_index("lead_id")["score"].reindex(lead_ids)
    if scores.isna().any():
        raise ConfigurationError(
            f"{warehouse.marts}.lead_score_history has no score of {scores.isna().sum()} leads at "
            "their evaluation point",
            "run dbt build, so that all tables are of one build",
        )
    return scores.to_numpy(dtype=float)


def _settings(warehouse: Warehouse) -> Settings:
    """The settings of the build, not those of the checkout."""
    rows = _read(warehouse, SETTINGS)
    values = dict(zip(rows["setting"], rows["value"], strict=True))
    try:
        return Settings(
            show_minimum=int(values["predictive_show_minimum"]),
            act_minimum=int(values["predictive_act_minimum"]),
            window_days=int(values["conversion_window_days"]),
            bin_points=int(values["calibration_bin_points"]),
        )
    except KeyError as error:
        raise ConfigurationError(
            f"lifecycle_settings.csv has no row {error}", "add it, then run dbt build"
        ) from None


def _read(warehouse: Warehouse, sql: str) -> pd.DataFrame:
    """The rows of a query in the schemas of the warehouse."""
    return warehouse.read(sql.format(marts=warehouse.marts, policy=warehouse.policy))
