"""The command; ``python -m lead_qualification.policy_diff --help`` names every option."""

from __future__ import annotations

import argparse
import sys

from lead_qualification.policy_diff.builds import UsageError, build_of
from lead_qualification.policy_diff.comparison import compare
from lead_qualification.policy_diff.report import as_json, as_markdown, as_terminal_text

WITHIN, BEYOND, WRONG_USE = 0, 1, 2
FORMATS = {"text": as_terminal_text, "markdown": as_markdown, "json": as_json}


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    found = argparse.ArgumentParser(
        prog="python -m lead_qualification.policy_diff",
        description="Say what an edit of the policy changes, by a build before and one after it.",
        epilog=(
            "exit codes: 0 no more leads change than may, 1 more do, 2 wrong use or nothing to "
            "compare. PostgreSQL is found by LEAD_PG_*, as by dbt."
        ),
    )
    where = "a DuckDB file; with --target postgres what LEAD_PG_SCHEMA was in that build"
    found.add_argument("--before", required=True, metavar="BUILD", help=where)
    found.add_argument("--after", required=True, metavar="BUILD", help="likewise")
    found.add_argument("--target", default="duckdb", choices=["duckdb", "postgres"])
    found.add_argument("--format", default="text", choices=list(FORMATS))
    found.add_argument(
        "--max-changed",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="largest share of leads (0 to 1) that may change band, grade, stage or owner; "
        "default: none may",
    )
    found.add_argument(
        "--examples", type=_count, default=3, help="leads shown for each change; default: 3"
    )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        before, after = (build_of(where, given.target) for where in (given.before, given.after))
        found = compare(before, after, given.examples)
    except UsageError as error:
        print(f"policy_diff: {error}", file=sys.stderr)
        return WRONG_USE
    print(FORMATS[given.format](found, given.max_changed))
    return WITHIN if found.largest_share <= given.max_changed else BEYOND


def _share(text: str) -> float:
    """A ratio from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share from 0 to 1, such as 0.05")
    return share


def _count(text: str) -> int:
    """A whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no whole number")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
