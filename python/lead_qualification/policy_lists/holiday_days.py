"""The public holidays of calendars, from the package holidays (MIT)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

FIRST_YEAR, LAST_YEAR = 2015, 2035
NEW_YEAR, GOOD_FRIDAY, EASTER = "New Year's Day", "Good Friday", "Easter Monday"
CHRISTMAS = "Christmas Day"
OBSERVED = " (observed)"


@dataclass(frozen=True)
class Calendar:
    """Whose holidays a calendar of ``business_hours.csv`` has.

    Attributes:
        country: ISO code.
        subdivision: ISO code of the state or region within the country; none: the whole country.
        days: Name in the package to description in ``holidays.csv``; empty: every public holiday.
        has_observed: Whether a day in lieu counts where the holiday falls on a weekend.
    """

    country: str
    subdivision: str | None = None
    days: Mapping[str, str] = field(default_factory=dict)
    has_observed: bool = True


CALENDARS = {
    "default": Calendar("US", days={NEW_YEAR: NEW_YEAR, CHRISTMAS: CHRISTMAS}, has_observed=False),
    "americas": Calendar(
        "US",
        days={
            NEW_YEAR: NEW_YEAR,
            "Memorial Day": "Memorial Day",
            "Independence Day": "Independence Day",
            "Thanksgiving Day": "Thanksgiving",
            CHRISTMAS: CHRISTMAS,
        },
    ),
    "europe": Calendar(
        "DE",
        days={
            NEW_YEAR: NEW_YEAR,
            GOOD_FRIDAY: GOOD_FRIDAY,
            EASTER: EASTER,
            "Labor Day": "Labour Day",
            CHRISTMAS: CHRISTMAS,
            "Second Day of Christmas": "Second day of Christmas",
        },
    ),
    "asia_pacific": Calendar(
        "AU",
        "NSW",
        days={
            NEW_YEAR: NEW_YEAR,
            "Australia Day": "Australia Day",
            GOOD_FRIDAY: GOOD_FRIDAY,
            EASTER: EASTER,
            CHRISTMAS: CHRISTMAS,
            "Boxing Day": "Boxing Day",
        },
    ),
}
"""The calendars of the project: the days on which most companies of the region are closed."""


def holiday_rows(
    calendars: Mapping[str, Calendar], first_year: int, last_year: int
) -> list[dict[str, str]]:
    """Return the rows of ``holidays.csv``, by calendar and day."""
    return [
        {"calendar": name, "holiday": day, "description": description}
        for name, calendar in calendars.items()
        for day, description in sorted(_days(calendar, first_year, last_year))
    ]


def _days(calendar: Calendar, first_year: int, last_year: int) -> Iterator[tuple[str, str]]:
    """Days with their descriptions; the package joins the names of one day by semicolons."""
    import holidays

    found = holidays.country_holidays(
        calendar.country,
        subdiv=calendar.subdivision,
        years=range(first_year, last_year + 1),
        language="en_US",
    )
    for day, names in found.items():
        if not first_year <= day.year <= last_year:
            continue
        described = [_description(calendar, name) for name in names.split("; ")]
        told = "; ".join(dict.fromkeys(text for text in described if text))
        if told:
            yield day.isoformat(), told


def _description(calendar: Calendar, name: str) -> str | None:
    """What ``holidays.csv`` calls a day; none if it is not a holiday of the calendar."""
    plain = name.removesuffix(OBSERVED)
    if plain != name and not calendar.has_observed:
        return None
    if not calendar.days:
        return name
    described = calendar.days.get(plain)
    return described and described + name[len(plain) :]
