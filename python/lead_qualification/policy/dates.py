"""When a row of the policy is in force: from ``valid_from`` on, until just before ``valid_to``.

Both are dates or timestamps in UTC; an empty one is open. Whatever begins or ends somewhere cuts
time into policy versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from lead_qualification.errors import ConfigurationError

VALID_FROM, VALID_TO = BOUNDS = ("valid_from", "valid_to")
"""The columns of a row that say when it is in force."""

Row = Mapping[str, str | None]


def in_force_sql(table: str) -> str:
    """Return the condition that a row of a policy table in the warehouse is in force at as_of.

    Args:
        table: A public table that the build has; its ``as_of`` is the clock. Without a row in it
            every row of the policy counts.
    """
    clock = f"(select max(as_of) from {{marts}}.{table})"
    return (
        f"coalesce(cast(valid_from as timestamp) <= {clock}, true)"
        f" and coalesce(cast(valid_to as timestamp) > {clock}, true)"
    )


def instant(text: str) -> datetime:
    """Return a date or timestamp as an instant in UTC, without its zone.

    Raises:
        ConfigurationError: It is neither.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"{text!r} is not a date", "write it as 2026-07-01 or 2026-07-01 09:00:00 (UTC)"
        ) from error
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def written(when: datetime) -> str:
    """Return an instant as it stands in a policy table: a date where it is the start of a day."""
    return f"{when:%Y-%m-%d}" if when.time() == when.min.time() else f"{when:%Y-%m-%d %H:%M:%S}"


def begins(row: Row) -> datetime:
    """Return when a row begins; the earliest time there is, if it always was in force."""
    return instant(row.get(VALID_FROM) or "") if row.get(VALID_FROM) else datetime.min


def ends(row: Row) -> datetime:
    """Return when a row ends; the latest time there is, if it is to stay."""
    return instant(row.get(VALID_TO) or "") if row.get(VALID_TO) else datetime.max


def is_in_force(row: Row, when: datetime) -> bool:
    """Return whether a row is in force at an instant."""
    return begins(row) <= when < ends(row)


def boundaries(rows: Iterable[Row]) -> list[datetime]:
    """Return the instants at which a row begins or ends, in order, each once."""
    found = {bound for row in rows for bound in (begins(row), ends(row))}
    return sorted(found - {datetime.min, datetime.max})
