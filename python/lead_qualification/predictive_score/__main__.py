"""The command; ``python -m lead_qualification.predictive_score --help`` names its options."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lead_qualification.predictive_score.active_model import FOLDER, Model, load, save
from lead_qualification.predictive_score.forecast import forecast
from lead_qualification.predictive_score.landing import MEASURES, PREDICTIONS, land
from lead_qualification.predictive_score.problems import ConfigurationError, UnusableModelError
from lead_qualification.predictive_score.source import Inputs, read_inputs
from lead_qualification.warehouse import Warehouse, warehouse_of_target

DONE, WRONG_USE = 0, 2


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    found = argparse.ArgumentParser(
        prog="python -m lead_qualification.predictive_score",
        description="Predict which leads become opportunities, beside the score of the rules.",
        epilog="exit codes: 0 done (also where there are too few outcomes), 2 wrong use or "
        "configuration. The warehouse is found by LEAD_DB_PATH or LEAD_PG_*, as by dbt.",
    )
    found.add_argument(
        "--target", default="duckdb", choices=["duckdb", "postgres"], help="dbt target"
    )
    found.add_argument("--fresh", action="store_true", help=f"ignore the active model in {FOLDER}/")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        return _run(warehouse_of_target(given.target), is_fresh=given.fresh)
    except ConfigurationError as error:
        print(f"predictive_score: {error}", file=sys.stderr)
        return WRONG_USE


def _run(warehouse: Warehouse, *, is_fresh: bool) -> int:
    """Read, predict, write."""
    inputs = read_inputs(warehouse)
    path = model_path(warehouse)
    found = forecast(inputs, None if is_fresh else _active(path, inputs))
    land(warehouse, {PREDICTIONS: found.predictions, MEASURES: found.measures})
    # After the landing: a model that never predicted is not the active one.
    if found.model is not None and not found.is_kept:
        save(path, found.model)
    print(found.summary)
    return DONE


def model_path(warehouse: Warehouse) -> Path:
    """Return where the active model of a warehouse is kept."""
    if warehouse.target == "duckdb":
        name = Path(warehouse.environment["LEAD_DB_PATH"]).stem
    else:
        name = warehouse.marts.removesuffix("_marts")
    return FOLDER / f"{warehouse.target}_{name}.joblib"


def _active(path: Path, inputs: Inputs) -> Model | None:
    """The active model, if it can be used; says why where it cannot."""
    try:
        model = load(path)
        if model is not None:
            _check_fits(model, inputs)
        return model
    except UnusableModelError as error:
        print(f"{path} {error}; training anew", file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main())
