"""``leadq policy change`` and ``log``: a rule is changed from a day on, in the policy files."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from lead_qualification.cli import main
from lead_qualification.errors import ConfigurationError
from lead_qualification.exit_codes import OK, WRONG_USE
from lead_qualification.policy.dates import instant, is_in_force, written
from lead_qualification.policy.files import policy_files
from lead_qualification.policy.keys import KEYS
from lead_qualification.settings import CHECKOUT

POINTS = """scoring_model,signal,points,description,valid_from,valid_to
guide,pricing_page_visit,15,"Looks at prices, or plans",,
guide,email_click,3,,,
guide,webinar,10,,,2026-03-01
guide,webinar,12,,2026-03-01,
"""
CHANGED = """scoring_model,signal,points,description,valid_from,valid_to
guide,pricing_page_visit,15,"Looks at prices, or plans",,2026-07-01
guide,pricing_page_visit,20,"Looks at prices, or plans",2026-07-01,
guide,email_click,3,,,
guide,webinar,10,,,2026-03-01
guide,webinar,12,,2026-03-01,
"""
PRICING = ("change", "signal_points", "guide", "pricing_page_visit")


@pytest.fixture
def points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The policy table signal_points of a project that has one dated and one undated table."""
    folder = tmp_path / "seeds" / "policy"
    folder.mkdir(parents=True)
    (tmp_path / "dbt_project.yml").write_text("name: lead_qualification\n", encoding="utf-8")
    (folder / "channels.csv").write_text("lead_source,channel\nFair,events\n", encoding="utf-8")
    path = folder / "signal_points.csv"
    path.write_text(POINTS, encoding="utf-8")
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(tmp_path))
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and what was said of errors."""
    capsys.readouterr()
    code = main(["policy", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_change_ends_a_row_and_begins_one(
    points: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = run(capsys, *PRICING, "points=20", "--from", "2026-07-01")
    assert code == OK
    assert points.read_text(encoding="utf-8") == CHANGED
    assert "- guide,pricing_page_visit,15,Looks at prices, or plans,,2026-07-01" in told
    assert "+ guide,pricing_page_visit,20,Looks at prices, or plans,2026-07-01," in told


def test_a_dry_run_writes_nothing(points: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = run(capsys, *PRICING, "points=20", "--from", "2026-07-01", "--dry-run")
    assert (code, points.read_text(encoding="utf-8")) == (OK, POINTS)
    assert "not written" in told


def test_a_second_change_of_the_same_day_edits_the_row_of_that_day(
    points: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *PRICING, "points=20", "--from", "2026-07-01")
    run(capsys, *PRICING, "points=25", "--from", "2026-07-01 00:00:00")
    assert points.read_text(encoding="utf-8") == CHANGED.replace(",20,", ",25,")


def test_a_change_before_one_that_is_decided_ends_where_that_begins(
    points: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *PRICING, "points=20", "--from", "2026-07-01")
    _, told, _ = run(capsys, *PRICING, "points=18", "--from", "2026-05-01 12:00:00")
    assert [
        row["points"] + row["valid_from"] + ">" + row["valid_to"]
        for file in policy_files(points.parents[2])
        for row in file.rows
        if row.get("signal") == "pricing_page_visit"
    ] == ["15>2026-05-01 12:00:00", "182026-05-01 12:00:00>2026-07-01", "202026-07-01>"]
    assert "from 2026-07-01 on" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("change", "signal_points", "guide", "pricing", "points=1"), "no rule guide pricing"),
        (("change", "signal_points", "guide", "points=1"), "scoring_model and signal"),
        ((*PRICING, "worth=1"), "worth cannot be changed; change one of points, description"),
        ((*PRICING, "valid_to=2027-01-01"), "valid_to cannot be changed"),
        (PRICING, "no column cannot be changed"),
        ((*PRICING, "points=15"), "already says so on 2026-07-01"),
        (("change", "channels", "Fair", "channel=inbound"), "edit channels.csv itself"),
        (("change", "chanels", "Fair", "channel=inbound"), "name one of channels, signal_points"),
    ],
)
def test_what_cannot_be_done_says_what_can(
    points: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    code, _, told = run(capsys, *words, "--from", "2026-07-01")
    assert code == WRONG_USE
    assert said in told
    assert points.read_text(encoding="utf-8") == POINTS


def test_a_day_that_is_none_is_refused(points: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, told = run(capsys, *PRICING, "points=20", "--from", "1st of July")
    assert code == WRONG_USE
    assert "'1st of July' is not a date; write it as 2026-07-01" in told


def test_the_log_tells_what_changed_in_each_version(
    points: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *PRICING, "points=20", "--from", "2099-07-01")
    code, told, _ = run(capsys, "log")
    assert code == OK
    assert told.splitlines() == [
        "Version 1, from the beginning to 2026-03-01",
        "Version 2, from 2026-03-01 to 2099-07-01 (today)",
        "  signal_points guide webinar: points 10 → 12",
        "Version 3, from 2099-07-01",
        "  signal_points guide pricing_page_visit: points 15 → 20",
    ]


def test_a_rule_may_end_without_another(points: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points.write_text(POINTS.replace("3,,,", "3,,,2026-04-01"), encoding="utf-8")
    assert "  signal_points guide email_click: ends" in run(capsys, "log")[1].splitlines()


def test_a_ragged_row_is_named(points: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points.write_text(POINTS + "guide,call,1\n", encoding="utf-8")
    code, _, told = run(capsys, "log")
    assert (code, "signal_points.csv, row 6: 3 cells, the header has 6" in told) == (
        WRONG_USE,
        True,
    )


def test_a_row_is_in_force_from_its_first_instant_until_just_before_its_last() -> None:
    row = {"valid_from": "2026-03-01", "valid_to": "2026-07-01T02:00:00+02:00"}
    assert not is_in_force(row, datetime(2026, 2, 28, 23, 59, 59))
    assert is_in_force(row, datetime(2026, 3, 1))
    assert is_in_force(row, datetime(2026, 6, 30, 23, 59, 59))
    assert not is_in_force(row, datetime(2026, 7, 1))


def test_an_instant_is_written_as_people_write_it() -> None:
    assert written(instant("2026-07-01 00:00:00")) == "2026-07-01"
    assert written(instant("2026-07-01 09:30")) == "2026-07-01 09:30:00"
    with pytest.raises(ConfigurationError):
        instant("")


def test_every_table_of_the_policy_is_read_named_and_written_as_it_was(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "seeds" / "policy", tmp_path / "seeds" / "policy")
    files = policy_files(tmp_path)
    assert {file.table for file in files} == set(KEYS)
    for file in files:
        before = file.path.read_bytes()
        assert set(KEYS[file.table]) <= set(file.columns)
        file.write()
        assert file.path.read_bytes() == before
