"""Credentials and addresses: the variables that hold them, and texts of a CRM without them."""

from __future__ import annotations

import re

from lead_qualification.redaction import HIDDEN
from lead_qualification.redaction import redacted as without_credentials

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
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def redacted(text: str) -> str:
    """Return a text in which nothing of a credential, a server or a person's address remains."""
    return E_MAIL.sub(HIDDEN, without_credentials(text))
