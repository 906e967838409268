"""Import exports into a real Superset, and ask it for every chart; run by Superset's Python.

``python superset_answers.py OLD ZIP ANSWERS`` imports the ZIP OLD as a new Superset gets it, then
the other one as an update, by the commands of docs/bi_tools.md. It needs an environment of its own
that has apache-superset and duckdb-engine. It writes a JSON object to ANSWERS: ``dashboards`` with
the charts of each by title, and ``charts`` with the rows that Superset's own API returns for each,
by title of dashboard and chart. The metadata of Superset are a SQLite file beside ANSWERS.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

SETTINGS = """
SECRET_KEY = "of a check that listens nowhere, 0123456789 0123456789"
SQLALCHEMY_DATABASE_URI = "sqlite:///{path}"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""
NAME = "check"
PERSON = ("--firstname", NAME, "--lastname", NAME, "--email", "check@example.com")
COMMANDS = (
    ("db", "upgrade"),
    ("fab", "create-admin", "--username", NAME, "--password", NAME, *PERSON),
    ("init",),
    ("import-dashboards", "--path", "{old}", "--username", NAME),
    ("import-directory", "{export}", "--overwrite"),
)


def main(old: Path, export: Path, answers: Path) -> None:
    """Import the exports and write the answers."""
    with ZipFile(export) as zipped:
        zipped.extractall(answers.parent)
    folder = str(answers.with_name("lead_qualification"))
    settings = answers.with_name("superset_config.py")
    path = answers.with_name("superset.db")
    settings.write_text(SETTINGS.format(path=path), encoding="utf-8")
    os.environ["SUPERSET_CONFIG_PATH"] = str(settings)
    command = str(Path(sys.executable).with_name("superset"))
    for words in COMMANDS:
        ended = subprocess.run(
            [command, *(word.format(old=old, export=folder) for word in words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ended.returncode != 0:
            sys.exit(f"superset {words[0]}: {ended.stdout}")
    from superset.app import create_app

    application = create_app()
    boards = imported(application)
    client = application.test_client()
    signed_in = client.post(
        "/api/v1/security/login",
        json={"username": NAME, "password": NAME, "provider": "db", "refresh": False},
    )
    headers = {"Authorization": f"Bearer {signed_in.json['access_token']}"}
    found: dict[str, Any] = {"dashboards": {}, "charts": {}}
    for title, charts in boards.items():
        found["dashboards"][title] = [chart["name"] for chart in charts]
        for chart in charts:
            question = {
                "datasource": {"id": chart["dataset"], "type": "table"},
                "queries": [query(chart["params"])],
                "result_format": "json",
                "result_type": "full",
            }
            answer = client.post("/api/v1/chart/data", json=question, headers=headers)
            if answer.status_code != 200:
                sys.exit(f"{title}, {chart['name']}: {answer.json}")
            (result,) = answer.json["result"]
            found["charts"][f"{title}/{chart['name']}"] = result["data"]
    answers.write_text(json.dumps(found, default=str), encoding="utf-8")


def imported(application: Any) -> dict[str, list[dict[str, Any]]]:
    """The charts of each dashboard, as Superset has them now."""
    with application.app_context():
        from superset import db
        from superset.models.dashboard import Dashboard

        return {
            board.dashboard_title: [
                {
                    "name": chart.slice_name,
                    "dataset": chart.datasource_id,
                    "params": json.loads(chart.params),
                }
                for chart in board.slices
            ]
            for board in db.session.query(Dashboard)
        }


def query(params: dict[str, Any]) -> dict[str, Any]:
    """The query that the browser makes of the settings of a chart."""
    asked: dict[str, Any] = {"row_limit": params.get("row_limit", 1), "orderby": []}
    if params["viz_type"] == "table":
        asked["columns"] = params["all_columns"]
        asked["orderby"] = [json.loads(order) for order in params["order_by_cols"]]
    elif params["viz_type"] == "big_number_total":
        asked |= {"columns": [], "metrics": [params["metric"]]}
    else:
        asked |= {"columns": [params["x_axis"]], "metrics": params["metrics"]}
    return asked


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
