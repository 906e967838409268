"""The words for codes: every code of the shipped policy and of the public tables has one."""

from __future__ import annotations

import csv
import re
import subprocess
from collections import Counter
from pathlib import Path

import pandas
import pytest

from lead_qualification.labels import KIND_OF, KINDS, Labels, within, words
from lead_qualification.tables import Table
from lead_qualification.warehouse import PROJECT
from python_checks.tests.properties import described, meta_of
from python_checks.tests.tables import POLICY

BANDS = ("cold", "warm", "hot", "very_hot")
CODES = [
    ("stage", "stages", "stage"),
    ("stage", "stages", "funnel_stage"),
    ("stage", "qualification_matrix", "stage"),
    ("band", "score_bands", "score_band"),
    ("level", "score_bands", "score_level"),
    ("action", "next_actions", "action"),
    ("action", "qualification_matrix", "action"),
    ("owner", "stage_owners", "owner"),
    ("owner", "next_actions", "owner"),
    ("reason", "disposition_reasons", "reason_code"),
    ("track", "disposition_reasons", "nurture_track"),
    ("track", "next_actions", "nurture_track"),
    ("channel", "channels", "channel"),
    ("profile", "qualification_profiles", "profile"),
    ("policy", "sla_policies", "sla_policy"),
    ("model", "scoring_models", "scoring_model"),
    ("signal", "signals", "signal"),
    ("criterion", "fit_rules", "criterion"),
    ("event", "lifecycle_events", "event"),
    ("event", "stage_transitions", "event"),
    ("check", "data_health_limits", "check_name"),
    ("check", "handoff_requirements", "check_name"),
    ("source", "benchmarks", "source"),
    ("value", "response_buckets", "response_bucket"),
    ("value", "buying_roles", "buying_role"),
]
"""The kind of the codes in a column of the policy."""

LABELLED = [
    "verdict",
    "sql_verdict",
    "pipeline_verdict",
    "score_verdict",
    "rate_verdict",
    "rejection_verdict",
    "suggestion",
    "ageing",
    "check_name",
    "result",
    "disposition",
    "owner",
    "stage_owner",
    "account_stage",
    "blocked_by",
    "outcome",
    "reason",
    "motion",
    "company_segment",
    "component",
    "item_kind",
    "entry_path",
    "unit",
    "basis",
    "nurture",
    "intent_class",
    "program",
    "attribution_model",
    "estimator",
    "sla_status",
    "sla_clock",
]
"""Columns of public tables with a closed list of codes, which their meta accepted has."""


