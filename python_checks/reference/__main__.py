"""Command: ``python -m python_checks.reference --raw DIR --policy DIR --as-of TIME --out DIR``."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from python_checks.reference import compute
from python_checks.reference.rules import DATED, LATEST
from python_checks.reference.tables import write_tables


def main() -> None:
    """Compute the public tables from raw CSVs and write them as CSVs."""
    parser = argparse.ArgumentParser(prog="python -m python_checks.reference")
    parser.add_argument("--raw", type=Path, required=True, help="folder of raw CSVs")
    parser.add_argument("--policy", type=Path, required=True, help="folder of policy CSVs")
    parser.add_argument("--as-of", type=datetime.fromisoformat, required=True, help="UTC time")
    parser.add_argument("--policy-in-force", choices=[DATED, LATEST], default=DATED)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    variables = {"policy_in_force": arguments.policy_in_force}
    tables = compute(arguments.raw, arguments.policy, arguments.as_of, variables)
    write_tables(tables, arguments.out)
    for name, rows in tables.items():
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
