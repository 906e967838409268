"""No key of the policy stands in SQL or Python: a user may rename a stage, a grade or a signal.

What the project must know of a row, the row says itself: by its role (stages.csv, signals.csv,
disposition_reasons.csv) or by a flag. Roles may have the name of a key; a text that is compared
with a column of roles, or given to a macro that looks one up, is a role.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT
from python_checks.tests.tables import POLICY

KEYS = {
    "stages": ["stage", "funnel_stage"],
    "signals": ["signal"],
    "grade_scale": ["grade"],
    "scoring_models": ["scoring_model"],
    "qualification_profiles": ["profile"],
    "channels": ["channel"],
    "score_bands": ["score_band", "score_level"],
    "disposition_reasons": ["reason_code", "nurture_track"],
    "frameworks": ["framework", "criterion"],
    "qualification_matrix": ["action"],
    "next_actions": ["action", "nurture_track"],
    "sla_policies": ["sla_policy"],
    "buying_roles": ["buying_role"],
    "response_buckets": ["response_bucket"],
    "lifecycle_events": ["event"],
}
"""The columns whose values a user may rename, by policy table."""

NO_KEYS = {"none", "matrix"}
"""The nurture track none is the word for no track, the action matrix that for the matrix's."""

CLOSED_COLUMNS = "role|touch_kind|motion|account_status"
"""Columns whose values are a list of the project's own or of the raw contract, which is checked."""

ROLES = re.compile(
    r"""\b(?:stage|rank|reason)_of_role\(\s*['"]\w+['"]\s*\)"""
    rf"""|(?<!\w)(?:\w+\.)?(?:{CLOSED_COLUMNS})(?:\s*\}}\}})?\s*(?:=|<>|(?:not\s+)?in)\s*"""
    r"""(?:\((?:\s*'\w+'\s*,?)+\)|'\w+')"""
)
COMMENTS = {
    ".sql": re.compile(r"--[^\n]*|\{#.*?#\}", re.DOTALL),
    ".py": re.compile(r"^\s*#[^\n]*", re.MULTILINE),
}
RANKS = re.compile(
    r"\b\w*(?:funnel_rank|grade_rank|highest_rank\w*|definition_rank)\s*"
    r"(?:(?:>=|<=|<>|=|<|>|(?:not\s+)?in\s*\()\s*\d|\s+when\s+\d)"
)


@dataclass(frozen=True)
class Homonym:
    """Words that are keys of the policy by chance, where they stand for something else."""

    words: str
    files: str
    reason: str


