"""Pages of the dashboard, run without a browser."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def opened(view: str, **query: str) -> AppTest:
    """Run a page of the dashboard with what is in its address.

    Args:
        view: Its module among the views, such as ``funnel``.
        query: Filters of the address, by name.
    """
    script = f"from lead_qualification.dashboard.views import {view}\n{view}.render()"
    shown = AppTest.from_string(script, default_timeout=120)
    for name, value in query.items():
        shown.query_params[name] = value
    return shown.run()
