"""What benchmarks, targets and ranges of two columns say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lead_qualification.policy_check.cells import did_you_mean
from lead_qualification.policy_check.findings import Finding, quoted
from lead_qualification.policy_check.rows import Policy

ORDERED = {
    "benchmarks": (("low", "high"), ("bottom_quartile", "top_quartile")),
    "stages": (("typical_days_low", "typical_days_high"),),
    "framework_selection": (("min_amount", "max_amount"),),
    "data_health_limits": (("warn_above", "stop_above"),),
}
"""Columns of which the first must not be above the second."""

FIGURES = ("low", "high", "top_quartile", "bottom_quartile", "warning_below", "warning_above")


def upside_down(policy: Policy) -> Iterator[Finding]:
    """Ranges whose lower end is above the upper one."""
    for table, pairs in ORDERED.items():
        for row in policy[table]:
            for low, high in pairs:
                if None not in (row[low], row[high]) and row[low] > row[high]:
                    what = f"{row[low]:f}, which is above {high} {row[high]:f}"
                    yield row.error(low, what, "turn them round")


def ratios(policy: Policy) -> Iterator[Finding]:
    """Benchmarks in percent where the unit is a ratio."""
    for row in policy["benchmarks"]:
        for column in FIGURES:
            if row["unit"] == "ratio" and row[column] is not None and row[column] > 1:
                what = f"{row[column]:f} as a ratio, which is from 0 to 1"
                yield row.error(column, what, f"write {(row[column] / 100).normalize():f}")


def members(policy: Policy) -> Iterator[Finding]:
    """Benchmarks of a segment that nobody is in."""
    assignment = policy.schema.tables["model_assignment"].columns
    known = {
        "channel": policy.values("channels", "channel"),
        "intent_class": policy.values("channels", "intent_class"),
        "motion": policy.values("channels", "motion"),
        "company_size": set(assignment["company_segment"].values),
    }
    for row in policy["benchmarks"]:
        there = known.get(row["dimension"])
        if there is not None and row["member"] is not None and row["member"] not in there:
            what = f"no {row['dimension']} is called {quoted(row['member'])}"
            remedy = did_you_mean(row["member"], there) or f"there are {', '.join(sorted(there))}"
            yield row.warning("member", what, remedy)


def targets(policy: Policy) -> Iterator[Finding]:
    """Targets of a month that begins on another day."""
    for row in policy["mql_targets"]:
        month = row["target_month"]
        if month and month.day != 1:
            remedy = f"write {month.replace(day=1).isoformat()}"
            yield row.error("target_month", f"{month} is not the first day of a month", remedy)


def buckets(policy: Policy) -> Iterator[Finding]:
    """Classes of response times without one for the fastest."""
    starts = policy.values("response_buckets", "from_minutes")
    if starts and 0 not in starts:
        what = "no class begins at 0 minutes"
        yield policy.file_error("response_buckets", what, "let the first one begin there")


def split_calendars(policy: Policy) -> Iterator[Finding]:
    """Calendars in two time zones, and days on which opening hours overlap."""
    rows = [r for r in policy["business_hours"] if r["opens"] and r["closes"] and r["weekday"]]
    ordered = sorted(rows, key=lambda r: (r["calendar"] or "", r["weekday"], r["opens"]))
    for before, row in pairwise(ordered):
        if before["calendar"] != row["calendar"]:
            continue
        if before["time_zone"] != row["time_zone"]:
            what = f"{row['calendar']} has another time zone in row {before.number}"
            yield row.error("time_zone", what, "give each zone a calendar of its own")
        elif before["weekday"] == row["weekday"] and before["closes"] > row["opens"]:
            what = f"it opens before the hours in row {before.number} end"
            yield row.error("opens", what, f"write {before['closes']} or later")


RULES = (upside_down, ratios, members, targets, buckets, split_calendars)
