"""The application that Streamlit runs: who may look, which page, and what to say if it fails."""

from __future__ import annotations

import streamlit

from lead_qualification.dashboard import parts
from lead_qualification.dashboard.access import admit, is_admitted
from lead_qualification.dashboard.variables import STUDIO
from lead_qualification.dashboard.views import (
    account,
    accounts,
    channels,
    data,
    feedback,
    funnel,
    handoffs,
    home,
    lead,
    leads,
    score_health,
    studio,
    worklist,
)
from lead_qualification.errors import HeldError, LeadqError
from lead_qualification.settings import setting

streamlit.set_page_config(page_title="Lead qualification", layout="wide")
streamlit.html(parts.STYLE)
pages = {
    path: streamlit.Page(view.render, title=view.TITLE, url_path=path, default=view is home)
    for path, view in (
        ("home", home),
        ("funnel", funnel),
        ("channels", channels),
        ("worklist", worklist),
        ("handoffs", handoffs),
        ("feedback", feedback),
        ("score_health", score_health),
        ("accounts", accounts),
        ("account", account),
        ("leads", leads),
        ("lead", lead),
        ("data", data),
        *((("studio", studio),) if setting(STUDIO) else ()),
    )
}
page = streamlit.navigation(list(pages.values()), position="sidebar" if is_admitted() else "hidden")
streamlit.session_state[parts.PAGES] = pages
streamlit.set_page_config(page_title=f"{page.title} | Lead qualification")
admit()
parts.choose_rules()
notice = streamlit.empty()
try:
    page.run()
    if parts.reader().is_behind:
        notice.warning(
            f"A build holds the warehouse. The page shows the build before, as of {parts.as_of()}; "
            "load it again when the build has ended.",
            icon=":material/hourglass_empty:",
        )
except LeadqError as error:
    again = ", then load the page again" if isinstance(error, HeldError) else ""
    parts.failure(error, again)
