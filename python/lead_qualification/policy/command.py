"""The commands ``leadq policy change`` and ``leadq policy log``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from lead_qualification.exit_codes import OK
from lead_qualification.settings import project_folder
from lead_qualification.untrusted import plain


def change(
    table: Annotated[str, typer.Argument(help="Policy table, such as signal_points.")],
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY... COLUMN=VALUE...", help="What names the rule, then its new cells."
        ),
    ],
    since: Annotated[
        str,
        typer.Option("--from", metavar="DATE", help="The first day (UTC) on which it holds."),
    ],
    dry: Annotated[bool, typer.Option("--dry-run", help="Say what would be written.")] = False,
) -> int:
    """Change a rule from a day on.

    It ends the row that is in force and writes a new one below it, so that what was reported of
    earlier days stays. Example: leadq policy change signal_points guide pricing_page_visit
    points=20 --from 2026-07-01
    """
    from lead_qualification.policy.change import change_rule
    from lead_qualification.policy.dates import instant
    from lead_qualification.policy.files import policy_file

    file = policy_file(project_folder(), table)
    key = tuple(word for word in words if "=" not in word)
    cells = [word.partition("=") for word in words if "=" in word]
    found = change_rule(file, key, {name: value for name, _, value in cells}, instant(since))
    if not dry:
        file.write()
    print(f"{file.path.name}{': not written' if dry else ''}")
    for sign, row in (("-", found.ended), ("+", found.begun)):
        if row is not None:
            print(plain(f"  {sign} {','.join(row[column] for column in file.columns)}"))
    if found.later:
        print(plain(f"Decided already and left as they are, from {', '.join(found.later)} on."))
    print("Next: leadq check, then see what it changes with leadq diff.")
    return OK


def log(
    table: Annotated[
        str | None, typer.Argument(help="Only what changed in this policy table.")
    ] = None,
) -> int:
    """Print the versions of the policy with what changed in each.

    It reads the policy files of the project; nothing is built.
    """
    from lead_qualification.policy.dates import written
    from lead_qualification.policy.files import policy_file, policy_files
    from lead_qualification.policy.log import versions

    project = project_folder()
    files = policy_files(project) if table is None else [policy_file(project, table)]
    now = datetime.now(UTC).replace(tzinfo=None)
    for version in versions(files):
        begins = written(version.valid_from) if version.valid_from else "the beginning"
        ends = f" to {written(version.valid_to)}" if version.valid_to else ""
        is_current = (
            (version.valid_from or datetime.min) <= now < (version.valid_to or datetime.max)
        )
        print(f"Version {version.number}, from {begins}{ends}{' (today)' if is_current else ''}")
        for line in version.changes:
            print(plain(f"  {line}"))
    return OK
