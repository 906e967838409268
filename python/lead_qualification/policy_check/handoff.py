"""What profiles, the agreement with sales, routing and actions say together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from lead_qualification.policy_check.findings import Finding, quoted
from lead_qualification.policy_check.rows import Policy
from lead_qualification.policy_check.shadows import (
    covers,
    folded,
    in_order,
    never_counts,
    shadowed,
)

SPECIFIC = ("handoff_signals", "profile", "to_owner")


def bars(policy: Policy) -> Iterator[Finding]:
    """Profiles whose bar of MQLs is above that of SQLs, or above what a model can give."""
    for row in policy["qualification_profiles"]:
        low, high = row["mql_min_score"], row["sql_min_score"]
        if low is not None and high is not None and low > high:
            what = f"{low:f} points make an MQL and {high:f} an SQL, so nobody is an MQL before"
            tell = row.error if row["sql_by_score"] else row.warning
            yield tell("mql_min_score", what, "write a lower mql_min_score")
    profiles = {row["profile"]: row for row in policy["qualification_profiles"]}
    models = {row["scoring_model"]: row for row in policy["scoring_models"]}
    for pair in policy["model_assignment"]:
        profile, model = profiles.get(pair["profile"]), models.get(pair["scoring_model"])
        if not profile or not model:
            continue
        caps = [model[column] for column in ("fit_cap", "behaviour_cap", "intent_cap")]
        factors = [
            row["multiplier"]
            for row in policy["recency_curve"]
            if row["scoring_model"] == pair["scoring_model"] and row["multiplier"] is not None
        ]
        if None in caps or not factors:
            continue
        most = sum(caps) * max(factors)
        for column in ("mql_min_score", "sql_min_score"):
            if profile[column] is not None and profile[column] > most:
                what = f"{profile[column]:f} points, and {pair['scoring_model']} gives {most:f}"
                yield profile.warning(column, what, "nobody would reach it: lower the bar")


def response_times(policy: Policy) -> Iterator[Finding]:
    """Response policies that another one hides, and one for everything that stands first."""
    rows = in_order(policy["sla_policies"])
    for place, later in enumerate(rows):
        for earlier in rows[:place]:
            is_as_specific = all((earlier[c] is None) == (later[c] is None) for c in SPECIFIC)
            if not is_as_specific or not all(
                covers(earlier[column], later[column]) for column in ("profile", "to_owner")
            ):
                continue
            if covers(earlier["handoff_signals"], later["handoff_signals"]):
                yield never_counts(earlier, later)
                break
            both = folded(earlier["handoff_signals"]) & folded(later["handoff_signals"])
            if both:
                what = f"row {earlier.number} has {', '.join(sorted(both))} too and comes first"
                yield later.warning("handoff_signals", what, "delete it in one of them")
    is_general = [all(row[column] is None for column in SPECIFIC) for row in rows]
    if rows and not any(is_general):
        what = "no row is for hand-offs that no other fits"
        remedy = "add one with empty handoff_signals, profile and to_owner"
        yield policy.file_error("sla_policies", what, remedy)
    if len(rows) > 1 and is_general[0]:
        what = "a policy for every hand-off stands first; those that name something go before it"
        yield rows[0].warning("rule_order", what, "number it last, so that it reads as it works")


def routing(policy: Policy) -> Iterator[Finding]:
    """Territories that an earlier rule takes everything from, and leads without any."""
    rows = in_order(policy["routing_rules"])
    for earlier, later in shadowed(rows, ("countries", "company_segments")):
        yield never_counts(earlier, later)
    if rows and not any(row["countries"] is row["company_segments"] is None for row in rows):
        what = "no row is for leads that no other fits"
        remedy = "add one with empty countries and company_segments"
        yield policy.file_error("routing_rules", what, remedy)


def actions(policy: Policy) -> Iterator[Finding]:
    """Actions that an earlier one hides."""
    columns = policy.schema.tables["next_actions"].columns
    conditions = tuple(name for name, column in columns.items() if column.list)
    for earlier, later in shadowed(in_order(policy["next_actions"]), conditions):
        yield never_counts(earlier, later)


def roles_of_titles(policy: Policy) -> Iterator[Finding]:
    """Phrases of a job title that a shorter one before them has claimed for another role."""
    rows = in_order(policy["buying_roles"])
    for place, later in enumerate(rows):
        for earlier in rows[:place]:
            words, within = f" {earlier['phrase']} ".lower(), f" {later['phrase']} ".lower()
            if words in within and earlier["buying_role"] != later["buying_role"]:
                yield never_counts(earlier, later, "phrase")
                break


def hours(policy: Policy) -> Iterator[Finding]:
    """Opening hours that end before they begin, unknown time zones, rules without a calendar."""
    calendars = policy.values("business_hours", "calendar")
    known = {zone for zone in policy.values("business_hours", "time_zone") if is_zone(zone)}
    for row in policy["business_hours"]:
        if row["opens"] and row["closes"] and row["closes"] <= row["opens"]:
            what = f"it closes at {row['closes']} and opens at {row['opens']}"
            yield row.error("closes", what, "write a later time, 24:00 at most")
        if row["time_zone"] and row["time_zone"] not in known:
            what = f"{quoted(row['time_zone'])} is not a time zone"
            yield row.error("time_zone", what, "write a name as Europe/Berlin")
    for row in policy["routing_rules"]:
        if row["calendar"] is None and "default" not in calendars:
            what = "it is empty, and business_hours.csv has no calendar default"
            yield row.error("calendar", what, "name one")


def is_zone(name: str) -> bool:
    """Return whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # an unusable name, or one that nobody has
        return False
    return True


def settings(policy: Policy) -> Iterator[Finding]:
    """Settings with a few possible values, and another one."""
    ranks = {row["role"]: row["funnel_rank"] for row in policy["stages"] if row["role"]}
    allowed = {
        "sql_definition_rank": [ranks.get(r) for r in ("proposed", "accepted", "qualified")],
        "max_regressions": list(range(1, 51)),
        "assignment_hands_over": [0, 1],
    }
    for row in policy["lifecycle_settings"]:
        choices = [c for c in allowed.get(row["setting"], ()) if c is not None]
        if choices and row["value"] is not None and Decimal(row["value"]) not in choices:
            shown = f"a whole number from {choices[0]} to {choices[-1]}"
            if len(choices) < 5:
                shown = " or ".join(map(str, choices))
            yield row.error("value", f"{row['value']:f} is out of range", f"write {shown}")


RULES = (bars, response_times, routing, actions, roles_of_titles, hours, settings)
