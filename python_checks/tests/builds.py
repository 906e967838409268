"""Builds for tests: without dbt's own tests, in the background, with dbt started once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import pytest

from lead_qualification.sql_text import sql_literal
from lead_qualification.warehouse import (
    PROJECT,
    Warehouse,
    connect_postgres,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.building import BuildError, load_into_postgres
from python_checks.dbt_process import Command, DbtProcess

DATA_ONLY = (
    *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    "--no-write-json",
)
ENGINES = ("duckdb", pytest.param("postgres", marks=pytest.mark.nightly))
"""The engines of a fixture; PostgreSQL is for make nightly."""
MODELS_ONLY = ("--no-write-json",)
"""Options of ``dbt run``, which spares dbt the search for tests that hold models back."""
DEMO_NAME = "lead_qualification.duckdb"
"""The file of ``make build``; builds of the same name need the project parsed once."""
POLICY_SEEDS = Path("seeds") / "policy"
DEMO_SEEDS = Path("seeds") / "demo"
EDITABLE = (str(POLICY_SEEDS), "models")


def files_of_dbt(folder: Path) -> tuple[str, ...]:
    """Return the options with which dbt writes its own files into a folder."""
    return ("--target-path", str(folder), "--log-path", str(folder))


@dataclass(frozen=True)
class Order:
    """What to build.

    Attributes:
        raw: Folder of raw files; none: the embedded demo.
        as_of: The clock of the build; none: the project's.
        variables: Further vars.
        edit: Changes the policy or models in a copy of the project.
        onto: A finished build, over a copy of which this one goes.
        arguments: Further arguments of dbt, such as a selection.
    """

    raw: Path | None
    as_of: datetime | None
    variables: dict[str, object] = field(default_factory=dict)
    edit: Callable[[Path], None] | None = None
    onto: Warehouse | None = None
    arguments: tuple[str, ...] = ()


class Builds:
    """Builds of the project into DuckDB files, without tests, one after the other.

    They run in one process of dbt, which parses once for all orders with the same vars. A build
    from nothing without further arguments is a replay of an earlier one where that leads to the
    same (python_checks/recordings.py). Seeds are loaded by the first build; later ones begin with a
    copy of them, and load only those that an edit changes.
    """

    def __init__(self, folder: Path, dbt: DbtProcess, made: Warehouse | None = None) -> None:
        """Prepare builds, with the policy tables of one that is made already."""
        self.folder = folder
        self.dbt = dbt
        self.pool = ThreadPoolExecutor(1)
        self.lock = Lock()
        self.kept: Path | None = None
        self.number = 0
        self.replayed = 0
        if made is not None:
            self._keep_seeds(Path(made.environment["LEAD_DB_PATH"]))

    def submit(self, raw: Path | None, as_of: datetime | None, **options: Any) -> Future[Warehouse]:
        """Build an order in the background; the future raises BuildError if dbt fails."""
        with self.lock:
            self.number += 1
            done = self.folder / f"{self.number}.duckdb"
        return self.pool.submit(self._build, Order(raw, as_of, **options), done)

    def build(self, raw: Path | None, as_of: datetime | None, **options: Any) -> Warehouse:
        """Build an order and wait for it."""
        return self.submit(raw, as_of, **options).result()

    def close(self) -> None:
        """Build nothing more."""
        self.pool.shutdown(cancel_futures=True)

    def _build(self, order: Order, done: Path) -> Warehouse:
        """Build under a name that all builds share, so that dbt need not parse again."""
        path = self.folder / DEMO_NAME
        path.unlink(missing_ok=True)
        environment = {"LEAD_DB_PATH": str(path)}
        if order.raw is not None:
            environment["LEAD_RAW_PATH"] = str(order.raw)
        if order.as_of is not None:
            environment["LEAD_AS_OF"] = str(order.as_of)
        edited = self._edited(order.edit)
        if order.onto is not None:
            shutil.copy(order.onto.environment["LEAD_DB_PATH"], path)
        elif self.kept is not None:
            shutil.copy(self.kept, path)
        command = Command(
            name="run",
            target="duckdb",
            environment=environment,
            variables=order.variables,
            arguments=(*MODELS_ONLY, *order.arguments),
            edited=str(edited or ""),
            folder=str(self.folder / "dbt"),
            seeds=_seeds_to_load(path, order, edited),
            from_nothing=order.onto is None and not order.arguments,
        )
        ended = self.dbt.run(command)
        if not ended.is_success:
            raise BuildError(ended.printed)
        self.replayed += ended.is_replayed
        shutil.move(path, done)
        if self.kept is None and edited is None:
            self._keep_seeds(done)
        return duckdb_warehouse(done)

    def _edited(self, edit: Callable[[Path], None] | None) -> Path | None:
        """A folder with the edited policy and models."""
        return None if edit is None else edited_copy(self.folder / "edited", edit)

    def _keep_seeds(self, made: Path) -> None:
        """Copy the tables that a build has loaded from seeds."""
        path = self.folder / "seeds.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"attach {sql_literal(made)} as made (read_only)")
            for schema, name in _loaded_seeds(connection, "made"):
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(f"create table {schema}.{name} as from made.{schema}.{name}")
        self.kept = path


def _loaded_seeds(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, str]]:
    """The schemas and names of the seeds that are in a database."""
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? "
        "and schema_name in ('main_policy', 'main_demo')",
        [database],
    ).fetchall()


def _seeds_to_load(path: Path, order: Order, edited: Path | None) -> tuple[str, ...]:
    """The options with which dbt loads the seeds that are missing in a file or edited, if any."""
    loaded: set[str] = set()
    if path.exists():
        with duckdb.connect(str(path), read_only=True) as connection:
            loaded = {name for _, name in _loaded_seeds(connection, path.stem)}
    folders = [POLICY_SEEDS] if order.raw is not None else [POLICY_SEEDS, DEMO_SEEDS]
    files = [file for folder in folders for file in sorted((PROJECT / folder).glob("*.csv"))]
    names = [
        file.stem for file in files if file.stem not in loaded or not _is_as_shipped(file, edited)
    ]
    return ("--no-write-json", "--select", *names) if names else ()


def _is_as_shipped(file: Path, edited: Path | None) -> bool:
    """Whether a seed of the project is not edited."""
    if edited is None or not (edited / file.relative_to(PROJECT)).exists():
        return True
    return file.read_bytes() == (edited / file.relative_to(PROJECT)).read_bytes()


def edited_copy(folder: Path, edit: Callable[[Path], None]) -> Path:
    """Copy policy and models into a folder, in place of what is there, and edit the copy."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in EDITABLE:
        shutil.copytree(PROJECT / part, folder / part)
    edit(folder)
    return folder


