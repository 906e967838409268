"""``python -m lead_qualification.policy_lists``: refresh the long lists of the policy.

Examples:
    python -m lead_qualification.policy_lists
    python -m lead_qualification.policy_lists --calendar france=FR --calendar bavaria=DE-BY
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lead_qualification.errors import ConfigurationError
from lead_qualification.exit_codes import FAILED, OK
from lead_qualification.policy_lists.country_names import compared, country_rows
from lead_qualification.policy_lists.holiday_days import (
    CALENDARS,
    FIRST_YEAR,
    LAST_YEAR,
    Calendar,
    holiday_rows,
)
from lead_qualification.policy_lists.mail_providers import mail_provider_rows
from lead_qualification.settings import project_folder

Row = dict[str, str]
SEEDS = Path("seeds", "policy")


def main(words: list[str] | None = None) -> int:
    """Write the lists, or with --check only say which are out of date."""
    parser = argparse.ArgumentParser(prog="python -m lead_qualification.policy_lists")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if out of date")
    parser.add_argument("--first-year", type=int, default=FIRST_YEAR)
    parser.add_argument("--last-year", type=int, default=LAST_YEAR)
    parser.add_argument(
        "--calendar",
        action="append",
        default=[],
        metavar="NAME=COUNTRY[-SUBDIVISION]",
        help="a calendar of business_hours.csv with all public holidays of a country or region",
    )
    given = parser.parse_args(words)
    try:
        folder = project_folder() / SEEDS
        calendars = CALENDARS | dict(_calendar(text) for text in given.calendar)
        outdated = refresh(
            folder, calendars, (given.first_year, given.last_year), is_written=not given.check
        )
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return FAILED
    for name in outdated:
        print(f"{name}: {'out of date' if given.check else 'written'}")
    return FAILED if given.check and outdated else OK


def refresh(
    folder: Path,
    calendars: Mapping[str, Calendar] = CALENDARS,
    years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR),
    *,
    is_written: bool = True,
) -> list[str]:
    """Add to the lists what is missing; return the names of the files that change.

    Args:
        folder: The folder of the policy tables.
        calendars: The calendars, by name.
        years: First and last year of the holidays.
        is_written: Whether to write the files.
    """
    made: dict[str, tuple[list[Row], Callable[[Row], object]]] = {
        "holidays.csv": (
            holiday_rows(calendars, *years),
            lambda row: (row["calendar"], row["holiday"]),
        ),
        "countries.csv": (country_rows(), lambda row: compared(row["name"])),
        "email_domains.csv": (mail_provider_rows(), lambda row: row["email_domain"].lower()),
    }
    outdated = []
    for name, (rows, key) in made.items():
        path = folder / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = _as_csv(with_rows_that_are_there(rows, _rows(before), key))
        if after != before:
            outdated.append(name)
            if is_written:
                path.write_text(after, encoding="utf-8", newline="")
    return outdated


def with_rows_that_are_there(
    made: list[Row], there: list[Row], key: Callable[[Row], object]
) -> list[Row]:
    """Return the rows that are made, as they are there if they are, then all others that are."""
    known = {key(row): row for row in there}
    rows = [known.pop(key(row), row) for row in made]
    return rows + list(known.values())


def _calendar(text: str) -> tuple[str, Calendar]:
    """A calendar as the option --calendar names it.

    Raises:
        ConfigurationError: The package holidays does not know it.
    """
    import holidays

    name, _, place = text.partition("=")
    country, _, subdivision = place.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if not name or country not in known or (subdivision and subdivision not in known[country]):
        raise ConfigurationError(
            f"--calendar {text}: not a calendar that can be made",
            "write NAME=COUNTRY or NAME=COUNTRY-SUBDIVISION with ISO codes, such as bavaria=DE-BY",
        )
    return name, Calendar(country, subdivision or None)


def _rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text)))


def _as_csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    sys.exit(main())
