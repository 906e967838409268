"""Reps: whose turn is a hand-off, and who takes over what somebody who left has open?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from python_checks.reference.raw import Record


@dataclass(frozen=True)
class GivenLead:
    """A hand-off, as far as turns go; ``ended_at`` is ``None`` while it runs.

    ``territory`` is in lower case; empty where no rule gives one.
    """

    lead_id: str
    territory: str
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Stretch:
    """The time ``[begins, ends)`` in which a rep works a territory (in lower case)."""

    rep_id: str
    territory: str
    begins: datetime
    ends: datetime

    def is_there(self, at: datetime) -> bool:
        """Whether the rep counts at a time."""
        return self.begins <= at < self.ends


def recommended_reps(
    given: list[GivenLead], reps: list[Record], as_of: datetime
) -> list[str | None]:
    """The rep of each hand-off, in order of the hand-offs (time, lead, number)."""
    stretches = stretches_of(reps)
    by_turn = [_by_turn(position, given, stretches) for position in range(len(given))]
    found: list[str | None] = []
    for position, (handoff, rep) in enumerate(zip(given, by_turn, strict=True)):
        if rep is not None and rep.ends <= as_of and handoff.ended_at is None:
            rep = _heir(position, given, by_turn, stretches, as_of)
        found.append(None if rep is None else rep.rep_id)
    return found


def stretches_of(reps: list[Record]) -> list[Stretch]:
    """When each rep counts who ever does, by id: a known end says more than the flag."""
    found = [
        Stretch(
            rep["rep_id"],
            rep["territory"].lower(),
            rep["active_from"] or datetime.min,
            rep["active_to"] or datetime.max,
        )
        for rep in reps
        if rep["territory"] is not None
        and (rep["is_active"] is not False or rep["active_to"] is not None)
    ]
    return sorted((s for s in found if s.begins < s.ends), key=lambda s: s.rep_id)


def _by_turn(position: int, given: list[GivenLead], stretches: list[Stretch]) -> Stretch | None:
    """The active reps in turn, beginning again with the first whenever their set changes."""
    handoff = given[position]
    own = [s for s in stretches if s.territory == handoff.territory]
    active = [stretch for stretch in own if stretch.is_there(handoff.at)]
    if not active:
        return None
    instants = [bound for stretch in own for bound in (stretch.begins, stretch.ends)]
    changed_at = max((at for at in instants if at <= handoff.at), default=datetime.min)
    turn = sum(
        earlier.territory == handoff.territory and earlier.at >= changed_at
        for earlier in given[:position]
    )
    return active[turn % len(active)]


def _heir(
    position: int,
    given: list[GivenLead],
    by_turn: list[Stretch | None],
    stretches: list[Stretch],
    as_of: datetime,
) -> Stretch | None:
    """Who has an open lead of a rep who left: dealt over those there when he did, or the next."""
    leaver = by_turn[position]
    left_at = leaver.ends
    turn = sum(
        by_turn[earlier] == leaver
        and (given[earlier].ended_at is None or given[earlier].ended_at > left_at)
        for earlier in range(position)
    )
    blocks: dict[datetime, list[Stretch]] = {}
    for stretch in stretches:
        if stretch.territory == leaver.territory and stretch.ends > left_at:
            blocks.setdefault(max(left_at, stretch.begins), []).append(stretch)
    for _, members in sorted(blocks.items()):
        first = turn % len(members)
        for stretch in members[first:] + members[:first]:
            if stretch.is_there(as_of):
                return stretch
    return None
