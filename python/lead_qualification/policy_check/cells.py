"""What a cell means: its value, or why it has none and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from lead_qualification.errors import ConfigurationError
from lead_qualification.policy.dates import BOUNDS, instant
from lead_qualification.policy_check.findings import quoted
from lead_qualification.policy_check.schema import Column

INTEGER_TYPE = "integer"
LARGEST_INTEGER = 2**31 - 1
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
ERROR_OF_SHEET = re.compile(r"#([A-Z0-9/]+[!?]|N/A|#+)", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
ISO = re.compile(
    r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(?::\d\d)?\s*([ap]\.?m\.?)?", re.IGNORECASE | re.ASCII)
TRUE = ("true", "t", "1")
FALSE = ("false", "f", "0")
OTHER_TRUE = "yes y x on wahr ja vrai oui vero verdadero sí si verdadeiro sim waar sant sand prawda"
OTHER_FALSE = "no n off falsch nein faux non falso nao não onwaar nee falskt falsk fałsz"


class CellError(ValueError):
    """A cell that means nothing: what it is, and what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        """Say both."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def value_of(column: Column, text: str) -> Any:
    """Return what a cell of a column means: None if empty, a tuple if it is a list.

    Raises:
        CellError: It is not of the type of the column, or not written as it must be.
    """
    if text == "" or text.lower() == "null":
        return None
    if text.strip() == "":
        raise CellError("a blank stands here", "delete it")
    if ERROR_OF_SHEET.fullmatch(text.strip()) and column.name != "value":
        raise CellError(f"{quoted(text)} is an error of a spreadsheet", "write the value")
    if column.name in BOUNDS:
        return instant_of(text)
    if column.data_type == "date":
        return date_of(text)
    if column.data_type == "boolean":
        return boolean_of(text)
    if column.data_type != "varchar":
        return number_of(column, text.strip())
    items = text.split("|") if column.list else [text]
    return tuple(text_of(column, item) for item in items) if column.list else text_of(column, text)


def text_of(column: Column, text: str) -> str:
    """Return a text or an item of a list.

    Raises:
        CellError: It is empty, has blanks around it that count, or is not written as it must be.
    """
    bare = UNSEEN.sub("", text).strip()
    if column.list and not bare:
        raise CellError("an item of the list is empty", "delete it with its bar")
    is_name = column.list or column.values or column.references or column.required
    if is_name and text != bare and column.name not in ("description", "question", "label"):
        kind = "a character that nobody sees" if UNSEEN.search(text) else "a blank around it"
        raise CellError(f"{quoted(text)} has {kind}", f"write {bare}")
    if column.format == "HH:MM" and not TIME.fullmatch(bare):
        raise CellError(f"{quoted(text)} is not a time as 09:00", f"write {time_of_day(bare)}")
    return bare


def number_of(column: Column, text: str) -> int | Decimal:
    """Return a number.

    Raises:
        CellError: It is none, or the type of the column has no room for it.
    """
    is_integer = column.data_type == INTEGER_TYPE
    kind = "a whole number" if is_integer else "a number"
    if not NUMBER.fullmatch(text):
        raise CellError(f"{quoted(text)} is not {kind}", meant_number(column, text))
    number = Decimal(text)
    if is_integer:
        if number != number.to_integral_value():
            raise CellError(f"{quoted(text)} is not {kind}", f"write {round(number)}")
        if abs(number) > LARGEST_INTEGER:
            raise CellError(f"{quoted(text)} is too large", f"write a number as {column.example}")
        return int(number)
    precision, scale = (int(part) for part in re.findall(r"\d+", column.data_type))
    if abs(number) >= Decimal(10) ** (precision - scale):
        raise CellError(f"{quoted(text)} is too large", f"write a number as {column.example}")
    if number != round(number, scale):
        shown = f"{quoted(text)} has more than {scale} decimals"
        raise CellError(shown, f"write {round(number, scale)}")
    return number


def meant_number(column: Column, text: str) -> str:
    """Return what to write in place of a text that is not a number."""
    example = f"write only a number, such as {column.example}"
    bare = re.sub(r"[\s'\u2019]", "", text).replace("\u2212", "-").replace("\u2013", "-")
    found = re.search(r"[+-]?\d[\d.,]*", bare, re.ASCII)
    if not found:
        return example
    digits = found[0].rstrip(".,")
    last = max(digits.rfind(","), digits.rfind("."))
    if "," in digits:
        if digits.count(",") == 1 and "." not in digits and len(digits) - last == 4:
            whole, decimals = digits.replace(",", ""), digits.replace(",", ".")
            return f"write {whole} without a separator of thousands, or {decimals} with a point"
        whole = re.sub("[.,]", "", digits[:last])
        digits = f"{whole}.{digits[last + 1 :]}" if digits.count(digits[last]) == 1 else whole
    if not NUMBER.fullmatch(digits):
        return example
    if "%" in text:
        return f"write {(Decimal(digits) / 100).normalize():f}"
    return example if re.search(r"\de[+-]?\d", bare, re.IGNORECASE) else f"write {digits}"


def boolean_of(text: str) -> bool:
    """Return whether a cell says true.

    Raises:
        CellError: It says neither true nor false.
    """
    word = text.strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    meant = "true" if word in OTHER_TRUE.split() else "true or false"
    meant = "false" if word in OTHER_FALSE.split() else meant
    raise CellError(f"{quoted(text)} is neither true nor false", f"write {meant}")


def date_of(text: str) -> date:
    """Return a date.

    Raises:
        CellError: It is not written as 2026-07-01, or there is no such day.
    """
    bare = text.strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", bare, re.ASCII):
        try:
            return date.fromisoformat(bare)
        except ValueError:
            raise CellError(f"{quoted(text)}: there is no such day", "correct it") from None
    raise CellError(f"{quoted(text)} is not a date as 2026-07-01", meant_date(bare))


def instant_of(text: str) -> Any:
    """Return an instant in UTC.

    Raises:
        CellError: It is neither a date nor a timestamp.
    """
    bare = text.strip()
    if not ISO.fullmatch(bare):
        shown = f"{quoted(text)} is not a date as 2026-07-01 or 2026-07-01 12:00:00"
        raise CellError(shown, meant_date(bare))
    try:
        return instant(bare.replace(" +", "+").replace(" Z", "Z"))
    except (ConfigurationError, OverflowError):
        raise CellError(f"{quoted(text)}: there is no such day", "correct it") from None


def meant_date(text: str) -> str:
    """Return what to write in place of a date as a spreadsheet shows it."""
    parts = re.fullmatch(r"(\d{1,4})[./ -](\d{1,2})[./ -](\d{1,4}).*", text, re.ASCII)
    if not parts:
        return "write it as 2026-07-01"
    first, second, third = (int(part) for part in parts.groups())
    orders = [(first, second, third)] if first > 31 else [(third, second, first)]
    if first <= 31:
        orders.append((third, first, second))
    days = dict.fromkeys(day for order in orders if (day := day_of(*order)))
    return f"write {' or '.join(days)}" if days else "write it as 2026-07-01"


def day_of(year: int, month: int, day: int) -> str:
    """Return a day; empty if there is none."""
    try:
        return date(year + 2000 if year < 100 else year, month, day).isoformat()
    except ValueError:
        return ""


def time_of_day(text: str) -> str:
    """Return what to write in place of a time that is written otherwise."""
    found = CLOCK.fullmatch(text)
    if found:
        half = (found[3] or "").lower()[:1]
        hour = int(found[1]) % 12 + 12 * (half == "p") if half else int(found[1])
        written = f"{hour:02}:{found[2] or '00'}"
        if TIME.fullmatch(written):
            return written
    return "it as 09:00"


def did_you_mean(value: str, known: Iterable[str], fold: Callable[[Any], Any] = str.lower) -> str:
    """Return the known value that somebody probably meant, as a question; empty if none is near."""
    spellings = {str(fold(name)).lower(): name for name in sorted(known) if name}
    near = get_close_matches(str(fold(value)).lower(), spellings, 1, 0.6)
    return f"did you mean {spellings[near[0]]}?" if near else ""
