"""Who may look, and what may be shown: a password, a header of a proxy, contact data."""

from __future__ import annotations

import hmac
import os

import streamlit

from lead_qualification.dashboard.variables import PASSWORD, PROXY_HEADER, SHOW_CONTACTS

ADMITTED = "admitted"


def shows_contacts() -> bool:
    """Whether e-mail addresses, phone numbers and raw rows may be shown."""
    return os.environ.get(SHOW_CONTACTS) == "1"


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
