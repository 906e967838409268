"""The command; ``python -m lead_qualification.published_build --help`` names its options."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from lead_qualification.published_build.build_process import command_of, run
from lead_qualification.published_build.duckdb_file import NextFile, next_file
from lead_qualification.published_build.postgres_schemas import NextSchemas, next_schemas
from lead_qualification.published_build.problems import ConfigurationError, NotPublishedError
from lead_qualification.warehouse import DUCKDB_FILE, Warehouse, warehouse_of_target

PUBLISHED, NOT_PUBLISHED, WRONG_USE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    found = argparse.ArgumentParser(
        prog="python -m lead_qualification.published_build",
        usage="%(prog)s [options] [-- options of dbt build, or a command]",
        description="Build beside the published tables; publish all of them at once, or none.",
        epilog="exit codes: 0 published, 1 nothing published (the build failed, or its state "
        "could not take the place of the published one), 2 wrong use or configuration, or another "
        "build is running. The warehouse is found by LEAD_DB_PATH or LEAD_PG_*, as by dbt.",
    )
    found.add_argument(
        "--target", default="duckdb", choices=["duckdb", "postgres"], help="dbt target"
    )
    found.add_argument(
        "--on-top", action="store_true", help="begin with a copy of the published file (duckdb)"
    )
    found.add_argument(
        "--drop-removed", action="store_true", help="drop tables that the new build has not made"
    )
    found.add_argument(
        "--wait",
        type=float,
        default=600,
        metavar="SECONDS",
        help="how long to wait for a pause of those who use the published tables; default: 600",
    )
    found.add_argument("words", nargs="*", metavar="-- ...", help=argparse.SUPPRESS)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        _run(given)
    except ConfigurationError as error:
        print(f"published_build: {error}", file=sys.stderr)
        return WRONG_USE
    except NotPublishedError as error:
        print(f"published_build: nothing published: {error}", file=sys.stderr)
        return NOT_PUBLISHED
    except KeyboardInterrupt:
        print("published_build: stopped, nothing published", file=sys.stderr)
        return NOT_PUBLISHED
    return PUBLISHED


def _run(given: argparse.Namespace) -> None:
    """Build, then publish."""
    command = command_of(given.words, given.target)
    warehouse = warehouse_of_target(given.target)
    with _next_state(warehouse) as state:
        state.begin(on_top=given.on_top)
        run(command, state.variables, state.keep_open)
        state.publish(drop_removed=given.drop_removed, wait_seconds=given.wait)
    where = warehouse.environment.get(DUCKDB_FILE) or warehouse.marts
    print(f"published: {where}")


def _next_state(warehouse: Warehouse) -> AbstractContextManager[NextFile | NextSchemas]:
    """Where the next state of a warehouse is built."""
    if warehouse.target == "duckdb":
        return next_file(Path(warehouse.environment[DUCKDB_FILE]))
    return next_schemas(warehouse.environment)


if __name__ == "__main__":
    sys.exit(main())
