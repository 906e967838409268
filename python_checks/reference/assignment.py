"""Assignment: by which scoring models and profiles is a lead judged, and since when?"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from python_checks.reference.identity import Lead
from python_checks.reference.policy import Policy, Row, spaced
from python_checks.reference.rules import Rules
from python_checks.reference.signals import Signal

MAIN, SECOND = "main", "second"
NOT_KNOWN = "unknown"
"""What stands for a channel or a company segment that nobody knows."""
CONDITIONS = (
    "motion",
    "channel",
    "lead_source",
    "company_segment",
    "is_target_account",
    "industry",
    "country",
    "has_product_use",
    "has_inbound_interest",
)


class Pair(NamedTuple):
    """A scoring model and a profile that judge a lead together."""

    scoring_model: str
    profile: str


@dataclass(frozen=True)
class Pairs:
    """The pairs of one instant; ``second`` is ``None`` where no rule of that track matches."""

    main: Pair
    second: Pair | None = None

    @property
    def both(self) -> list[Pair]:
        """The main pair, and the second where there is one."""
        return [self.main] if self.second is None else [self.main, self.second]


@dataclass(frozen=True)
class Assignment:
    """The pairs of a lead from first sight on, each with the instant that begins them."""

    steps: list[tuple[datetime, Pairs]]

    def at(self, at: datetime) -> Pairs:
        """The pairs of an instant; before first sight those of first sight."""
        position = bisect_right([since for since, _ in self.steps], at)
        return self.steps[max(position - 1, 0)][1]

    @property
    def changes(self) -> list[datetime]:
        """The instants at which a pair changes."""
        return [since for since, _ in self.steps[1:]]


def assign(lead: Lead, rules: Rules) -> Assignment:
    """The pairs of a lead over time: looked at whenever one of them could change."""
    instants = [] if lead.attributes is None else lead.attributes.instants
    moments = {*rules.boundaries, *instants, *(s.occurred_at for s in lead.signals)}
    steps: list[tuple[datetime, Pairs]] = []
    for at in [lead.first_seen_at, *sorted(at for at in moments if at > lead.first_seen_at)]:
        pairs = pairs_of(lead, rules.at(at), at)
        if not steps or steps[-1][1] != pairs:
            steps.append((at, pairs))
    return Assignment(steps)


def pairs_of(lead: Lead, policy: Policy, at: datetime) -> Pairs:
    """The pairs of a lead at an instant, by the rules in force then.

    Raises:
        ValueError: No rule of the track main matches, or a model is not active.
    """
    values = values_of(lead, at)
    main = _first_match(MAIN, values, policy)
    if main is None:
        raise ValueError(f"model_assignment.csv has no row for lead {lead.lead_id!r}")
    return Pairs(main, _first_match(SECOND, values, policy))


def _first_match(track: str, values: dict[str, str | None], policy: Policy) -> Pair | None:
    """The pair of the first rule of a track that matches; ``None`` if none does."""
    for row in policy.model_assignment:
        if (row.get("track") or MAIN) == track and is_met(row, values):
            if not policy.scoring_models[row["scoring_model"]].is_active:
                raise ValueError(f"primary scoring model {row['scoring_model']} is not active")
            return Pair(row["scoring_model"], row["profile"])
    return None


def is_met(row: Row, values: dict[str, str | None]) -> bool:
    """Whether every condition of a rule holds; an unknown value meets none."""
    for condition in CONDITIONS:
        wanted = row.get(condition)
        if wanted is not None and values[condition] not in _parts(condition, wanted):
            return False
    return True


def _parts(condition: str, wanted: str) -> list[str]:
    """The values that meet a condition, as they are compared."""
    parts = [part.strip().lower() for part in wanted.split("|")]
    return [spaced(part) for part in parts] if condition == "lead_source" else parts


def values_of(lead: Lead, at: datetime) -> dict[str, str | None]:
    """What the conditions ask of a lead at an instant, as it is compared; ``None`` is unknown."""
    known = lead.attributes_at(at)
    before = [signal for signal in lead.signals if signal.occurred_at <= at]
    is_target, segment = known["is_target_account"], known["company_segment"]
    return {
        "motion": lead.motion,
        "channel": None if lead.channel == NOT_KNOWN else lead.channel.lower(),
        "lead_source": spaced(lead.record.get("lead_source") or "") or None,
        "company_segment": None if segment == NOT_KNOWN else segment,
        "is_target_account": None if is_target is None else _said(is_target),
        "industry": _lower(known["industry"]),
        "country": _lower(known["country"]),
        "has_product_use": _said(any(s.kind.origin == "product" for s in before)),
        "has_inbound_interest": _said(shows_interest(before)),
    }


def shows_interest(signals: list[Signal]) -> bool:
    """Whether one of them is the lead's own interest, not an answer to us."""
    return any(signal.kind.is_inbound_interest for signal in signals)


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _said(holds: bool) -> str:
    return str(holds).lower()