def build_in_postgres(
    server: dict[str, str],
    dbt: DbtProcess,
    schema: str,
    raw: Path,
    as_of: datetime,
    folder: Path,
    arguments: tuple[str, ...] = (),
    edited: Path | None = None,
    variables: dict[str, object] | None = None,
) -> Warehouse:
    """Load a folder of raw files and build all tables over those that are there.

    Args:
        server: A running server, as the variables by which profiles.yml finds it.
        dbt: Runs the build.
        schema: Prefix of the schemas.
        raw: The folder.
        as_of: The clock.
        folder: Where dbt writes its own files.
        arguments: Further arguments of dbt.
        edited: A folder with policy and models in place of the project's.
        variables: Further vars.

    Raises:
        BuildError: dbt ended with an error.
    """
    load_into_postgres(raw, server, "lead_raw")
    warehouse = postgres_warehouse(server, schema)
    ended = dbt.run(
        Command(
            name="build",
            target="postgres",
            environment={**warehouse.environment, "LEAD_AS_OF": str(as_of)},
            variables={"raw_schema": "lead_raw", **(variables or {})},
            arguments=(*DATA_ONLY, *arguments),
            edited=str(edited or ""),
            folder=str(folder),
        )
    )
    if not ended.is_success:
        raise BuildError(ended.printed)
    return warehouse


class PostgresBuilds:
    """Model-only builds in one PostgreSQL server, one at a time, in the background."""

    def __init__(self, server: dict[str, str], folder: Path, dbt: DbtProcess) -> None:
        """Prepare builds in a running server; dbt writes its own files into a folder."""
        self.server = server
        self.folder = folder
        self.dbt = dbt
        self.pool = ThreadPoolExecutor(1)

    def submit(
        self,
        raw: Path,
        name: str,
        as_of: datetime,
        edit: Callable[[Path], None] | None = None,
        variables: dict[str, object] | None = None,
    ) -> Future[Warehouse]:
        """Load a folder of raw files and build all tables; the marts end in a schema of name."""
        return self.pool.submit(self._build, raw, name, as_of, edit, variables or {})

    def close(self) -> None:
        """Build nothing more."""
        self.pool.shutdown(cancel_futures=True)

    def _build(
        self,
        raw: Path,
        name: str,
        as_of: datetime,
        edit: Callable[[Path], None] | None,
        variables: dict[str, object],
    ) -> Warehouse:
        """Build in schemas that dbt has parsed before, then rename the marts."""
        edited = None if edit is None else edited_copy(self.folder / "edited", edit)
        target = self.folder / "dbt"
        build_in_postgres(
            self.server,
            self.dbt,
            "building",
            raw,
            as_of,
            target,
            edited=edited,
            variables=variables,
        )
        connection = connect_postgres(self.server)
        with connection, connection.cursor() as cursor:
            cursor.execute(f"alter schema building_marts rename to {name}_marts")
        connection.close()
        return postgres_warehouse(self.server, name)


def built_on(
    request: pytest.FixtureRequest,
    builds: Builds,
    raw: Path,
    name: str,
    as_of: datetime,
    edit: Callable[[Path], None] | None = None,
    variables: dict[str, object] | None = None,
) -> Warehouse:
    """A build on the engine that a fixture's parameter names.

    Args:
        request: That of the fixture; its parameter is duckdb or postgres.
        builds: The fixture builds, an argument of the fixture, so that one process runs its tests.
        raw: The folder of raw files.
        name: The beginning of the schema of the marts in PostgreSQL.
        as_of: The clock.
        edit: Changes to a copy of the project.
        variables: Further vars.
    """
    if request.param == "postgres":
        postgres: PostgresBuilds = request.getfixturevalue("postgres_builds")
        return postgres.submit(raw, name, as_of, edit, variables).result()
    return builds.build(raw, as_of, variables=variables or {}, edit=edit)


def demo_made_before() -> Warehouse | None:
    """The demo that ``make build`` built for this run of the tests, if it says so."""
    path = os.environ.get("LEAD_TEST_DEMO")
    return duckdb_warehouse(Path(path)) if path else None