TOKEN = re.compile(r"(?<![\w/.@-])[a-z0-9]+(?:_[a-z0-9]+)+(?!\w|\.(?:csv|md)\b)")
"""A word with an underscore that is not part of the name of a file."""


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a policy table."""
    with (POLICY / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = rows_of("labels")
KNOWN = {(row["kind"], row["code"]) for row in ROWS}
SHIPPED = Labels(
    (row["kind"], row["code"], row["label"], row["plural"], row["help"]) for row in ROWS
)


def accepted_values() -> dict[str, set[str]]:
    """The values that columns of marts may have, by column."""
    found: dict[str, set[str]] = {}
    for _, model in described("models/marts"):
        for column in model["columns"]:
            if "accepted" in meta_of(column):
                found.setdefault(column["name"], set()).update(
                    map(str, meta_of(column)["accepted"])
                )
    return found


ACCEPTED = accepted_values()


@pytest.mark.parametrize(("kind", "table", "column"), CODES)
def test_every_code_of_the_policy_has_a_label(kind: str, table: str, column: str) -> None:
    codes = {row[column] for row in rows_of(table)} - {""}
    assert codes
    assert {code for code in codes if (kind, code) not in KNOWN} == set()


@pytest.mark.parametrize("column", LABELLED)
def test_every_code_of_a_public_table_has_a_label(column: str) -> None:
    kind = KIND_OF.get(column, "value")
    unlabelled = {
        code
        for code in ACCEPTED[column]
        if (kind, code) not in KNOWN and ("value", code) not in KNOWN
    }
    assert unlabelled == set()


def test_a_kind_has_each_code_and_each_word_once() -> None:
    codes = Counter((row["kind"], row["code"]) for row in ROWS)
    labels = Counter((row["kind"], row["label"]) for row in ROWS)
    assert [key for key, count in codes.items() if count > 1] == []
    assert [key for key, count in labels.items() if count > 1] == []


def test_labels_are_words() -> None:
    """They begin with a capital letter or a digit and hold no code."""
    texts = [row[column] for row in ROWS for column in ("label", "plural", "help") if row[column]]
    assert [text for text in texts if not re.fullmatch(r"[A-Z0-9][^_]*[^_ .]", text)] == []


def test_kinds_are_those_of_the_linter() -> None:
    macro = (PROJECT / "macros" / "policy" / "labels.sql").read_text(encoding="utf-8")
    listed = macro.partition("endmacro")[0]
    kinds = set(re.findall(r"'(\w+)'", listed))
    assert {row["kind"] for row in ROWS} <= kinds
    assert set(KINDS) - {"any", "table"} <= kinds


def test_a_column_has_one_kind() -> None:
    columns = Counter(column for columns in KINDS.values() for column in columns)
    assert [column for column, count in columns.items() if count > 1] == []


def test_bands_of_every_policy_say_how_warm_a_lead_is() -> None:
    """In the order of their scores, whatever the documents call them."""
    listed = subprocess.run(
        ["git", "ls-files", "*score_bands.csv"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [PROJECT / name for name in listed.stdout.split()]
    assert POLICY / "score_bands.csv" in paths
    for path in paths:
        bands = pandas.read_csv(path, keep_default_na=False)
        for _, rows in bands.sort_values("min_score").groupby("scoring_model"):
            found = list(dict.fromkeys(rows["score_band"]))
            assert found == list(BANDS[: len(found)]), path
        assert (bands["document_name"] != "").all()


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("stage", "sql_proposed", "Handed to sales"),
        ("stage", "my_own_stage", "My own stage"),
        ("score_band", "very_hot", "Very hot"),
        ("verdict", "clearly_below", "Clearly below the range"),
        ("handoff_signals", "demo_request|pricing_request", "Demo request, pricing request"),
        ("reason", "missing event_id", "Missing event ID"),
        ("reason", "A deal is open: sales works it", "A deal is open: sales works it"),
        ("rep_id", "unassigned", "Nobody assigned"),
        ("rep_id", "REP-001", "REP-001"),
        ("campaign_id", "spring_sale", "spring_sale"),
        ("job_title", "lead", "lead"),
        ("why", "job_title +15; website_visit +6 (3x)", "Job title +15; website visit +6 (3x)"),
        ("remedy", "Add it to stage_transitions.csv", "Add it to stage_transitions.csv"),
        ("worst_values", "sales_contacted (3), list_import (1)", None),
        ("member", "mid_market", "Mid-market"),
        ("member", "US", "US"),
        ("score", 12.5, 12.5),
        ("stage", None, None),
    ],
)
def test_a_value_is_shown_by_its_column(column: str, value: object, shown: object) -> None:
    if column == "worst_values":
        shown = "Contacted by sales (3), list_import (1)"
    assert SHIPPED.value(column, value) == shown


def test_without_labels_codes_are_words() -> None:
    labels = Labels()
    assert labels.value("stage", "sql_proposed") == "SQL proposed"
    assert labels.heading("is_mature") == "Mature"
    assert words("p90_days_mql_to_sql") == "90th percentile of days MQL to SQL"


def test_headings_of_a_table_differ() -> None:
    labels = Labels([("column", "one", "Same", "", ""), ("column", "two", "Same", "", "")])
    assert labels.headings(("one", "two", "three")) == ("One", "Two", "Three")
    assert labels.heading("one") == "Same"


def test_a_table_keeps_its_columns_and_numbers() -> None:
    table = Table(("lead_id", "stage", "leads"), (("mql", "mql", 3),))
    assert SHIPPED.table(table) == Table(("lead_id", "stage", "leads"), (("mql", "MQL", 3),))


@pytest.mark.parametrize(
    ("label", "shown"),
    [("Demo request", "demo request"), ("MQL", "MQL"), ("E-mail click", "e-mail click")],
)
def test_a_label_within_a_sentence(label: str, shown: str) -> None:
    assert within(label) == shown


@pytest.mark.parametrize("name", sorted(path.stem for path in POLICY.glob("*.csv")))
def test_a_policy_table_is_shown_in_words(name: str) -> None:
    """Apart from what is compared with the data, and what documents call a band."""
    rows = rows_of(name)
    columns = tuple(rows[0]) if rows else ()
    table = Table(columns, tuple(tuple(value or None for value in row.values()) for row in rows))
    found = {
        (column, value)
        for row in SHIPPED.table(table).records
        for column, value in row.items()
        if value and column not in ("phrase", "local_part", "document_name", "code", "kind")
        if TOKEN.search(value) or (value.islower() and SHIPPED.is_known(value))
    }
    assert found == set()


def test_names_of_files_are_no_codes() -> None:
    path = Path("seeds/policy/stage_owners.csv")
    assert SHIPPED.text(f"Edit {path}") == f"Edit {path}"
