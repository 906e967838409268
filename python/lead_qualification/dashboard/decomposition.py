"""Why a number of results changed: volume, mix and rate, which add up to the change exactly.

A channel has entries (such as MQLs) and results (such as SQLs) of two periods. Its results are
all entries x its share of them x its results per entry. With means of the two periods as weights,
no order of the three has to be chosen, and the parts of each channel add up to its own change:

    volume  change of all entries x mean of (share x rate)
    mix     mean of all entries x change of the share x mean rate
    rate    mean of all entries x mean share x change of the rate

A channel without entries in a period has no rate there: it keeps that of the other period, and
results that came without an entry count as rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

PARTS = ("volume", "mix", "rate")


@dataclass(frozen=True)
class Counts:
    """Entries and results of a channel, before and now."""

    entries_before: int = 0
    entries: int = 0
    results_before: int = 0
    results: int = 0


@dataclass(frozen=True)
class Change:
    """A change of results, in results: volume + mix + rate = change, exactly."""

    volume: Fraction = Fraction(0)
    mix: Fraction = Fraction(0)
    rate: Fraction = Fraction(0)

    @property
    def change(self) -> Fraction:
        """Results now less results before."""
        return self.volume + self.mix + self.rate


def decomposed(channels: Mapping[str, Counts]) -> dict[str, Change]:
    """Return the change of each channel by its three parts."""
    before = sum(channel.entries_before for channel in channels.values())
    now = sum(channel.entries for channel in channels.values())
    return {name: _change(channel, before, now) for name, channel in channels.items()}


def total(changes: Iterable[Change]) -> Change:
    """Return the sum of changes, part by part."""
    found = list(changes)
    return Change(
        sum((one.volume for one in found), Fraction(0)),
        sum((one.mix for one in found), Fraction(0)),
        sum((one.rate for one in found), Fraction(0)),
    )


def foremost(changes: Mapping[str, Change]) -> str | None:
    """Return the channel that contributed most in the direction of the whole change.

    If the whole did not change, it is the channel that moved most; None if none moved. Of several
    it is the first by name.
    """
    whole = total(changes.values()).change
    sign = (whole > 0) - (whole < 0)
    sizes = {name: one.change * sign if sign else abs(one.change) for name, one in changes.items()}
    largest = max(sizes.values(), default=Fraction(0))
    return min(name for name, size in sizes.items() if size == largest) if largest > 0 else None


def in_tenths(parts: Iterable[Fraction]) -> list[Fraction]:
    """Return parts rounded to tenths whose sum is the rounded sum.

    Each is rounded down; the tenths that are missing go to those that lost most.
    """
    found = [10 * part for part in parts]
    floors = [part.numerator // part.denominator for part in found]
    missing = round(sum(found, Fraction(0))) - sum(floors)
    by_loss = sorted(range(len(found)), key=lambda n: (floors[n] - found[n], n))
    raised = set(by_loss[:missing])
    return [Fraction(floor + (n in raised), 10) for n, floor in enumerate(floors)]


def _change(channel: Counts, before: int, now: int) -> Change:
    """The change of a channel, of which all entries are before and now."""
    share_before, share = _two(channel.entries_before, before, channel.entries, now)
    rate_before, rate = _two(
        channel.results_before, channel.entries_before, channel.results, channel.entries
    )
    mean = Fraction(before + now, 2)
    volume = (now - before) * (share_before * rate_before + share * rate) / 2
    mix = mean * (share - share_before) * (rate_before + rate) / 2
    # By subtraction: equals mean * mean share * change of the rate, and what no entry explains.
    return Change(volume, mix, channel.results - channel.results_before - volume - mix)


def _two(part_before: int, of_before: int, part: int, of: int) -> tuple[Fraction, Fraction]:
    """Two quotients; one without a denominator is as the other, both without are 0."""
    first = Fraction(part_before, of_before) if of_before else None
    second = Fraction(part, of) if of else None
    either = next((one for one in (first, second) if one is not None), Fraction(0))
    return (either if first is None else first), (either if second is None else second)
