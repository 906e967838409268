"""Credentials and addresses: read from environment variables, and kept out of every text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lead_qualification.settings import setting

VARIABLES = {
    "sql": {
        "CRM_SQL_DSN": "PostgreSQL connection, such as postgresql://user:password@host/database",
    },
    "hubspot": {
        "CRM_HUBSPOT_ACCESS_TOKEN": "token of a private app that may read and write the objects",
        "CRM_HUBSPOT_URL": "optional: address of the API, if not the public one",
    },
    "salesforce": {
        "CRM_SALESFORCE_INSTANCE_URL": "address of the organisation, with the next one",
        "CRM_SALESFORCE_ACCESS_TOKEN": "an access token; or instead of both:",
        "CRM_SALESFORCE_DOMAIN": "My Domain, such as example.my (client credentials flow)",
        "CRM_SALESFORCE_CONSUMER_KEY": "consumer key of the connected app",
        "CRM_SALESFORCE_CONSUMER_SECRET": "consumer secret of the connected app",
    },
    "tryton": {
        "CRM_TRYTON_URL": "address with the database, such as https://host/database/",
        "CRM_TRYTON_USER": "login of the user that writes",
        "CRM_TRYTON_PASSWORD": "password of that user",
    },
}
HIDDEN = "***"


def redacted(text: str) -> str:
    """Return a text in which nothing is left of any credential or address."""
    for secret in sorted(_secrets(), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)
    return text


def _secrets() -> set[str]:
    """The values of all variables, and the parts of those that are made of parts."""
    found: set[str] = set()
    for name in (name for names in VARIABLES.values() for name in names):
        value = setting(name)
        if value is not None:
            found |= {value, *_parts(value)}
    return {secret for secret in found if secret}


def _parts(value: str) -> set[str]:
    """User, password and host of an address or a libpq connection string."""
    from psycopg2 import ProgrammingError
    from psycopg2.extensions import parse_dsn

    try:
        words = parse_dsn(value)
        return {words[name] for name in ("user", "password", "host") if name in words}
    except ProgrammingError:
        pass
    try:
        address = urlsplit(value)
    except ValueError:
        return set()
    return {
        part
        for part in (address.netloc, address.hostname, address.username, address.password)
        if part
    }
