"""The pages of the export name what is there; the files are those that the tools read."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.export import lightdash, superset
from lead_qualification.export.command import address_of
from lead_qualification.export.content import Content, Exporter, declared_pages
from lead_qualification.labels import Labels
from lead_qualification.metrics import metrics
from lead_qualification.tables import Table
from lead_qualification.warehouse import PROJECT, postgres_warehouse
from lead_qualification.yaml_text import as_yaml, from_yaml

PAGES = declared_pages()
QUESTIONS = [name for page in PAGES.values() for name in page["questions"]]
CHARTS = [chart for page in PAGES.values() for chart in page.get("charts", ())]
NUMBERS = [name for page in PAGES.values() for name in page.get("numbers", ())]
VIEWS = PROJECT / "python" / "lead_qualification" / "dashboard" / "views"
ADDRESS = "duckdb:////data/leads.duckdb"


def column(name: str, **meta: Any) -> SimpleNamespace:
    """A column as dbt has it."""
    return SimpleNamespace(
        description=f"What {name} is.", data_type="string", config=SimpleNamespace(meta=meta)
    )


def mart(table: str) -> SimpleNamespace:
    """A public table as dbt has it, with the columns of the charts and a personal one."""
    charted = [(chart["x"], *chart["ys"]) for chart in CHARTS if chart["table"] == table]
    columns = {name: column(name) for names in charted for name in names}
    columns["secret"] = column("secret", is_personal=True)
    return SimpleNamespace(
        schema="main_marts", alias=table, description=f"Rows of {table}.", columns=columns
    )


def question(name: str) -> tuple[SimpleNamespace, Table]:
    """A saved question as dbt compiled it, with its rows."""
    code = f'-- Which {name}?\nselect stage, 1 as mqls from "leads"."main_marts"."lead_stages"'
    columns = {"stage": column("stage"), "mqls": column("mqls")}
    node = SimpleNamespace(
        compiled_code=code, database="leads", description="How many?", columns=columns
    )
    return node, Table(("stage", "mqls"), (("mql", 1),))


@pytest.fixture(scope="module")
def exporter() -> Exporter:
    """What makes the content."""
    tables = {chart["table"] for chart in CHARTS} | {metrics()[name].column[0] for name in NUMBERS}
    marts = {table: mart(table) for table in sorted(tables)}
    return Exporter(marts, {name: question(name) for name in QUESTIONS}, Labels(), "main_policy")


@pytest.fixture(scope="module")
def content(exporter: Exporter) -> Content:
    """What is exported of them."""
    return exporter.content()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_called_as_in_the_dashboard(page: str) -> None:
    view = (VIEWS / f"{page}.py").read_text(encoding="utf-8")
    assert f'TITLE = "{PAGES[page]["title"]}"\n' in view


def test_pages_have_every_question_that_needs_no_var() -> None:
    """The others are asked with a var, which a BI tool cannot give to dbt."""
    asked = {
        path.stem
        for path in (PROJECT / "analyses").glob("*.sql")
        if "var(" not in path.read_text(encoding="utf-8")
    }
    assert sorted(QUESTIONS) == sorted(asked)


def test_numbers_are_metrics_that_a_table_has() -> None:
    assert all(metrics()[name].column for name in NUMBERS)
    assert len(NUMBERS) == len(set(NUMBERS))


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: f"{chart['table']}.{chart['ys'][0]}")
def test_charts_name_columns_that_are_there(chart: Any) -> None:
    assert {chart["x"], *chart["ys"]} <= set(definition_of(chart["table"]).columns)


def test_words_and_definitions_are_those_of_the_registry(content: Content) -> None:
    figures = {figure.name: figure for figure in content.datasets["lead_velocity"].figures}
    shown = figures["metric_mqls"]
    assert (shown.label, shown.aggregate) == (metrics()["mqls"].label, "sum")
    assert shown.description.startswith(metrics()["mqls"].definition)
    assert shown.sql == "case when motion = 'all' then mqls end"


def test_a_rate_is_not_added_up(content: Content) -> None:
    """A table may have it in several rows, such as one for each benchmark."""
    figures = [f for d in content.datasets.values() if not d.has_order for f in d.figures]
    assert {figure.unit for figure in figures if figure.aggregate == "sum"} <= {
        *("leads", "hand-offs", "deals")
    }


def test_a_code_has_its_word_beside_it(content: Content) -> None:
    fields = {field.name: field for field in content.datasets["question_stuck_leads"].fields}
    assert fields["stage"].is_hidden
    assert not fields["stage_label"].is_hidden
    assert fields["stage_label"].label == "Stage"


def test_the_database_may_have_another_name(content: Content) -> None:
    assert '"leads".' not in content.datasets["question_stuck_leads"].sql


def test_personal_columns_only_if_asked_for(exporter: Exporter, content: Content) -> None:
    parts = (exporter.marts, exporter.questions, exporter.labels, exporter.policy)
    with_them = Exporter(*parts, has_personal=True).content()
    assert '"secret"' in with_them.datasets["lead_velocity"].sql
    assert "secret" not in str(superset_files(content))
    assert "secret" not in str(lightdash.files(content, "duckdb"))


def superset_files(content: Content) -> dict[str, Any]:
    """The files of the ZIP for Superset."""
    with ZipFile(io.BytesIO(superset.archive(content, ADDRESS))) as zipped:
        return {name: from_yaml(zipped.read(name)) for name in zipped.namelist()}


def test_superset_gets_the_same_file_of_the_same_content(content: Content) -> None:
    assert superset.archive(content, ADDRESS) == superset.archive(content, ADDRESS)


def test_everything_that_superset_is_told_of_is_in_the_file(content: Content) -> None:
    files = superset_files(content)
    assert files["lead_qualification/metadata.yaml"] == {"version": superset.VERSION}
    known = {content["uuid"] for content in files.values() if "uuid" in content}
    named = {value for content in files.values() for value in _uuids(content)}
    assert named <= known
    (database,) = (v for name, v in files.items() if "/databases/" in name)
    assert database["sqlalchemy_uri"] == ADDRESS
    assert database["extra"]["engine_params"]["connect_args"] == {"read_only": True}
    assert not database["allow_dml"]


def _uuids(content: dict[str, Any]) -> set[str]:
    """The uuids of other things that a file names."""
    found = {content[name] for name in ("dataset_uuid", "database_uuid") if name in content}
    places = [p for p in content.get("position", {}).values() if isinstance(p, dict)]
    return found | {p["meta"]["uuid"] for p in places if "uuid" in (p.get("meta") or {})}


def test_lightdash_files_name_fields_that_are_there(content: Content) -> None:
    files = {n: from_yaml(text) for n, text in lightdash.files(content, "duckdb").items()}
    assert files["lightdash.config.yml"] == {"warehouse": {"type": "duckdb"}}
    fields = {
        f"{model['name']}_{name}"
        for path, model in files.items()
        if "/models/" in path
        for name in (*model["metrics"], *(one["name"] for one in model["dimensions"]))
    }
    charts = {v["slug"]: v for name, v in files.items() if "/charts/" in name}
    for chart in charts.values():
        asked = chart["metricQuery"]
        assert {*asked["dimensions"], *asked["metrics"]} <= fields
    tiles = [tile for n, v in files.items() if "/dashboards/" in n for tile in v["tiles"]]
    assert sorted(tile["properties"]["chartSlug"] for tile in tiles) == sorted(charts)
    assert all(tile["x"] + tile["w"] <= lightdash.COLUMNS for tile in tiles)


def test_sql_is_written_in_lines() -> None:
    assert as_yaml({"sql": "select 1\nfrom a", "b": "c"}) == "sql: |-\n  select 1\n  from a\nb: c\n"


def test_no_password_is_exported() -> None:
    server = {"LEAD_PG_USER": "bi", "LEAD_PG_PASSWORD": "secret", "LEAD_PG_DATABASE": "dwh"}
    found = address_of(postgres_warehouse(server, "leads"))
    assert found == "postgresql+psycopg2://bi@localhost:5432/dwh"
