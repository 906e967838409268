"""The console command ``leadq``: its subcommands, and how each of them ends.

What a subcommand needs is imported when it runs, so that help and completion are quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from lead_qualification.ask import ask
from lead_qualification.build import build, summary
from lead_qualification.check import check
from lead_qualification.connect.command import connect
from lead_qualification.crm_sync.command import EPILOG as SYNC_EPILOG
from lead_qualification.crm_sync.command import sync
from lead_qualification.dashboard.command import EPILOG as DASHBOARD_EPILOG
from lead_qualification.dashboard.command import dashboard
from lead_qualification.errors import LeadqError
from lead_qualification.exit_codes import FAILED, MEANING
from lead_qualification.export.command import export
from lead_qualification.generate import generate
from lead_qualification.notify.command import EPILOG as NOTIFY_EPILOG
from lead_qualification.notify.command import notify
from lead_qualification.policy.command import change, log
from lead_qualification.policy_check.command import check as check_policy
from lead_qualification.policy_diff.command import diff
from lead_qualification.policy_search.command import search
from lead_qualification.prediction.command import predict
from lead_qualification.publishing.command import publish
from lead_qualification.redaction import redacted
from lead_qualification.untrusted import lines

COMMANDS: dict[Callable[..., int], str] = {
    build: MEANING,
    publish: MEANING,
    summary: MEANING,
    ask: MEANING,
    check: MEANING,
    connect: MEANING,
    sync: SYNC_EPILOG,
    predict: MEANING,
    diff: MEANING,
    notify: NOTIFY_EPILOG,
    dashboard: DASHBOARD_EPILOG,
    export: MEANING,
    generate: MEANING,
}

POLICY_COMMANDS = (change, log, check_policy, search)

OPTIONS: dict[str, Any] = {
    "no_args_is_help": True,
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["--help", "-h"], "max_content_width": 100},
}
app = typer.Typer(
    name="leadq",
    help="Lead qualification in the warehouse: connect, build, publish, ask, sync, predict.",
    epilog=f"{MEANING}. LEAD_PROJECT_DIR: folder of the dbt project; default: the nearest one.",
    **OPTIONS,
)
policy = typer.Typer(
    help="Change the rules from a day on, see what they were, search better ones.", **OPTIONS
)
app.add_typer(policy, name="policy")


def ended(command: Callable[..., int], group: str = "leadq") -> Callable[..., None]:
    """Return a command that ends with its exit code, and tells what went wrong in a line."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            code = command(*arguments, **options)
        except LeadqError as error:
            print(lines(redacted(f"{group} {command.__name__}: {error}")), file=sys.stderr)
            code = error.exit_code
        except KeyboardInterrupt:
            print(f"{group} {command.__name__}: stopped", file=sys.stderr)
            code = FAILED
        raise typer.Exit(code)

    return run


for _command, _epilog in COMMANDS.items():
    app.command(epilog=_epilog)(ended(_command))
for _command in POLICY_COMMANDS:
    policy.command(epilog=MEANING)(ended(_command, "leadq policy"))


def main(arguments: list[str] | None = None) -> int:
    """Run the command with arguments, by default those of the process; return its exit code."""
    try:
        app(args=arguments, prog_name="leadq")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return FAILED