ALLOWED = [
    Homonym(
        "nurture long_term_nurture mql pql opportunity customer disqualified suppressed "
        "competitor out_of_business closed_lost inbound outbound",
        "macros/policy/roles.sql",
        "the lists of roles, of motions and of dispositions",
    ),
    Homonym("sql", "macros/cross_db/duckdb_tables.sql", "the language of a model, in dbt's word"),
    Homonym(
        "disqualified",
        "int_handoff_entries.sql int_policy_key_violations.sql int_lifecycle_events.sql "
        "int_person_events.sql int_signal_events.sql int_failing_checks.sql",
        "the event that the project itself produces, and the disposition of that name",
    ),
    Homonym(
        "nurture long_term_nurture disqualified suppressed",
        "macros/policy/timer_cycles.sql policy_check/lifecycle.py",
        "roles of stages, to which a lead may be led instead",
    ),
    Homonym("low high", "policy_check/funnel.py", "columns of benchmarks"),
    Homonym(
        "closed cold_outbound disqualified lead mql",
        "macros/raw/raw_contracts.sql",
        "values of the raw contract",
    ),
    Homonym(
        "mql disqualified handed_over",
        "int_person_events.sql int_handoff_status_changes.sql macros/raw/raw_contracts.sql",
        "statuses of the raw contract",
    ),
    Homonym(
        "events timeline",
        "int_account_intent_points.sql int_gate_levels.sql "
        "lifecycle/gates.sql lifecycle/requirements.sql int_policy_reference_violations.sql "
        "int_failing_requirements.sql cross_db/stage_machine.sql",
        "relations of a query, and a column",
    ),
    Homonym(
        "lead",
        "health/lead_of_row.sql identity/attribute_snapshots.sql staging/attribute_values.sql "
        "int_attribute_changes.sql int_attribute_values.sql int_current_leads.sql "
        "int_read_rows.sql int_lead_attribute_stretches.sql",
        "an object of the raw contract",
    ),
    Homonym(
        "closed competitor out_of_business",
        "int_person_events.sql int_failing_checks.sql",
        "a status of the raw contract, and how an account bars its leads",
    ),
    Homonym("C", "macros/cross_db/text.sql", "a collation"),
    Homonym(
        "startup mid_market enterprise",
        "macros/identity/lead_attributes.sql",
        "company segments, which this macro makes",
    ),
    Homonym(
        "inbound",
        "int_lead_channels.sql int_account_model.sql int_channel_figures.sql",
        "the motion of a lead or a cost without a known source",
    ),
    Homonym(
        "opportunity customer",
        "account_stage_history.sql int_target_accounts.sql",
        "stages of accounts",
    ),
    Homonym(
        "opportunity",
        "int_threshold_scores.sql dashboard/actions.py views/leads.py",
        "an outcome by which a bar or a hand-off is judged",
    ),
    Homonym(
        "lead mql",
        "int_funnel_counts.sql views/funnel.py views/leads.py",
        "from when on a cohort is counted, and the word for a person",
    ),
    Homonym("mql", "policy_diff/builds.py", "from when on a cohort is counted"),
    Homonym("lead mql pql sql", "conversion_to_paid.sql", "entries into the funnel"),
    Homonym(
        "mql pql sql opportunity customer",
        "macros/funnel/forecast.sql macros/funnel/mature_year.sql int_metric_leads.sql",
        "steps of the funnel, which are parts of names of columns",
    ),
    Homonym(
        "metrics money",
        "lead_qualification/metrics.py dashboard/actions.py export/lightdash.py export/superset.py",
        "the file, a unit, and what the formats of other tools call metrics",
    ),
    Homonym("paid", "views/funnel.py", "a file of those who pay"),
    Homonym("sql", "export/lightdash.py export/superset.py", "the language"),
    Homonym(
        "guide",
        "int_policy_choice_violations.sql benchmark_comparison.sql",
        "the source of benchmarks that the var has by default",
    ),
    Homonym("ecommerce healthcare", "lead_qualification/generate.py", "companies to generate"),
    Homonym("champion", "model_comparison.sql", "a column: the model in use"),
    Homonym(
        "sql opportunity customer",
        "macros/funnel/funnel_counts.sql",
        "parts of names of columns",
    ),
    Homonym("competitor disqualified closed", "macros/handoff/checks.sql", "words of a text"),
    Homonym(
        "sql",
        "adapters/__init__.py adapters/sql.py crm_sync/command.py crm_sync/credentials.py",
        "a CRM",
    ),
    Homonym(
        "user",
        "lead_qualification/redaction.py lead_qualification/warehouse.py",
        "a part of an address",
    ),
    Homonym("mql sql pql", "lead_qualification/labels.py", "abbreviations written in capitals"),
    Homonym("champion events nurture", "lead_qualification/labels.py", "columns"),
    Homonym(
        "low high events opportunity champion",
        "dashboard/charts.py views/channels.py views/data.py views/handoffs.py "
        "views/score_health.py",
        "columns",
    ),
    Homonym(
        "lead", "dashboard/app.py views/lead.py policy_diff/report.py", "the word for a person"
    ),
    Homonym("lead", "crm_sync/records.py", "an object of Salesforce"),
    Homonym("C", "prediction/training.py", "a parameter of the logistic regression"),
]


