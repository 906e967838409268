"""The public tables: their keys, and how a build differs from the reference or another build."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import PROJECT, Warehouse
from python_checks.compare import compare_tables, normal
from python_checks.reference import compute
from python_checks.reference.options import options_of
from python_checks.reference.policy import load_policy
from python_checks.reference.raw import Raw, Record, read_raw

POLICY = PROJECT / "seeds" / "policy"
GOLDEN = PROJECT / "python_checks" / "golden"
"""Cases with their expected tables; README.md there says what they are."""
GOLDEN_AS_OF = {
    "tour": datetime(2026, 8, 1),
    "mixed": datetime(2026, 9, 30),
    "intake": datetime(2026, 8, 1),
}
"""The clock of each golden case that has the policy of the project."""
DATED = GOLDEN / "dated"
"""The golden case with a policy of its own, whose rows begin and end."""
DATED_AS_OF = datetime(2026, 8, 1)
DATED_EXPECTED = {"dated": DATED / "expected", "latest": DATED / "expected_latest"}
"""What it expects, by policy_in_force."""
BANDS = ("score_band", "next_score_band")
"""The columns that hold a band of the row's scoring model."""
RATE_TOLERANCE = Decimal("1e-9")
ROOT_TOLERANCE = Decimal("1e-8")
TOLERANCES = {
    ("attribution", "opportunities"): Decimal("1e-7"),
    ("attribution", "won"): Decimal("1e-7"),
    ("attribution", "pipeline_open"): Decimal("0.01"),
    ("attribution", "revenue_won"): Decimal("0.01"),
    ("prediction_features", "value"): RATE_TOLERANCE,
    ("signal_lift", "z_score"): ROOT_TOLERANCE,
    ("pattern_lift", "z_score"): ROOT_TOLERANCE,
    ("model_comparison", "auc_low"): ROOT_TOLERANCE,
    ("model_comparison", "auc_high"): ROOT_TOLERANCE,
    ("threshold_recommendation", "auc_low"): ROOT_TOLERANCE,
    ("threshold_recommendation", "auc_high"): ROOT_TOLERANCE,
    ("model_monitor", "mean_score_z"): ROOT_TOLERANCE,
    ("model_monitor", "rate_z"): ROOT_TOLERANCE,
    ("model_monitor", "population_stability_index"): ROOT_TOLERANCE,
}
"""How far columns may differ that sum, or take a root or logarithm of, double precision."""

QUOTIENTS = (
    "ratio",
    "roi",
    "cac",
    "deal_size",
    "ratio_to_mql",
    "lift",
    "lift_of_higher_points",
    "jump_size",
    "auc",
    "auc_difference",
    "top_decile_lift",
    "brier_score",
    "champion_auc",
    "champion_top_decile_lift",
    "champion_brier_score",
    "mean_score",
    "earlier_mean_score",
)
MEASURES_OF_DAYS_AND_MINUTES = (
    "lead_velocity",
    "nurture_comparison",
    "sales_cycle",
    "sla_performance",
    "stage_durations",
)
POLICY_NUMBERS = ("typical_days_low", "typical_days_high", "min_mql_to_opportunity_rate")
"""Columns with the name of a rate or bound that hold what a policy table says."""

