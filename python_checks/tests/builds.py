"""Builds for tests: without dbt's own tests, side by side, and as little parsed anew as may be."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from lead_qualification.warehouse import (
    PROJECT,
    Warehouse,
    connect_postgres,
    duckdb_warehouse,
    postgres_warehouse,
)
from python_checks.building import build, copy_project, load_into_postgres

DATA_ONLY = (
    *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    "--no-write-json",
)
SLOTS = 2


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
        edit: Changes a copy of the project before it is built.
        edits_policy: Whether the edit changes policy tables, and not only models.
        onto: A finished build, over a copy of which this one goes.
        arguments: Further arguments of dbt, such as a selection.
    """

    raw: Path | None
    as_of: datetime | None
    variables: dict[str, object] = field(default_factory=dict)
    edit: Callable[[Path], None] | None = None
    edits_policy: bool = False
    onto: Warehouse | None = None
    arguments: tuple[str, ...] = ()

    @property
    def parsed_alike(self) -> str:
        """Orders for which this says the same need not be parsed anew."""
        words = f"{self.variables} {self.raw is None}"
        return hashlib.sha256(words.encode()).hexdigest()[:8]


class Builds:
    """Builds of the project into DuckDB files, without tests, two at a time.

    A slot shows dbt the same database path, raw path and target folder for the same variables
    every time, so that it parses anew only what changed; the finished file is then put aside.
    The policy tables are loaded by the first build; later ones begin with a copy of them.
    """

    def __init__(self, folder: Path, copies_of: Builds | None = None) -> None:
        """Prepare builds of the project as it is, or of copies of it that may be edited."""
        self.folder = folder
        self.copies_of = copies_of
        self.pool = ThreadPoolExecutor(SLOTS)
        self.lock = Lock()
        self.idle = list(range(SLOTS))
        self.parsed: set[Path] = set()
        self.policy: Path | None = None
        self.number = 0

    def submit(self, raw: Path | None, as_of: datetime | None, **options: Any) -> Future[Warehouse]:
        """Build an order in the background; the future raises BuildError if dbt fails."""
        with self.lock:
            self.number += 1
            done = self.folder / f"{self.number}.duckdb"
        return self.pool.submit(self._build, Order(raw, as_of, **options), done)

    def build(self, raw: Path | None, as_of: datetime | None, **options: Any) -> Warehouse:
        """Build an order and wait for it."""
        return self.submit(raw, as_of, **options).result()

    def _build(self, order: Order, done: Path) -> Warehouse:
        """Build in an idle slot, if there is one in which dbt parsed the like."""
        with self.lock:
            folders = {slot: self.folder / f"slot{slot}" / order.parsed_alike for slot in self.idle}
            slot = next((s for s, folder in folders.items() if folder in self.parsed), self.idle[0])
            self.idle.remove(slot)
            self.parsed.add(folders[slot])
        try:
            path, has_policy = self._prepared(folders[slot], order)
            without_seeds = ("--exclude-resource-type", "seed") if has_policy else ()
            build(
                duckdb_warehouse(path),
                raw=None if order.raw is None else path.with_name("raw"),
                as_of=order.as_of,
                variables=order.variables,
                project=self._project(slot, order.edit),
                arguments=(*DATA_ONLY, *without_seeds, *order.arguments),
            )
            shutil.move(path, done)
        finally:
            with self.lock:
                self.idle.append(slot)
        self._keep_policy(order, done)
        return duckdb_warehouse(done)

    def _prepared(self, folder: Path, order: Order) -> tuple[Path, bool]:
        """The path of the database, with raw data beside it; whether it has the policy tables."""
        folder.mkdir(parents=True, exist_ok=True)
        path, link = folder / "building.duckdb", folder / "raw"
        path.unlink(missing_ok=True)
        link.unlink(missing_ok=True)
        if order.raw is not None:
            link.symlink_to(order.raw, target_is_directory=True)
        if order.onto is not None:
            shutil.copy(order.onto.environment["LEAD_DB_PATH"], path)
            return path, False
        policy = (self.copies_of or self).policy
        if policy is None or order.raw is None or order.edits_policy:
            return path, False
        shutil.copy(policy, path)
        return path, True

    def _keep_policy(self, order: Order, done: Path) -> None:
        """Put aside the policy tables of the first complete build of the project as it is."""
        if self.policy or self.copies_of or order.raw is None or order.arguments:
            return
        path = done.with_suffix(".policy")
        shutil.copy(done, path)
        with duckdb.connect(str(path)) as connection:
            schemas = connection.execute(
                "select distinct schema_name from information_schema.schemata "
                "where catalog_name = current_database() and schema_name like 'main!_%' escape '!' "
                "and schema_name <> 'main_policy'"
            ).fetchall()
            for (schema,) in schemas:
                connection.execute(f"drop schema {schema} cascade")
        self.policy = path

    def _project(self, slot: int, edit: Callable[[Path], None] | None) -> Path:
        """The project to build: the checkout, or the slot's copy of it, fresh and then edited."""
        if self.copies_of is None:
            return PROJECT
        copy = self.folder / f"slot{slot}" / "project"
        pristine = self.folder / f"slot{slot}" / "pristine"
        if not pristine.exists():
            copy_project(pristine)
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(pristine, copy)
        if edit is not None:
            edit(copy)
        return copy


class PostgresBuilds:
    """Data-only builds in one PostgreSQL server, one at a time, in the background."""

    def __init__(self, server: dict[str, str], folder: Path) -> None:
        """Prepare builds in a running server; dbt writes its own files into a folder."""
        self.server = server
        self.folder = folder
        self.pool = ThreadPoolExecutor(1)

    def submit(self, raw: Path, name: str, as_of: datetime) -> Future[Warehouse]:
        """Load a folder of raw files and build all tables; the marts end in a schema of name."""
        return self.pool.submit(self._build, raw, name, as_of)

    def _build(self, raw: Path, name: str, as_of: datetime) -> Warehouse:
        """Build in schemas that dbt has parsed before, then put the marts aside."""
        load_into_postgres(raw, self.server, "lead_raw")
        warehouse = postgres_warehouse(self.server, "building")
        build(
            warehouse,
            raw_schema="lead_raw",
            as_of=as_of,
            arguments=(*DATA_ONLY, *files_of_dbt(self.folder / "dbt")),
        )
        connection = connect_postgres(self.server)
        with connection, connection.cursor() as cursor:
            cursor.execute(f"alter schema building_marts rename to {name}_marts")
        connection.close()
        return postgres_warehouse(self.server, name)
