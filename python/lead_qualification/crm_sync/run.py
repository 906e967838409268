"""A run of the sync: reads the sync table, then shows or delivers it."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from lead_qualification.checkpoint import Checkpoint
from lead_qualification.crm_sync.adapters import connected
from lead_qualification.crm_sync.credentials import redacted
from lead_qualification.crm_sync.delivery import Delivery, Result, planned, unsettled
from lead_qualification.crm_sync.dry_run import described, told_left_out, write_changes
from lead_qualification.crm_sync.errors import (
    BatchRefusedError,
    TemporaryError,
    UnreadableAnswerError,
)
from lead_qualification.crm_sync.failure_report import write_report
from lead_qualification.crm_sync.records import Selection, selected
from lead_qualification.crm_sync.retries import Patience
from lead_qualification.crm_sync.source import read_rows
from lead_qualification.crm_sync.sync_tables import SYNC_TABLES
from lead_qualification.errors import ConfigurationError, StoppedError
from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.progress import progress
from lead_qualification.untrusted import lines
from lead_qualification.warehouse import Warehouse


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
        changes: Of a dry run: CSV of what would change; none: not wanted.
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
    changes: Path | None = None


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
    rows, elsewhere = read_rows(warehouse, table)
    if not rows:
        print(f"{table.model} has no rows: the CRM has all values already, nothing to write")
        return OK
    selection = selected(order.to, table, rows)
    if elsewhere:
        selection.left_out["known to another connector, not to the CRM"] += elsewhere
    rows = selection.rows
    if order.is_dry_run:
        return _show(order, selection)
    with Checkpoint(order.checkpoint) as checkpoint:
        result = _deliver(order, selection, checkpoint)
    write_report(order.report, result.failures)
    print(
        f"{order.table} to {order.to}: {len(rows)} rows, {result.written} written, "
        f"{result.arrived} had arrived before, {result.skipped} done before, "
        f"{len(result.failures)} failed"
    )
    print("".join(f"{line}\n" for line in told_left_out(selection)), end="")
    if result.failures:
        print(f"leadq sync: failed rows and what to do: {order.report}", file=sys.stderr)
        return FAILED
    return OK


def _deliver(order: Order, selection: Selection, checkpoint: Checkpoint) -> Result:
    """Check the CRM, then bring it the rows."""
    rows = selection.rows
    crm = connected(order.to, SYNC_TABLES[order.table], selection.kinds)
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


def _show(order: Order, selection: Selection) -> int:
    """Print what would be written, and write it to a file; the CRM is not called."""
    states = {}
    if order.checkpoint.exists():
        with Checkpoint(order.checkpoint) as checkpoint:
            states = checkpoint.states()
    plan = planned(selection.rows, states)
    print("\n".join(described(plan, selection)))
    if order.changes is not None:
        write_changes(order.changes, plan)
        print(f"every value, before and after: {order.changes}")
    return OK
