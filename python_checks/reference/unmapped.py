"""Unmapped values: which texts arrive that no vocabulary knows, how often and since when?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from python_checks.reference.outcomes import is_later
from python_checks.reference.periods import midnight
from python_checks.reference.policy import Policy, spaced
from python_checks.reference.raw import TABLES, Raw, RawRow
from python_checks.reference.signals import EVENT_SOURCES

READ_BY_NAME = {"web_events": {"identify"}, "email_events": {"delivered"}}
"""Events that make no signal, and yet are read."""
Rows = list[dict[str, Any]]
Known = Callable[[RawRow], bool]


def unmapped_values(raw: Raw, policy: Policy, as_of: datetime) -> Rows:
    """Source, column and value: in how many rows it arrived, and when first and last.

    A row counts whether it is used or not, unless it is erased, after the clock or switched off.
    """
    found: dict[tuple[str, str, str], list[RawRow]] = {}
    for source, column, is_known in _vocabularies(policy):
        for row in raw.rows[source]:
            text = row.cells[column]
            if text is None or row.outcome in ("switched_off", "erased") or is_known(row):
                continue
            if is_later(row, as_of):
                continue
            found.setdefault((source, column, text), []).append(row)
    return [
        {
            "source": source,
            "column": column,
            "value": value,
            "rows": len(rows),
            "first_seen_at": min(_times(rows), default=None),
            "last_seen_at": max(_times(rows), default=None),
        }
        for (source, column, value), rows in sorted(found.items())
    ]


def _vocabularies(policy: Policy) -> list[tuple[str, str, Known]]:
    """Source, column, and whether a row has a value there that some list knows."""
    channels = {row["channel"].lower() for row in policy.channels.values()}
    own = [
        ("leads", "lead_source", _is_none_or_in("lead_source", set(policy.channels), spaced)),
        ("campaigns", "channel", _is_channel(channels, set(policy.channels))),
        ("lead_status_changes", "reason_code", _is_none_or_in("reason_code", policy.reasons)),
    ]
    for source, (_, column) in EVENT_SOURCES.items():
        names = {rule["event_name"].lower() for rule in policy.signal_map.get(source, [])}
        known = names | READ_BY_NAME.get(source, set())
        own.append((source, column, _is_none_or_in(column, known)))
    closed = [
        (source, column.name, _was_read(column.name))
        for source, table in TABLES.items()
        for column in table.columns
        if column.accepted or column.kind == "country"
    ]
    return own + closed


def _is_none_or_in(column: str, known: set[str], normal: Callable[[str], str] = str.lower) -> Known:
    return lambda row: row.record[column] is None or normal(row.record[column]) in known


def _is_channel(channels: set[str], lead_sources: set[str]) -> Known:
    """Whether a campaign has no channel, one that leads have, or a lead source for one."""
    in_channels = _is_none_or_in("channel", channels)
    in_lead_sources = _is_none_or_in("channel", lead_sources, spaced)
    return lambda row: in_channels(row) or in_lead_sources(row)


def _was_read(column: str) -> Known:
    return lambda row: row.record[column] is not None


def _times(rows: list[RawRow]) -> list[datetime]:
    """When the rows happened, as far as that is known."""
    times = [row.happened_at or _begins(row) for row in rows]
    return [midnight(t) if not isinstance(t, datetime) else t for t in times if t is not None]


def _begins(row: RawRow) -> date | None:
    return row.record["starts_on"] if row.source == "campaigns" else None
