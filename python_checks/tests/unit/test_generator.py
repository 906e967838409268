"""The generated demo: repeatable, in the raw contract, and rich enough to show every rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from lead_qualification.generator import generate
from lead_qualification.generator.writing import write
from lead_qualification.raw_contract import raw_tables
from lead_qualification.yaml_text import from_yaml
from python_checks.reference import compute

PROJECT = Path(__file__).resolve().parents[3]
DEMO, POLICY = PROJECT / "seeds" / "demo", PROJECT / "seeds" / "policy"
GOLDEN = PROJECT / "python_checks" / "golden" / "intake" / "raw"
DATED = PROJECT / "python_checks" / "golden" / "dated" / "raw"
LEADS, SEED, AS_OF, MONTHS = 600, 20260630, "2026-06-30 23:59:59", 15
EVENT_TABLES = (
    "web_events",
    "email_events",
    "marketing_activities",
    "product_events",
    "intent_signals",
)
MOST_BYTES = 3_500_000
MOST_UNUSABLE = 0.02
CONTRACT = {table.name: table.names for table in raw_tables().values()}
CAME_LATER = defaultdict(set) | {
    "web_events": {"value"},
    "marketing_activities": {"value"},
    "intent_signals": {"email"},
    "opportunities": {"lost_reason"},
    "campaign_costs": {"cost_item"},
}
"""Columns of the contract, by table, that the golden case does not have yet."""
EXPIRY_AND_LOSS = {"mql_aged", "pql_aged", "unworked", "closed_lost"}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The demo's raw tables."""
    return generate(LEADS, SEED, AS_OF, MONTHS)


@pytest.fixture(scope="module")
def raw(tables, tmp_path_factory) -> Path:
    """A folder with the demo's raw tables as CSV files."""
    folder = tmp_path_factory.mktemp("raw")
    for name, table in tables.items():
        write(table, folder / f"{name}.csv")
    return folder


@pytest.fixture(scope="module")
def marts(raw) -> dict[str, list[dict]]:
    """The public tables that the reference computes from the demo."""
    return compute(raw, POLICY, datetime.fromisoformat(AS_OF))


def values(rows: list[dict], column: str) -> Counter:
    """How often each value of a column occurs."""
    return Counter(row[column] for row in rows)


def policy(name: str) -> pd.DataFrame:
    """A policy CSV as text."""
    return pd.read_csv(POLICY / f"{name}.csv", dtype=str, keep_default_na=False)


def test_same_arguments_give_the_same_files(raw, tmp_path):
    """A second run writes the same bytes."""
    for name, table in generate(LEADS, SEED, AS_OF, MONTHS).items():
        path = tmp_path / f"{name}.csv"
        write(table, path)
        assert path.read_bytes() == (raw / path.name).read_bytes(), name


def test_another_seed_gives_other_rows(tables):
    """The seed matters."""
    other = generate(LEADS, SEED + 1, AS_OF, MONTHS)
    assert not other["leads"].equals(tables["leads"])


@pytest.mark.parametrize("name", CONTRACT)
def test_demo_seed_is_what_the_generator_writes(raw, name):
    """The checked-in demo is current."""
    assert (DEMO / f"demo_{name}.csv").read_bytes() == (raw / f"{name}.csv").read_bytes()


def test_columns_are_those_of_the_seeds():
    """The declared columns of the seeds are those of the raw contract."""
    declared = from_yaml((DEMO / "demo.yml").read_text(encoding="utf-8"))["seeds"]
    columns = {seed["name"]: list(seed["config"]["column_types"]) for seed in declared}
    assert columns == {f"demo_{name}": list(names) for name, names in CONTRACT.items()}


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_are_those_of_the_golden_cases(name):
    """The golden case has the contract, but for fields of the sync and those that came later."""
    folder = GOLDEN if (GOLDEN / f"{name}.csv").exists() else DATED
    header = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    columns = header.split(",")
    assert columns == [column for column in CONTRACT[name] if column in columns]
    absent = {column for column in CONTRACT[name] if column not in columns}
    assert {column for column in absent if not column.startswith("crm_")} <= CAME_LATER[name]


def test_tables_have_the_contract_columns(tables):
    """Every table has its columns, in order."""
    assert {name: tuple(table.columns) for name, table in tables.items()} == CONTRACT
    assert len(CONTRACT) == 16


def test_demo_is_small(tables):
    """The demo stays small enough for the repository and large enough to tell something."""
    assert sum(path.stat().st_size for path in DEMO.glob("demo_*.csv")) < MOST_BYTES
    assert 12_000 <= sum(len(tables[name]) for name in EVENT_TABLES) <= 18_000
    assert 180 <= len(tables["accounts"]) <= 250


