"""Fixtures: a built company with enough outcomes, and the command that predicts for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_matrix

from lead_qualification.cli import main
from lead_qualification.generator import generate
from lead_qualification.generator.writing import write
from lead_qualification.prediction.active_model import save
from lead_qualification.prediction.features import Features
from lead_qualification.prediction.forecast import Forecast, forecast
from lead_qualification.prediction.landing import MEASURES, PREDICTIONS, land
from lead_qualification.prediction.run import model_path
from lead_qualification.prediction.source import Inputs, Settings, read_inputs
from lead_qualification.warehouse import Warehouse, duckdb_warehouse
from python_checks.tests.builds import Builds

AS_OF = datetime(2026, 6, 30, 23, 59, 59)
LEADS, MONTHS, SEED = 2400, 24, 20260630
NEEDED = (
    "--select",
    "+prediction_features",
    "+lead_score_history",
    "+predictions",
    "+prediction_quality",
)


@dataclass(frozen=True)
class Finished:
    """A run of the command.

    Attributes:
        code: Exit code.
        printed: Everything that it printed.
    """

    code: int
    printed: str


Run = Callable[..., Finished]


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the caller's environment variables out of the tests, and models in a new folder."""
    for name in list(os.environ):
        if name.startswith(("LEAD_DB", "LEAD_PG")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raw folder with two years of leads."""
    folder = tmp_path_factory.mktemp("company")
    for name, table in generate(LEADS, SEED, AS_OF, MONTHS, None).items():
        write(table, folder / f"{name}.csv")
    return folder


@pytest.fixture(scope="session")
def company_future(company: Path, builds: Builds) -> Future[Warehouse]:
    """The company, being built."""
    return builds.submit(company, AS_OF, arguments=NEEDED)


@pytest.fixture(scope="session")
def built(company_future: Future[Warehouse]) -> Warehouse:
    """The company, built on DuckDB; not to be written."""
    return company_future.result()


@pytest.fixture(scope="session")
def inputs(built: Warehouse) -> Inputs:
    """What the command reads of the company."""
    return read_inputs(built)


@pytest.fixture(scope="session")
def first(inputs: Inputs) -> Forecast:
    """The first forecast of the company."""
    return forecast(inputs, None)


@pytest.fixture(scope="session")
def small() -> Inputs:
    """Made-up leads, one a day, of whom the last hundred are immature.

    One feature is for an opportunity, one against, and one is nothing; the rules know a little.
    """
    draw = np.random.default_rng(5)
    values = draw.poisson(1.0, (600, 3)).astype(float)
    log_odds = -2.0 + 2.5 * values[:, 0] - 1.5 * values[:, 1]
    outcomes = draw.random(600) < 1 / (1 + np.exp(-log_odds))
    is_mature = np.arange(600) < 500
    return Inputs(
        lead_ids=[f"L{number:04d}" for number in range(600)],
        evaluated_at=np.datetime64("2024-01-01", "us") + np.arange(600) * np.timedelta64(1, "D"),
        is_mature=is_mature,
        is_outcome_known=is_mature | outcomes,
        outcomes=outcomes,
        scores=10 * values[:, 0] + 5 * draw.poisson(3.0, 600),
        features=Features(
            ("count:against", "count:for", "count:noise"), csc_matrix(values[:, [1, 0, 2]])
        ),
        settings=Settings(show_minimum=100, act_minimum=500, window_days=90, bin_points=10),
        as_of=AS_OF,
    )


@pytest.fixture(scope="session")
def small_first(small: Inputs) -> Forecast:
    """The first forecast of the made-up leads."""
    return forecast(small, None)


@pytest.fixture
def warehouse(built: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy of the built company that may be written."""
    path = tmp_path / "company.duckdb"
    shutil.copy(built.environment["LEAD_DB_PATH"], path)
    return duckdb_warehouse(path)


@pytest.fixture
def predicted(warehouse: Warehouse, first: Forecast) -> Warehouse:
    """The same after the command has run there: with rows, and an active model."""
    assert first.model is not None
    land(warehouse, {PREDICTIONS: first.predictions, MEASURES: first.measures})
    save(model_path(warehouse), first.model)
    return warehouse


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command on a warehouse, in this process."""

    def run_on(warehouse: Warehouse, *options: str) -> Finished:
        for name, value in warehouse.environment.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        try:
            code = main(["predict", "--target", warehouse.target, *options])
        except SystemExit as error:
            code = int(error.code or 0)
        printed = capsys.readouterr()
        return Finished(code, printed.out + printed.err)

    return run_on


def execute(warehouse: Warehouse, *statements: str) -> None:
    """Change a DuckDB warehouse."""
    with duckdb.connect(warehouse.environment["LEAD_DB_PATH"]) as connection:
        for statement in statements:
            connection.execute(statement)


def shown_tables(warehouse: Warehouse) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two public views, in an order that depends on nothing else."""
    predictions = warehouse.table("predictions").sort_values("lead_id", ignore_index=True)
    quality = warehouse.table("prediction_quality")
    quality = quality.sort_values(["estimator", "bin_from"], ignore_index=True)
    return predictions, quality
