"""A run of the sync: reads the sync table, then shows or delivers it."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.crm_sync.adapters import connected
from lead_qualification.crm_sync.checkpoint import Checkpoint
from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.delivery import Delivery, Plan, Result, planned, unsettled
from lead_qualification.crm_sync.errors import (
    BatchRefusedError,
    TemporaryError,
    UnreadableAnswerError,
)
from lead_qualification.crm_sync.failure_report import write_report
from lead_qualification.crm_sync.retries import Patience
from lead_qualification.crm_sync.source import read_rows
from lead_qualification.crm_sync.sync_tables import SYNC_TABLES, Row, Value
from lead_qualification.errors import ConfigurationError, StoppedError
from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.progress import progress
from lead_qualification.untrusted import lines, plain
from lead_qualification.warehouse import Warehouse

SHOWN = 5


@dataclass(frozen=True)
class Order:
    """What to do, and how.

    Attributes:
        to: The CRM.
        table: The sync table, as the command calls it.
        is_dry_run: Whether to say only what would be written.
        batch_size: Rows of a batch; none: as many as the CRM takes.
        checkpoint: File with what is known of each row.
        report: CSV of the rows that failed.
        tries: Calls before giving up.
        longest_wait: Seconds between two calls at most.
        settle_seconds: How long the CRM may work at a request whose sender was killed.
    """

    to: str
    table: str
    is_dry_run: bool
    batch_size: int | None
    checkpoint: Path
    report: Path
    tries: int
    longest_wait: float
    settle_seconds: float | None


def run(warehouse: Warehouse, order: Order) -> int:
    """Run an order and return the exit code; no credential or address gets into a message.

    Raises:
        ConfigurationError: Nothing was written; a person has to change something.
        StoppedError: The user stopped it.
    """
    try:
        return _run(warehouse, order)
    except ConfigurationError as error:
        raise ConfigurationError(redacted(error.what), redacted(error.remedy)) from None
    except KeyboardInterrupt:
        raise StoppedError("stopped", "run the same command again to go on") from None
    except Exception:
        print(lines(redacted(traceback.format_exc())), file=sys.stderr)
        return FAILED


def _run(warehouse: Warehouse, order: Order) -> int:
    """Read the sync table, then show or deliver it."""
    table = SYNC_TABLES[order.table]
    rows = read_rows(warehouse, table)
    if not rows:
        print(f"{table.model} has no rows: the CRM has all values already, nothing to write")
        return OK
    if order.is_dry_run:
        return _show(rows, order.checkpoint)
    with Checkpoint(order.checkpoint) as checkpoint:
        result = _deliver(order, rows, checkpoint)
    write_report(order.report, result.failures)
    print(
        f"{order.table} to {order.to}: {len(rows)} rows, {result.written} written, "
        f"{result.arrived} had arrived before, {result.skipped} done before, "
        f"{len(result.failures)} failed"
    )
    if result.failures:
        print(f"leadq sync: failed rows and what to do: {order.report}", file=sys.stderr)
        return FAILED
    return OK


def _deliver(order: Order, rows: list[Row], checkpoint: Checkpoint) -> Result:
    """Check the CRM, then bring it the rows."""
    crm = connected(order.to, SYNC_TABLES[order.table])
    batch_size = order.batch_size or crm.batch_size
    if batch_size > crm.batch_size:
        raise ConfigurationError(f"--batch-size: {crm.name} takes at most {crm.batch_size}")
    settle = crm.settle_seconds if order.settle_seconds is None else order.settle_seconds
    patience = Patience(order.tries, order.longest_wait, settle)
    try:
        identity = patience.retrying()(crm.identity)
    except UnreadableAnswerError as error:
        raise ConfigurationError(str(error), error.remedy) from None
    except TemporaryError as error:
        plan = planned(rows, checkpoint.states())
        failures = unsettled([*plan.in_doubt, *plan.to_send], error)
        return Result(skipped=len(plan.done), failures=failures)
    except BatchRefusedError as error:
        raise ConfigurationError(str(error)) from None
    checkpoint.belong_to(order.to, order.table, identity)
    with progress(f"rows to {order.to}", len(rows)) as shown:
        return Delivery(crm, checkpoint, patience, batch_size, shown.advance).run(rows)


def _show(rows: list[Row], checkpoint_path: Path) -> int:
    """Print what would be written; the CRM is not called."""
    states = {}
    if checkpoint_path.exists():
        with Checkpoint(checkpoint_path) as checkpoint:
            states = checkpoint.states()
    plan = planned(rows, states)
    print("\n".join(_described(plan)))
    return OK


def _described(plan: Plan) -> list[str]:
    """A dry run in words."""
    coming = [*plan.to_send, *plan.in_doubt]
    described = [
        f"dry run: {len(plan.to_send)} rows would be written, {len(plan.in_doubt)} would be "
        f"looked up in the CRM first, {len(plan.done)} are done"
    ]
    for row in coming[:SHOWN]:
        told = "; ".join(f"{name} {_shown(row.values[name])}" for name in row.changed)
        described.append(plain(f"  {row.key}: {told}"))
    if len(coming) > SHOWN:
        described.append(f"  ... and {len(coming) - SHOWN} more")
    return described


def _shown(value: Value) -> str:
    """A value as people read it."""
    return "(empty)" if value is None else str(value)
