"""The export for BI tools has the numbers of the registry, in words, without personal data.

The tests with a real tool run where the environment names it: LEAD_SUPERSET, a virtual environment
made by ``pip install apache-superset duckdb-engine rich cachetools 'flask-caching<2.4'``, and
LEAD_LIGHTDASH, a node_modules made by ``npm install @lightdash/common``.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from lead_qualification.export import lightdash, superset
from lead_qualification.export.command import address_of, exporter_of
from lead_qualification.export.content import LABEL, ORDER, Content, Exporter
from lead_qualification.labels import ANY, CODE, KIND_OF
from lead_qualification.metrics import metrics
from lead_qualification.warehouse import PROJECT, Warehouse
from lead_qualification.yaml_text import from_yaml
from python_checks.tests.build.metric_answers import answered

pytestmark = pytest.mark.nightly

TOLERANCE = 1e-6
TOOLS = PROJECT / "python_checks" / "bi_tools"
REGISTERED = {name: entry for name, entry in metrics().items() if entry.column}
PERSONAL = {("quarantined_records", "raw_row"), ("lead_attribute_history", "value")}
AGGREGATES = {"average": "avg"}


@pytest.fixture(scope="module")
def exporter(demo: Warehouse) -> Exporter:
    """What makes the content of the demo."""
    return exporter_of(demo, PROJECT)


@pytest.fixture(scope="module")
def content(exporter: Exporter) -> Content:
    """What is exported of the demo."""
    return exporter.content()


@pytest.fixture(scope="module")
def numbers(demo: Warehouse, metrics_folder: Path) -> dict[str, float]:
    """The number of each metric, as MetricFlow says it."""
    ((header, row),) = answered(demo, metrics_folder, [["--metrics", ",".join(REGISTERED)]])
    return {name: float(text or "nan") for name, text in zip(header, row, strict=True)}


def test_figures_are_the_metrics_of_the_registry(
    content: Content, demo: Warehouse, numbers: dict[str, float]
) -> None:
    found = {}
    for dataset in content.datasets.values():
        if dataset.has_order or not dataset.figures:
            continue
        asked = ", ".join(
            f"{AGGREGATES.get(figure.aggregate, figure.aggregate)}({figure.sql}) as {figure.name}"
            for figure in dataset.figures
        )
        row = demo.read(f"select {asked} from ({dataset.sql}) as shown").iloc[0]
        found |= {name.removeprefix("metric_"): float(row[name]) for name in row.index}
    assert found == pytest.approx(
        {name: numbers[name] for name in REGISTERED}, abs=TOLERANCE, nan_ok=True
    )


def test_questions_have_their_rows_in_order(
    content: Content, exporter: Exporter, demo: Warehouse
) -> None:
    for name, (_, rows) in exporter.questions.items():
        sql = content.datasets[f"question_{name}"].sql
        with demo.connection() as connection:
            shown = connection.table(f"select * from ({sql}) as shown order by {ORDER}")
        assert len(shown) == len(rows) > 0, name
        for column in rows.columns:
            assert shown.values(column) == rows.values(column), (name, column)


def test_every_dataset_has_its_fields(content: Content, demo: Warehouse) -> None:
    for dataset in content.datasets.values():
        rows = demo.read(f"select * from ({dataset.sql}) as shown limit 0")
        assert set(rows.columns) == {field.name for field in dataset.fields}, dataset.name
        assert all(field.label and field.description for field in dataset.fields), dataset.name


def test_codes_are_shown_in_words(content: Content, exporter: Exporter, demo: Warehouse) -> None:
    """As the labels have them; a code without a label, in words of its own."""
    compared = 0
    for dataset in content.datasets.values():
        for field in dataset.fields:
            if not field.name.endswith(LABEL):
                continue
            column = field.name.removesuffix(LABEL)
            kind = KIND_OF[column]
            pairs = demo.read(
                f'select distinct "{column}" as code, "{field.name}" as label '
                f'from ({dataset.sql}) where "{column}" is not null'
            )
            for code, label in pairs.itertuples(index=False):
                is_known = exporter.labels.is_known(code)
                if CODE.fullmatch(code) and (is_known or (kind == "metric" and code in metrics())):
                    assert label == exporter.labels.of(kind, code), (dataset.name, column)
                    compared += 1
                else:
                    assert label == (code if kind == ANY else code.replace("_", " "))
    assert compared > 300


def test_no_code_is_shown_where_it_has_a_word(content: Content) -> None:
    for page in content.pages:
        for picture in page.pictures:
            hidden = {f.name for f in content.datasets[picture.dataset].fields if f.is_hidden}
            assert not hidden & {picture.x, *picture.shown}, picture.name


def test_personal_columns_only_if_asked_for(content: Content, exporter: Exporter) -> None:
    parts = (exporter.marts, exporter.questions, exporter.labels, exporter.policy)
    with_them = Exporter(*parts, has_personal=True).content()

    def exported(of: Content) -> set[tuple[str, str]]:
        return {(name, field.name) for name, d in of.datasets.items() for field in d.fields}

    assert exported(with_them) - exported(content) == PERSONAL
    for table, column in PERSONAL:
        assert f'shown."{column}"' not in content.datasets[table].sql


def test_superset_imports_it_and_answers(
    content: Content, demo: Warehouse, numbers: dict[str, float], tmp_path: Path
) -> None:
    """Every dashboard and chart is there, and Superset's answers are the registry's.

    An older export was imported before, of which nothing may be left.
    """
    old, export, answers = (tmp_path / name for name in ("old.zip", "new.zip", "answers.json"))
    export.write_bytes(superset.archive(content, address_of(demo)))
    old.write_bytes(superset.archive(outdated(content), address_of(demo)))
    python = _tool("LEAD_SUPERSET") / "bin" / "python"
    _run([str(python), str(TOOLS / "superset_answers.py"), str(old), str(export), str(answers)])
    found = json.loads(answers.read_text(encoding="utf-8"))
    pictures = {f"{superset.TITLE}: {page.title}": page.pictures for page in content.pages}
    titles = {title: sorted(p.title for p in row) for title, row in pictures.items()}
    assert {title: sorted(names) for title, names in found["dashboards"].items()} == titles
    for title, shown in pictures.items():
        for picture in shown:
            rows = found["charts"][f"{title}/{picture.title}"]
            assert rows, picture.name
            if picture.kind == "number":
                name = picture.shown[0].removeprefix("metric_")
                assert rows[0][picture.shown[0]] == pytest.approx(numbers[name], abs=TOLERANCE)


def outdated(content: Content) -> Content:
    """An export with other queries and titles."""
    datasets = {
        name: replace(dataset, label="Old", sql=f"select 1 as old from ({dataset.sql}) as shown")
        for name, dataset in content.datasets.items()
    }
    pages = tuple(
        replace(
            page,
            title=f"Old {page.title}",
            rows=tuple(
                (places, tuple(replace(picture, title="Old") for picture in row))
                for places, row in page.rows
            ),
        )
        for page in content.pages
    )
    return replace(content, datasets=datasets, pages=pages)


@pytest.fixture
def lightdash_folder(content: Content, demo: Warehouse, tmp_path: Path) -> Path:
    """The export for Lightdash."""
    for name, text in lightdash.files(content, demo.target).items():
        path = tmp_path / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "export"


def test_lightdash_compiles_it(
    lightdash_folder: Path, demo: Warehouse, numbers: dict[str, float]
) -> None:
    """By its own schemas and compiler; the SQL that it makes gives the registry's numbers."""
    found = _compiled(lightdash_folder)
    assert found["problems"] == []
    asked = {
        name.partition("_metric_")[2]: f'select {sql} as found from {table["from"]} as "{key}"'
        for key, table in found["tables"].items()
        for name, sql in table["metrics"].items()
        if not key.startswith("chart_")
    }
    answers = {name: float(demo.read(sql)["found"].iloc[0]) for name, sql in asked.items()}
    wanted = {name: numbers[name] for name in REGISTERED}
    assert answers == pytest.approx(wanted, abs=TOLERANCE, nan_ok=True)


