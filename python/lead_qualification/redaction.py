"""Credentials and connection texts, kept out of every message.

A driver quotes what it cannot read: of ``postgresql://user:part/of-password@host`` PostgreSQL's
takes ``part`` for a port, and says so. So what a driver says about a connection is never shown;
``why_not_connected`` says it in our words. Everything else passes through ``redacted``.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

HIDDEN = "***"
CRM_VARIABLE = re.compile(r"CRM_(?!SYNC_)")
"""Of a CRM even the address and the user are hidden."""

SECRET_VARIABLE = re.compile(
    r"(LEAD|DBT|PG|AWS|MOTHERDUCK)\w*(PASSWORD|TOKEN|SECRET|DSN|ACCESS_KEY)\w*", re.IGNORECASE
)
SHORTEST_FRAGMENT = 3

# Anything up to the last @ may be a user or a password.
ADDRESS_WITH_USER = re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s'\"]*@", re.IGNORECASE)
SETTING = re.compile(
    r"\b(password|passwd|pwd|sslpassword|passfile|secret|[a-z_]*token|client_secret|api_key)"
    r"\s*=\s*('(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s,;&\"']+)",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Return a text in which nothing of any credential or connection text remains."""
    for secret in sorted(_secrets(), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)
    text = ADDRESS_WITH_USER.sub(rf"\1{HIDDEN}@", text)
    return SETTING.sub(rf"\1={HIDDEN}", text)


def _secrets() -> set[str]:
    """The values of variables that hold credentials, and the parts of those that have parts."""
    found: set[str] = set()
    for name, value in os.environ.items():
        if value and (CRM_VARIABLE.match(name) or SECRET_VARIABLE.fullmatch(name)):
            found |= {value, unquote(value), *_parts(value), *_fragments(value)}
    return {secret for secret in found if secret.strip(" /:@")}


def _parts(value: str) -> set[str]:
    """User, password and host of an address or a libpq connection text that can be read."""
    try:
        from psycopg2 import ProgrammingError
        from psycopg2.extensions import parse_dsn
    except ModuleNotFoundError:
        return _parts_of_address(value)
    try:
        words = parse_dsn(value)
    except ProgrammingError:
        return _parts_of_address(value)
    return {words[name] for name in ("user", "password", "host") if name in words}


def _parts_of_address(value: str) -> set[str]:
    """User, password and host of an address."""
    try:
        address = urlsplit(value)
        found = (address.netloc, address.hostname, address.username, address.password)
    except ValueError:
        return set()
    return {part for part in found if part}


def _fragments(value: str) -> set[str]:
    """The pieces that a driver may quote of a text that it takes apart in the wrong places."""
    _, is_address, rest = value.partition("://")
    if is_address:
        pieces = re.split(r"[:/@?#&=\s]+", rest.rpartition("@")[0])
    else:
        passwords = re.findall(r"pass\w*\s*=\s*(.*)", value, re.IGNORECASE)
        pieces = [piece for text in passwords for piece in re.split(r"[\s'\"=@:/]+", text)]
    whole = {piece for piece in pieces if len(piece) >= SHORTEST_FRAGMENT}
    return whole | {unquote(piece) for piece in whole}


@dataclass(frozen=True)
class Refusal:
    """Why there is no connection.

    Attributes:
        what: What happened, in words that quote nothing.
        remedy: What to look at.
        is_lasting: Whether the same call will not succeed before a person changes something.
    """

    what: str
    remedy: str
    is_lasting: bool = False


UNREADABLE = Refusal(
    "the connection text cannot be read",
    "write special characters of user and password percent-encoded: / is %2F, @ is %40, : is %3A",
    is_lasting=True,
)
REFUSALS: dict[str, Refusal] = {
    r"authentication failed": Refusal(
        "the server refuses user or password", "check both", is_lasting=True
    ),
    r"no password supplied": Refusal("the server asks for a password", "set one", is_lasting=True),
    r"no pg_hba\.conf entry|pg_hba\.conf rejects": Refusal(
        "the server admits no such connection",
        "ask for an entry in its pg_hba.conf, or use TLS",
        is_lasting=True,
    ),
    r"(role|user) .* does not exist|is not permitted to log in": Refusal(
        "the server knows no such user", "check the user", is_lasting=True
    ),
    r"database .* does not exist": Refusal(
        "the server has no such database", "check the name of the database", is_lasting=True
    ),
    r"invalid (integer value|port|percent|connection option|URI|dsn|\w+ value)"
    r"|missing \"=\"|missing key|unterminated quoted|unexpected (character|spaces)"
    r"|extra key|end of string reached|could not match \d+ port": UNREADABLE,
    r"could not translate host name|name or service not known|unknown host": Refusal(
        "no server has this host name", "check the host; percent-encode / and @ in a password"
    ),
    r"Connection refused": Refusal(
        "Connection refused", "check host and port, and whether the server runs"
    ),
    r"No such file or directory": Refusal(
        "no server listens at this socket", "check the host, and whether the server runs"
    ),
    r"timeout expired|timed out": Refusal(
        "the server does not answer in time", "check host, port and firewall"
    ),
    r"certificate|SSL|TLS": Refusal(
        "server and client do not agree on TLS", "check sslmode and the certificates"
    ),
    r"too many (clients|connections)|remaining connection slots": Refusal(
        "the server has no connection left", "try again later"
    ),
    r"starting up|shutting down|in recovery": Refusal(
        "the server is starting or stopping", "try again later"
    ),
    r"closed the connection|terminating connection|connection already closed": Refusal(
        "the server ended the connection", "try again"
    ),
}


def why_not_connected(error: Exception) -> Refusal:
    """Return why there is no connection, without a word of the connection text."""
    told = str(error)
    for pattern, refusal in REFUSALS.items():
        if re.search(pattern, told, re.IGNORECASE):
            return refusal
    return Refusal(
        f"no connection ({type(error).__name__})", "check host, port, user, password and database"
    )
