"""Dirt: cells as CRMs and people really send them, for the rows of random worlds.

Every function takes the random numbers of the world and a clean cell, and mostly gives it back.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

NOTHING_IN_TEXT = ("n/a", "Select", "NULL", "-", "unknown", "(not set)", " None ")
NOTHING_IN_ADDRESS = ("n/a", "N/A", "null", "none@none.com", "test@test.com")
NOTHING_IN_IDENTIFIER = ("undefined", "null", "0", "00000000-0000-0000-0000-000000000000", "N/A")
NO_ADDRESS = ("nobody", "a@b", "two@at@example.com", "@example.com", "call me")
SCIENTIFIC = ("7.01E+14", "7.01e14", "1E+05")
TRUE = ("true", "T", "1", "Yes", "y", "on", "1.0")
FALSE = ("false", "F", "0", "no", "N", "off", "0.0")
UNREADABLE_FLAGS = ("maybe", "ja", "2", "deleted")
COUNTRY_NAMES = {
    "US": ("USA", "United States", "united  states"),
    "GB": ("UK", "United Kingdom", "GBR"),
    "DE": ("Germany", "Deutschland", "DEU"),
    "FR": ("France", "FRA"),
    "CA": ("Canada", "CAN"),
}
NO_COUNTRY = ("Atlantis", "n/a", "EMEA", "ZZ")
IMPLAUSIBLE_PAST = ("1970-01-01 00:00:00", "1900-01-01", "1999-12-31 23:59:59")
FAR_FUTURE = "2999-01-01 00:00:00"
SHORT_ID = 15
LETTERS_OF_LONG_IDS = ("AbCdE", "aBcDe", "ABcDE", "abcde")
"""Ends of ids of 15 characters that differ by case alone."""
SUFFIXES_OF_LONG_IDS = ("AAV", "AAQ", "AA1", "AA2")


def dirty_address(rng: Random, email: str) -> str:
    """An address in other letters, with blanks, brackets or what nobody sees around it."""
    draw = rng.random()
    if draw < 0.12:
        return f" {email.upper()} "
    if draw < 0.2 and email.strip():
        return rng.choice(
            [
                f"mailto:{email}",
                f"<{email}>",
                f"MAILTO:<{email.upper()}>",
                f'"{email}"',
                f"'{email}' ",
                f"\u200b{email}",
                f"{email}\u00a0",
                f" <\ufeff{email.title()}\u200b>",
            ]
        )
    return email


def dirty_reference(rng: Random, reference: str) -> str:
    """A reference as a spreadsheet or an old API writes it."""
    if len(reference) > SHORT_ID and rng.random() < 0.4:
        return reference[:SHORT_ID]
    if reference and rng.random() < 0.03:
        return rng.choice([f"{reference}.0", f"{reference}.00", f" {reference} "])
    return reference


def no_reference(rng: Random) -> str:
    """What stands where there is no reference."""
    return rng.choice([*NOTHING_IN_IDENTIFIER, *SCIENTIFIC])


def flag(rng: Random, is_true: bool) -> str:
    """A yes or no in some spelling."""
    return rng.choice(TRUE if is_true else FALSE)


def dirty_number(rng: Random, number: str) -> str:
    """A number with separators, or with a currency; at times something unreadable."""
    draw = rng.random()
    if not number or draw < 0.75:
        return number
    if draw < 0.78:
        return rng.choice(["many", "51-200", "1.234,5", "12,34"])
    whole, point, decimals = number.partition(".")
    blank = rng.choice([",", " ", "\u00a0"])
    grouped = f"{int(whole):,}".replace(",", blank) + point + decimals
    return rng.choice(
        [grouped, f"${grouped}", f"EUR {grouped}", f"{grouped} EUR", f"\u20ac{number}"]
    )


def dirty_country(rng: Random, country: str) -> str:
    """A country by name or another code, or something that is none."""
    draw = rng.random()
    names = COUNTRY_NAMES.get(country.upper())
    if names and draw < 0.2:
        return rng.choice(names)
    return rng.choice(NO_COUNTRY) if 0.2 <= draw < 0.23 else country


def dirty_text(rng: Random, text: str) -> str:
    """A text, or what a form has in place of it."""
    return rng.choice(NOTHING_IN_TEXT) if rng.random() < 0.03 else text


def day_alone(time: datetime) -> str:
    """The date of a time without the time of day."""
    return f"{time:%Y-%m-%d}"
