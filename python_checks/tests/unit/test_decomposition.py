"""The change of results by volume, mix and rate, calculated by hand."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from lead_qualification.dashboard.decomposition import (
    Change,
    Counts,
    decomposed,
    foremost,
    in_tenths,
    total,
)


def test_more_entries_alone_are_volume() -> None:
    found = decomposed({"paid": Counts(10, 20, 5, 10), "inbound": Counts(10, 20, 1, 2)})
    assert found == {"paid": Change(volume=Fraction(5)), "inbound": Change(volume=Fraction(1))}


def test_a_better_rate_alone_is_rate() -> None:
    found = decomposed({"paid": Counts(10, 10, 2, 6)})
    assert found == {"paid": Change(rate=Fraction(4))}


def test_other_shares_alone_are_mix() -> None:
    # Of 20 entries 5 move from a channel of 1/10 to one of 1/2: +2.5 and -0.5.
    found = decomposed({"paid": Counts(10, 20, 5, 10), "inbound": Counts(20, 10, 2, 1)})
    assert found["paid"] == Change(mix=Fraction(5))
    assert found["inbound"] == Change(mix=Fraction(-1))
    assert total(found.values()) == Change(mix=Fraction(4))


def test_all_three_at_once() -> None:
    # All entries 10 to 20. Paid: share 1/2 to 3/4, rate 2/5 to 1/5.
    # volume 10 * (1/5 + 3/20) / 2 = 7/4; mix 15 * 1/4 * 3/10 = 9/8; rate 15 * 5/8 * -1/5 = -15/8.
    found = decomposed({"paid": Counts(5, 15, 2, 3), "inbound": Counts(5, 5, 1, 1)})
    assert found["paid"] == Change(Fraction(7, 4), Fraction(9, 8), Fraction(-15, 8))
    assert found["paid"].change == 1
    # Inbound: share 1/2 to 1/4, rate 1/5: volume 10 * (1/10 + 1/20) / 2; mix 15 * -1/4 * 1/5.
    assert found["inbound"] == Change(Fraction(3, 4), Fraction(-3, 4), Fraction(0))


def test_a_channel_that_begins_or_ends_is_volume_and_mix() -> None:
    found = decomposed({"new": Counts(0, 10, 0, 5), "old": Counts(10, 0, 2, 0)})
    assert found == {"new": Change(mix=Fraction(5)), "old": Change(mix=Fraction(-2))}


def test_the_first_entries_of_all_are_volume() -> None:
    assert decomposed({"paid": Counts(0, 4, 0, 1)}) == {"paid": Change(volume=Fraction(1))}
    assert decomposed({"paid": Counts(4, 0, 1, 0)}) == {"paid": Change(volume=Fraction(-1))}


def test_results_without_an_entry_are_rate() -> None:
    assert decomposed({"outbound": Counts(0, 0, 0, 3)}) == {"outbound": Change(rate=Fraction(3))}
    found = decomposed({"outbound": Counts(0, 4, 2, 1), "paid": Counts(4, 4, 1, 1)})
    # Outbound has one result of 4 entries now; the 2 before came without any.
    assert found["outbound"].rate == -2
    assert found["outbound"].volume + found["outbound"].mix == 1


def test_nothing_changes_nothing() -> None:
    assert decomposed({}) == {}
    assert total([]) == Change()
    assert decomposed({"paid": Counts(3, 3, 1, 1)}) == {"paid": Change()}


@pytest.mark.parametrize("seed", range(200))
def test_parts_add_up(seed: int) -> None:
    draw = random.Random(seed)
    channels = {
        f"channel {n}": Counts(*(draw.choice((0, draw.randint(0, 40))) for _ in range(4)))
        for n in range(draw.randint(1, 6))
    }
    found = decomposed(channels)
    for name, one in found.items():
        assert one.change == channels[name].results - channels[name].results_before
    whole = total(found.values())
    parts = (whole.volume, whole.mix, whole.rate)
    shown = in_tenths(parts)
    assert sum(shown) == whole.change
    assert all(abs(a - b) < Fraction(1, 10) for a, b in zip(shown, parts, strict=True))


def test_the_foremost_channel_goes_the_way_of_the_whole() -> None:
    fell = {"paid": Change(rate=Fraction(-3)), "inbound": Change(rate=Fraction(2))}
    assert foremost(fell) == "paid"
    assert foremost({**fell, "events": Change(mix=Fraction(4))}) == "events"
    assert foremost({"paid": Change(rate=Fraction(-3)), "events": Change(rate=Fraction(3))}) == (
        "events"
    )
    assert foremost({"paid": Change()}) is None
    assert foremost({}) is None


def test_tenths_add_up() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert in_tenths(thirds) == [Fraction(2, 5), Fraction(3, 10), Fraction(3, 10)]
    assert in_tenths([Fraction(-1, 3), Fraction(1, 3)]) == [Fraction(-3, 10), Fraction(3, 10)]
    assert in_tenths([]) == []
