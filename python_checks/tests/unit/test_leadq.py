"""The console command: help, exit codes, saved questions, old names, where the project is."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.events.types import SQLQuery
from dbt.events.types import LogModelResult, StatsLine
from dbt_common.events.base_types import EventLevel, msg_from_base_event

from lead_qualification import ask, progress, settings
from lead_qualification.cli import COMMANDS, main
from lead_qualification.dbt import build_in_project, run_shown
from lead_qualification.dbt_steps import tell
from lead_qualification.errors import ConfigurationError, DbtError, HeldError, WarehouseError
from lead_qualification.exit_codes import FAILED, OK, WRONG_USE
from lead_qualification.settings import CHECKOUT, project_folder
from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import duckdb_warehouse, warehouse_of_target
from python_checks.processes import wait_until

NAMES = [command.__name__ for command in COMMANDS]
OLD_NAMES = {
    "crm_sync": "sync",
    "published_build": "publish",
    "predictive_score": "predict",
    "policy_diff": "diff",
    "dashboard": "dashboard",
    "python_checks.summary": "summary",
    "python_checks.generator": "generate",
}
ROWS = "select 'a|b' as name, cast(1.50 as decimal(9, 2)) as points, null as missing"
HELD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the caller's environment variables out of the tests; a file of two tables."""
    for name in list(os.environ):
        if name.startswith(("LEAD_", "CRM_", "DBT_")):
            monkeypatch.delenv(name)
    path = tmp_path / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema main_marts")
        connection.execute(f"create table main_marts.answers as {ROWS}")
    monkeypatch.setenv("LEAD_DB_PATH", str(path))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The DuckDB file that the environment names."""
    return tmp_path / "small.duckdb"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Lets every question be the same simple query; holds the vars that it was asked with."""
    asked: list[dict[str, object]] = []

    def compiled(_: Path, question: str, variables: dict[str, object], __: object) -> str:
        asked.append({"question": question, **variables})
        return "select * from main_marts.answers"

    monkeypatch.setattr(ask, "compiled", compiled)
    return asked


@pytest.mark.parametrize("name", NAMES)
def test_every_subcommand_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == OK
    told = capsys.readouterr().out
    assert f"leadq {name}" in told
    assert "exit codes" in told or name == "dashboard"


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_wrong_use(name: str) -> None:
    assert main([name, "--no-such-option"]) == WRONG_USE


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    heavy = ("pandas", "duckdb", "psycopg2", "streamlit", "sklearn", "dbt", "rich.progress")
    program = (
        "import sys; from lead_qualification.cli import main; main(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    finished = called("-c", program)
    assert finished.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("csv", "name,points,missing\na|b,1.50,\n"),
        (
            "markdown",
            "| name | points | missing |\n| --- | ---: | ---: |\n| a\\|b | 1.5 |  |\n",
        ),
        (
            "table",
            "  name  points  missing\n  ----  ------  -------\n  a|b      1.5\n",
        ),
    ],
)
def test_a_question_is_answered_in_three_formats(
    format: str, expected: str, answers: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "score_at", "--format", format]) == OK
    assert capsys.readouterr().out == expected


def test_vars_of_a_question_have_types(answers: list[dict[str, object]]) -> None:
    words = ["points=-5", "share=0.5", "is_so=true", "at=2026-05-01 09:00:00", "text=a=b"]
    assert main(["ask", "score_at", *(word for w in words for word in ("--var", w))]) == OK
    assert answers == [
        {
            "question": "score_at",
            "points": -5,
            "share": 0.5,
            "is_so": True,
            "at": "2026-05-01 09:00:00",
            "text": "a=b",
        }
    ]
    assert main(["ask", "score_at", "--var", "points"]) == WRONG_USE


def test_questions_are_listed_and_an_unknown_one_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask"]) == OK
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines]
    assert names == sorted(path.stem for path in (CHECKOUT / "analyses").glob("*.sql"))
    assert all(line.endswith("?") for line in lines)
    assert main(["ask", "no_such_question"]) == WRONG_USE
    assert "leadq ask without a name lists them" in capsys.readouterr().err


def test_effects_without_plant_are_wrong_use(tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "raw"))
    assert main(["generate", *out, "signal"]) == WRONG_USE
    assert main(["generate", *out, "--plant", "no_such_effect"]) == WRONG_USE
    assert not (tmp_path / "raw").exists()


def test_what_failed_ends_with_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> str:
        raise DbtError("dbt build failed", "fix it")

    monkeypatch.setattr("lead_qualification.dbt.run_shown", fails)
    assert main(["build"]) == FAILED
    assert capsys.readouterr().err == "leadq build: dbt build failed; fix it\n"


@pytest.mark.parametrize(
    ("options", "with_unit_tests", "are_left_out"),
    [
        ((), False, True),
        (("--select", "lead_scores+"), False, True),
        ((), True, False),
        (("--resource-type", "unit_test"), False, False),
        (("--select", "test_type:unit"), False, False),
    ],
)
def test_unit_tests_run_only_if_asked_for(
    options: tuple[str, ...], with_unit_tests: bool, are_left_out: bool
) -> None:
    words = build_in_project("duckdb", options, with_unit_tests=with_unit_tests)
    assert tuple(words[len(words) - len(options) :]) == options
    assert ("--exclude-resource-type" in words) == are_left_out


