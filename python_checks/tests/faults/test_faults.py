"""Builds of dbt that are killed or fail: the public tables stay as they were, the next run repairs.

The builds are real, of a few worlds; they make some of the public tables, to be quick.
"""

from __future__ import annotations

import csv
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse, postgres_warehouse
from lead_qualification.yaml_text import from_yaml
from python_checks.building import build, load_into_postgres
from python_checks.tests.builds import DATA_ONLY, files_of_dbt
from python_checks.tests.faults.published_states import (
    Command,
    Finished,
    reader,
    states_at_once,
    wait_until_ended,
)
from python_checks.tests.tables import public_tables, tables_that_differ
from python_checks.worlds import WORLDS_AS_OF, generate_worlds

pytestmark = pytest.mark.nightly

KILLS = 10
WORLDS = 6
OLD_AS_OF = WORLDS_AS_OF - timedelta(days=30)
PUBLIC = ("excluded_events", "quarantined_records", "source_freshness")
SELECTION = (*DATA_ONLY, "--select", *(f"+{table}" for table in PUBLIC))
ONE_TABLE = (*DATA_ONLY, "--select", "base_web__web_events")
RAW_TABLE_READ = "OK created sql table model main_staging.base_"
SMALL_FILE = 8_000_000
LITTLE_MEMORY = "1MB"


@dataclass(frozen=True)
class Company:
    """A small company, its published tables and what dbt makes of it.

    Attributes:
        command: The command, publishing into a DuckDB file.
        raw: Folder of raw files, as they are now.
        target: Folder of dbt's own files.
    """

    command: Command
    raw: Path
    target: Path

    @property
    def published(self) -> Path:
        """The published file."""
        return Path(self.command.warehouse.environment["LEAD_DB_PATH"])

    def at(self, as_of: datetime) -> Command:
        """Return the command with a clock."""
        return replace(self.command, variables=self.command.variables | {"LEAD_AS_OF": str(as_of)})

    @property
    def paths(self) -> tuple[str, ...]:
        """Options of dbt."""
        return files_of_dbt(self.target)

    def run(
        self,
        as_of: datetime,
        words: tuple[str, ...] = SELECTION,
        before: Callable[[], None] | None = None,
    ) -> Finished:
        """Build and publish."""
        return self.at(as_of).run("--", *self.paths, *words, before=before)


def digest(path: Path) -> str:
    """What is in a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of_first_worlds(folder: Path, source: Path) -> None:
    """Write the rows of a folder of raw files that are not of its last two worlds."""
    folder.mkdir()
    later = {f"w{WORLDS - 2:04d}", f"w{WORLDS - 1:04d}"}
    for path in source.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *(row for row in rows if row[0][:5] not in later)])


def grow(raw: Path, grown: Path) -> None:
    """Put more rows into every raw file, each at once."""
    for path in grown.glob("*.csv"):
        arriving = raw / f"{path.name}.arriving"
        shutil.copyfile(path, arriving)
        os.replace(arriving, raw / path.name)


def rows_in(path: Path) -> int:
    """How many rows a raw file has."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All the raw data."""
    folder = tmp_path_factory.mktemp("grown")
    generate_worlds(WORLDS, 11, folder)
    return folder


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, grown: Path) -> Company:
    """A company whose raw files grow while its first build runs, with that build published."""
    folder = tmp_path_factory.mktemp("company")
    raw = folder / "raw"
    of_first_worlds(raw, grown)
    command = Command(
        duckdb_warehouse(folder / "leads.duckdb"), folder, {"LEAD_RAW_PATH": str(raw)}
    )
    found = Company(command, raw, folder / "target")
    printed = ""
    with found.at(OLD_AS_OF).popen("--", *found.paths, *SELECTION) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if RAW_TABLE_READ in line and RAW_TABLE_READ not in printed:
                grow(raw, grown)
            printed += line
    assert process.returncode == 0, printed
    return found


@dataclass(frozen=True)
class NewState:
    """What a plain dbt build makes of the grown files.

    Attributes:
        warehouse: The build.
        lines: How many lines dbt printed.
    """

    warehouse: Warehouse
    lines: int


@pytest.fixture(scope="module")
def expected(company: Company, tmp_path_factory: pytest.TempPathFactory) -> NewState:
    """The new state, built without the command."""
    folder = company.published.with_name("leads.duckdb.building")
    folder.mkdir()
    # Where the command builds too, so that dbt need not reparse everything.
    path = folder / company.published.name
    printed = build(
        duckdb_warehouse(path),
        raw=company.raw,
        as_of=WORLDS_AS_OF,
        arguments=(*SELECTION, *company.paths),
    )
    done = tmp_path_factory.mktemp("expected") / path.name
    shutil.move(path, done)
    folder.rmdir()
    return NewState(duckdb_warehouse(done), len(printed.splitlines()))


def test_growing_source_breaks_nothing(company: Company, grown: Path) -> None:
    """Tables of different moments meet in one build; what came too late is in the next one."""
    read = company.command.warehouse.read(
        "select table_name from information_schema.tables "
        "where table_schema = 'main_staging' and starts_with(table_name, 'base_')"
    )["table_name"]
    bases = {name.split("__")[1]: name for name in read}
    sizes = {
        table: len(company.command.warehouse.read(f"from main_staging.{bases[table]}"))
        for table in {path.stem for path in grown.glob("*.csv")} & bases.keys()
    }
    late = [table for table, size in sizes.items() if size < rows_in(grown / f"{table}.csv")]
    assert 0 < len(late) < len(sizes)
    assert states_at_once(company.command.warehouse, "as_of") == {str(OLD_AS_OF)}


