"""The command; ``python -m lead_qualification.dashboard --help`` names every option and environment variable."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lead_qualification.dashboard.access import VARIABLES as ACCESS_VARIABLES
from lead_qualification.dashboard.reading import TARGET
from lead_qualification.warehouse import DUCKDB_FILE, POSTGRES_VARIABLES, PROJECT

APP = Path(__file__).with_name("app.py")


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    lines = [
        f"{DUCKDB_FILE}: the DuckDB file; default: lead_qualification.duckdb in the project",
        f"{', '.join(POSTGRES_VARIABLES)}: the PostgreSQL warehouse, as for dbt",
        *(f"{name}: {meaning}" for name, meaning in ACCESS_VARIABLES.items()),
    ]
    found = argparse.ArgumentParser(
        prog="python -m lead_qualification.dashboard",
        description="Show the public tables of the warehouse in a browser.",
        epilog="environment variables:\n" + "\n".join(f"  {line}" for line in lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument(
        "--target", default="duckdb", choices=["duckdb", "postgres"], help="dbt target to read"
    )
    found.add_argument("--port", type=int, default=8501, help="default: 8501")
    found.add_argument(
        "--address", default="localhost", help="where to listen; default: this machine only"
    )
    return found


def main(arguments: list[str] | None = None) -> None:
    """Replace this process by the server of the application."""
    given = parser().parse_args(arguments)
    os.environ[TARGET] = given.target
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP)),
        *("--server.port", str(given.port)),
        *("--server.address", given.address),
    ]
    print(f"dashboard on http://{given.address}:{given.port}", flush=True)
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main()