def test_of_an_error_what_went_wrong_is_shown_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither each model that is skipped after it, nor where in the macros it was, nor colours."""
    told = (
        ("LogSkipBecauseError", "4 of 9 SKIP relation main.b due to ephemeral model status"),
        (
            "RunResultError",
            "  Too many rows\n  \n  > in macro check (macros/check.sql)\n"
            "  > called by macro hooks (macros/hooks.sql)\n  > called by model a (a.sql)",
        ),
    )
    lines = [json.dumps({"info": {"name": n, "level": "error", "msg": m}}) for n, m in told]
    program = "import sys; print(sys.argv[1]); print('colours', '--no-use-colors' in sys.argv)"
    run_shown([sys.executable, "-c", program, "\n".join(lines)], "build")
    assert capsys.readouterr().err == "  Too many rows\ncolours True\n"


def test_steps_are_told_without_secrets_and_details(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a step its number, of everything else the message; statements and connections not."""
    monkeypatch.setenv("DBT_ENV_SECRET_WORD", "open-sesame")
    stats = dict.fromkeys(("pass", "warn", "error", "skip", "noop", "total"), 9)
    for event, level in (
        (LogModelResult(description="open-sesame", status="OK", index=3, total=9), EventLevel.INFO),
        (SQLQuery(conn_name="one", sql="select 1", node_info={}), EventLevel.DEBUG),
        (StatsLine(stats=stats), EventLevel.INFO),
    ):
        tell(msg_from_base_event(event, level))
    step, ended = map(json.loads, capsys.readouterr().out.splitlines())
    assert step["info"]["name"] == "LogModelResult"
    assert step["data"] == {"index": 3, "total": 9}
    assert "open-sesame" not in step["info"]["msg"]
    assert "*****" in step["info"]["msg"]
    assert (ended["info"]["level"], ended["data"]) == ("info", {})


def test_steps_that_end_at_the_same_time_are_lines_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others wait while one of dbt's threads is between a line and its end."""
    written: list[str] = []

    class Slow(io.StringIO):
        def write(self, text: str) -> int:
            written.append(text)
            time.sleep(0.01)
            return len(text)

    monkeypatch.setattr(sys, "stdout", Slow())
    event = msg_from_base_event(
        LogModelResult(description="a", status="OK", index=1, total=9), EventLevel.INFO
    )
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(tell, [event] * 20))
    lines = "".join(written).splitlines()
    assert [json.loads(line)["data"]["index"] for line in lines] == [1] * 20


