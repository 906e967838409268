"""What a run that replaces the rows of some leads relies on in the models."""

from __future__ import annotations

import re

import pytest

from lead_qualification.warehouse import PROJECT
from python_checks.tests.properties import described
from python_checks.tests.unit.test_model_order import (
    CALL,
    MACRO,
    behind,
    model_files,
    parents_of,
    text_of,
)

PER_LEAD = sorted(m for m in model_files() if "materialized='by_lead'" in text_of(m))
EPHEMERAL = [m for m in model_files() if "materialized='ephemeral'" in text_of(m)]
FILTERED = re.compile(r"rows_of_this_run\('(\w+)'")
VAR = re.compile(r"\bvar\('(\w+)'\)")
CHECKSUM = PROJECT / "macros" / "runs" / "run_scope.sql"


def test_the_last_model_waits_for_every_per_lead_model() -> None:
    """It says that all are up to date."""
    assert len(PER_LEAD) > 30
    assert set(PER_LEAD) <= behind("int_finished_run")


def filtered_by(model: str) -> set[str]:
    """The models that a model, or a macro that it calls, reads for the leads of the run alone."""
    texts = [text_of(model)]
    called = set(CALL.findall(texts[0]))
    for path in (PROJECT / "macros").rglob("*.sql"):
        bodies = MACRO.finditer(path.read_text(encoding="utf-8"))
        texts += [body.group(0) for body in bodies if body.group(1) in called]
    return {name for text in texts for name in FILTERED.findall(text)}


@pytest.mark.parametrize("model", PER_LEAD)
def test_a_per_lead_model_reads_leads_of_the_run_only(model: str) -> None:
    """All of another per-lead table would cost what the run is to spare."""
    read_whole = (parents_of(model) & set(PER_LEAD)) - filtered_by(model)
    allowed = {"int_lifecycle_events", "int_engagements"} if model == "int_stage_machine" else set()
    assert read_whole <= allowed


@pytest.mark.parametrize("model", sorted(model_files().keys() - {*PER_LEAD, *EPHEMERAL}))
def test_other_models_read_everything(model: str) -> None:
    """A table that looks across leads needs all of them."""
    assert not FILTERED.findall(text_of(model))


def test_a_filtered_inline_model_has_per_lead_readers_only() -> None:
    """It is compiled once, for all who read it."""
    for inline in (m for m in EPHEMERAL if FILTERED.findall(text_of(m))):
        readers = {m for m in model_files() if inline in parents_of(m)}
        assert readers <= {*PER_LEAD, *EPHEMERAL}, inline


def test_a_per_lead_table_has_a_key() -> None:
    """A test says what is unique; dbt-bouncer knows tables and views only."""
    models = dict(described("models"))
    for name in PER_LEAD:
        columns = [column.get("data_tests", []) for column in models[name]["columns"]]
        tests = str(models[name].get("data_tests")) + str(columns)
        assert "unique" in tests or "primary_key" in tests, name


def test_a_var_of_a_model_recomputes_every_lead() -> None:
    """The vars that per-lead models read are part of the checksum of the code."""
    used = {name for model in PER_LEAD for name in VAR.findall(text_of(model))}
    assert used
    assert used <= set(VAR.findall(CHECKSUM.read_text(encoding="utf-8")))
