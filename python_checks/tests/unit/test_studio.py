"""The policy studio without a page: edits, their check, pick-lists, patches, nearest leads."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas
import pytest

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.files import Cells, PolicyFile, policy_file, policy_files
from lead_qualification.policy_check.schema import read_schema
from lead_qualification.studio.changes import commit_to_branch, patch, save
from lead_qualification.studio.checking import check, choices
from lead_qualification.studio.editing import GridRow, edited, grid_of
from lead_qualification.studio.nearest import nearest
from lead_qualification.studio.simulation import Simulated, State
from lead_qualification.warehouse import PROJECT

PROFILES = "qualification_profiles"
DAY = datetime(2026, 3, 1)


@pytest.fixture
def file() -> PolicyFile:
    """The profiles; those that the tests edit have no dates."""
    return policy_file(PROJECT, PROFILES)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the policy in a checkout of git."""
    shutil.copytree(PROJECT / "seeds" / "policy", tmp_path / "seeds" / "policy")
    (tmp_path / "macros").mkdir()
    shutil.copy(PROJECT / "macros" / "ranges.sql", tmp_path / "macros")
    for words in (
        ("init", "-q"),
        ("config", "user.email", "a@b.example"),
        ("config", "user.name", "a"),
        ("add", "."),
        ("commit", "-q", "-m", "Begin"),
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def with_cell(file: PolicyFile, number: int, column: str, value: str) -> list[GridRow]:
    """The grid of a file with another cell."""
    grid = grid_of(file)
    dict(grid)[number][column] = value
    return grid


def rows_of(file: PolicyFile, profile: str) -> list[Cells]:
    """The rows of a profile."""
    return [row for row in file.rows if row["profile"] == profile]


def test_an_untouched_grid_is_the_file(file: PolicyFile) -> None:
    for since in (None, DAY):
        assert edited(file, grid_of(file), since).text() == file.text()


def test_an_edit_without_a_day_replaces_the_cell(file: PolicyFile) -> None:
    found = edited(file, with_cell(file, 2, "mql_min_score", "40"), None)
    assert [row["mql_min_score"] for row in rows_of(found, "standard")] == ["40"]
    assert len(found.rows) == len(file.rows)
    assert file.rows[0]["mql_min_score"] == "31"


def test_an_edit_from_a_day_on_ends_the_row_and_begins_another(file: PolicyFile) -> None:
    found = edited(file, with_cell(file, 2, "mql_min_score", "40"), DAY)
    told = [
        (row["mql_min_score"], row["valid_from"], row["valid_to"])
        for row in rows_of(found, "standard")
    ]
    assert told == [("31", "", "2026-03-01"), ("40", "2026-03-01", "")]


def test_rows_are_added_and_deleted_at_once_or_from_a_day_on(file: PolicyFile) -> None:
    new: GridRow = (None, file.rows[0] | {"profile": "new"})
    grid = [*grid_of(file)[1:], new, (None, dict.fromkeys(file.columns, ""))]
    at_once, dated = edited(file, grid, None), edited(file, grid, DAY)
    assert rows_of(at_once, "standard") == []
    assert rows_of(dated, "standard")[0]["valid_to"] == "2026-03-01"
    assert [row["valid_from"] for row in rows_of(at_once, "new")] == [""]
    assert [row["valid_from"] for row in rows_of(dated, "new")] == ["2026-03-01"]


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("profile", "other", "row 2: profile cannot change from a day on"),
        ("valid_from", "2026-01-01", "row 2: valid_from cannot change from a day on"),
    ],
)
def test_what_cannot_change_from_a_day_on(
    file: PolicyFile, column: str, value: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        edited(file, with_cell(file, 2, column, value), DAY)


def test_a_row_that_is_not_in_force_is_not_dated(file: PolicyFile) -> None:
    ended = edited(file, with_cell(file, 2, "mql_min_score", "40"), DAY)
    with pytest.raises(ConfigurationError, match="row 2: the row is not in force on 2026-04-01"):
        edited(ended, with_cell(ended, 2, "mql_min_score", "50"), datetime(2026, 4, 1))
    grid = [row for row in grid_of(ended) if row[0] != 2]
    with pytest.raises(ConfigurationError, match="row 2: it has ended before 2026-04-01"):
        edited(ended, grid, datetime(2026, 4, 1))
    later = with_cell(ended, 3, "mql_min_score", "50")
    assert rows_of(edited(ended, later, DAY), "standard")[1]["mql_min_score"] == "50"


def test_a_wrong_cell_is_found_with_row_and_column(file: PolicyFile) -> None:
    wrong = edited(file, with_cell(file, 2, "mql_min_score", "4o"), None)
    checked = check(PROJECT, {PROFILES: wrong.text()})
    assert [(one.file, one.row, one.column) for one in checked.findings] == [
        (f"{PROFILES}.csv", 2, "mql_min_score")
    ]
    assert check(PROJECT, {}).findings == ()


def test_pick_lists_have_values_references_and_what_is_there() -> None:
    schema = read_schema(PROJECT)
    files = {file.table: file for file in policy_files(PROJECT)}

    def picked(table: str, column: str, own: set[str]) -> list[str]:
        return choices(schema.tables[table].columns[column], files, own)

    assert picked(PROFILES, "uses_matrix", {"true"}) == ["false", "true"]
    assert "mql" in picked("stage_transitions", "to_stage", set())
    assert "gone" in picked("stage_transitions", "to_stage", {"gone"})
    assert picked(PROFILES, "mql_min_score", {"31"}) == []
    assert picked(PROFILES, "qualifying_frameworks", {"BANT|CHAMP"}) == []


def test_a_patch_applied_is_the_edited_file(project: Path, file: PolicyFile) -> None:
    texts = {
        PROFILES: edited(file, with_cell(file, 2, "mql_min_score", "40"), DAY).text(),
        "channels": (project / "seeds/policy/channels.csv").read_text().rstrip("\n"),
    }
    found = patch(project, texts)
    subprocess.run(["git", "apply"], cwd=project, input=found.encode(), check=True)
    for table, text in texts.items():
        assert (project / f"seeds/policy/{table}.csv").read_bytes() == text.encode()


def test_files_are_saved_or_committed_to_a_new_branch(project: Path, file: PolicyFile) -> None:
    texts = {PROFILES: edited(file, with_cell(file, 2, "mql_min_score", "40"), None).text()}
    commit = commit_to_branch(project, texts, "bar", "Raise the bar")
    name = f"seeds/policy/{PROFILES}.csv"
    shown = subprocess.run(
        ["git", "show", f"bar:{name}"], cwd=project, check=True, capture_output=True
    )
    assert shown.stdout.decode() == texts[PROFILES]
    changed = ["git", "diff", "--name-only", "HEAD", commit]
    assert subprocess.check_output(changed, cwd=project).decode().split() == [name]
    assert subprocess.check_output(["git", "status", "--short"], cwd=project) == b""
    for branch in ("bar", "no branch"):
        with pytest.raises(ConfigurationError, match="git"):
            commit_to_branch(project, texts, branch, "Again")
    assert save(project, texts) == [project / name]
    assert (project / name).read_text(encoding="utf-8") == texts[PROFILES]


def test_nearest_leads_of_a_bar() -> None:
    leads = [{"lead_id": f"L{score}", "score": Decimal(score)} for score in (30, 39, 40, 41, 70)]
    above, below = nearest(leads, Decimal(40), 2)
    assert [lead["score"] for lead in above] == [40, 41]
    assert [lead["score"] for lead in below] == [39, 30]


def test_who_moves_and_what_is_counted() -> None:
    def state(stages: list[str], days: list[str | None]) -> State:
        times = pandas.to_datetime(pandas.Series(days))
        names = pandas.Index(["A", "B", "C"], name="lead_id")
        leads = pandas.DataFrame({"stage": stages, "profile": "standard"}, index=names)
        leads["handed_off_at"] = times.to_numpy()
        handoffs = pandas.DataFrame({"week_start": times.dropna()})
        calibration = pandas.DataFrame(
            {"scoring_model": ["m"], "bin_from": [0], "bin_to": [10]}
            | {"leads": [len(handoffs)], "converted": [1], "conversion_rate": [0.5]}
        )
        return State(leads, handoffs, calibration)

    before = state(["mql", "lead", "sql"], ["2026-01-05", None, "2026-01-12"])
    after = state(["mql", "mql", "sql"], ["2026-01-05", None, None])
    found = Simulated(before, after, (PROFILES,))
    assert list(found.moved().index) == ["B", "C"]
    assert found.counts("week_start").to_numpy().tolist() == [[1, 1], [1, 0]]
    assert len(found.calibration()) == 1
    assert len(Simulated(before, before, ()).calibration()) == 0
    assert len(Simulated(before, before, ()).moved()) == 0
