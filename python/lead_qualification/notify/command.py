"""The command ``leadq notify``."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lead_qualification.errors import ConfigurationError, HeldError
from lead_qualification.exit_codes import FAILED, MEANING, OK
from lead_qualification.options import Target

if TYPE_CHECKING:
    from lead_qualification.notify.run import Outcome

CHECKPOINT = Path(".leadq") / "notify.sqlite"
LONGEST_SLEEP = timedelta(minutes=1)
EPILOG = "\n\n".join(
    [
        MEANING,
        "\b\nenvironment variables:\n"
        "  LEAD_NOTIFY_SMTP: mail server, smtp://user:password@host:587 or smtps://\n"
        "  LEAD_NOTIFY_FROM: sender of e-mails\n"
        "  LEAD_NOTIFY_<HOW>_<LIST>, such as LEAD_NOTIFY_SLACK_SALES: where a list of\n"
        "    notifications.csv is told: e-mail addresses with commas, a URL, or a path\n"
        "  LEAD_NOTIFY_CRM_URL: address of a lead in the CRM, with {lead_id}",
    ]
)


def notify(
    target: Target = "duckdb",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; nothing is sent or noted.")
    ] = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Go on: send what falls due between builds, and read each new build."
        ),
    ] = False,
    at: Annotated[
        datetime | None, typer.Option(help="Act as if it were this time (UTC); default: now.")
    ] = None,
    checkpoint: Annotated[
        Path, typer.Option(help="What was told to whom; keep it between runs.")
    ] = CHECKPOINT,
) -> int:
    """Tell people what is new, due or wrong, by notifications.csv; each thing once."""
    if watch and (at or dry_run):
        raise ConfigurationError("--watch acts at the real time and sends", "leave the other out")
    from lead_qualification.checkpoint import Checkpoint
    from lead_qualification.notify.run import Outcome, read, round_of_messages, send
    from lead_qualification.warehouse import warehouse_of_target

    warehouse = warehouse_of_target(target)
    if dry_run:
        outcome = Outcome()
        known = read(warehouse)
        for message in round_of_messages(known, {}, at or _now(), outcome):
            print(f"{message.notification} by {message.how} to {message.receiver}:")
            print(f"{message.subject}\n{message.text()}")
        return _report(outcome)
    with Checkpoint(checkpoint) as found:
        found.belong_to("notify", warehouse.target, warehouse.name)
        while True:
            outcome = Outcome()
            try:
                known = read(warehouse)
                due = round_of_messages(known, found.states(), at or _now(), outcome)
                send(due, [rule for rule, _ in known.rules], found, outcome)
            except HeldError as error:
                if not watch:
                    raise
                # A build runs; what it leaves is read in the next round.
                print(f"leadq notify: {error.what}; waiting", file=sys.stderr, flush=True)
            code = _report(outcome)
            if not watch:
                return code
            time.sleep(_sleep(outcome.next_at).total_seconds())


def _now() -> datetime:
    """The time, UTC, as the tables have it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _sleep(next_at: datetime | None) -> timedelta:
    """How long to wait for the next thing that is known in advance, at most a minute."""
    if next_at is None:
        return LONGEST_SLEEP
    return min(LONGEST_SLEEP, max(timedelta(seconds=1), next_at - _now()))


def _report(outcome: Outcome) -> int:
    """Say what became of a round."""
    for name, count in sorted(outcome.sent.items()):
        print(f"{name}: {count} sent", flush=True)
    for why, count in sorted(outcome.failed.items()):
        print(f"leadq notify: {count} not sent: {why}; the next run tries again", file=sys.stderr)
    for rep, count in sorted(outcome.without_address.items()):
        who = "no rep has it" if rep == "nobody" else f"{rep} has no e-mail address"
        print(
            f"leadq notify: {count} of an open hand-off not told: {who}; fill email of sales_reps "
            "or send the rule to a list",
            file=sys.stderr,
        )
    return FAILED if outcome.failed or outcome.without_address else OK
