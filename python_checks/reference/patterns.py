"""Patterns: which sequences, repeats and silences are there among the signals of a lead?"""

from __future__ import annotations

from datetime import datetime, timedelta

from python_checks.reference.policy import SignalPattern
from python_checks.reference.signals import Signal

VELOCITY_DAYS = 7
VELOCITIES = ("velocity_0", "velocity_1_to_2", "velocity_3_to_5", "velocity_6_or_more")


def has_pattern(pattern: SignalPattern, signals: list[Signal], at: datetime) -> bool:
    """Whether a lead shows a pattern that has ended at a time, that instant included.

    ``signals`` are in order; later ones may be among them.

    Raises:
        ValueError: The pattern has a kind that nobody knows.
    """
    known = [signal for signal in signals if signal.occurred_at <= at]
    first_times = _times(known, pattern.first_signal)
    if pattern.kind == "sequence":
        then_times = _times(known, pattern.then_signal)
        return any(
            start < then <= start + pattern.within for start in first_times for then in then_times
        )
    if pattern.kind == "silence":
        engagements = [s.occurred_at for s in known if s.kind.is_engagement]
        return any(_is_silent_after(start, pattern, engagements, at) for start in first_times)
    if pattern.kind.startswith("repeat_"):
        return _repeats(first_times, int(pattern.kind.removeprefix("repeat_")), pattern.within)
    raise ValueError(
        f"signal_patterns.csv: pattern {pattern.pattern} has the unknown kind {pattern.kind!r}; "
        "use sequence, silence or repeat_<number>"
    )


def _times(signals: list[Signal], name: str | None) -> list[datetime]:
    return [signal.occurred_at for signal in signals if signal.kind.signal == name]


def _is_silent_after(
    start: datetime, pattern: SignalPattern, engagements: list[datetime], at: datetime
) -> bool:
    """Whether the time is over and no engagement lies in it; one at its last instant does."""
    end = start + pattern.within
    return end <= at and not any(start < time <= end for time in engagements)


def _repeats(times: list[datetime], number: int, within: timedelta) -> bool:
    """Whether so many events, in order of time, lie close enough together."""
    return any(
        times[last] - times[last - number + 1] <= within for last in range(number - 1, len(times))
    )


def meaningful_in_days(signals: list[Signal], at: datetime, days: int) -> int:
    """How many meaningful signals came in so many days up to a time, without the first instant."""
    since = at - timedelta(days=days)
    return sum(s.kind.is_meaningful for s in signals if since < s.occurred_at <= at)


def velocity_of(signals: list[Signal], at: datetime) -> str:
    """The bucket of the number of meaningful signals in the week up to a time."""
    number = meaningful_in_days(signals, at, VELOCITY_DAYS)
    if number == 0:
        return "velocity_0"
    if number <= 2:
        return "velocity_1_to_2"
    return "velocity_3_to_5" if number <= 5 else "velocity_6_or_more"
