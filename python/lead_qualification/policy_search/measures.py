"""What a policy does to hand-offs and opportunities, and how sure that is.

Everything is counted in leads, each of which is handed over by a policy or not, and whose
opportunity the policy keeps or not; so two policies are compared on the same leads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy
import pandas

NORMAL_95 = 1.959964
Interval = tuple[float, float]


def wilson(hits: float, size: float) -> Interval:
    """Return Wilson's 95 % interval of a share; 0 to 1 of nothing."""
    if not size:
        return 0.0, 1.0
    share, square = hits / size, NORMAL_95**2
    middle = (share + square / (2 * size)) / (1 + square / size)
    spread = math.sqrt(share * (1 - share) / size + square / (4 * size**2))
    width = NORMAL_95 * spread / (1 + square / size)
    return max(middle - width, 0.0), min(middle + width, 1.0)


def difference(hits: float, size: float, other_hits: float, other_size: float) -> Interval:
    """Return Newcombe's 95 % interval of a share minus another one."""
    (low, high), (other_low, other_high) = wilson(hits, size), wilson(other_hits, other_size)
    share = hits / size if size else 0.5
    other = other_hits / other_size if other_size else 0.5
    return (
        share - other - math.hypot(share - low, other_high - other),
        share - other + math.hypot(high - share, other - other_low),
    )


def change(gained: int, lost: int, leads: int) -> Interval:
    """Return the 95 % interval of a change in leads, by the leads that made it, of so many."""
    low, high = difference(gained, leads, lost, leads) if leads else (0.0, 0.0)
    return low * leads, high * leads


@dataclass(frozen=True)
class Measured:
    """A policy beside the present one, on the leads of some months.

    Attributes:
        months: How many months.
        leads: Leads first seen in them.
        handoffs: Of these, handed over by the policy.
        opportunities: Of these, with an opportunity after the policy's hand-off.
        handoffs_before: The same by the present policy.
        opportunities_before: The same by the present policy.
        handoffs_change: The 95 % interval of handoffs - handoffs_before.
        opportunities_change: The 95 % interval of opportunities - opportunities_before.
        spared: Leads that only the present policy hands over.
        spared_opportunities: Of these, with an opportunity after the hand-off.
        better_by: The 95 % interval of opportunities per hand-off of the policy minus that of the
            spared leads.
    """

    months: int
    leads: int
    handoffs: int
    opportunities: int
    handoffs_before: int
    opportunities_before: int
    handoffs_change: Interval
    opportunities_change: Interval
    spared: int
    spared_opportunities: int
    better_by: Interval

    @property
    def kept_at_least(self) -> float:
        """The lower bound of the share of opportunities that the policy keeps."""
        if not self.opportunities_before:
            return 0.0
        return 1 + self.opportunities_change[0] / self.opportunities_before

    @property
    def handoffs_a_month(self) -> float:
        """Hand-offs by the policy a month."""
        return self.handoffs / self.months


def measured(leads: pandas.DataFrame, present: pandas.Series, policy: pandas.Series) -> Measured:
    """Compare a policy with the present one.

    Args:
        leads: month and opportunity_at (empty without one) by lead_id.
        present: When the present policy hands over each of them first; empty where it never does.
        policy: The same by the other policy, in the same order.
    """
    before, after = present.notna().to_numpy(), policy.notna().to_numpy()
    kept_before = (present < leads["opportunity_at"]).to_numpy()
    kept_after = (policy < leads["opportunity_at"]).to_numpy()
    spared = before & ~after

    def count(mask: numpy.ndarray) -> int:
        return int(mask.sum())

    return Measured(
        months=leads["month"].nunique(),
        leads=len(leads),
        handoffs=count(after),
        opportunities=count(kept_after),
        handoffs_before=count(before),
        opportunities_before=count(kept_before),
        handoffs_change=change(count(after & ~before), count(spared), len(leads)),
        opportunities_change=change(
            count(kept_after & ~kept_before), count(kept_before & ~kept_after), len(leads)
        ),
        spared=count(spared),
        spared_opportunities=count(spared & kept_before),
        better_by=difference(
            count(kept_after), count(after), count(spared & kept_before), count(spared)
        ),
    )


@dataclass(frozen=True)
class Goal:
    """What a better policy is.

    Attributes:
        keep: Share of the present policy's opportunities that are kept; then the fewest hand-offs.
        capacity: Hand-offs a month that sales can take; then the most opportunities. None: keep.
    """

    keep: float = 0.9
    capacity: float | None = None

    def missing(self, found: Measured) -> tuple[str, ...]:
        """Return what is not certain of a policy; nothing if it is certain to be better."""
        low, high = found.opportunities_change
        if self.capacity is not None:
            checks = {
                f"hand-offs a month ({found.handoffs_a_month:.1f}) are above the capacity "
                f"({self.capacity:g})": found.handoffs_a_month <= self.capacity,
                f"opportunities may not be more: change from {low:+.1f} to {high:+.1f}": low > 0,
            }
        else:
            fewest, most = found.handoffs_change
            worst, best = found.better_by
            checks = {
                f"hand-offs may not be fewer: change from {fewest:+.1f} to {most:+.1f}": most < 0,
                f"as few as {max(found.kept_at_least, 0):.0%} of the opportunities may be kept, "
                f"not {self.keep:.0%}": found.kept_at_least >= self.keep,
                "the leads that are spared may be as good as the others: opportunities per "
                f"hand-off differ by {worst:+.1%} to {best:+.1%}": worst > 0,
            }
        return tuple(told for told, is_certain in checks.items() if not is_certain)

    def rank(self, found: Measured) -> tuple[float, ...]:
        """Return what to sort policies by, the best first."""
        if self.capacity is None:
            best = (found.handoffs, -found.opportunities)
        else:
            best = (-found.opportunities, found.handoffs)
        return (len(self.missing(found)), *best)
