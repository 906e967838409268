"""Derived signals: which repeats, sequences and silences do the signals of a lead make?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from python_checks.reference.policy import DerivedSignal, Policy

if TYPE_CHECKING:
    from python_checks.reference.signals import Signal

DERIVED = "derived_signals"
"""The source of a signal that other signals made."""
KEYS = {"session": "session_id", "asset": "asset", "campaign": "campaign_id"}
"""The attribute of a signal that says which session, asset or campaign it is of."""


def derived_signals(signals: list[Signal], policy: Policy) -> list[Signal]:
    """What the signals of a lead, in order, make; silences also beyond the clock.

    Silences come last, for a repeat or a sequence may itself be an engagement.

    Raises:
        ValueError: A row has a kind that nobody knows.
    """
    found: list[Signal] = []
    for rule in sorted(policy.derived_signals, key=lambda rule: rule.kind == "silence"):
        if rule.kind == "repeat":
            events = _repeats(rule, signals)
        elif rule.kind == "sequence":
            events = _sequences(rule, signals)
        elif rule.kind == "silence":
            engagements = [s.occurred_at for s in [*signals, *found] if s.kind.is_engagement]
            silent = [s for s in signals if _is_silence(rule, s, engagements)]
            found += [_derived(rule, s, s.occurred_at + rule.within, policy) for s in silent]
            continue
        else:
            raise ValueError(f"derived_signals.csv: {rule.signal} has the kind {rule.kind!r}")
        found += [_derived(rule, event, event.occurred_at, policy) for event in events]
    return found


def _derived(rule: DerivedSignal, event: Signal, at: datetime, policy: Policy) -> Signal:
    """The signal that an event makes at a time."""
    return replace(
        event,
        kind=policy.signals[rule.signal],
        occurred_at=at,
        source=DERIVED,
        record_id=f"{rule.signal}|{event.record_id}",
    )


def _repeats(rule: DerivedSignal, signals: list[Signal]) -> list[Signal]:
    """The events that bring the number of distinct keys to the minimum from below.

    A key counts in ``[its time, its time + within)``, so what is over at the very instant of an
    event no longer does.
    """
    own = [signal for signal in signals if signal.kind.signal in rule.from_signals]
    found = []
    for position, event in enumerate(own):
        since = event.occurred_at - rule.within
        before = {_key(rule, s) for s in own[:position] if s.occurred_at > since}
        number = len(before | {_key(rule, event)})
        if len(before) < rule.min_count <= number:
            found.append(event)
    return found


def _key(rule: DerivedSignal, signal: Signal) -> tuple:
    """What of a signal is counted once; one without a session, asset or campaign is its own."""
    if rule.distinct_of == "day":
        return ("day", signal.occurred_at.date())
    value = getattr(signal, KEYS[rule.distinct_of]) if rule.distinct_of in KEYS else None
    if value is None:
        return ("event", signal.source, signal.record_id)
    return (rule.distinct_of, value)


def _sequences(rule: DerivedSignal, signals: list[Signal]) -> list[Signal]:
    """The then_signals of which the latest from_ or then_signal before is a from_signal."""
    own = [s for s in signals if s.kind.signal in (*rule.from_signals, rule.then_signal)]
    found = []
    for event in own:
        earlier = [s for s in own if s.occurred_at < event.occurred_at]
        if event.kind.signal != rule.then_signal or not earlier:
            continue
        latest = earlier[-1]
        is_soon = event.occurred_at - latest.occurred_at < rule.within
        if latest.kind.signal in rule.from_signals and is_soon:
            found.append(event)
    return found


def _is_silence(rule: DerivedSignal, signal: Signal, engagements: list[datetime]) -> bool:
    """Whether nobody engages later than a from_signal and before its days are over."""
    ends = signal.occurred_at + rule.within
    is_broken = any(signal.occurred_at < at < ends for at in engagements)
    return signal.kind.signal in rule.from_signals and not is_broken
