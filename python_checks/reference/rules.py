"""Rules in force: which rows of the dated policy tables hold at which time?

The boundaries of all their rows cut time into policy versions; P(t) is the version at t.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from python_checks.reference.cells import parse_timestamp
from python_checks.reference.policy import Policy, PolicyTables, Row, policy_of, read_policy_tables

DATED_TABLES = (
    "scoring_models",
    "signal_points",
    "fit_rules",
    "recency_curve",
    "score_bands",
    "grade_scale",
    "qualification_matrix",
    "qualification_profiles",
    "profile_triggers",
    "model_assignment",
    "stage_transitions",
    "stage_timers",
    "lifecycle_settings",
    "disposition_reasons",
    "sla_policies",
    "routing_rules",
    "stage_owners",
    "handoff_requirements",
    "next_actions",
)
"""The policy tables whose rows may have a time; those of the others are always in force."""
VALID_FROM, VALID_TO = "valid_from", "valid_to"
DATED, LATEST = "dated", "latest"


@dataclass(frozen=True)
class PolicyVersion:
    """The rules of a stretch of time ``[valid_from, valid_to)``; ``None`` is open."""

    number: int
    valid_from: datetime | None
    valid_to: datetime | None
    policy: Policy


@dataclass(frozen=True)
class Rules:
    """The policy versions in order of time, and the clock."""

    versions: list[PolicyVersion]
    as_of: datetime

    @cached_property
    def boundaries(self) -> list[datetime]:
        """The instants at which a version begins, but for the first."""
        return [v.valid_from for v in self.versions if v.valid_from is not None]

    def version_at(self, at: datetime) -> PolicyVersion:
        """The version of an instant; a boundary belongs to the version that it begins."""
        return self.versions[bisect_right(self.boundaries, at)]

    def at(self, at: datetime) -> Policy:
        """P(t): the rules in force at an instant."""
        return self.version_at(at).policy

    @property
    def current(self) -> Policy:
        """The rules in force at the clock."""
        return self.at(self.as_of)


def load_rules(folder: Path, as_of: datetime, policy_in_force: str = DATED) -> Rules:
    """The policy versions of a folder of policy tables.

    ``policy_in_force`` is ``dated``, or ``latest``: the rows in force at ``as_of`` always were.
    """
    return rules_of(read_policy_tables(folder), as_of, policy_in_force)


def rules_of(tables: PolicyTables, as_of: datetime, policy_in_force: str = DATED) -> Rules:
    """The policy versions that the rows of the policy tables make.

    Raises:
        ValueError: ``policy_in_force`` is neither, or a bound of a row is not a time.
    """
    if policy_in_force == LATEST:
        return always(policy_of(in_force(tables, as_of)), as_of)
    if policy_in_force != DATED:
        raise ValueError(f"policy_in_force is dated or latest, not {policy_in_force!r}")
    boundaries = boundaries_of(tables)
    versions = []
    for number, (begins, ends) in enumerate(
        zip([None, *boundaries], [*boundaries, None], strict=True), start=1
    ):
        rows = in_force(tables, begins or datetime.min)
        versions.append(PolicyVersion(number, begins, ends, policy_of(rows)))
    return Rules(versions, as_of)


def always(policy: Policy, as_of: datetime) -> Rules:
    """One version without bounds."""
    return Rules([PolicyVersion(1, None, None, policy)], as_of)


def boundaries_of(tables: PolicyTables) -> list[datetime]:
    """Every instant at which a dated row begins or ends, in order."""
    bounds = [
        bound_of(row, column, name)
        for name in DATED_TABLES
        for row in tables.get(name, [])
        for column in (VALID_FROM, VALID_TO)
    ]
    return sorted({bound for bound in bounds if bound is not None})


def in_force(tables: PolicyTables, at: datetime) -> PolicyTables:
    """The rows in force at an instant, by table."""
    return {
        name: [row for row in rows if name not in DATED_TABLES or is_in_force(row, name, at)]
        for name, rows in tables.items()
    }


def is_in_force(row: Row, table: str, at: datetime) -> bool:
    """Whether an instant lies in ``[valid_from, valid_to)`` of a row."""
    begins, ends = (bound_of(row, column, table) for column in (VALID_FROM, VALID_TO))
    return (begins is None or begins <= at) and (ends is None or at < ends)


def bound_of(row: Row, column: str, table: str) -> datetime | None:
    """A bound of a row as naive UTC, a date being its first instant; ``None`` if it is open.

    Raises:
        ValueError: It is not a time.
    """
    text = row.get(column)
    bound = parse_timestamp(text)
    if text is not None and bound is None:
        raise ValueError(f"{table}.csv: {column} is not a date or a time: {text!r}")
    return bound


def policy_version_rows(rules: Rules, milestones: list[Any]) -> list[dict[str, Any]]:
    """policy_versions without its texts: the versions, and who became MQL or SQL in each."""
    rows = []
    for version in rules.versions:

        def count(step: str, number: int = version.number) -> int:
            times = [getattr(lead, step) for lead in milestones]
            return sum(at is not None and rules.version_at(at).number == number for at in times)

        rows.append(
            {
                "policy_version": version.number,
                "valid_from": version.valid_from,
                "valid_to": version.valid_to,
                "is_current": version is rules.version_at(rules.as_of),
                "mqls": count("mql_at"),
                "sql_proposed": count("sql_proposed_at"),
            }
        )
    return rows