def test_every_stage_and_grade_occurs(marts):
    """Some lead rests in every stage, and every grade is given."""
    assert set(values(marts["lead_stages"], "stage")) == set(policy("stages")["stage"])
    assert set(values(marts["lead_scores"], "grade")) == set(policy("grade_scale")["grade"])


def test_every_channel_occurs(marts):
    """All channels of the policy, and the unknown one."""
    channels = set(policy("channels")["channel"]) | {"unknown"}
    assert set(values(marts["channel_conversion"], "channel")) == channels


def test_every_reason_occurs(marts, tables):
    """People give every reason that they can, and timers and losses give the others."""
    reasons = set(policy("disposition_reasons")["reason_code"])
    given = set(tables["lead_status_changes"]["reason_code"].dropna())
    assert reasons - EXPIRY_AND_LOSS <= given
    assert reasons <= set(values(marts["lead_stage_history"], "reason_code"))


def test_every_timer_and_detour_occurs(marts):
    """Timers, opt-ins, reopenings and each way into the funnel are in the history."""
    history = marts["lead_stage_history"]
    entered_by = values(history, "entered_by")
    assert set(policy("stage_timers")["timer_event"]) <= set(entered_by)
    for event in ("opted_in", "opted_out", "reopened", "pql_milestone", "mql_trigger", "sql_gate"):
        assert entered_by[event] > 0, event
    regressed = [row for row in history if row["stage"] == "long_term_nurture"]
    assert any(row["entered_by"] in ("regressed", "sql_no_response") for row in regressed)
    assert values(history, "stage")["suppressed"] > 0
    assert {"via_mql", "via_pql", "direct", "none"} == set(
        values(marts["lead_stages"], "entry_path")
    )


def test_cold_outreach_reaches_sales(marts):
    """Answers to cold e-mails make MQLs and SQLs, in their own scoring model."""
    cold = [row for row in marts["lead_stages"] if row["scoring_model"] == "cold_email"]
    assert sum(row["mql_at"] is not None for row in cold) >= 5
    assert sum(row["sql_proposed_at"] is not None for row in cold) >= 5


def test_some_score_is_lowered_now(marts):
    """Some cooldown of a regression runs at the end of the timeline."""
    scores = marts["lead_scores"]
    assert any(row["adjusted_score"] < row["score"] for row in scores)


def test_funnel_rates_are_plausible(marts):
    """Rates of a business software company, better by referral than by cold outreach."""
    rows = marts["channel_conversion"]
    counted = ("mqls", "mqls_to_sql", "sqls", "sqls_to_opportunity", "opportunities", "customers")
    count = {column: sum(row[column] for row in rows) for column in counted}
    assert 0.10 <= count["mqls_to_sql"] / count["mqls"] <= 0.35
    assert 0.30 <= count["sqls_to_opportunity"] / count["sqls"] <= 0.60
    assert 0.20 <= count["customers"] / count["opportunities"] <= 0.35
    assert any(row["direct_sqls"] for row in rows)
    rate = {row["channel"]: row["mqls_to_sql"] / row["mqls"] for row in rows if row["mqls"]}
    assert rate["referrals"] > max(rate["partner"], rate["inbound"])
    assert min(rate["partner"], rate["inbound"]) > rate["paid"] > rate["outbound"]
    benchmark = {row["benchmark_id"]: row for row in marts["benchmark_comparison"]}
    assert benchmark["guide_mql_to_sql"]["denominator"] >= 30


def test_few_rows_are_unusable(marts, tables):
    """Most sources have unusable rows, none has many."""
    unusable = values(marts["quarantined_records"], "source")
    assert len(unusable) >= 9
    for source, number in unusable.items():
        assert number / len(tables[source]) < MOST_UNUSABLE, source


def test_excluded_events_have_every_reason(marts):
    """Bots, scanners, strangers and events without a meaning are there to be left out."""
    reasons = values(marts["excluded_events"], "reason")
    assert {"bot", "scanner", "unresolved", "not_a_signal"} <= set(reasons)


def test_timeline_reaches_as_of_and_a_little_beyond(tables):
    """There is activity on the last day, and a little after as_of that must not count."""
    times = pd.to_datetime(
        tables["web_events"]["occurred_at"], utc=True, format="mixed", errors="coerce"
    )
    end = pd.Timestamp(AS_OF, tz="UTC")
    assert ((times <= end) & (times > end - pd.Timedelta(days=1))).any()
    assert 0 < (times > end).sum() < 0.01 * len(times)


def test_volume_follows_the_request():
    """The number of events is what was asked for, spread unevenly over leads."""
    larger = generate(3000, SEED, AS_OF, MONTHS, events=45_000)
    assert 0.9 <= sum(len(larger[name]) for name in EVENT_TABLES) / 45_000 <= 1.1
    per_visitor = larger["web_events"]["anonymous_id"].value_counts()
    assert per_visitor.iloc[: len(per_visitor) // 10].sum() > 0.35 * per_visitor.sum()
