"""Whose turn a hand-off is, and who takes over what a leaver has open, by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from python_checks.reference.reps import GivenLead, recommended_reps, stretches_of
from python_checks.tests.unit.raw_rows import computing
from python_checks.tests.unit.test_reference_rules import ACME, LEAD, activity

AS_OF = datetime(2026, 8, 1)


def rep(
    rep_id: str,
    begins: datetime | None = None,
    ends: datetime | None = None,
    is_active: bool | None = None,
    territory: str | None = "AMER",
):
    """A rep as staging leaves it."""
    return {
        "rep_id": rep_id,
        "territory": territory,
        "is_active": is_active,
        "active_from": begins,
        "active_to": ends,
    }


def given(month: int, day: int, ended_at: datetime | None = None, territory: str = "amer"):
    """A hand-off of that day."""
    at = datetime(2026, month, day)
    return GivenLead(f"L{month:02d}{day:02d}", territory, at, ended_at)


def test_without_dates_active_reps_take_turns_in_order_of_id():
    reps = [
        rep("R2"),
        rep("R10"),
        rep("r1", is_active=True),
        rep("R0", is_active=False),
        rep("R3", territory=None),
        rep("E1", territory="EMEA"),
    ]
    leads = [given(1, 1), given(1, 2), given(1, 3, territory="Emea".lower()), given(1, 4)]
    assert recommended_reps(leads, reps, AS_OF) == ["R10", "R2", "E1", "r1"]
    assert recommended_reps([given(1, 1, territory="")], reps, AS_OF) == [None]


def test_turns_begin_again_whenever_the_set_changes():
    """At the very instant of the change the new set holds."""
    reps = [rep("R1"), rep("R2"), rep("R3", begins=datetime(2026, 3, 1))]
    leads = [given(2, 1), given(2, 2), given(2, 3), given(3, 1), given(3, 2), given(3, 3)]
    assert recommended_reps(leads, reps, AS_OF) == ["R1", "R2", "R1", "R1", "R2", "R3"]


def test_who_comes_later_rewrites_no_earlier_turn():
    leads = [given(month, 1) for month in range(1, 8)]
    before = recommended_reps(leads, [rep("R1"), rep("R2")], AS_OF)
    after = recommended_reps(
        leads, [rep("R1"), rep("R2"), rep("R0", begins=datetime(2026, 7, 31))], AS_OF
    )
    assert before == after == ["R1", "R2", "R1", "R2", "R1", "R2", "R1"]


def test_who_leaves_keeps_what_has_ended_and_loses_what_is_open():
    """Three leads are open when R1 leaves, one of which ends later: it stays his."""
    leaves = datetime(2026, 5, 1)
    reps = [rep("R1", ends=leaves), rep("R2"), rep("R3")]
    leads = [
        given(1, 1, ended_at=datetime(2026, 2, 1)),
        given(1, 2),
        given(1, 3),
        given(1, 4),
        given(1, 5),
        given(1, 6),
        given(1, 7, ended_at=datetime(2026, 6, 1)),
        given(1, 8),
        given(1, 9),
        given(1, 10),
        given(5, 1),
    ]
    assert recommended_reps(leads, reps, AS_OF) == [
        *["R1", "R2", "R3"],
        *["R2", "R2", "R3"],
        *["R1", "R2", "R3"],
        "R2",
        "R2",
    ]


def test_nobody_who_leaves_later_than_the_clock_has_left():
    reps = [rep("R1", ends=datetime(2026, 8, 2)), rep("R2")]
    assert recommended_reps([given(1, 1)], reps, AS_OF) == ["R1"]
    assert recommended_reps([given(1, 1)], reps, datetime(2026, 8, 2)) == ["R2"]


def test_an_heir_who_leaves_too_gives_way_to_the_next():
    """First those who were there when he left, then who came later; nobody from the future."""
    reps = [
        rep("R1", ends=datetime(2026, 3, 1)),
        rep("R2", ends=datetime(2026, 4, 1)),
        rep("R4", begins=datetime(2026, 6, 1)),
        rep("R3", begins=datetime(2026, 5, 1), ends=datetime(2026, 7, 1)),
        rep("R5", begins=datetime(2026, 9, 1)),
    ]
    at = [datetime(2026, month, 15) for month in (3, 5, 6, 7)]
    assert [recommended_reps([given(1, 1)], reps, when)[0] for when in at] == [
        "R2",
        "R3",
        "R3",
        "R4",
    ]
    assert recommended_reps([given(1, 1)], reps[:2], AS_OF) == [None]


def test_who_has_no_time_or_no_flag_counts_never():
    reps = [
        rep("R0", is_active=False, begins=datetime(2026, 1, 1)),
        rep("R1", begins=datetime(2026, 2, 1), ends=datetime(2026, 2, 1)),
        rep("R2", is_active=False, ends=datetime(2026, 7, 1)),
    ]
    assert [stretch.rep_id for stretch in stretches_of(reps)] == ["R2"]
    assert recommended_reps([given(3, 1), given(7, 1)], reps, AS_OF) == [None, None]
    ended = given(3, 1, ended_at=datetime(2026, 3, 2))
    assert recommended_reps([ended], reps, AS_OF) == ["R2"]


def test_hand_offs_of_a_lead_read_the_dates_of_the_raw_table(tmp_path: Path):
    """A date alone is its midnight; the hand-off of 20 July 09:00 is open."""
    run = computing(tmp_path, leads=[LEAD], accounts=[ACME])
    asked = [activity("2026-07-20 09:00:00")]

    def recommended(**dates: str) -> str:
        dated = {"rep_id": "R1", "territory": "AMER"} | dates
        reps = [dated, {"rep_id": "R2", "territory": "amer"}]
        (row,) = run(marketing_activities=asked, sales_reps=reps)["handoffs"]
        return row["recommended_rep_id"]

    assert recommended() == "R1"
    assert recommended(active_from="2026-07-20") == "R1"
    assert recommended(active_from="2026-07-20T11:00:00+01:00") == "R2"
    assert recommended(active_to="2026-07-25", is_active="no") == "R2"
    assert recommended(active_to="soon") == "R1"
