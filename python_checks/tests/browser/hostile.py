"""A build whose names, ids and reasons are written by somebody who wants more than to be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb

from lead_qualification.warehouse import PROJECT, Warehouse, duckdb_warehouse
from python_checks.processes import serve

COLUMNS = (
    *("lead_id", "merged_lead_id", "account_id", "record_id", "campaign_id"),
    *("first_campaign_id", "latest_campaign_id", "rep_id", "assigned_rep_id"),
    *("recommended_rep_id", "channel", "member", "industry", "reason_code", "country"),
    *("first_name", "last_name", "job_title", "company_name", "name", "email", "phone"),
    *("top_contributions", "latest_signals", "description", "detail", "label", "missing"),
)
"""Columns whose texts come from data, or from a policy that somebody edits."""

OURS = ("all", "overall", "unassigned", "unknown")
"""Members of our own, by which pages look rows up."""

DEFENCES_OFF = """
import sys
sys.path.insert(0, {python!r})
off = {off!r}
if "text" in off:
    from lead_qualification import untrusted
    untrusted.plain = untrusted.markdown = str
    untrusted.cell = lambda value: value
if "headers" in off:
    import streamlit
    App = streamlit.App
    streamlit.App = lambda path, **options: App(path)
"""
"""Python runs a file of the name sitecustomize when it starts."""


@dataclass
class Elsewhere:
    """Another host, which notes who asks it.

    Attributes:
        requests: Paths that were asked for.
    """

    requests: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[Elsewhere]:
        """Answer until the end of the block."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        serve(self.server)
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()

    @property
    def host(self) -> str:
        """Its name and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"

    def text(self, name: str) -> str:
        """A name that wants a browser to come here, and a spreadsheet to calculate."""
        return (
            f"=1+1 {name} ![i](http://{self.host}/markdown.png)"
            f"<img src=http://{self.host}/html.png>[link](http://{self.host}/link)"
        )


def hostile_build(demo: Warehouse, folder: Path, elsewhere: Elsewhere) -> Warehouse:
    """Return a copy of the demo in which every text of the columns is hostile, the same each time.

    Args:
        demo: The demo.
        folder: Where the copy goes.
        elsewhere: The host that the texts name.
    """
    path = folder / "hostile.duckdb"
    shutil.copy(demo.environment["LEAD_DB_PATH"], path)
    before, after = elsewhere.text("\0").split("\0")
    with duckdb.connect(str(path)) as connection:
        found = connection.execute(
            "select columns.table_schema, columns.table_name, columns.column_name "
            "from information_schema.columns inner join information_schema.tables "
            "using (table_schema, table_name) "
            "where tables.table_type = 'BASE TABLE' and columns.data_type = 'VARCHAR' "
            "and columns.table_schema in ('main_marts', 'main_intermediate', 'main_policy') "
            "and list_contains($columns, columns.column_name)",
            {"columns": list(COLUMNS)},
        ).fetchall()
        for schema, table, column in found:
            connection.execute(
                f"update {schema}.{table} set {column} = $before || {column} || $after "
                f"where not list_contains($ours, {column})",
                {"before": before, "after": after, "ours": list(OURS)},
            )
    return duckdb_warehouse(path)


def without_defences(folder: Path, *off: str) -> dict[str, str]:
    """Return the variables with which the dashboard runs without some of its defences.

    Args:
        folder: Where a file for them goes.
        *off: ``text``: texts are shown as they are; ``headers``: no policy for the browser.
    """
    python = str(PROJECT / "python")
    code = DEFENCES_OFF.format(python=python, off=off)
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def _handler(elsewhere: Elsewhere) -> type[BaseHTTPRequestHandler]:
    """A handler that notes every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            elsewhere.requests.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Be quiet."""

    return Handler