def test_lightdash_says_what_is_wrong(lightdash_folder: Path) -> None:
    """A chart of no field, a number of no kind and a tile of no chart are found."""

    def edit(name: str, change: Any) -> None:
        path = lightdash_folder / "lightdash" / name
        content = from_yaml(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")

    edit("charts/funnel-leads.yml", lambda c: c["metricQuery"].update(metrics=["no_such_field"]))
    edit("models/lead_scores.yml", lambda c: c.pop("sql_from"))
    edit("dashboards/funnel.yml", lambda c: c["tiles"][0]["properties"].update(chartSlug="gone"))
    told = "\n".join(_compiled(lightdash_folder)["problems"])
    assert "no field no_such_field" in told
    assert "must have required property 'sql_from'" in told
    assert "no chart gone" in told


def _tool(variable: str) -> Path:
    """Where a tool is; without it the test is skipped."""
    if not os.environ.get(variable):
        pytest.skip(f"{variable} is not set: this tool is installed apart")
    return Path(os.environ[variable])


def _compiled(folder: Path) -> dict[str, Any]:
    """What Lightdash's compiler says of an export."""
    answers = folder.with_name("answers.json")
    _run(
        ["node", str(TOOLS / "compile_lightdash.cjs"), str(folder), str(answers)],
        NODE_PATH=str(_tool("LEAD_LIGHTDASH")),
    )
    return json.loads(answers.read_text(encoding="utf-8"))


def _run(words: list[str], **variables: str) -> None:
    """Run a tool in its own environment."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | variables
    ended = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
