"""The command policy_diff on real builds of the demo, before and after edits of its policy."""

from __future__ import annotations

import csv
import io
import json
import shutil
from concurrent.futures import Future
from contextlib import redirect_stdout
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

from lead_qualification.cli import main
from lead_qualification.policy.keys import KEYS
from lead_qualification.policy_diff.policy_rows import (
    CellChange,
    PolicyChange,
    as_cell,
    rows_that_restate,
    table_changes,
)
from lead_qualification.policy_diff.subjects import SUBJECTS
from lead_qualification.warehouse import Warehouse, connect_postgres
from python_checks.tests.build.edited_demo import (
    edited_demo,
    higher_band,
    more_points,
    other_profile,
)
from python_checks.tests.builds import Builds
from python_checks.tests.tables import POLICY

EDITS = {edit.__name__: edit for edit in (more_points, higher_band, other_profile)}
COLUMNS = ("score_band", "grade", "stage", "stage_owner", "recommended_action")
READ_BY_THE_COMMAND = (
    *("lead_stages", "lead_scores", "lead_score_contributions"),
    *("lead_stage_history", "funnel_conversion"),
    *(subject.table for subject in SUBJECTS),
)
WIDTH = 100


@pytest.fixture(scope="module")
def demos(demo_future: Future[Warehouse], builds: Builds) -> dict[str, Future[Warehouse]]:
    """The demo with the policy as it stands, and with each edit."""
    edited = {name: edited_demo(builds, edit) for name, edit in EDITS.items()}
    return {"as_it_stands": demo_future} | edited


def path_of(demos: dict[str, Future[Warehouse]], name: str) -> str:
    """The DuckDB file of a build."""
    return demos[name].result().environment["LEAD_DB_PATH"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit code of the command, what it printed, and what it said of errors."""
    capsys.readouterr()
    code = main(["diff", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@cache
def report(before: str, after: str, *arguments: str) -> dict[str, Any]:
    """The comparison as JSON; each is asked for once."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        main(["diff", "--before", before, "--after", after, "--format", "json", *arguments])
    return json.loads(printed.getvalue())


def primary_leads(warehouse: Warehouse) -> pandas.DataFrame:
    """Leads with stage and what the primary model says, by pandas; index lead_id."""
    scores = warehouse.table("lead_scores")
    scores = scores[scores["is_primary"]].set_index("lead_id")
    stages = warehouse.table("lead_stages").set_index("lead_id")
    return (
        stages[["stage", "stage_owner"]]
        .join(scores[["scoring_model", "score", "score_band", "grade", "recommended_action"]])
        .sort_index()
    )


def counted_moves(old: pandas.DataFrame, new: pandas.DataFrame, column: str) -> dict[Any, int]:
    """How many leads moved from one value of a column to another."""
    pairs = old.join(new, lsuffix="_before", rsuffix="_after")
    moved = pairs[pairs[f"{column}_before"] != pairs[f"{column}_after"]]
    return moved.groupby([f"{column}_before", f"{column}_after"]).size().to_dict()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        ("more_points", {"score_band", "stage", "recommended_action"}),
        ("higher_band", {"score_band", "stage", "recommended_action"}),
        ("other_profile", {"stage"}),
    ],
)
def test_figures_are_those_of_pandas(
    demos: dict[str, Future[Warehouse]],
    edit: str,
    changed: set[str],
) -> None:
    """Moves, shares, scores and totals of the funnel, counted another way."""
    before, after = demos["as_it_stands"].result(), demos[edit].result()
    found = report(path_of(demos, "as_it_stands"), path_of(demos, edit))
    old, new = primary_leads(before), primary_leads(after)
    moves = {
        change["column"]: {
            (move["before"], move["after"]): move["leads"] for move in change["moves"]
        }
        for change in found["changes"]
    }
    assert moves == {column: counted_moves(old, new, column) for column in COLUMNS}
    assert {column for column, counts in moves.items() if counts} == changed
    assert [change["share"] for change in found["changes"]] == [
        sum(moves[column].values()) / len(old) for column in COLUMNS
    ]
    assert found["scores_changed"] == int((old["score"] != new["score"]).sum())
    for side, warehouse in (("before", before), ("after", after)):
        funnel = warehouse.table("funnel_conversion")
        row = funnel[(funnel["dimension"] == "overall") & funnel["cohort_month"].isna()].iloc[0]
        for total in found["totals"]:
            assert total[side] == float(row[total["figure"]]), total["figure"]


