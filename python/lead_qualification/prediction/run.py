"""A run of the prediction: reads what dbt built, predicts, writes, keeps the model."""

from __future__ import annotations

import sys
from pathlib import Path

from lead_qualification.prediction.active_model import FOLDER, Model, load, save
from lead_qualification.prediction.errors import UnusableModelError
from lead_qualification.prediction.forecast import forecast
from lead_qualification.prediction.landing import MEASURES, PREDICTIONS, land
from lead_qualification.prediction.source import Inputs, read_inputs
from lead_qualification.settings import DUCKDB_FILE
from lead_qualification.warehouse import Warehouse


def run(warehouse: Warehouse, *, is_fresh: bool) -> None:
    """Read, predict, write; say what was done."""
    inputs = read_inputs(warehouse)
    path = model_path(warehouse)
    found = forecast(inputs, None if is_fresh else _active(path, inputs))
    land(warehouse, {PREDICTIONS: found.predictions, MEASURES: found.measures})
    # After the landing: a model that never predicted is not the active one.
    if found.model is not None and not found.is_kept:
        save(path, found.model)
    print(found.summary)


def model_path(warehouse: Warehouse) -> Path:
    """Return where the active model of a warehouse is kept."""
    if warehouse.target == "duckdb":
        name = Path(warehouse.environment[DUCKDB_FILE]).stem
    else:
        name = warehouse.schema
    return FOLDER / f"{warehouse.target}_{name}.joblib"


def _active(path: Path, inputs: Inputs) -> Model | None:
    """The active model, if it can be used; says why where it cannot."""
    try:
        model = load(path)
        if model is not None:
            _check_fits(model, inputs)
        return model
    except UnusableModelError as error:
        print(f"{path} {error}; training a new one", file=sys.stderr)
        return None


def _check_fits(model: Model, inputs: Inputs) -> None:
    """A model from the future would know outcomes; one of another window predicts another one."""
    if inputs.as_of is not None and model.trained_at > inputs.as_of:
        raise UnusableModelError(
            f"was trained as of {model.trained_at}, after this build's {inputs.as_of}"
        )
    if model.window_days != inputs.settings.window_days:
        raise UnusableModelError(
            f"predicts {model.window_days} days ahead, and conversion_window_days is "
            f"{inputs.settings.window_days}"
        )
