"""Writes generated raw tables as files: `python -m lead_qualification.generator --out DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from . import Planted, generate
from .planted import EFFECTS


def main() -> None:
    """Parses the arguments, generates and writes one file per table."""
    parser = argparse.ArgumentParser(prog="python -m lead_qualification.generator", description=__doc__)
    parser.add_argument("--leads", type=int, default=600, help="number of people")
    parser.add_argument("--seed", type=int, default=20260630)
    parser.add_argument("--as-of", default="2026-06-30 23:59:59", help="end of the timeline, UTC")
    parser.add_argument("--months", type=int, default=15, help="length of the timeline")
    parser.add_argument("--events", type=int, help="rows over the five event tables, roughly")
    parser.add_argument(
        "--plant",
        nargs="*",
        choices=EFFECTS,
        help="draw the deals anew with these known effects, without a name with none (see planted)",
    )
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--prefix", default="", help="put before the file names")
    parser.add_argument("--out", type=Path, required=True, help="folder of the files")
    options = parser.parse_args()
    planted = None if options.plant is None else Planted.of(options.plant)
    tables = generate(
        options.leads, options.seed, options.as_of, options.months, options.events, planted
    )
    options.out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write(table, options.out / f"{options.prefix}{name}.{options.format}")
        print(f"{name}: {len(table)} rows")


def write(table: pd.DataFrame, path: Path) -> None:
    """Writes a table in the format that the suffix of the path names."""
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
