"""Compares the public tables that people look at: hand-offs, dates, SLA, channels, money, CRM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import shorten

import pandas

from lead_qualification.policy_diff.builds import Build

NONE = "(none)"
LONGEST = 60
"""Characters of a cell that are shown."""


@dataclass(frozen=True)
class Subject:
    """A part of a public table that people look at.

    Attributes:
        name: What the report calls it.
        table: The public table.
        key: What names a row.
        columns: What is compared.
    """

    name: str
    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


LEAD = ("lead_id",)
HANDOFF = ("lead_id", "handoff_number")
SUBJECTS = (
    Subject(
        "Hand-offs",
        "handoffs",
        HANDOFF,
        (
            *("handed_off_at", "ended_at", "trigger_event", "from_stage", "to_stage", "to_owner"),
            *("territory", "recommended_rep_id", "disposition", "opportunity_at", "customer_at"),
        ),
    ),
    Subject(
        "SLA of hand-offs",
        "handoffs",
        HANDOFF,
        ("sla_policy", "sla_clock", "sla_due_at", "sla_status", "response_minutes"),
    ),
    Subject(
        "SLA reports",
        "sla_performance",
        ("week_start", "sla_policy", "rep_id", "response_bucket"),
        ("handoffs", "responded", "met", "breached", "open"),
    ),
    Subject(
        "Dates of leads",
        "lead_stages",
        LEAD,
        (
            *("stage_entered_at", "mql_at", "pql_at", "sql_at", "opportunity_at", "customer_at"),
            *("cooldown_until", "held_back_by"),
        ),
    ),
    Subject(
        "Channels and motions",
        "lead_stages",
        LEAD,
        ("channel", "motion", "scoring_model", "profile", "company_segment"),
    ),
    Subject(
        "Channel reports",
        "channel_conversion",
        ("channel",),
        ("leads", "mqls", "pqls", "sqls", "opportunities", "customers"),
    ),
    Subject(
        "Cost and revenue",
        "channel_roi",
        ("dimension", "member", "month"),
        (
            *("cost", "cost_per_lead", "cost_per_mql", "cost_per_sql", "cost_per_opportunity"),
            *("cac", "revenue_won", "pipeline_open", "roi"),
        ),
    ),
    Subject(
        "Revenue of campaigns",
        "attribution",
        ("campaign_id", "attribution_model"),
        ("opportunities", "won", "pipeline_open", "revenue_won"),
    ),
    Subject(
        "Accounts",
        "account_engagement",
        ("account_id",),
        ("account_score", "account_stage", "is_in_market", "outbound_trigger"),
    ),
    Subject(
        "CRM fields of leads",
        "crm_lead_sync",
        LEAD,
        (
            *("lifecycle_stage", "lead_stage", "lead_score", "lead_grade", "recommended_action"),
            *("action_owner", "action_due_at", "nurture_track", "re_engage_on"),
            *("sql_handed_off_at", "recommended_rep_id", "sla_due_at", "held_back_by"),
            *("handoff_context", "score_reasons"),
        ),
    ),
    Subject(
        "CRM fields of accounts",
        "crm_account_sync",
        ("account_id",),
        ("account_score", "account_stage", "is_in_market"),
    ),
    Subject(
        "Next actions",
        "next_best_action",
        LEAD,
        ("action", "owner", "rep_id", "due_at", "reason", "blocked_by", "nurture_track"),
    ),
)


@dataclass(frozen=True)
class RowExample:
    """A row that changed: its key, and a cell before and after."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class ColumnChange:
    """How many rows of both builds differ in a column, and some of them as examples."""

    column: str
    rows: int
    examples: tuple[RowExample, ...]


@dataclass(frozen=True)
class SubjectChange:
    """What becomes of a subject.

    Attributes:
        subject: Its name.
        table: The public table.
        rows: Rows of both builds.
        changed: Of these, those that differ in any column.
        gone: Rows that only the build before has.
        came: Rows that only the build after has.
        columns: The columns that differ, most rows first.
        gone_examples: Keys of some that are gone.
        came_examples: Keys of some that came.
        missing_in: Which builds, before or after, lack the table; then it is not compared.
    """

    subject: str
    table: str
    rows: int
    changed: int
    gone: int
    came: int
    columns: tuple[ColumnChange, ...]
    gone_examples: tuple[str, ...]
    came_examples: tuple[str, ...]
    missing_in: tuple[str, ...]


def subject_changes(before: Build, after: Build, examples: int) -> tuple[SubjectChange, ...]:
    """Compare what people look at in two builds, subject by subject.

    Args:
        before: The build before the edit.
        after: The build after it.
        examples: How many rows to show of each change, at most.
    """
    sides = {"before": before.public_tables(), "after": after.public_tables()}
    queries = {
        subject.name: (subject.table, (*subject.key, *subject.columns))
        for subject in SUBJECTS
        if all(subject.table in tables for tables in sides.values())
    }
    old, new = before.texts(queries), after.texts(queries)
    return tuple(
        changes_of_subject(subject, old[subject.name], new[subject.name], examples)
        if subject.name in queries
        else not_compared(
            subject, tuple(side for side, tables in sides.items() if subject.table not in tables)
        )
        for subject in SUBJECTS
    )


def not_compared(subject: Subject, missing_in: tuple[str, ...]) -> SubjectChange:
    """Return what is said of a subject whose table a build does not have."""
    return SubjectChange(subject.name, subject.table, 0, 0, 0, 0, (), (), (), missing_in)


def rows_by_key(rows: pandas.DataFrame, subject: Subject) -> pandas.DataFrame:
    """Return the compared columns by the words of the key, in their order."""
    texts = rows.astype(object)
    keys = texts[list(subject.key)].where(rows[list(subject.key)].notna(), "")
    names = pandas.Index([" ".join(key) for key in keys.itertuples(index=False)], dtype=object)
    return texts.where(rows.notna(), NONE)[list(subject.columns)].set_axis(names)


def changes_of_subject(
    subject: Subject, before: pandas.DataFrame, after: pandas.DataFrame, examples: int
) -> SubjectChange:
    """Compare the rows of a subject."""
    old, new = rows_by_key(before, subject), rows_by_key(after, subject)
    shared = old.index.intersection(new.index).sort_values()
    gone, came = old.index.difference(shared), new.index.difference(shared)
    was, becomes = old.loc[shared], new.loc[shared]
    differs = was != becomes
    columns = [
        ColumnChange(
            column,
            int(differs[column].sum()),
            tuple(row_examples(was[column], becomes[column], differs[column], examples)),
        )
        for column in subject.columns
        if differs[column].any()
    ]
    return SubjectChange(
        subject=subject.name,
        table=subject.table,
        rows=len(shared),
        changed=int(differs.any(axis=1).sum()),
        gone=len(gone),
        came=len(came),
        columns=tuple(sorted(columns, key=lambda change: -change.rows)),
        gone_examples=tuple(gone[:examples]),
        came_examples=tuple(came[:examples]),
        missing_in=(),
    )


def row_examples(
    was: pandas.Series, becomes: pandas.Series, differs: pandas.Series, examples: int
) -> Iterable[RowExample]:
    """Yield the first rows that differ."""
    for key in differs.index[differs][:examples]:
        yield RowExample(key, shorten(was[key], LONGEST), shorten(becomes[key], LONGEST))