@pytest.mark.nightly
def test_examples_tell_score_and_reason(demos: dict[str, Future[Warehouse]]) -> None:
    """A band changes by the points of the edited signal, a stage by where its history parts."""
    before, after = path_of(demos, "as_it_stands"), path_of(demos, "more_points")
    found = report(before, after, "--examples", "999")
    old, new = (primary_leads(demos[name].result()) for name in ("as_it_stands", "more_points"))
    changes = {change["column"]: change for change in found["changes"]}
    told = [example for move in changes["score_band"]["moves"] for example in move["examples"]]
    assert {example["lead_id"] for example in told} == set(
        old.index[old["score_band"] != new["score_band"]]
    )
    for example in told:
        lead_id = example["lead_id"]
        assert example["score_before"] == float(old.loc[lead_id, "score"])
        assert example["score_after"] == float(new.loc[lead_id, "score"])
        assert example["reason"] == "pricing_page_visit +15 → +20"
    reasons = [
        example["reason"] for move in changes["stage"]["moves"] for example in move["examples"]
    ]
    assert reasons
    assert all(" → mql at " in one or one.startswith("mql at ") for one in reasons)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("edit", "row"),
    [
        (
            "more_points",
            PolicyChange(
                "signal_points",
                "scoring_model=guide signal=pricing_page_visit",
                "changed",
                (CellChange("points", "15", "20"),),
            ),
        ),
        (
            "higher_band",
            PolicyChange(
                "score_bands",
                "scoring_model=guide score_band=warm",
                "changed",
                (CellChange("min_score", "31", "40"),),
            ),
        ),
    ],
)
def test_header_is_the_edited_row(
    demos: dict[str, Future[Warehouse]],
    edit: str,
    row: PolicyChange,
) -> None:
    found = report(path_of(demos, "as_it_stands"), path_of(demos, edit))
    (policy,) = found["policy"]
    cells = tuple(CellChange(**cell) for cell in policy["cells"])
    assert PolicyChange(**policy | {"cells": cells}) == row