KEYS = {
    "lead_score_history": ["lead_id", "scoring_model", "valid_from"],
    "lead_scores": ["lead_id", "scoring_model"],
    "lead_stage_history": ["lead_id", "stage_number"],
    "lead_stages": ["lead_id"],
    "ignored_lifecycle_events": ["lead_id", "occurred_at", "event", "source", "record_id"],
    "channel_conversion": ["channel"],
    "policy_versions": ["policy_version"],
    "lead_attribute_history": ["lead_id", "attribute", "valid_from"],
    "funnel_conversion": ["cohort_basis", "dimension", "member", "cohort_month"],
    "benchmark_comparison": ["benchmark_id"],
    "handoffs": ["lead_id", "handoff_number"],
    "handoff_checklist": ["lead_id", "handoff_number", "check_number"],
    "mql_quality": ["lead_id", "check_number"],
    "lead_qualification": ["lead_id", "framework"],
    "rejections": ["handed_off_month", "channel", "reason_code"],
    "rejection_drivers": ["scoring_model", "item_kind", "item"],
    "regressions": ["lead_id", "regression_number"],
    "re_engagement_queue": ["lead_id"],
    "next_best_action": ["lead_id"],
    "next_band": ["lead_id"],
    "score_changes_explained": ["lead_id", "valid_from"],
    "stage_ageing": ["lead_id"],
    "marketing_sla": ["target_month"],
    "sla_performance": ["week_start", "sla_policy", "rep_id", "response_bucket"],
    "account_engagement": ["account_id"],
    "account_stage_history": ["account_id", "entered_at"],
    "funnel_weekly": ["dimension", "member", "week_start"],
    "lead_velocity": ["month", "motion"],
    "stage_durations": ["stage", "channel"],
    "stage_flow": ["stage", "month"],
    "engagement_rate": ["month", "program"],
    "email_delivery": ["program", "month"],
    "conversion_to_paid": ["entry"],
    "sales_cycle": ["entry_path"],
    "nurture_comparison": ["nurture"],
    "forecast": ["month", "step"],
    "forecast_back_test": ["forecast_on", "month", "step"],
    "channel_roi": ["dimension", "member", "month"],
    "attribution": ["campaign_id", "attribution_model"],
    "account_funnel": ["company_segment", "cohort_month"],
    "evaluation_points": ["lead_id"],
    "score_calibration": ["scoring_model", "bin_from"],
    "threshold_recommendation": ["scoring_model", "basis"],
    "signal_lift": ["scoring_model", "signal"],
    "pattern_lift": ["pattern"],
    "model_comparison": ["champion", "scoring_model"],
    "score_distribution": ["scoring_model", "month", "kind", "member"],
    "model_monitor": ["scoring_model", "month"],
    "prediction_features": ["lead_id", "feature"],
    "crm_lead_sync": ["lead_id"],
    "crm_account_sync": ["account_id"],
    "crm_sync_ledger": ["outcome"],
    "raw_row_ledger": ["source", "outcome"],
    "excluded_events": ["source", "reason"],
}
"""The grain of the public tables that the reference calculates too."""

WRITTEN_BY_COMMAND = ("prediction_quality", "predictions")
"""Public views of what the predictive score writes; a build alone leaves them empty."""

SAID_OF_A_SYNC = ("changed_fields", "is_first_sync", "row_hash", "computed_at")
"""The columns of a sync table that are not values for the CRM."""

Rows = list[dict[str, Any]]


def differences(table: str, expected: Rows, actual: pd.DataFrame) -> list[str]:
    """Lines that say where a public table differs from the reference, in each of its columns.

    Rates and other quotients agree to 1e-9, some sums of shares to what ``TOLERANCES`` says,
    other decimals to four places, everything else exactly.
    """
    keys = KEYS[table]
    columns = list(expected[0]) if expected else list(keys)
    absent = [column for column in columns if column not in actual.columns]
    if absent:
        return [f"{table}: columns missing: {', '.join(absent)}"]
    rates = [column for column in columns if is_rate(table, column)]
    exact = [column for column in columns if column not in rates]
    lines = compare_tables(expected, actual, keys, exact)
    lines += _rate_differences(table, expected, actual, rates)
    return [f"{table}: {line}" for line in lines]


def is_rate(table: str, column: str) -> bool:
    """Whether a column is a quotient, a percentile, or otherwise not exact at four places."""
    if table == "benchmark_comparison":
        return column in ("actual", "actual_low", "actual_high")
    if column in POLICY_NUMBERS:
        return False
    if (table, column) in TOLERANCES or column in QUOTIENTS or column.startswith("cost_per_"):
        return True
    measure = column.removeprefix("published_")
    if table in MEASURES_OF_DAYS_AND_MINUTES and measure.startswith(("median_", "p90_")):
        return True
    return column.endswith(("_rate", "_share", "_growth", "_low", "_high"))


