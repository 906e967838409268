"""The command; ``python -m lead_qualification.crm_sync --help`` names every option and environment variable."""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path

from tqdm import tqdm

from lead_qualification.crm_sync.adapters import CRMS, connected
from lead_qualification.crm_sync.checkpoint import Checkpoint
from lead_qualification.crm_sync.delivery import Delivery, Plan, Result, planned, unsettled
from lead_qualification.crm_sync.failure_report import write_report
from lead_qualification.crm_sync.field_mapping import VARIABLE as FIELDS_VARIABLE
from lead_qualification.crm_sync.problems import BatchRefusedError, ConfigurationError, TemporaryError
from lead_qualification.crm_sync.retries import Patience
from lead_qualification.crm_sync.settings import VARIABLES, redacted
from lead_qualification.crm_sync.source import read_rows
from lead_qualification.crm_sync.sync_tables import SYNC_TABLES, Row, Value
from lead_qualification.warehouse import warehouse_of_target

FOLDER = Path(".crm_sync")
WRITTEN, ROWS_FAILED, WRONG_USE = 0, 1, 2
SHOWN = 5


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    found = argparse.ArgumentParser(
        prog="python -m lead_qualification.crm_sync",
        description="Write lead stages and scores from the warehouse back to a CRM.",
        epilog=_variables(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--to", required=True, choices=list(CRMS), help="the CRM")
    found.add_argument("--table", default="leads", choices=list(SYNC_TABLES), help="default: leads")
    found.add_argument(
        "--target", default="duckdb", choices=["duckdb", "postgres"], help="dbt target to read"
    )
    found.add_argument("--dry-run", action="store_true", help="say what would be written")
    found.add_argument("--batch-size", type=_positive, help="rows of a batch; default: the CRM's")
    found.add_argument("--checkpoint", type=Path, help=f"default: in {FOLDER}/")
    found.add_argument("--report", type=Path, help=f"CSV of failed rows; default: in {FOLDER}/")
    found.add_argument("--tries", type=_positive, default=6, help="calls before giving up")
    found.add_argument(
        "--longest-wait", type=float, default=60, help="seconds between two calls at most"
    )
    found.add_argument(
        "--settle-seconds",
        type=float,
        help="how long the CRM may work at a request whose sender was killed; default: the CRM's",
    )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        return _run(given)
    except ConfigurationError as error:
        print(f"crm_sync: {redacted(str(error))}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("crm_sync: stopped; run the same command again to go on", file=sys.stderr)
        return ROWS_FAILED
    except Exception:
        print(redacted(traceback.format_exc()), file=sys.stderr)
        return ROWS_FAILED


def _run(given: argparse.Namespace) -> int:
    """Read the sync table, then show or deliver it."""
    table = SYNC_TABLES[given.table]
    rows = read_rows(warehouse_of_target(given.target), table)
    if not rows:
        print(f"{table.model} has no rows: the CRM has all values already, nothing to write")
        return WRITTEN
    name = f"{given.to}_{given.table}"
    checkpoint_path = given.checkpoint or FOLDER / f"{name}.sqlite"
    if given.dry_run:
        return _show(rows, checkpoint_path)
    report_path = given.report or FOLDER / f"{name}_failures.csv"
    with Checkpoint(checkpoint_path) as checkpoint:
        result = _deliver(given, rows, checkpoint)
    write_report(report_path, result.failures)
    print(
        f"{given.table} to {given.to}: {len(rows)} rows, {result.written} written, "
        f"{result.arrived} had arrived before, {result.skipped} done before, "
        f"{len(result.failures)} failed"
    )
    if result.failures:
        print(f"crm_sync: failed rows and what to do: {report_path}", file=sys.stderr)
        return ROWS_FAILED
    return WRITTEN


def _deliver(given: argparse.Namespace, rows: list[Row], checkpoint: Checkpoint) -> Result:
    """Check the CRM, then bring it the rows."""
    crm = connected(given.to, SYNC_TABLES[given.table])
    batch_size = given.batch_size or crm.batch_size
    if batch_size > crm.batch_size:
        raise ConfigurationError(f"--batch-size: {crm.name} takes at most {crm.batch_size}")
    settle = crm.settle_seconds if given.settle_seconds is None else given.settle_seconds
    patience = Patience(given.tries, given.longest_wait, settle)
    try:
        identity = patience.retrying()(crm.identity)
    except TemporaryError as error:
        plan = planned(rows, checkpoint.states())
        failures = unsettled([*plan.in_doubt, *plan.to_send], error)
        return Result(skipped=len(plan.done), failures=failures)
    except BatchRefusedError as error:
        raise ConfigurationError(str(error)) from None
    checkpoint.belong_to(given.to, given.table, identity)
    # disable=None: only on a terminal.
    with tqdm(total=len(rows), unit="row", disable=None) as bar:
        return Delivery(crm, checkpoint, patience, batch_size, bar.update).run(rows)


def _show(rows: list[Row], checkpoint_path: Path) -> int:
    """Print what would be written; the CRM is not called."""
    states = {}
    if checkpoint_path.exists():
        with Checkpoint(checkpoint_path) as checkpoint:
            states = checkpoint.states()
    plan = planned(rows, states)
    print("\n".join(_described(plan)))
    return WRITTEN


def _described(plan: Plan) -> list[str]:
    """A dry run in words."""
    coming = [*plan.to_send, *plan.in_doubt]
    lines = [
        f"dry run: {len(plan.to_send)} rows would be written, {len(plan.in_doubt)} would be "
        f"looked up in the CRM first, {len(plan.done)} are done"
    ]
    for row in coming[:SHOWN]:
        told = "; ".join(f"{name} {_shown(row.values[name])}" for name in row.changed)
        lines.append(f"  {row.key}: {told}")
    if len(coming) > SHOWN:
        lines.append(f"  ... and {len(coming) - SHOWN} more")
    return lines


def _shown(value: Value) -> str:
    """A value as people read it."""
    return "(empty)" if value is None else str(value)


def _positive(text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no whole number above zero")
    return int(text)


def _variables() -> str:
    """The environment variables, as the end of the help."""
    lines = ["exit codes: 0 all written, 1 rows failed, 2 wrong use or configuration", ""]
    for crm, names in VARIABLES.items():
        lines.append(f"environment variables of --to {crm}:")
        lines += [f"  {name}: {meaning}" for name, meaning in names.items()]
    lines += [
        f"{FIELDS_VARIABLE}: optional TOML file with other field names (crm_sync/field_mapping.py)",
        "The warehouse is found by LEAD_DB_PATH or LEAD_PG_*, as by dbt.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