def own_events() -> set[str]:
    """The events that the project itself produces; the linter asks for them by name."""
    linter = PROJECT / "models" / "intermediate" / "intake" / "int_policy_key_violations.sql"
    found = re.search(
        r"policy_missing\('lifecycle_events', 'event', \[(.*?)\]\)", linter.read_text(), re.DOTALL
    )
    assert found is not None
    return set(re.findall(r"'(\w+)'", found[1]))


def keys_of_policy() -> set[str]:
    """Every key that may be renamed."""
    keys = set()
    for table, columns in KEYS.items():
        with (POLICY / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        own = own_events() if table == "lifecycle_events" else set()
        keys |= {row[column] for row in rows for column in columns} - own
    return keys - NO_KEYS - {""}


def named(text: str, suffix: str, keys: set[str]) -> Iterator[str]:
    """The keys that stand quoted in a file, and bare numbers that a rank is compared with."""
    code = ROLES.sub(" ", COMMENTS[suffix].sub(" ", text))
    words = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    yield from re.findall(rf"""(?<=['"])(?:{words})(?=['"])""", code)
    yield from (" ".join(found.split()) for found in RANKS.findall(code))


def source_files() -> list[Path]:
    """SQL of models and macros, and the Python of the product.

    Left out are the generator, which makes raw data of a company that has these channels and
    titles, and the connectors, which translate a vendor's words into those of the raw contract.
    """
    sql = [path for folder in ("models", "macros") for path in (PROJECT / folder).rglob("*.sql")]
    python = (PROJECT / "python" / "lead_qualification").rglob("*.py")
    left_out = {"generator", "connectors"}
    return sorted(path for path in (*sql, *python) if not left_out & set(path.parts))


def allowed_in(path: Path) -> dict[str, Homonym]:
    """The homonyms that may stand in a file."""
    return {
        word: homonym
        for homonym in ALLOWED
        if any(path.as_posix().endswith(f"/{name}") for name in homonym.files.split())
        for word in homonym.words.split()
    }


FOUND = {
    path: sorted(set(named(path.read_text(encoding="utf-8"), path.suffix, keys_of_policy())))
    for path in source_files()
}


def test_no_key_of_the_policy_in_code() -> None:
    """A key in a model, a macro or the product names its file; a role or a flag says it instead."""
    complaints = [
        f"{path.relative_to(PROJECT)} names {word!r}"
        for path, words in FOUND.items()
        for word in words
        if word not in allowed_in(path)
    ]
    assert complaints == []


@pytest.mark.parametrize("homonym", ALLOWED, ids=lambda homonym: homonym.reason)
def test_allowed_homonyms_are_there(homonym: Homonym) -> None:
    """No file and no word is on the list that need not be."""
    found = {
        name: {
            word
            for path, words in FOUND.items()
            if path.as_posix().endswith(f"/{name}")
            for word in words
        }
        for name in homonym.files.split()
    }
    listed = set(homonym.words.split())
    assert all(words & listed for words in found.values())
    assert listed <= set.union(*found.values())


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("where stage = 'nurture'", ["nurture"]),
        ("where stage in ('mql', 'pql')", ["mql", "pql"]),
        ("grade not in ('A', 'B')", ["A", "B"]),
        ("buying_role = 'champion'", ["champion"]),
        ('signals = ["spam_complaint"]', ["spam_complaint"]),
        ("where funnel_rank >= 5", ["funnel_rank >= 5"]),
        ("case settings.sql_definition_rank\n    when 2", ["sql_definition_rank when 2"]),
        ("highest_rank_so_far<2", ["highest_rank_so_far<2"]),
        ("where stages.role = 'nurture'", []),
        ("stages.role in ('mql', 'pql') or stage = 'pql'", ["pql"]),
        ("{{ rank_of_role('opportunity') }}", []),
        ("-- the stage 'nurture'", []),
        ("where entry_rank = 1", []),
    ],
)
def test_keys_are_found_and_roles_are_not(code: str, found: list[str]) -> None:
    """What counts as naming a key."""
    assert list(named(code, ".sql", keys_of_policy())) == found
