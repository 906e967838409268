"""The command on a built warehouse: what it writes, keeps and says, on DuckDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from lead_qualification.prediction.forecast import Forecast
from lead_qualification.warehouse import (
    Warehouse,
    connect_postgres,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.building import build
from python_checks.tests.build.predictive_score.conftest import AS_OF, Run, execute, shown_tables
from python_checks.tests.builds import files_of_dbt

pytestmark = pytest.mark.nightly

VIEWS = ("--select", "predictions", "prediction_quality")
COPIED = {
    "marts": ("evaluation_points", "prediction_features", "lead_score_history"),
    "policy": ("lifecycle_settings",),
    "intermediate": ("int_leads",),
}
MODEL = Path(".predictive_score") / "duckdb_company.joblib"


@pytest.fixture
def on_postgres(postgres: dict[str, str], built: Warehouse, tmp_path: Path) -> Iterator[Warehouse]:
    """What the command reads, in PostgreSQL, and the views as dbt makes them there."""
    warehouse = postgres_warehouse(postgres, "predicted")
    connection = connect_postgres(warehouse.environment)
    with connection, connection.cursor() as cursor, _duckdb(built) as source:
        for part, tables in COPIED.items():
            cursor.execute(f"create schema predicted_{part}")
            for table in tables:
                described = source.execute(f"describe main_{part}.{table}").fetchall()
                columns = ", ".join(f'"{row[0]}" {_postgres_type(row[1])}' for row in described)
                cursor.execute(f"create table predicted_{part}.{table} ({columns})")
                path = tmp_path / f"{table}.csv"
                source.execute(f"copy main_{part}.{table} to '{path}' (header false)")
                with path.open(encoding="utf-8") as file:
                    cursor.copy_expert(f"copy predicted_{part}.{table} from stdin csv", file)
    connection.close()
    yield warehouse
    connection = connect_postgres(warehouse.environment)
    with connection, connection.cursor() as cursor:
        for part in (*COPIED, "predictive"):
            cursor.execute(f"drop schema predicted_{part} cascade")
    connection.close()


def _duckdb(warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    """A connection that only reads."""
    return duckdb.connect(warehouse.environment["LEAD_DB_PATH"], read_only=True)


def _postgres_type(name: str) -> str:
    """The type in PostgreSQL of a type in DuckDB."""
    return {"VARCHAR": "text", "DOUBLE": "double precision"}.get(name, name)


def test_the_views_are_empty_before_the_command_ran(warehouse: Warehouse) -> None:
    predictions, quality = shown_tables(warehouse)
    assert predictions.empty
    assert quality.empty


def test_it_writes_what_was_forecast_and_dbt_agrees(
    warehouse: Warehouse, run: Run, first: Forecast
) -> None:
    finished = run(warehouse)
    assert finished.code == 0
    assert finished.printed == f"{first.summary}\n"
    predictions, quality = shown_tables(warehouse)
    expected = first.predictions.sort_values("lead_id", ignore_index=True)
    pd.testing.assert_frame_equal(predictions, expected, check_dtype=False, check_exact=True)
    assert len(quality) == len(first.measures)
    assert quality["auc"].notna().sum() == 3
    assert MODEL.exists()
    printed = build(warehouse, as_of=AS_OF, arguments=VIEWS)
    assert "ERROR=0" in printed
    assert shown_tables(warehouse)[0].equals(predictions)


def test_postgresql_gives_the_same(
    on_postgres: Warehouse, run: Run, first: Forecast, tmp_path: Path
) -> None:
    target = files_of_dbt(tmp_path / "target")
    assert "ERROR=0" in build(on_postgres, as_of=AS_OF, arguments=(*VIEWS, *target))
    finished = run(on_postgres)
    assert finished.code == 0
    assert finished.printed == f"{first.summary}\n"
    predictions, quality = shown_tables(on_postgres)
    expected = first.predictions.sort_values("lead_id", ignore_index=True)
    for name in ("lead_id", "reasons", "model_version", "decile", "is_in_training"):
        assert predictions[name].tolist() == expected[name].tolist()
    assert predictions["probability"].astype(float).tolist() == expected["probability"].tolist()
    assert len(quality) == len(first.measures)


def test_the_order_of_rows_in_the_warehouse_is_irrelevant(predicted: Warehouse, run: Run) -> None:
    before = shown_tables(predicted)
    execute(
        predicted,
        *(
            f"create or replace table {table} as "
            f"select * from {table} order by hash({key} || 'other')"
            for table, key in (
                ("main_marts.evaluation_points", "lead_id"),
                ("main_intermediate.int_prediction_features", "lead_id || feature"),
            )
        ),
    )
    assert run(predicted, "--fresh").code == 0
    for one, other in zip(before, shown_tables(predicted), strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_below_the_gate_nothing_is_left_of_an_earlier_run(predicted: Warehouse, run: Run) -> None:
    assert not shown_tables(predicted)[0].empty
    execute(
        predicted,
        "update main_policy.lifecycle_settings set value = 100000 "
        "where setting = 'predictive_show_minimum'",
    )
    finished = run(predicted)
    assert finished.code == 0
    predictions, quality = shown_tables(predicted)
    assert predictions.empty
    (row,) = quality.to_dict("records")
    assert row["estimator"] == "none"
    assert row["reason"].endswith("each needs 100000")
    assert f"no predictions: {row['reason']}" in finished.printed


def test_an_erased_lead_is_not_shown(predicted: Warehouse) -> None:
    erased = shown_tables(predicted)[0]["lead_id"].iloc[0]
    execute(predicted, f"delete from main_intermediate.int_leads where lead_id = '{erased}'")
    assert erased not in set(shown_tables(predicted)[0]["lead_id"])


def test_a_worse_model_does_not_take_over(predicted: Warehouse, run: Run) -> None:
    kept, before = MODEL.read_bytes(), shown_tables(predicted)[0]
    execute(
        predicted,
        "update main_marts.evaluation_points set is_converted = not is_converted where "
        "evaluated_at <= (select max(train_until) from main_marts.prediction_quality)",
    )
    finished = run(predicted)
    assert finished.code == 0
    assert "active model kept: AUC 0." in finished.printed
    assert MODEL.read_bytes() == kept
    predictions, quality = shown_tables(predicted)
    assert predictions["probability"].equals(before["probability"])
    assert quality.loc[quality["is_active"], "estimator"].unique().tolist() == ["active_model"]
    assert "active model" not in run(predicted, "--fresh").printed
    assert MODEL.read_bytes() != kept


def test_a_damaged_model_is_named_and_replaced(warehouse: Warehouse, run: Run) -> None:
    MODEL.parent.mkdir(mode=0o700)
    MODEL.write_text("no model")
    MODEL.chmod(0o600)
    finished = run(warehouse)
    assert finished.code == 0
    assert f"{MODEL} cannot be read" in finished.printed
    assert "training a new one" in finished.printed
    assert MODEL.read_bytes() != b"no model"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("update main_marts.evaluation_points set as_of = as_of - interval 1 hour", "after this"),
        (
            "update main_policy.lifecycle_settings set value = 60 "
            "where setting = 'conversion_window_days'",
            "predicts 90 days ahead, and conversion_window_days is 60",
        ),
    ],
)
def test_a_model_of_another_time_or_window_is_not_used(
    predicted: Warehouse, run: Run, change: str, said: str
) -> None:
    execute(predicted, change)
    finished = run(predicted)
    assert finished.code == 0
    assert said in finished.printed
    assert "active_model" not in set(shown_tables(predicted)[1]["estimator"])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("drop schema main_marts cascade", "no table main_marts.evaluation_points; run dbt build"),
        (
            "drop schema main_predictive cascade",
            "no table main_predictive.lead_predictions; run dbt build",
        ),
        (
            "delete from main_policy.lifecycle_settings where setting = 'predictive_act_minimum'",
            "lifecycle_settings.csv has no row 'predictive_act_minimum'",
        ),
        ("delete from main_intermediate.int_score_steps", "has no score of"),
        (
            "create or replace view main_marts.prediction_features as "
            "select lead_id, value, true as is_dated, true as is_usable "
            "from main_intermediate.int_prediction_features",
            "main_marts.prediction_features lacks the column feature; run dbt build",
        ),
    ],
)
def test_what_is_missing_is_named(
    warehouse: Warehouse, run: Run, statement: str, said: str
) -> None:
    execute(warehouse, statement)
    finished = run(warehouse)
    assert finished.code == 2
    assert said in finished.printed
    assert not MODEL.exists()


def test_without_a_warehouse_it_says_so(tmp_path: Path, run: Run) -> None:
    finished = run(duckdb_warehouse(tmp_path / "none.duckdb"))
    assert finished.code == 2
    assert "run dbt build first, or set LEAD_DB_PATH" in finished.printed


def test_wrong_use(warehouse: Warehouse, run: Run) -> None:
    assert run(warehouse, "--wrong").code == 2
