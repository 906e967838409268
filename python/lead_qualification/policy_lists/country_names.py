"""Names and codes of countries, from the CLDR data in the package babel."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
"""In these every country is named; besides, each in its own languages."""
OWN_SHARE = 20.0
"""A language is a country's own if it is official there and this share (%) of people use it."""
NOT_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC"))
NOT_COUNTRIES |= {"QO", "TA", "UN", "XA", "XB", "ZZ"}
"""Codes of CLDR that ISO 3166 does not list; XK (Kosovo) is in use everywhere and stays."""

ALIASES = {
    "AE": ("UAE", "U.A.E.", "Emirates"),
    "BA": ("Bosnia",),
    "BN": ("Brunei Darussalam",),
    "BO": ("Bolivia, Plurinational State of",),
    "BQ": ("Bonaire, Sint Eustatius and Saba",),
    "CD": ("Congo, The Democratic Republic of the", "DR Congo", "DRC", "Congo-Kinshasa"),
    "CG": ("Congo", "Republic of the Congo", "Congo-Brazzaville"),
    "CI": ("Ivory Coast",),
    "CN": ("PRC", "P.R. China", "People's Republic of China", "Mainland China"),
    "CV": ("Cabo Verde",),
    "CZ": ("Czech Republic",),
    "DE": ("Federal Republic of Germany",),
    "FK": ("Falkland Islands (Malvinas)",),
    "FM": ("Micronesia, Federated States of",),
    "GS": ("South Georgia and the South Sandwich Islands",),
    "GB": (
        *("UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales"),
        *("Northern Ireland", "United Kingdom of Great Britain and Northern Ireland"),
    ),
    "HK": ("Hong Kong",),
    "HM": ("Heard Island and McDonald Islands",),
    "IE": ("Republic of Ireland",),
    "IR": ("Iran, Islamic Republic of",),
    "KP": ("Korea, Democratic People's Republic of", "DPRK"),
    "KR": ("Korea, Republic of", "Korea", "Republic of Korea"),
    "LA": ("Lao People's Democratic Republic",),
    "MD": ("Moldova, Republic of", "Republic of Moldova"),
    "MF": ("Saint Martin (French part)",),
    "MK": ("Macedonia", "FYROM"),
    "MM": ("Myanmar", "Burma"),
    "MO": ("Macao", "Macau"),
    "NL": ("Holland", "The Netherlands"),
    "PH": ("The Philippines",),
    "PN": ("Pitcairn",),
    "PS": ("Palestine, State of", "Palestine"),
    "RU": ("Russian Federation",),
    "SA": ("KSA",),
    "ST": ("Sao Tome and Principe",),
    "SH": ("Saint Helena, Ascension and Tristan da Cunha",),
    "SX": ("Sint Maarten (Dutch part)",),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",),
    "TR": ("Turkey",),
    "TW": ("Taiwan, Province of China", "Republic of China", "ROC"),
    "TZ": ("Tanzania, United Republic of",),
    "UM": ("United States Minor Outlying Islands",),
    "US": (
        *("U.S.", "U.S.A.", "United States of America", "America"),
        *("The United States", "The United States of America", "US of A"),
    ),
    "VA": ("Holy See (Vatican City State)", "Holy See"),
    "VC": ("Saint Vincent and the Grenadines",),
    "VE": ("Venezuela, Bolivarian Republic of",),
    "VG": ("Virgin Islands, British",),
    "VI": ("Virgin Islands, U.S.",),
    "VN": ("Viet Nam", "Socialist Republic of Vietnam"),
}
"""What people write and CLDR does not: names of ISO 3166, parts of a country, abbreviations."""


def country_rows() -> list[dict[str, str]]:
    """Return the rows of ``countries.csv``, by country: alpha-3 code, names, aliases.

    A name that two countries have in different languages is left out, unless it is an alias.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    names: dict[str, list[str]] = {}
    for country in _countries():
        names[country] = [*_alpha_3(country), *_names(country)]
        for name in names[country]:
            owners[compared(name)].add(country)
    aliases = {compared(name): country for country, own in ALIASES.items() for name in own}
    rows: dict[str, dict[str, str]] = {}
    for country, own in names.items():
        for name in (*own, *ALIASES.get(country, ())):
            key = compared(name)
            is_ours = aliases.get(key, country) == country
            if is_ours and (key in aliases or len(owners[key]) == 1) and _is_name(name):
                rows.setdefault(key, {"name": name, "country": country})
    return list(rows.values())


def compared(name: str) -> str:
    """Return a name as the look-up compares it: NFC, lower case, white space collapsed."""
    return " ".join(unicodedata.normalize("NFC", name).lower().split())


def _countries() -> list[str]:
    """The alpha-2 codes."""
    from babel import Locale

    found = Locale("en").territories
    return sorted(
        code for code in found if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    )


def _alpha_3(country: str) -> Iterator[str]:
    """The alpha-3 code of a country."""
    from babel.core import get_global

    for code, targets in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and list(targets) == [country]:
            yield code


def _names(country: str) -> Iterator[str]:
    """Its names in the languages of business and its own, also with "and" and "Saint" in full."""
    from babel import Locale, UnknownLocaleError

    for language in dict.fromkeys((*LANGUAGES, *_own_languages(country))):
        try:
            name = Locale.parse(language).territories.get(country)
        except (UnknownLocaleError, ValueError):
            continue
        if not name:
            continue
        yield name
        if language == "en":
            yield name.replace(" & ", " and ").replace("St. ", "Saint ")
            yield name.replace("\u2019", "'")
            yield name.replace(" SAR China", "").split(" (")[0]
            yield _without_accents(name)


def _own_languages(country: str) -> list[str]:
    """Official languages that many people of a country use."""
    from babel.languages import get_territory_language_info

    return [
        language
        for language, info in get_territory_language_info(country).items()
        if info["official_status"] and info["population_percent"] >= OWN_SHARE
    ]


def _without_accents(name: str) -> str:
    """A name as it is typed on a keyboard without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter)
    )


def _is_name(name: str) -> bool:
    """Whether a name says more than an alpha-2 code, with which it would be confused."""
    return len(name) > 2 or name in ("UK",) or not name.isascii()
