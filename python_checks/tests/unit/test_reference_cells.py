"""Cells of raw tables as the reference reads them, by hand from the specification."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from python_checks.reference.cells import (
    clean_address,
    clean_domain,
    clean_identifier,
    is_scientific,
    parse_amount,
    parse_boolean,
    parse_date,
    parse_timestamp,
    parse_whole_number,
)
from python_checks.reference.options import options_of
from python_checks.reference.policy import BotPattern, load_policy
from python_checks.reference.raw import TABLES, Reader
from python_checks.reference.scoring import words
from python_checks.tests.tables import POLICY

AS_OF = datetime(2026, 8, 1, 12)
BERLIN = "Europe/Berlin"


def reading(table: str, column: str, text: str | None, **variables: object):
    """What a cell says and what is wrong with it."""
    reader = Reader(table, load_policy(POLICY), options_of(variables), AS_OF)
    (found,) = (one for one in TABLES[table].columns if one.name == column)
    return reader.value(found, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$22,700.00", "22700.00"),
        ("EUR 1 200", "1200.00"),
        ("1\u202f200,50 \u20ac", None),
        ("1 200.50 \u20ac", "1200.50"),
        ("-$5", "-5.00"),
        ("$-5", "-5.00"),
        ("1,234", "1234.00"),
        ("1,5", None),
        ("1.234,56", None),
        ("12,34,567", None),
        ("USD5000", "5000.00"),
        ("1e3", None),
        ("$", None),
        ("--5", None),
        ("US$20,000", "20000.00"),
    ],
)
def test_amounts_carry_a_currency_and_separators_of_thousands(text, expected):
    assert parse_amount(text) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(("text", "expected"), [("1,000", 1000), ("51.0", 51), ("51-200", None)])
def test_whole_numbers(text, expected):
    assert parse_whole_number(text) == expected


def test_booleans_in_every_spelling():
    assert {parse_boolean(text) for text in ("Y", "on", "1.0", "T", "yes", "TRUE", "1")} == {True}
    assert {parse_boolean(text) for text in ("n", "OFF", "0.0", "f", "No", "0")} == {False}
    assert [parse_boolean(text) for text in ("maybe", "2", "", None)] == [None] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u200bMAILTO:<I09@Beta.example>\u00a0", "i09@beta.example"),
        ('<mailto:"q@r.st">', "q@r.st"),
        ("a\u200bb@c.de", "ab@c.de"),
        ("Zoe\u0308@c.de", "zo\u00eb@c.de"),
        ("a@b", None),
        ("a@b.c@d.e", None),
        ("@b.c", None),
        ("a@", None),
        ("nobody", None),
    ],
)
def test_addresses_are_cleaned_and_have_one_at_and_a_dot_behind_it(text, expected):
    assert clean_address(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.Beta.example:443/about", "beta.example"),
        ("WWW.a.com", "a.com"),
        (" http://a.com?x=1", "a.com"),
        ("a.com:8080", "a.com"),
        ("/", None),
    ],
)
def test_domains_lose_scheme_path_port_and_www(text, expected):
    assert clean_domain(text) == expected


def test_identifiers_lose_the_point_of_a_number():
    assert clean_identifier("1010.0") == clean_identifier("1010.00") == "1010"
    assert clean_identifier("1010.000") == "1010.000"
    assert [is_scientific(text) for text in ("7.01E+14", "7.01e14", "1E+05")] == [True] * 3
    assert [is_scientific(text) for text in ("12e5", "1E", "L1")] == [False] * 3


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-01 10:00:00", None, "2026-03-01 10:00:00"),
        ("2026-03-01 10:00:00", BERLIN, "2026-03-01 09:00:00"),
        ("2026-03-01 10:00:00Z", BERLIN, "2026-03-01 10:00:00"),
        ("2026-10-25 02:30:00", BERLIN, "2026-10-25 01:30:00"),
        ("2026-03-29 02:30:00", BERLIN, "2026-03-29 01:30:00"),
        ("2026-03-01", None, "2026-03-01 00:00:00"),
        ("2026-03-01 10:00", BERLIN, "2026-03-01 09:00:00"),
        ("2026-03-01t10:00:00 UTC", BERLIN, "2026-03-01 10:00:00"),
        ("2026-03-01 15:30 +05:30", None, "2026-03-01 10:00:00"),
        ("2026-03-01 10:00:00+25:00", None, "None"),
        ("2026-02-30", None, "None"),
    ],
)
def test_times_without_a_zone_are_of_that_of_the_source(text, zone, expected):
    """A local time that a clock change repeats or leaves out is the later instant."""
    assert str(parse_timestamp(text, zone)) == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (datetime(2026, 3, 3), "2026-03-02 23:59:59"),
        (datetime(2026, 3, 2, 12), "2026-03-02 12:00:00"),
        (datetime(2026, 3, 2), "2026-03-02 00:00:00"),
        (datetime(2026, 3, 1, 23, 59, 59), "2026-03-02 23:59:59"),
    ],
)
def test_a_date_alone_ends_its_day_or_at_the_clock(as_of, expected):
    found = parse_timestamp("2026-03-02", at_end_of_day=True, as_of=as_of)
    assert str(found) == expected


def test_dates_are_those_of_utc_if_they_have_a_time():
    assert parse_date("2026-08-01T00:30:00+02:00") == date(2026, 7, 31)
    assert parse_date("2026-08-01", BERLIN) == date(2026, 8, 1)


def test_placeholders_are_nothing_in_texts_addresses_and_identifiers():
    assert reading("leads", "job_title", "Select") == (None, "missing")
    assert reading("leads", "email", "N/A") == (None, "missing")
    assert reading("leads", "account_id", "0.0") == (None, "missing")
    assert reading("web_events", "anonymous_id", "undefined") == (None, "missing")
    assert reading("accounts", "domain", "n/a") == (None, "missing")
    assert reading("campaigns", "channel", "None") == (None, "missing")  # a code without a list


def test_enumerations_and_countries_have_their_own_words():
    assert reading("qualification_answers", "answer", "Unknown") == ("unknown", None)
    assert reading("leads", "country", "NA") == ("NA", None)


def test_countries_are_read_by_name():
    names = ("Germany", "DEU", "united  states")
    assert [reading("leads", "country", name)[0] for name in names] == ["DE", "DE", "US"]
    assert reading("leads", "country", "Deutschland") == ("DE", None)
    assert reading("leads", "country", "UK") == ("GB", None)
    assert reading("leads", "country", "Atlantis") == (None, "unknown")


def test_a_cell_that_cannot_be_read_says_so():
    assert reading("leads", "email", "nobody") == (None, "unreadable")
    assert reading("leads", "account_id", "7.01E+14") == (None, "unreadable")
    assert reading("leads", "employee_count", "51-200") == (None, "unreadable")
    assert reading("leads", "email_status", "risky") == (None, "unknown")


def test_the_zone_of_a_source_is_a_var():
    zones = {"sales_activities": BERLIN}
    found = reading("sales_activities", "occurred_at", "2026-03-02", source_time_zone=zones)
    assert found == (datetime(2026, 3, 2, 22, 59, 59), None)
    at = reading("web_events", "occurred_at", "2026-03-02 10:00:00", source_time_zone=zones)
    assert at == (datetime(2026, 3, 2, 10), None)


def test_bots_are_words_or_parts_with_exceptions():
    curl = BotPattern("curl", is_word=True, unless=[])
    assert [curl.is_in(agent) for agent in ("curl/8.4.0", "securly/2", "x (curl)")] == [
        True,
        False,
        True,
    ]
    bot = BotPattern("bot", is_word=False, unless=["cubot"])
    assert [bot.is_in(agent) for agent in ("googlebot/2.1", "android; cubot x19")] == [True, False]


def test_words_are_of_any_script():
    assert words("Micr\u00f3cmo") == "micr\u00f3cmo"
    assert words("CMO \u2014 \u041c\u0430\u0440\u043a\u0435\u0442\u0438\u043d\u0433") == (
        "cmo \u043c\u0430\u0440\u043a\u0435\u0442\u0438\u043d\u0433"
    )
    assert words("\u4e16\u754c/\u4e16") == "\u4e16\u754c \u4e16"