def _rate_differences(
    table: str, expected: Rows, actual: pd.DataFrame, columns: list[str]
) -> list[str]:
    """Rates that differ by more than the tolerance; rows of one side only are left out."""
    keys = KEYS[table]
    found = {tuple(normal(row[key]) for key in keys): row for row in actual.to_dict("records")}
    lines = []
    for row in expected:
        key = tuple(normal(row[name]) for name in keys)
        for column in columns if key in found else []:
            wanted, is_now = normal(row[column]), normal(found[key][column])
            same = wanted == is_now
            if isinstance(wanted, Decimal) and isinstance(is_now, Decimal):
                same = abs(wanted - is_now) <= TOLERANCES.get((table, column), RATE_TOLERANCE)
            if not same:
                lines.append(f"{key}: {column} expected {wanted}, is {is_now}")
    return lines


def quarantine_differences(expected: Rows, actual: pd.DataFrame) -> list[str]:
    """Quarantined rows and values of one side only: source, id, whether the row was lost, why."""
    columns = ["source", "record_id", "is_row_unusable", "reason"]

    def counted(rows: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(normal(row[column]) for column in columns) for row in rows)

    wanted, found = counted(expected), counted(actual.to_dict("records"))
    lines = [f"quarantined_records: row missing: {row}" for row in (wanted - found).elements()]
    return lines + [f"quarantined_records: row extra: {row}" for row in (found - wanted).elements()]


def all_differences(reference: dict[str, Rows], warehouse: Warehouse) -> dict[str, list[str]]:
    """Where each public table of a build differs from the reference; tables that agree too."""
    found = {table: differences(table, reference[table], warehouse.table(table)) for table in KEYS}
    quarantined = warehouse.table("quarantined_records")
    found["quarantined_records"] = quarantine_differences(
        reference["quarantined_records"], quarantined
    )
    return found


def reference_of(
    raw: Path, as_of: datetime, policy: Path = POLICY, **variables: object
) -> dict[str, Rows]:
    """The public tables by the reference."""
    return compute(raw, policy, as_of, variables)


def check_golden(path: Path, warehouse: Warehouse) -> None:
    """Fail unless the table of a file's name holds the rows of the file."""
    expected = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(expected) > 0
    actual = with_document_names(warehouse.table(path.stem), path)
    lines = compare_tables(expected, actual, KEYS[path.stem])
    assert not lines, shown(lines)


