"""What a run leaves for the next one: the clock, what the rules were, and fingerprints.

The row of ``state`` is written last, or in the transaction that changes the tables; a build by
hand deletes it (macro ``forget_daily_run``). Without it the next run builds everything.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
import psycopg2

from lead_qualification.daily_run.session import Session
from lead_qualification.errors import WarehouseError

FORMAT = "1"
RULES = ("dbt_project.yml", "packages.yml", "models", "macros", "seeds", "dbt_packages")
PACKAGES = ("dbt-core", "dbt-duckdb", "dbt-postgres", "duckdb")


@dataclass(frozen=True)
class State:
    """What is known of the last run.

    Attributes:
        as_of: Its clock.
        rules: Hash of everything but the data that decides what the tables hold.
    """

    as_of: datetime
    rules: str


def rules_hash(project: Path, variables: dict[str, object]) -> str:
    """Return the hash of the policy, models, macros, vars and versions of engine and dbt."""
    found = hashlib.sha256(FORMAT.encode())
    for part in RULES:
        root = project / part
        paths = sorted(root.rglob("*")) if root.is_dir() else [root]
        for path in paths:
            if path.is_file() and path.parent.name != "demo":
                found.update(str(path.relative_to(project)).encode())
                found.update(path.read_bytes())
    for package in PACKAGES:
        try:
            found.update(f"{package} {version(package)}".encode())
        except PackageNotFoundError:
            continue
    without_clock = {name: value for name, value in variables.items() if name != "as_of"}
    found.update(json.dumps(without_clock, sort_keys=True).encode())
    return found.hexdigest()


def read(session: Session, schema: str) -> State | None:
    """Return the state in a schema; none if it is absent or cannot be read."""
    try:
        found = session.rows(f'select as_of, rules from "{schema}".state')
    except (WarehouseError, duckdb.Error, psycopg2.Error):
        return None
    return State(found[0][0], found[0][1]) if len(found) == 1 else None


def forget(session: Session, schema: str) -> None:
    """Delete the state, so that a run that is interrupted now is followed by a full one."""
    session.execute(f'create schema if not exists "{schema}"')
    session.execute(f'drop table if exists "{schema}".state')
    session.execute(f'create table "{schema}".state (as_of timestamp, rules varchar(64))')


def write(session: Session, schema: str, state: State) -> None:
    """Replace the state."""
    session.execute(f'delete from "{schema}".state')
    session.execute(
        f"insert into \"{schema}\".state values (timestamp '{state.as_of}', '{state.rules}')"
    )
