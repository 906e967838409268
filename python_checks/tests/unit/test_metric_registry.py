"""The registry of metrics: complete, without a second name or definition, and what repeats it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lead_qualification.dashboard.definitions import definition_of
from lead_qualification.errors import ConfigurationError
from lead_qualification.metrics import (
    COHORT_TABLE,
    COPY,
    COUNTING,
    DOC_BLOCKS,
    PAGE,
    REGISTRY,
    UNITS,
    Metric,
    label_of,
    main,
    metric,
    metric_of,
    metrics,
    outdated,
    read_registry,
)
from lead_qualification.settings import CHECKOUT, PROJECT_FILE, PROJECT_FOLDER
from lead_qualification.yaml_text import from_yaml

METRICS = metrics()
PLACES = [
    (entry, table, column)
    for entry in METRICS.values()
    for table, column in (*((entry.column,) if entry.column else ()), *entry.also)
    if (table, column) not in (("handoffs", "lead_id"), ("lead_scores", "score"))
]
"""Metrics and the columns that have them; a key and the score of one lead are not the metric."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the registry and what repeats it."""
    for path in (REGISTRY, COPY, DOC_BLOCKS, PAGE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / path, tmp_path / path)
    return tmp_path


def test_generated_files_are_up_to_date() -> None:
    assert list(outdated(CHECKOUT)) == [], "run make metrics"


def test_check_names_a_file_that_is_out_of_date(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--project-dir", str(project)]
    assert main([*options, "--check"]) == 0
    text = (project / REGISTRY).read_text(encoding="utf-8")
    (project / REGISTRY).write_text(text.replace("for the first time", "first"), encoding="utf-8")
    assert main([*options, "--check"]) == 1
    assert "docs/metrics.md is out of date; run make metrics" in capsys.readouterr().err
    assert main(options) == 0
    assert main([*options, "--check"]) == 0


def test_a_registry_that_cannot_be_read_is_named(project: Path) -> None:
    (project / REGISTRY).write_text("metrics:\n  - name: leads\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"metrics.yml cannot be read"):
        read_registry(project / REGISTRY)


def test_the_package_has_the_registry_without_a_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a host project it is that of the package, even if another file has its place."""
    (project / PROJECT_FILE).write_text("name: host\n", encoding="utf-8")
    (project / REGISTRY).write_text("metrics: []\n", encoding="utf-8")
    monkeypatch.setenv(PROJECT_FOLDER, str(project))
    metrics.cache_clear()
    assert metrics() == METRICS
    monkeypatch.setenv(PROJECT_FOLDER, str(project / "nowhere"))
    metrics.cache_clear()
    assert metrics() == METRICS
    metrics.cache_clear()


@pytest.mark.parametrize("entry", METRICS.values(), ids=METRICS)
def test_a_metric_says_what_it_is(entry: Metric) -> None:
    assert entry.unit in UNITS
    assert entry.counting in COUNTING
    assert entry.definition.endswith(".")
    assert "_at" not in entry.definition
    if entry.unit == "share" and entry.name != "win_rate":
        assert entry.counting == "cohort"
    if entry.counting == "cohort":
        assert entry.definition.startswith(("Of ", "Half of "))


def test_one_name_and_one_definition_for_one_metric() -> None:
    for texts in ([m.label for m in METRICS.values()], [m.definition for m in METRICS.values()]):
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("entry", "table", "column"), PLACES, ids=[f"{t}.{c}-{m.name}" for m, t, c in PLACES]
)
def test_the_column_of_a_metric_has_its_definition(entry: Metric, table: str, column: str) -> None:
    """A column that several metrics share, by their rows, has its own."""
    found = metric_of(table, column)
    if found is None:
        assert definition_of(table).of(column)
    else:
        assert found == entry
        assert definition_of(table).of(column).startswith(entry.described)


def test_counts_of_a_cohort_have_another_name_than_those_of_a_month() -> None:
    for entry in METRICS.values():
        described = definition_of(COHORT_TABLE).of(entry.name)
        if entry.counting == "activity" and described:
            assert label_of(COHORT_TABLE, entry.name) == f"{entry.label} of the cohort"
            assert described.startswith(f"{entry.label} among the leads of the row")


def test_what_is_no_metric_has_no_name_here() -> None:
    assert metric("no_such_metric") is None
    assert metric_of("lead_stages", "stage") is None
    assert label_of("lead_stages", "stage") is None
    assert label_of("channel_roi", "customers") == "Deals won"


def test_saved_questions_take_definitions_from_the_registry() -> None:
    """A column with the name of a metric names its text; a what-if counts leads that are not."""
    path = CHECKOUT / "analyses" / "analyses.yml"
    for question in from_yaml(path.read_text(encoding="utf-8"))["analyses"]:
        for column in question["columns"]:
            if metric(column["name"]) is not None and not question["name"].startswith("what_if"):
                text = f"doc('lead_qualification', '{column['name']}')"
                assert text in column["description"], (question["name"], column["name"])
