"""Cells: what does one raw text say, read as a time, a number, an address, an identifier?

Every function takes the trimmed text of a cell, ``None`` where it is empty, and returns ``None``
where there is nothing or it cannot be read.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

CENT = Decimal("0.01")
TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(?::(\d{2})(\.\d{1,9})?)? ?"
    r"(Z|z|UTC|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.0*)?")
AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]*)?")
GROUPED = re.compile(r"[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]*)?")
CURRENCY_SIGNS = "".join(chr(n) for n in range(0x10000) if unicodedata.category(chr(n)) == "Sc")
CURRENCY = rf"(?:[A-Za-z]{{0,2}}[{CURRENCY_SIGNS}]|[A-Za-z]{{3}})"
WITH_CURRENCY = re.compile(
    rf"(?P<sign>[+-]?) ?(?:{CURRENCY} ?(?P<inner_sign>[+-]?) ?)?(?P<digits>[0-9., ]*[0-9.])"
    rf"(?: ?{CURRENCY})?"
)
OTHER_BLANKS = re.compile("[\u00a0\u2009\u202f]")
TRUE_WORDS = {"true", "t", "1", "yes", "y", "on", "1.0"}
FALSE_WORDS = {"false", "f", "0", "no", "n", "off", "0.0"}
ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
NO_BREAK = re.compile("[\u00a0\u2007\u202f]")
AROUND_AN_ADDRESS = " \t\r\n<>\"'"
SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//")
PORT = re.compile(r":[0-9]*$")
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+[eE][+-]?|[eE][+-])[0-9]+")
LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
DAY = timedelta(days=1)


def parse_timestamp(
    text: str | None,
    zone: str | None = None,
    *,
    at_end_of_day: bool = False,
    as_of: datetime | None = None,
) -> datetime | None:
    """A time as naive UTC.

    ``zone`` is the IANA zone of a time without one, by default UTC. A date alone is the first
    second of its day or, with ``at_end_of_day``, the last one, though not after an ``as_of`` of
    that day.
    """
    if text is not None and DATE.fullmatch(text):
        return _date_alone(text, zone, at_end_of_day, as_of)
    match = TIMESTAMP.fullmatch(text) if text is not None else None
    if match is None:
        return None
    day, clock, second, fraction, offset = match.groups()
    try:
        time = datetime.strptime(f"{day} {clock}:{second or '00'}", "%Y-%m-%d %H:%M:%S")
        if fraction is not None:
            time += timedelta(microseconds=int(fraction[1:7].ljust(6, "0")))
        return _utc(time, zone) if offset is None else time - _offset(offset)
    except (ValueError, OverflowError):
        return None


def _date_alone(
    text: str, zone: str | None, at_end_of_day: bool, as_of: datetime | None
) -> datetime | None:
    try:
        begin = datetime.strptime(text, "%Y-%m-%d")
        if not at_end_of_day:
            return _utc(begin, zone)
        end = _utc(begin + LAST_SECOND, zone)
        return as_of if as_of is not None and _utc(begin, zone) <= as_of < end else end
    except (ValueError, OverflowError):
        return None


def _utc(local: datetime, zone: str | None) -> datetime:
    """The later of the instants that a local time may mean."""
    if zone is None:
        return local
    aware = [local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    return max(time.astimezone(UTC).replace(tzinfo=None) for time in aware)


def _offset(zone: str) -> timedelta:
    if zone in ("Z", "z", "UTC"):
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def parse_date(text: str | None, zone: str | None = None) -> date | None:
    """A calendar date, with or without a time of day; with one, the day in UTC."""
    if text is not None and DATE.fullmatch(text):
        zone = None
    time = parse_timestamp(text, zone)
    return None if time is None else time.date()


def parse_boolean(text: str | None) -> bool | None:
    """A yes or no."""
    word = None if text is None else text.lower()
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def parse_whole_number(text: str | None) -> Decimal | None:
    """A whole number such as 51 or 51.0, also with separators."""
    plain = _plain_number(text)
    return Decimal(plain) if plain is not None and WHOLE_NUMBER.fullmatch(plain) else None


def parse_amount(text: str | None) -> Decimal | None:
    """An amount of money, to two places."""
    plain = _plain_number(text)
    if plain is None or AMOUNT.fullmatch(plain) is None:
        return None
    return Decimal(plain).quantize(CENT, ROUND_HALF_UP)


def _plain_number(text: str | None) -> str | None:
    """The number without currency sign or code and without separators of thousands."""
    if text is None:
        return None
    match = WITH_CURRENCY.fullmatch(OTHER_BLANKS.sub(" ", text))
    if match is None:
        return None
    digits = match["digits"]
    if GROUPED.fullmatch(digits):
        digits = digits.replace(",", "").replace(" ", "")
    return match["sign"] + (match["inner_sign"] or "") + digits


def clean_address(text: str | None) -> str | None:
    """An e-mail address without what surrounds it, in lower case; ``None`` if it is none."""
    if text is None:
        return None
    bare = bare_address(text)
    local, at, domain = bare.partition("@")
    is_address = at and local and domain and "@" not in domain and "." in domain
    return bare if is_address else None


def bare_address(text: str) -> str:
    """The text without ``mailto:``, brackets, quotes and blanks that nobody sees."""
    bare = _without_unseen(text)
    while True:
        stripped = bare.strip(AROUND_AN_ADDRESS).removeprefix("mailto:")
        if stripped == bare:
            return bare
        bare = stripped


def _without_unseen(text: str) -> str:
    """NFC, lower case, without no-break and zero-width spaces."""
    seen = NO_BREAK.sub("", ZERO_WIDTH.sub("", unicodedata.normalize("NFC", text)))
    return seen.lower().strip()


def clean_domain(text: str | None) -> str | None:
    """A domain without scheme, path, port and ``www.``, in lower case."""
    if text is None:
        return None
    host = re.split(r"[/?#]", SCHEME.sub("", _without_unseen(text)), maxsplit=1)[0]
    return PORT.sub("", host).removeprefix("www.").strip() or None


def clean_identifier(text: str | None) -> str | None:
    """An identifier without the ``.0`` of a number."""
    if text is None:
        return None
    return re.sub(r"\.00?$", "", text) or None


def is_scientific(text: str) -> bool:
    """Whether an identifier has become a number in scientific notation, such as 7.01E+14."""
    return SCIENTIFIC.fullmatch(text) is not None


def country_name(text: str) -> str:
    """A country as it is compared: lower case, blanks collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())