def with_document_names(actual: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The rows with each band under the name that the document of its model has for it.

    Golden cases were made when bands had those names.

    Args:
        actual: Rows of a public table.
        path: The file of the golden case with which they are compared.
    """
    folder = DATED if path.is_relative_to(DATED) else GOLDEN
    bands = pd.read_csv(folder / "policy" / "score_bands.csv", dtype=str, keep_default_na=False)
    names = {
        (row["scoring_model"], row["score_band"]): row.get("document_name") or row["score_band"]
        for row in bands.to_dict("records")
    }
    return actual.assign(
        **{
            column: [
                names.get((model, band), band)
                for model, band in zip(actual["scoring_model"], actual[column], strict=True)
            ]
            for column in BANDS
            if column in actual
        }
    )


def use_golden_policy(project: Path) -> None:
    """Give a copy of the project the policy with which the golden cases were computed."""
    for target in (project / "seeds" / "policy").glob("*.csv"):
        _write_table(target, GOLDEN / "policy" / target.name)


def use_dated_policy(project: Path) -> None:
    """Give a copy of the project the policy of the golden case dated."""
    use_golden_policy(project)
    for path in (DATED / "policy").glob("*.csv"):
        _write_table(project / "seeds" / "policy" / path.name, path)


def _write_table(target: Path, source: Path) -> None:
    """Write the rows of a policy table under the columns that the project has by now.

    New columns are empty, values of columns that are gone are left out, and a table whose source
    is not there has no rows.
    """
    with target.open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    rows = []
    if source.exists():
        with source.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(
            lines, columns, restval="", extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def golden_policy(folder: Path) -> Path:
    """Write the policy of the golden cases into a folder, and return where it is."""
    shutil.copytree(POLICY, folder / "seeds" / "policy")
    use_golden_policy(folder)
    return folder / "seeds" / "policy"


def dated_policy(folder: Path) -> Path:
    """Write the policy of the golden case dated into a folder, and return where it is."""
    target = golden_policy(folder)
    use_dated_policy(folder)
    return target


def raw_records(raw: Path, as_of: datetime, **variables: object) -> dict[str, list[Record]]:
    """What the raw rows of a folder say, typed, one per key, before anybody is erased."""
    return raw_rows(raw, as_of, **variables).tables


def raw_rows(raw: Path, as_of: datetime, **variables: object) -> Raw:
    """The raw rows of a folder, read by the reference."""
    return read_raw(raw, load_policy(POLICY), options_of(variables), as_of)


def shown(lines: list[str], most: int = 20) -> str:
    """The first lines, and how many there are."""
    return "\n".join([f"{len(lines)} differences", *lines[:most]])


def public_tables(warehouse: Warehouse) -> list[str]:
    """The names of all public tables of a build."""
    return tables_of_schema(warehouse, warehouse.marts)


def tables_of_schema(warehouse: Warehouse, schema: str) -> list[str]:
    """The names of all tables of a schema, in order."""
    names = warehouse.read(
        "select table_name from information_schema.tables "
        f"where table_schema = '{schema}' order by table_name"
    )
    return names["table_name"].tolist()


def tables_that_differ(
    one: Warehouse, other: Warehouse, tables: Iterable[str], schema: str = ""
) -> list[str]:
    """Names of the tables that do not hold the very same rows in two DuckDB builds.

    Args:
        one: A build.
        other: Another one.
        tables: Names of tables that both have.
        schema: The schema that they are in; none: that of the public tables.
    """
    with duckdb.connect() as connection:
        for name, warehouse in (("one", one), ("other", other)):
            path = warehouse.environment["LEAD_DB_PATH"]
            connection.execute(f"attach {sql_literal(path)} as {name} (read_only)")
        return [
            table
            for table in tables
            if not have_same_rows(
                connection,
                f"one.{schema or one.marts}.{table}",
                f"other.{schema or other.marts}.{table}",
            )
        ]


def have_same_rows(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> bool:
    """Whether two tables or views that a connection sees hold the very same rows."""
    return not any(
        connection.execute(
            f"select 1 from (from {first} except all from {second}) limit 1"
        ).fetchone()
        for first, second in ((one, other), (other, one))
    )


def rows_of_one_side(
    table: str, expected: Warehouse, actual: Warehouse
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of a public table, to the digit, that only the one and that only the other build has."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.register("wanted", expected.table(table))
        connection.register("found", actual.table(table))
        return (
            connection.execute("from wanted except all from found").df(),
            connection.execute("from found except all from wanted").df(),
        )


def hashed_values(warehouse: Warehouse, table: str) -> dict[str, tuple[tuple[Any, ...], str]]:
    """By the key of each row of a sync table, the values for the CRM and their hash."""
    rows = warehouse.table(table)
    known = [name for name in rows.columns if name.startswith("crm_")]
    values = rows.drop(columns=[*SAID_OF_A_SYNC, *known]).to_dict("records")
    return {
        row[KEYS[table][0]]: (tuple(normal(value) for value in row.values()), row_hash)
        for row, row_hash in zip(values, rows["row_hash"], strict=True)
    }