def test_hooks_do_not_count_as_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are numbered apart: 1 of 1 after 9 of 9 is not the end of the build."""
    reached: list[tuple[int, int | None]] = []
    monkeypatch.setattr(progress.Progress, "reach", lambda _, *step: reached.append(step))
    lines = [
        json.dumps({"info": {"name": n, "level": "info", "msg": n}, "data": data})
        for n, data in (
            ("LogStartLine", {"index": 9, "total": 9}),
            ("LogModelResult", {"index": 9, "total": 9}),
            ("LogHookEndLine", {"index": 1, "total": 1}),
        )
    ]
    run_shown([sys.executable, "-c", "import sys; print(sys.argv[1])", "\n".join(lines)], "build")
    assert reached == [(9, 9)]


def test_an_interrupted_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("lead_qualification.dbt.run_shown", stopped)
    assert main(["build"]) == FAILED
    assert capsys.readouterr().err == "leadq build: stopped\n"


@pytest.mark.parametrize("earlier", OLD_NAMES)
def test_an_old_name_works_and_names_the_new_one(earlier: str) -> None:
    finished = called("-m", earlier, "--help")
    assert finished.returncode == OK
    assert f"leadq {OLD_NAMES[earlier]}" in finished.stdout
    assert finished.stderr == (
        f"python -m {earlier} is now leadq {OLD_NAMES[earlier]}; "
        "the old name goes with the next version\n"
    )
    assert called("-m", earlier, "--no-such-option").returncode == WRONG_USE


def called(*words: str) -> subprocess.CompletedProcess[str]:
    """A run of Python in a process of its own, with the package as it is installed."""
    folders = (CHECKOUT / "python", CHECKOUT / "python" / "deprecated_commands", CHECKOUT)
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_project_is_named_or_found_upwards_or_the_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    inner = tmp_path / "ours" / "models" / "marts"
    inner.mkdir(parents=True)
    other.mkdir()
    (tmp_path / "ours" / "dbt_project.yml").write_text("name: lead_qualification\n")
    (inner / "dbt_project.yml").write_text("name: somebody_else\n")
    monkeypatch.chdir(inner)
    assert project_folder() == tmp_path / "ours"
    monkeypatch.chdir(other)
    assert project_folder() == CHECKOUT
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(inner))
    assert project_folder() == inner


def test_a_project_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "CHECKOUT", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["ask"]) == WRONG_USE
    told = capsys.readouterr().err
    assert (
        f"not a dbt project: dbt_project.yml of lead_qualification not found in {tmp_path}" in told
    )
    assert "set LEAD_PROJECT_DIR" in told
    monkeypatch.setenv("LEAD_PROJECT_DIR", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match=r"not found in .*none; set LEAD_PROJECT_DIR"):
        project_folder()


def test_what_is_missing_in_a_warehouse_is_named(small: Path, tmp_path: Path) -> None:
    for sql, words in (
        ("select * from main_marts.none", "there is no table main_marts.none; run dbt build"),
        ("select x from main_marts.answers", "main_marts.answers lacks the column x; run dbt"),
    ):
        with pytest.raises(WarehouseError, match=f"{small}: {words}"):
            duckdb_warehouse(small).read(sql)
    with pytest.raises(WarehouseError, match=r"no DuckDB file .*none; run dbt build"):
        duckdb_warehouse(tmp_path / "none").read("select 1")


def test_who_holds_a_file_is_named(small: Path) -> None:
    words = [sys.executable, "-c", HELD, str(small)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(HeldError, match=f"PID {process.pid}"):
            duckdb_warehouse(small).read("select 1")
        process.communicate(b"\n")


def test_check_finds_raw_files_and_names_what_is_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lead_qualification.check._policy", lambda _: iter(()))
    raw = tmp_path / "raw"
    monkeypatch.setenv("LEAD_RAW_PATH", str(raw))
    assert main(["check"]) == FAILED
    assert f"FAIL  raw data: {raw} is not a folder" in capsys.readouterr().out
    raw.mkdir()
    (raw / "accounts.csv").touch()
    (raw / "accounts.parquet").touch()
    assert main(["check"]) == FAILED
    told = capsys.readouterr().out
    assert f"FAIL  raw data: accounts.csv and accounts.parquet in {raw}: both are accounts" in told
    assert "FAIL  raw data: neither leads.csv nor leads.parquet" in told
    (raw / "accounts.csv").unlink()
    (raw / "Leads.CSV").touch()
    (raw / "web_events.csv.gz").touch()
    (raw / ".DS_Store").touch()
    assert main(["check"]) == OK
    told = capsys.readouterr().out
    assert f"ok    raw data: 2 of 16 tables in {raw}; absent, so empty: web_events" in told
    assert "ok    raw data: 1 that no table reads: web_events.csv.gz; a build says" in told
    assert "ok    warehouse: " in told


@pytest.mark.parametrize("name", ["main", "Temp", "system", "lead_raw", "main_marts"])
def test_file_called_as_a_schema_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """DuckDB calls a database as its file, and main.x would mean two things."""
    monkeypatch.setenv("LEAD_DB_PATH", str(tmp_path / f"{name}.duckdb"))
    with pytest.raises(ConfigurationError, match=rf"{name} is the name of .*such as leads\.duckdb"):
        warehouse_of_target("duckdb")


@pytest.mark.parametrize("schema", ["my-leads", "1st", "a b", "x'y"])
def test_schema_that_is_no_name_is_refused(monkeypatch: pytest.MonkeyPatch, schema: str) -> None:
    monkeypatch.setenv("LEAD_DB_SCHEMA", schema)
    with pytest.raises(ConfigurationError, match="not a name of a schema"):
        warehouse_of_target("duckdb")


def test_file_in_a_folder_with_any_name_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "o'neil [2026]"
    folder.mkdir()
    warehouse = duckdb_warehouse(folder / "it's.duckdb")
    with warehouse.connection(is_read_only=False) as connection:
        connection.execute("create schema main_marts; create table main_marts.x as select 1 as n")
    assert list(warehouse.table("x")["n"]) == [1]
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_literal(warehouse.name)} as whole (read_only)")
        assert connection.execute("select n from whole.main_marts.x").fetchall() == [(1,)]


def test_a_transaction_is_whole_or_nothing(small: Path) -> None:
    warehouse = duckdb_warehouse(small)

    def delete() -> None:
        with warehouse.connection(is_read_only=False) as connection, connection.transaction():
            connection.execute("delete from main_marts.answers")
            connection.execute("delete from main_marts.none")

    with pytest.raises(WarehouseError):
        delete()
    assert len(warehouse.table("answers")) == 1


def test_progress_without_a_terminal_breaks_a_long_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    monkeypatch.setattr(progress, "LONGEST_SILENCE", 0.05)
    with progress.progress("rows", 10) as shown:
        shown.advance(4)
        wait_until(lambda: "rows: 4 of 10" in said.getvalue(), seconds=10)
        shown.say("a warning")
    assert "a warning\n" in said.getvalue()
    assert re.fullmatch(r"(rows: 4 of 10, \d+ s\n|a warning\n)+", said.getvalue())


def test_progress_of_what_is_quick_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress("rows", 10) as shown:
        shown.advance(10)
    assert capsys.readouterr() == ("", "")
