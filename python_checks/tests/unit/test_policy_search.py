"""The search for a better policy: its cells, its statistics, what it tries and what it proposes."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy
import pandas
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.files import policy_file
from lead_qualification.policy_search.cells import Cell, read_cells
from lead_qualification.policy_search.measures import Goal, change, difference, measured, wilson
from lead_qualification.policy_search.replay import Model, following
from lead_qualification.policy_search.report import NO_CHANGE, summary, write
from lead_qualification.policy_search.search import Search, policies, search
from lead_qualification.warehouse import PROJECT

HEADER = "policy_table,key,column,from,to,step,values"
AS_OF = datetime(2026, 6, 30)
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]


def cells_of(tmp_path: Path, *rows: str) -> tuple[Cell, ...]:
    """The cells of a file with such rows."""
    path = tmp_path / "cells.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return read_cells(path, PROJECT, AS_OF)


def test_cells_have_their_present_value_and_all_within_the_limits(tmp_path: Path) -> None:
    score, grade, timer = cells_of(
        tmp_path,
        "qualification_profiles,standard,sql_min_score,60,80,10,",
        "qualification_profiles,standard,mql_min_grade,,,,F|D|C",
        "stage_timers,|mql,after_days,30,90,30,",
    )
    assert score.values == ("71", "60", "70", "80")
    assert (score.current, score.name) == ("71", "qualification_profiles standard sql_min_score")
    assert grade.values == ("F", "D", "C")
    assert (timer.key, timer.values) == (("", "mql"), ("30", "60", "90"))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("no_table,standard,x,1,2,1,", "there is no such policy table"),
        ("qualification_profiles,nobody,sql_min_score,1,2,1,", "has no rule nobody in force"),
        ("qualification_profiles,standard,no_column,1,2,1,", "name one of source, uses_matrix"),
        ("qualification_profiles,standard,valid_from,1,2,1,", "no column 'valid_from' to search"),
        ("signal_points,guide,points,1,2,1,", "named by scoring_model|signal"),
        ("qualification_profiles,standard,sql_min_score,80,60,10,", "from below to"),
        ("qualification_profiles,standard,sql_min_score,60,80,0,", "step above 0"),
        ("qualification_profiles,standard,sql_min_score,60,80,10,60|80", "no values to try"),
        ("qualification_profiles,standard,sql_min_score,a,b,c,", "no values to try"),
        ("qualification_profiles,standard,sql_min_score,0,1000,1,", "use a larger step"),
        ("signal_points,guide|email_click,valid_days,1,2,1,", "a rule of another kind"),
        ("signal_points,guide|email_click,points,1,2,1,,,", "remove commas"),
    ],
)
def test_a_wrong_row_is_named_with_a_remedy(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match="row 2: ") as error:
        cells_of(tmp_path, row)
    assert told in str(error.value)
    assert error.value.remedy


def test_a_cell_is_there_once_and_the_header_is_known(tmp_path: Path) -> None:
    row = "qualification_profiles,standard,sql_min_score,60,80,10,"
    with pytest.raises(ConfigurationError, match=r"row 3: .* is there twice"):
        cells_of(tmp_path, row, row)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="write the header policy_table,key"):
        read_cells(tmp_path / "other.csv", PROJECT, AS_OF)


@pytest.mark.parametrize(("hits", "size"), [(0, 10), (3, 10), (10, 10), (40, 1000)])
def test_shares_have_wilsons_interval(hits: int, size: int) -> None:
    assert wilson(hits, size) == pytest.approx(
        proportion_confint(hits, size, method="wilson"), abs=1e-6
    )
    assert difference(hits, size, 5, 50) == pytest.approx(
        confint_proportions_2indep(hits, size, 5, 50, method="newcomb"), abs=1e-6
    )


def test_a_change_without_losses_is_not_certain_to_lose_nothing() -> None:
    low, high = change(0, 0, 1000)
    assert (low, high) == pytest.approx((-3.83, 3.83), abs=0.01)
    assert change(0, 30, 1000)[1] < 0 < change(30, 0, 1000)[0]


def test_models_follow_from_a_table_that_they_read_and_not_from_a_comment() -> None:
    models = {
        name: Model(name, f'"db"."s"."{name}"', sql, False)
        for name, sql in {
            "a": 'select * from "db"."p"."seed"',
            "b": 'select * from "db"."s"."a"',
            "c": '-- depends_on: "db"."s"."b"\nselect 1',
            "int_policy_dates": 'select * from "db"."p"."seed"',
            "d": 'select * from "db"."s"."int_policy_dates"',
        }.items()
    }
    assert following(models, '"db"."p"."seed"') == {"a", "b"}


class History:
    """A history that is made up: a bar for the score, and points for a signal.

    Attributes:
        leads: month and opportunity_at by lead_id.
        cells: The bar and the points of the signal; at present 50 and 40.
    """

    def __init__(self, seed: int, chance_with_signal: float, leads: int = 3000) -> None:
        """Let leads with the signal have an opportunity with a chance, all others with 0.3."""
        draw = numpy.random.default_rng(seed)
        self.base = draw.integers(0, 80, leads)
        self.has_signal = draw.random(leads) < 0.25
        is_won = draw.random(leads) < numpy.where(self.has_signal, chance_with_signal, 0.3)
        index = pandas.Index([f"L{number}" for number in range(leads)], name="lead_id")
        later = pandas.Series(pandas.Timestamp("2027-06-01"), index).where(is_won)
        self.leads = pandas.DataFrame(
            {"month": draw.choice(MONTHS, leads), "opportunity_at": later}, index
        )
        self.cells = (
            Cell("signal_points", ("guide", "s"), "points", "40", ("0", "20", "40"), frozenset()),
            Cell("profiles", ("standard",), "bar", "50", ("40", "50", "60"), frozenset()),
        )
        self.violating: tuple[str, ...] | None = None
        self.replayed: tuple[str, ...] = ()
        self.present = self.handoffs(("40", "50"))

    def handoffs(self, values: Sequence[str]) -> pandas.Series:
        """All on the same day."""
        self.replayed = tuple(values)
        points, bar = map(int, values)
        is_handed = self.base + self.has_signal * points >= bar
        return pandas.Series(pandas.Timestamp("2027-01-01"), self.leads.index).where(is_handed)

    def violations(self) -> list[str]:
        """What the checks say of one policy."""
        return ["profiles standard: no"] if self.replayed == self.violating else []


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_better_policy_is_found_and_a_null_world_has_none(seed: int) -> None:
    """A signal with points that never leads to an opportunity, and one that is as all others."""
    planted = search(History(seed, 0.0), Goal(), 100, 1)
    assert planted.proposed == ("0", "50")
    assert search(History(seed, 0.3), Goal(), 100, 1).proposed is None


def test_within_a_capacity_the_most_opportunities_are_kept() -> None:
    """Places that useless leads take go to better ones; where all are alike nothing is better."""
    world = History(3, 0.0)
    capacity = measured(world.leads, world.present, world.present).handoffs_a_month * 1.05
    found = search(world, Goal(capacity=capacity), 100, 1)
    assert found.proposed in (("0", "40"), ("20", "40"))
    assert found.later.handoffs_a_month <= capacity
    null = History(3, 0.3)
    capacity = measured(null.leads, null.present, null.present).handoffs_a_month
    assert search(null, Goal(capacity=capacity), 100, 1).proposed is None


def test_what_the_checks_refuse_is_not_proposed() -> None:
    world = History(1, 0.0)
    world.violating = ("0", "50")
    found = search(world, Goal(), 100, 1)
    assert found.proposed != ("0", "50")
    assert found.refused == ("profiles standard: no",)


def test_a_short_history_is_refused() -> None:
    world = History(1, 0.0)
    world.leads["month"] = "2026-01"
    with pytest.raises(ConfigurationError, match="too few"):
        search(world, Goal(), 10, 1)


def test_few_policies_are_all_tried_and_of_many_the_best_is_approached() -> None:
    values = tuple(str(number) for number in range(20))
    cells = [Cell("t", (name,), "c", "10", values, frozenset()) for name in ("a", "b", "c")]

    def far(one: tuple[str, ...]) -> tuple[float, ...]:
        return (sum((int(value) - 3) ** 2 for value in one),)

    tried = list(policies(cells, 120, 1, far))
    assert tried[0] == ("10", "10", "10")
    assert len(tried) == len(set(tried)) == 120
    assert far(min(tried, key=far)) < far(min(tried[:60], key=far))
    assert tried == list(policies(cells, 120, 1, far))
    assert len(list(policies(cells[:1], 120, 1, far))) == 20


def found_in_project(tmp_path: Path, chance: float) -> tuple[Search, Path]:
    """A search whose cells are those of a project, and the project."""
    project = tmp_path / "project"
    (project / "seeds" / "policy").mkdir(parents=True)
    for name in ("signal_points", "qualification_profiles"):
        text = (PROJECT / "seeds" / "policy" / f"{name}.csv").read_bytes()
        (project / "seeds" / "policy" / f"{name}.csv").write_bytes(text)
    world = History(1, chance)
    path = tmp_path / "cells.csv"
    rows = (
        "signal_points,guide|pricing_page_visit,points,0,15,15,",
        "qualification_profiles,standard,sql_min_score,,,,71|81",
    )
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    world.cells = read_cells(path, project, AS_OF)
    made_up = world.handoffs
    world.handoffs = lambda values: made_up(  # type: ignore[method-assign]
        ("40" if values[0] == "15" else "0", "50" if values[1] == "71" else "60")
    )
    return search(world, Goal(), 100, 1), project


@pytest.mark.parametrize("begins", [None, datetime(2026, 7, 1)])
def test_a_proposal_is_a_patch_with_its_report(tmp_path: Path, begins: datetime | None) -> None:
    found, project = found_in_project(tmp_path, 0.0)
    before = policy_file(project, "signal_points").path.read_text(encoding="utf-8")
    folder = tmp_path / "out"
    write(found, project, folder, AS_OF, begins)
    assert found.proposed == ("0", "71")
    patch = (folder / "policy.patch").read_text(encoding="utf-8")
    assert patch.startswith("--- a/seeds/policy/signal_points.csv\n+++ b/seeds/policy/")
    changed = [line for line in patch.splitlines() if line[0] in "+-"][2:]
    rule = "guide,pricing_page_visit,behaviour"
    assert changed == (
        [f"-{rule},15,day,,,,", f"+{rule},0,day,,,,"]
        if begins is None
        else [
            f"-{rule},15,day,,,,",
            f"+{rule},15,day,,,,2026-07-01",
            f"+{rule},0,day,,,2026-07-01,",
        ]
    )
    assert policy_file(project, "signal_points").path.read_text(encoding="utf-8") == before
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert "a better policy was found" in report
    assert "```diff" in report
    assert "pricing_page_visit points: 15 → 0" in summary(found, folder)
    ElementTree.parse(folder / "pareto.svg")
    tried = pandas.read_csv(folder / "tried.csv")
    assert len(tried) == 4
    assert tried["is_chosen"].sum() == tried["is_present"].sum() == 1
    assert len(pandas.read_csv(folder / "pareto.csv")) == len(found.front)


def test_where_nothing_is_certain_it_says_so_and_an_old_patch_goes(tmp_path: Path) -> None:
    found, project = found_in_project(tmp_path, 0.3)
    folder = tmp_path / "out"
    (folder / "seeds" / "policy").mkdir(parents=True)
    (folder / "policy.patch").write_text("old", encoding="utf-8")
    (folder / "seeds" / "policy" / "signals.csv").write_text("old", encoding="utf-8")
    write(found, project, folder, AS_OF, None)
    assert NO_CHANGE in (folder / "report.md").read_text(encoding="utf-8")
    assert NO_CHANGE in summary(found, folder)
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [
        "pareto.csv",
        "pareto.svg",
        "report.md",
        "tried.csv",
    ]
