"""Who may look, and what may be shown: a password, a header of a proxy, personal data."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from functools import cache

import streamlit

from lead_qualification.dashboard.variables import PASSWORD, PROXY_HEADER, SHOW_CONTACTS
from lead_qualification.raw_contract import raw_tables

ADMITTED = "admitted"


def shows_contacts() -> bool:
    """Whether names, job titles, addresses, phone numbers and raw rows may be shown."""
    return os.environ.get(SHOW_CONTACTS) == "1"


def may_be_shown(table: str, columns: Iterable[str]) -> list[str]:
    """Return the columns of a raw table that may be shown, in their order.

    Personal are those that the raw contract calls so.
    """
    hidden = frozenset() if shows_contacts() else _personal_columns(table)
    return [column for column in columns if column not in hidden]


@cache
def _personal_columns(table: str) -> frozenset[str]:
    """The personal columns of a raw table."""
    return frozenset(column.name for column in raw_tables()[table].columns if column.is_personal)


def is_password(given: str) -> bool:
    """Whether this is the password that was set; compared in constant time."""
    return hmac.compare_digest(given.encode(), os.environ.get(PASSWORD, "").encode())


def is_admitted() -> bool:
    """Whether this reader may see the pages."""
    return _is_from_proxy() and (
        not os.environ.get(PASSWORD) or bool(streamlit.session_state.get(ADMITTED))
    )


def admit() -> None:
    """Stop the page unless its reader may see it."""
    if not _is_from_proxy():
        streamlit.error(
            "This address is only for the proxy: the request has no header "
            f"{os.environ[PROXY_HEADER]}. Open the dashboard through the proxy.",
            icon=":material/lock:",
        )
        streamlit.stop()
    if not is_admitted():
        _ask()


def _is_from_proxy() -> bool:
    """Whether the request has the header of the proxy, if one is set."""
    header = os.environ.get(PROXY_HEADER)
    return not header or bool(streamlit.context.headers.get(header))


def _ask() -> None:
    """Ask for the password, and stop the page until it is given."""
    with streamlit.form("sign_in", width=420):
        given = streamlit.text_input("Password", type="password")
        asked = streamlit.form_submit_button("Sign in")
    if asked and is_password(given):
        streamlit.session_state[ADMITTED] = True
        streamlit.rerun()
    if asked:
        streamlit.error(f"That is not the password. It is the value of {PASSWORD}.")
    streamlit.stop()
