"""Compares two builds: who changes, from what to what, why, and what people see of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy_diff.builds import Build
from lead_qualification.policy_diff.policy_rows import (
    PolicyChange,
    Rows,
    policy_changes,
    rows_that_restate,
)
from lead_qualification.policy_diff.reasons import evidence_of, reason
from lead_qualification.policy_diff.subjects import NONE, SubjectChange, subject_changes

LIMITED = ("score_band", "grade", "stage", "stage_owner")
"""The columns whose changes the limit is about."""

COMPARED = (*LIMITED, "recommended_action")

REPORTED = {"mqls": "mql_at", "sqls": "sql_at"}
"""Figures of a month, and when a lead becomes one."""


@dataclass(frozen=True)
class Example:
    """A lead that changed; scores are those of its primary model."""

    lead_id: str
    score_before: float
    score_after: float
    reason: str


@dataclass(frozen=True)
class Move:
    """Leads that changed from one value to another, and some of them as examples."""

    before: str
    after: str
    leads: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Change:
    """The changes of one column.

    Attributes:
        column: One of ``COMPARED``.
        leads: How many leads changed.
        share: That among the leads of both builds, 0 to 1; 0 without leads.
        moves: From what to what, most leads first.
    """

    column: str
    leads: int
    share: float
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Total:
    """A figure of the whole funnel; rates have the bounds of their 95 % interval."""

    figure: str
    before: float | None
    after: float | None
    before_interval: tuple[float, float] | None = None
    after_interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reported:
    """What was reported of a month that ended before the clock of both builds.

    Attributes:
        month: Such as 2026-05, UTC.
        figure: ``mqls`` or ``sqls``.
        before: Leads that became one in this month, in the build before.
        after: The same in the build after.
        gone: Leads of before that are not in after.
        came: Leads of after that are not in before.
    """

    month: str
    figure: str
    before: int
    after: int
    gone: int
    came: int

    @property
    def is_restated(self) -> bool:
        """Whether the month is another one than was reported."""
        return bool(self.gone or self.came)


@dataclass(frozen=True)
class Comparison:
    """What an edit of the policy does.

    Attributes:
        before: The name of the build before it.
        after: The name of the build after it.
        as_of: The clock of both.
        leads: Leads of both builds.
        only_before: Leads that only the build before has.
        only_after: Leads that only the build after has.
        policy: Rows of the policy that differ.
        changes: One for each column that is compared.
        scores_changed: Leads of both whose score or primary model differs.
        totals: Figures of the funnel.
        reported: MQLs and SQLs of each month that ended before as_of, earliest first.
        restating: Rules that are not the same somewhere in these months; none if no month moves.
        subjects: What becomes of the public tables that people look at.
    """

    before: str
    after: str
    as_of: str
    leads: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    policy: tuple[PolicyChange, ...]
    changes: tuple[Change, ...]
    scores_changed: int
    totals: tuple[Total, ...]
    reported: tuple[Reported, ...]
    restating: tuple[str, ...]
    subjects: tuple[SubjectChange, ...] = ()

    @property
    def restated(self) -> tuple[Reported, ...]:
        """The months that are other ones than were reported."""
        return tuple(month for month in self.reported if month.is_restated)

    @property
    def largest_share(self) -> float:
        """The largest share of leads that changed in one of the limited columns."""
        return max(change.share for change in self.changes if change.column in LIMITED)


def compare(before: Build, after: Build, examples: int) -> Comparison:
    """Compare two builds.

    Args:
        before: The build before the edit.
        after: The build after it.
        examples: How many leads to tell of, for each move, at most.

    Raises:
        ConfigurationError: A build cannot be read, or the builds have different clocks.
    """
    old, new = before.leads(), after.leads()
    as_of = common_clock(before, after, old, new)
    shared = old.index.intersection(new.index)
    earlier, later = old.loc[shared], new.loc[shared]
    old_policy, new_policy = before.policy_tables(), after.policy_tables()
    reported = reported_months(earlier, later)
    is_other_score = (earlier["score"].astype(float) != later["score"].astype(float)) | (
        earlier["scoring_model"] != later["scoring_model"]
    )
    return Comparison(
        before=before.name,
        after=after.name,
        as_of=as_of,
        leads=len(shared),
        only_before=tuple(old.index.difference(new.index)),
        only_after=tuple(new.index.difference(old.index)),
        policy=tuple(policy_changes(old_policy, new_policy)),
        changes=changes_of(before, after, earlier, later, examples),
        scores_changed=int(is_other_score.sum()),
        totals=totals_of(before.totals(), after.totals()),
        reported=reported,
        restating=restating_rules(old_policy, new_policy, reported, as_of),
        subjects=subject_changes(before, after, examples),
    )


def restating_rules(
    before: dict[str, Rows], after: dict[str, Rows], reported: tuple[Reported, ...], as_of: str
) -> tuple[str, ...]:
    """Return the rules that are not the same before the month of as_of; none if no month moves."""
    if not any(month.is_restated for month in reported):
        return ()
    return rows_that_restate(before, after, datetime.fromisoformat(f"{as_of[:7]}-01"))


def reported_months(earlier: pandas.DataFrame, later: pandas.DataFrame) -> tuple[Reported, ...]:
    """Return the MQLs and SQLs of each month that ended before as_of.

    Args:
        earlier: The leads of both builds as before, by lead_id.
        later: The same leads in the same order, as after.
    """
    this_month = f"{earlier['as_of'].max():%Y-%m}" if len(earlier) else ""
    found = []
    for figure, column in REPORTED.items():
        old, new = (
            pandas.to_datetime(leads[column]).dt.strftime("%Y-%m") for leads in (earlier, later)
        )
        for month in sorted({*old.dropna(), *new.dropna()}):
            if month < this_month:
                was, becomes = old == month, new == month
                gone, came = int((was & ~becomes).sum()), int((becomes & ~was).sum())
                found.append(
                    Reported(month, figure, int(was.sum()), int(becomes.sum()), gone, came)
                )
    return tuple(sorted(found, key=lambda row: (row.month, row.figure)))


def common_clock(before: Build, after: Build, old: pandas.DataFrame, new: pandas.DataFrame) -> str:
    """Return the as_of of both builds as text.

    Raises:
        ConfigurationError: They differ, so that time and not the policy would make the difference.
    """
    clocks = [
        None if leads.empty else f"{leads['as_of'].max():%Y-%m-%d %H:%M:%S}" for leads in (old, new)
    ]
    if None not in clocks and clocks[0] != clocks[1]:
        raise ConfigurationError(
            f"the builds have different clocks: {before.name} as of {clocks[0]}, {after.name} as "
            f"of {clocks[1]}",
            f"build both with the same --vars '{{as_of: \"{clocks[1]}\"}}'",
        )
    return clocks[0] or clocks[1] or "(no leads)"


def changes_of(
    before: Build,
    after: Build,
    earlier: pandas.DataFrame,
    later: pandas.DataFrame,
    examples: int,
) -> tuple[Change, ...]:
    """Return the changes of each column with examples.

    Args:
        before: The build before the edit.
        after: The build after it.
        earlier: The leads of both builds as before, by lead_id.
        later: The same leads in the same order, as after.
        examples: How many leads to tell of, for each move, at most.
    """
    moved = {column: moved_leads(earlier[column], later[column], examples) for column in COMPARED}
    told = [
        lead_id for moves in moved.values() for _, _, _, lead_ids in moves for lead_id in lead_ids
    ]
    old, new = evidence_of(before, told), evidence_of(after, told)
    was = earlier.loc[sorted(set(told))].to_dict("index")
    becomes = later.loc[sorted(set(told))].to_dict("index")

    def example(column: str, lead_id: str) -> Example:
        one, other = was[lead_id], becomes[lead_id]
        why = reason(column, one, other, old[lead_id], new[lead_id])
        return Example(lead_id, float(one["score"]), float(other["score"]), why)

    changes = []
    for column, moves in moved.items():
        leads = sum(count for _, _, count, _ in moves)
        told_moves = tuple(
            Move(one, other, count, tuple(example(column, lead_id) for lead_id in lead_ids))
            for one, other, count, lead_ids in moves
        )
        share = leads / len(earlier) if len(earlier) else 0.0
        changes.append(Change(column, leads, share, told_moves))
    return tuple(changes)


def moved_leads(
    earlier: pandas.Series, later: pandas.Series, examples: int
) -> list[tuple[str, str, int, list[str]]]:
    """Return from what, to what, how many leads, and the first of them; most leads first."""
    values = pandas.DataFrame({"before": earlier.fillna(NONE), "after": later.fillna(NONE)})
    differing = values[values["before"] != values["after"]]
    moves = [
        (one, other, len(rows), rows.index[:examples].tolist())
        for (one, other), rows in differing.groupby(["before", "after"], sort=True)
    ]
    return sorted(moves, key=lambda move: -move[2])


def totals_of(old: dict[str, object], new: dict[str, object]) -> tuple[Total, ...]:
    """Return each figure of the funnel in both builds; none where there is no such row."""
    totals = []
    for figure in dict.fromkeys([*old, *new]):
        if figure.endswith(("_low", "_high")):
            continue
        low, high = (figure.replace("_rate", end) for end in ("_low", "_high"))
        is_rate = figure.endswith("_rate")
        totals.append(
            Total(
                figure,
                figure_of(old, figure),
                figure_of(new, figure),
                interval_of(old, low, high) if is_rate else None,
                interval_of(new, low, high) if is_rate else None,
            )
        )
    return tuple(totals)


def figure_of(row: dict[str, object], column: str) -> float | None:
    """Return a figure as a number; none if it is unknown."""
    value = row.get(column)
    return None if value is None or pandas.isna(value) else float(value)


def interval_of(row: dict[str, object], low: str, high: str) -> tuple[float, float] | None:
    """Return the bounds of an interval; none if they are unknown."""
    bounds = (figure_of(row, low), figure_of(row, high))
    return None if None in bounds else bounds