def test_killed_builds_leave_the_old_state(
    company: Company, expected: NewState, tmp_path: Path
) -> None:
    """Kills at random moments of a run, each on what the one before has left; then a whole run.

    Each time the published file is the old one to the byte, or the new one if the last kill comes
    late; readers of the last run see one as_of.
    """
    old, copy = digest(company.published), tmp_path / "old.duckdb"
    shutil.copyfile(company.published, copy)
    draw = random.Random(20260930)
    for kill in range(KILLS):
        # Spread over the whole run; the first one comes before dbt says anything.
        lines = draw.randrange(expected.lines // KILLS) + expected.lines * kill // KILLS
        process = company.at(WORLDS_AS_OF).popen("--", *company.paths, *SELECTION)
        kill_after(process, lines if kill else 0, draw.uniform(0, 1 if kill == 0 else 0.05))
        wait_until_ended(company.published)
        assert process.returncode == -signal.SIGKILL
        if digest(company.published) != old:
            assert_is_new(company, expected)
            shutil.copyfile(copy, company.published)
    with reader(lambda: states_at_once(company.command.warehouse, "as_of")) as seen:
        finished = company.run(WORLDS_AS_OF)
    assert finished.code == 0, finished.printed
    assert {frozenset(states) for states in seen} <= {
        frozenset({str(as_of)}) for as_of in (OLD_AS_OF, WORLDS_AS_OF)
    }
    assert {str(OLD_AS_OF)} in seen
    assert_is_new(company, expected)


def kill_after(process: subprocess.Popen[str], lines: int, seconds: float) -> None:
    """Kill a run once it has printed some lines, and a moment later."""
    assert process.stdout is not None
    for _, _ in zip(range(lines), process.stdout, strict=False):
        pass
    time.sleep(seconds)
    process.kill()
    process.communicate()


def assert_is_new(company: Company, expected: NewState) -> None:
    """The published tables are exactly those of a plain build."""
    names = public_tables(expected.warehouse)
    assert set(names) == set(public_tables(company.command.warehouse)) >= set(PUBLIC)
    assert not tables_that_differ(company.command.warehouse, expected.warehouse, names)


def test_full_disk_leaves_the_old_state(company: Company, tmp_path: Path) -> None:
    """A file may not grow beyond a size, which DuckDB meets as it does a full disk.

    The log that dbt's transactions go into may still fit: then only publishing finds out.
    """
    limit = (SMALL_FILE, SMALL_FILE)
    words = (*SELECTION, "--log-path", str(tmp_path))
    finished = failing(
        company, words, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    )
    assert "Could not write file" in finished.printed


def test_little_memory_leaves_the_old_state(company: Company, tmp_path: Path) -> None:
    """Less memory than DuckDB needs, and no disk to spill to."""
    profiles = from_yaml((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    output = profiles["lead_qualification"]["outputs"]["duckdb"]
    output["settings"] |= {"memory_limit": LITTLE_MEMORY, "max_temp_directory_size": "0KB"}
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
    finished = failing(company, (*ONE_TABLE, "--profiles-dir", str(tmp_path)))
    assert "Out of Memory Error" in finished.printed


def test_unreadable_file_leaves_the_old_state(company: Company) -> None:
    """The message names it, and the next run after its return is a whole one."""
    path = company.raw / "web_events.csv"
    content = path.read_bytes()
    path.write_bytes(bytes(range(256)) * 10)
    try:
        finished = failing(company, ONE_TABLE)
    finally:
        path.write_bytes(content)
    assert "web_events.csv" in finished.printed


def failing(
    company: Company, words: tuple[str, ...], before: Callable[[], None] | None = None
) -> Finished:
    """Run a build that fails; nothing is published and nothing left beside."""
    old = digest(company.published)
    finished = company.run(WORLDS_AS_OF, words, before)
    assert finished.code == 1, finished.printed
    assert "leadq publish: nothing published: " in finished.printed
    assert digest(company.published) == old
    assert not company.published.with_name("leads.duckdb.building").exists()
    return finished


def test_killed_build_on_postgres(postgres: dict[str, str], grown: Path, tmp_path: Path) -> None:
    """Killed half way, then whole: readers see one as_of all the time."""
    load_into_postgres(grown, postgres, "faults_raw")
    command = Command(postgres_warehouse(postgres, "faults"), tmp_path)
    words = ("--", *files_of_dbt(tmp_path / "t"), "--vars", "{raw_schema: faults_raw}", *SELECTION)
    first = command.run(*words)
    assert first.code == 0, first.printed
    (old,) = states_at_once(command.warehouse, "as_of")
    with reader(lambda: states_at_once(command.warehouse, "as_of")) as seen:
        with command.popen(*words) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if RAW_TABLE_READ.replace("main_", "faults_next_") in line:
                    process.kill()
        assert process.returncode == -signal.SIGKILL
        assert states_at_once(command.warehouse, "as_of") == {old}
        finished = command.run(*words)
    assert finished.code == 0, finished.printed
    (new,) = states_at_once(command.warehouse, "as_of")
    assert new != old
    assert {frozenset(states) for states in seen} <= {frozenset({old}), frozenset({new})}