@pytest.mark.nightly
def test_unchanged_policy_changes_nothing(
    demos: dict[str, Future[Warehouse]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No lead, no row of the policy, no figure; within the limit of none."""
    before = path_of(demos, "as_it_stands")
    after = str(shutil.copy(before, tmp_path / "again.duckdb"))
    found = report(before, after)
    assert found["policy"] == []
    assert [change["leads"] for change in found["changes"]] == [0] * len(COLUMNS)
    assert all(total["before"] == total["after"] for total in found["totals"])
    code, printed, errors = run(capsys, "--before", before, "--after", after)
    assert (code, errors) == (0, "")
    assert "no row differs" in printed
    assert [one["changed"] + one["gone"] + one["came"] for one in found["subjects"]] == [0] * len(
        SUBJECTS
    )
    assert all(one["rows"] > 0 and not one["missing_in"] for one in found["subjects"])
    assert "No MQL or SQL of a month before 2026-06 moves." in printed
    assert found["restating"] == []
    assert run(capsys, "--before", before, "--after", after, "--no-restatement")[0] == 0
    assert "within the limit: no lead changes" in printed


@pytest.mark.nightly
def test_exit_codes_at_the_limit(
    demos: dict[str, Future[Warehouse]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The limit itself is allowed; below it, and with none given, the code is 1."""
    sides = ("--before", path_of(demos, "as_it_stands"), "--after", path_of(demos, "higher_band"))
    largest = report(sides[1], sides[3])["largest_share"]
    assert 0 < largest < 1
    codes = [
        run(capsys, *sides, *limit)[0]
        for limit in (
            (),
            ("--max-changed", repr(largest)),
            ("--max-changed", repr(largest - 1e-9)),
            ("--max-changed", "1"),
        )
    ]
    assert codes == [1, 0, 1, 0]


@pytest.mark.nightly
def test_months_that_were_reported(
    demos: dict[str, Future[Warehouse]], capsys: pytest.CaptureFixture[str]
) -> None:
    """An edit in place moves months that ended; each figure is that of pandas, each rule named."""
    sides = ("--before", path_of(demos, "as_it_stands"), "--after", path_of(demos, "more_points"))
    found = report(sides[1], sides[3])
    for figure, column in (("mqls", "mql_at"), ("sqls", "sql_at")):
        for side, name in (("before", "as_it_stands"), ("after", "more_points")):
            months = demos[name].result().table("lead_stages")[column].dt.strftime("%Y-%m")
            counted = months[months < found["as_of"][:7]].value_counts().to_dict()
            told = {r["month"]: r[side] for r in found["reported"] if r["figure"] == figure}
            assert {month: leads for month, leads in told.items() if leads} == counted
    assert any(row["gone"] or row["came"] for row in found["reported"])
    assert all(r["after"] - r["before"] == r["came"] - r["gone"] for r in found["reported"])
    assert found["is_restated"] is True
    assert found["restating"] == ["signal_points scoring_model=guide signal=pricing_page_visit"]
    assert run(capsys, *sides, "--max-changed", "1")[0] == 0
    code, printed, _ = run(capsys, *sides, "--max-changed", "1", "--no-restatement")
    assert code == 1
    assert "date the row: leadq policy change" in printed
    _, comment, _ = run(capsys, *sides, "--format", "markdown")
    assert "| Month | Figure | Before | After | Gone | New |" in comment


@pytest.mark.nightly
def test_text_is_readable_at_100_columns(
    demos: dict[str, Future[Warehouse]], capsys: pytest.CaptureFixture[str]
) -> None:
    before = path_of(demos, "as_it_stands")
    for edit in ("more_points", "other_profile"):
        _, printed, _ = run(capsys, "--before", before, "--after", path_of(demos, edit))
        assert max(len(line) for line in printed.splitlines() if "duckdb" not in line) <= WIDTH
    assert "rule_order=2: profile standard → mid_market" in printed


@pytest.mark.nightly
def test_markdown_has_tables_of_the_same_figures(
    demos: dict[str, Future[Warehouse]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every table has cells as its head has, each details element ends, figures are the JSON's."""
    sides = (path_of(demos, "as_it_stands"), path_of(demos, "higher_band"))
    found = report(*sides)
    _, printed, _ = run(capsys, "--before", sides[0], "--after", sides[1], "--format", "markdown")
    assert printed.startswith("### Policy diff: beyond the limit")
    assert printed.count("<details>") == printed.count("</details>") > 0
    tables = [
        [line.strip("|").split(" | ") for line in part.splitlines()]
        for part in printed.split("\n\n")
        if part.startswith("|")
    ]
    assert all(len(line) == len(table[0]) for table in tables for line in table)
    counts = {
        line[0].strip(): line[1].strip() for table in tables for line in table if len(line) == 3
    }
    assert counts["Score band"] == str(found["changes"][0]["leads"])
    assert counts["Leads in both builds"] == str(found["leads"])


@pytest.mark.nightly
def test_what_people_see_is_compared_row_by_row(
    demos: dict[str, Future[Warehouse]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later hand-off, another SLA, a cost, an action and a row that is gone, each counted."""
    before = path_of(demos, "as_it_stands")
    after = str(shutil.copy(before, tmp_path / "other.duckdb"))
    with duckdb.connect(after) as connection:
        for statement in (
            "update handoffs set handed_off_at = handed_off_at + interval 1 day, "
            "sla_status = 'changed' where lead_id = 'L000569'",
            "update channel_roi set cost = cost + 1 where dimension = 'overall' and month is null",
            "update next_best_action set action = 'wait' where lead_id = 'L000569'",
            "delete from crm_lead_sync where lead_id = 'L000569'",
        ):
            connection.execute("use main_marts")
            connection.execute(statement)
    found = {
        one["subject"]: one
        for one in report(before, after)["subjects"]
        if any(one[what] for what in ("changed", "gone", "came"))
    }
    assert {
        name: [column["column"] for column in one["columns"]] for name, one in found.items()
    } == {
        "Hand-offs": ["handed_off_at"],
        "SLA of hand-offs": ["sla_status"],
        "Cost and revenue": ["cost"],
        "CRM fields of leads": [],
        "Next actions": ["action"],
    }
    assert found["CRM fields of leads"]["gone_examples"] == ["L000569"]
    _, printed, _ = run(capsys, "--before", before, "--after", after)
    assert "L000569 1: 2026-06-08 21:02:09 → 2026-06-09 21:02:09" in printed
    _, comment, _ = run(capsys, "--before", before, "--after", after, "--format", "markdown")
    assert "| Subject | Table | Rows | Changed | Gone | New |" in comment


@pytest.mark.nightly
def test_leads_of_one_side_are_listed_and_not_compared(
    demos: dict[str, Future[Warehouse]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = path_of(demos, "as_it_stands")
    after = str(shutil.copy(before, tmp_path / "fewer.duckdb"))
    with duckdb.connect(after) as connection:
        gone = connection.execute(
            "delete from main_marts.lead_stages where lead_id in (select lead_id "
            "from main_marts.lead_stages order by lead_id limit 3) returning lead_id"
        ).fetchall()
    found = report(before, after)
    assert found["only_before"] == sorted(lead_id for (lead_id,) in gone)
    assert found["only_after"] == []
    code, printed, _ = run(capsys, "--before", before, "--after", after)
    assert code == 0
    assert f"Only before, not compared: 3 leads: {found['only_before'][0]}, " in printed


@pytest.mark.nightly
def test_wrong_use_ends_with_2_and_a_remedy(
    demos: dict[str, Future[Warehouse]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No file, no database, no build, another clock, no share."""
    before = path_of(demos, "as_it_stands")
    absent = str(tmp_path / "absent.duckdb")
    text, empty, later = (tmp_path / name for name in ("text", "empty.duckdb", "later.duckdb"))
    text.write_text("no database", encoding="utf-8")
    duckdb.connect(str(empty)).close()
    shutil.copy(before, later)
    with duckdb.connect(str(later)) as connection:
        connection.execute("update main_marts.lead_stages set as_of = as_of + interval '1 day'")
    for after, words in (
        (absent, ["no such file", f"LEAD_DB_PATH={absent}"]),
        (text, ["not a readable DuckDB file", "dbt build"]),
        (empty, ["no table", "run dbt build first"]),
        (later, ["different clocks", 'as_of: "2026-07-01 23:59:59"']),
    ):
        code, printed, errors = run(capsys, "--before", before, "--after", str(after))
        assert (code, printed) == (2, "")
        assert all(word in errors for word in words), errors
    for share in ("1.01", "-0.1", "some", "nan"):
        code = main(["diff", "--before", before, "--after", before, f"--max-changed={share}"])
        assert code == 2
        assert "share from 0 to 1" in capsys.readouterr().err


@pytest.mark.nightly
def test_postgres_says_the_same(
    demos: dict[str, Future[Warehouse]],
    postgres: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both builds as schemas of a PostgreSQL server give the very figures of the files."""
    for prefix, name in (("diff_main", "as_it_stands"), ("diff_branch", "more_points")):
        copy_to_postgres(demos[name].result(), postgres, prefix)
    for name, value in postgres.items():
        monkeypatch.setenv(name, value)
    on_files = report(path_of(demos, "as_it_stands"), path_of(demos, "more_points"))
    on_server = report("diff_main", "diff_branch", "--target", "postgres")
    names = {"before": "diff_main", "after": "diff_branch"}
    assert on_server == on_files | names
    for before, words in (
        ("absent", "no table absent_marts"),
        ("no prefix", "not a schema prefix"),
    ):
        sides = ("--before", before, "--after", "diff_branch", "--target", "postgres")
        code, _, errors = run(capsys, *sides)
        assert code == 2
        assert words in errors


def copy_to_postgres(warehouse: Warehouse, server: dict[str, str], prefix: str) -> None:
    """Copy the tables that the command reads from a DuckDB build, with the types that dbt gives."""
    types = {"VARCHAR": "text", "DOUBLE": "double precision"}
    listed = ", ".join(f"'{name}'" for name in READ_BY_THE_COMMAND)
    columns = warehouse.read(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        f"where table_schema = 'main_policy' or table_schema = 'main_marts' "
        f"and table_name in ({listed}) order by ordinal_position"
    )
    connection = connect_postgres(server)
    with connection, connection.cursor() as cursor:
        for schema in ("policy", "marts"):
            cursor.execute(f"create schema {prefix}_{schema}")
        for (schema, table), rows in columns.groupby(["table_schema", "table_name"]):
            name = f"{schema.replace('main', prefix)}.{table}"
            described = ", ".join(
                f'"{row.column_name}" {types.get(row.data_type, row.data_type)}'
                for row in rows.itertuples()
            )
            cursor.execute(f"create table {name} ({described})")
            exported = Path(f"{warehouse.environment['LEAD_DB_PATH']}.{table}.csv")
            warehouse.read(f"copy {schema}.{table} to '{exported}' (format csv, header true)")
            with exported.open(encoding="utf-8") as file:
                cursor.copy_expert(f"copy {name} from stdin with (format csv, header true)", file)
            exported.unlink()
    connection.close()


def test_every_policy_table_has_a_key() -> None:
    """The keys are columns, and no two rows of the policy as it stands have the same."""
    for path in sorted(POLICY.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found = [
            (*(row[column] for column in KEYS[path.stem]), row.get("valid_from")) for row in rows
        ]
        assert len(set(found)) == len(rows), path.stem


def test_rows_that_come_go_and_change() -> None:
    """Keys sort as numbers; an empty cell is null; a table without a known key is whole rows."""
    vp = {"rule_order": 10, "phrase": "vp", "buying_role": None}
    old = [{"rule_order": 2, "phrase": "chief", "buying_role": "buyer"}, vp]
    new = [vp | {"buying_role": "user"}, {"rule_order": 9, "phrase": "cto", "buying_role": "user"}]
    changes = table_changes("buying_roles", old, new)
    assert [(change.row, change.kind) for change in changes] == [
        ("rule_order=2", "removed"),
        ("rule_order=9", "added"),
        ("rule_order=10", "changed"),
    ]
    assert [change.cells for change in changes] == [
        (CellChange("phrase", "chief", None), CellChange("buying_role", "buyer", None)),
        (CellChange("phrase", None, "cto"), CellChange("buying_role", None, "user")),
        (CellChange("buying_role", None, "user"),),
    ]
    rows = table_changes("own_table", old[1:], new[:1])
    assert [(change.row, change.kind) for change in rows] == [
        ("10 vp (empty)", "removed"),
        ("10 vp user", "added"),
    ]


POINTS = {"scoring_model": "guide", "signal": "webinar", "points": 10}
OPEN = {"valid_from": None, "valid_to": None}


@pytest.mark.parametrize(
    ("after", "restating"),
    [
        ([POINTS | OPEN], False),
        ([POINTS | OPEN | {"points": 12}], True),
        (
            [
                POINTS | {"valid_from": None, "valid_to": "2026-06-01 00:00:00"},
                POINTS | {"points": 12, "valid_from": "2026-06-01T00:00:00", "valid_to": None},
            ],
            False,
        ),
        (
            [
                POINTS | {"valid_from": None, "valid_to": "2026-05-31 23:59:59"},
                POINTS | {"points": 12, "valid_from": "2026-05-31 23:59:59", "valid_to": None},
            ],
            True,
        ),
        ([POINTS | OPEN | {"valid_to": "2026-07-01"}], False),
        ([POINTS | OPEN | {"valid_to": "2026-05-01"}], True),
        ([], True),
    ],
)
def test_a_rule_restates_where_it_is_not_the_same_before_the_month_of_the_clock(
    after: list[dict[str, Any]], restating: bool
) -> None:
    found = rows_that_restate(
        {"signal_points": [POINTS | OPEN]}, {"signal_points": after}, datetime(2026, 6, 1)
    )
    named = ("signal_points scoring_model=guide signal=webinar",)
    assert found == (named if restating else ())


def test_versions_of_a_rule_are_rows_of_their_own() -> None:
    """A row that ends is changed, one that begins is added, and its key says when."""
    ended = POINTS | {"valid_from": None, "valid_to": "2026-06-01"}
    begun = POINTS | {"points": 12, "valid_from": "2026-06-01", "valid_to": None}
    changes = table_changes("signal_points", [POINTS | OPEN], [ended, begun])
    named = "scoring_model=guide signal=webinar"
    assert [(change.row, change.kind) for change in changes] == [
        (named, "changed"),
        (f"{named} valid_from=2026-06-01", "added"),
    ]
    assert changes[0].cells == (CellChange("valid_to", None, "2026-06-01"),)
    assert changes[1].cells == (CellChange("points", None, "12"),)


def test_cells_read_as_in_the_csv() -> None:
    """Whatever the engine writes: 0.1300 and 0.13, 100 and 1E+2, and an empty cell is null."""
    values = [Decimal("0.1300"), Decimal("1E+2"), 100, -5, True, None, "09:00", ""]
    assert [as_cell(value) for value in values] == [
        *("0.13", "100", "100", "-5", "true"),
        *(None, "09:00", ""),
    ]
