"""The rows of notifications.csv, and when a rule is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lead_qualification.errors import ConfigurationError
from lead_qualification.notify.occasions import OCCASIONS
from lead_qualification.warehouse import Connection

WAYS = ("email", "slack", "webhook", "file")
SCHEDULES = ("now", "daily", "weekly")
REP = "rep"
"""Who is told: the rep of the row, and no list."""


@dataclass(frozen=True)
class Rule:
    """A row of notifications.csv; the columns are documented in seeds/policy/policy.yml.

    Attributes:
        quiet: From and until, in the zone; None if it is never silent. It may span midnight.
    """

    name: str
    occasion: str
    how: str
    send_to: str
    schedule: str
    minutes: int | None
    max_age: timedelta
    quiet: tuple[time, time] | None
    zone: ZoneInfo
    description: str

    def is_quiet(self, now: datetime) -> bool:
        """Whether nobody is told at this instant (UTC)."""
        if self.quiet is None:
            return False
        begins, ends = self.quiet
        here = self._here(now).time()
        return begins <= here < ends if begins <= ends else here >= begins or here < ends

    def period(self, now: datetime) -> str | None:
        """The day or ISO week of an instant (UTC) that gets one message; None for each at once."""
        if self.schedule == "now":
            return None
        here = self._here(now)
        if self.schedule == "daily":
            return here.date().isoformat()
        year, week, _ = here.isocalendar()
        return f"{year}-W{week:02d}"

    def _here(self, now: datetime) -> datetime:
        return now.replace(tzinfo=UTC).astimezone(self.zone)


def read_rules(connection: Connection, policy: str) -> list[Rule]:
    """Return the active rules of a warehouse, in the order of their names.

    Args:
        connection: The warehouse.
        policy: The schema of its policy tables.

    Raises:
        ConfigurationError: A row says what cannot be done; it names row, column and remedy.
    """
    found = connection.table(f"select * from {policy}.notifications order by notification")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    return [_rule(row) for row in rows if row["is_active"]]


def _rule(row: dict[str, Any]) -> Rule:
    """A row as a rule."""
    for column, allowed in (("occasion", tuple(OCCASIONS)), ("how", WAYS), ("schedule", SCHEDULES)):
        if row[column] not in allowed:
            raise _wrong(row, column, f"use one of {', '.join(allowed)}")
    if not str(row["send_to"] or "").isidentifier():
        raise _wrong(row, "send_to", f"use {REP} or the name of a list, such as sales")
    if row["send_to"] == REP and row["how"] != "email":
        raise _wrong(row, "send_to", "a rep can be told by email only; name a list")
    if row["send_to"] == REP and not OCCASIONS[row["occasion"]].has_rep:
        raise _wrong(row, "send_to", "such a row has no rep; name a list, such as sales")
    if not row["max_age_hours"] or row["max_age_hours"] < 1:
        raise _wrong(row, "max_age_hours", "use a whole number of hours, 1 or more")
    try:
        zone = ZoneInfo(row["quiet_zone"] or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise _wrong(row, "quiet_zone", "use an IANA zone, such as Europe/Berlin") from None
    return Rule(
        name=row["notification"],
        occasion=row["occasion"],
        how=row["how"],
        send_to=row["send_to"],
        schedule=row["schedule"],
        minutes=row["minutes"],
        max_age=timedelta(hours=row["max_age_hours"]),
        quiet=_quiet(row),
        zone=zone,
        description=row["description"] or "",
    )


def _quiet(row: dict[str, Any]) -> tuple[time, time] | None:
    """The hours in which a rule is silent."""
    given = [row["quiet_from"], row["quiet_until"]]
    if given == [None, None]:
        return None
    times = []
    for column, text in zip(("quiet_from", "quiet_until"), given, strict=True):
        try:
            times.append(time.fromisoformat(str(text)))
        except ValueError:
            raise _wrong(row, column, "use a time of day such as 20:00, in both columns") from None
    return times[0], times[1]


def _wrong(row: dict[str, Any], column: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(
        f"notifications.csv, row {row['notification']}, {column}: {row[column]!r} cannot be used",
        remedy,
    )
