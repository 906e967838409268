"""Files of properties: every column has a text, every public one says what its values must be."""

from __future__ import annotations

from typing import Any

import pytest

from python_checks.tests.properties import described, meta_of

CHECKS = {
    "not_null",
    "not_empty",
    "lowest",
    "highest",
    "not_before",
    "accepted",
    "holds",
    "in_policy",
}
OTHER_META = {"is_personal"}


def test_meta_has_known_words() -> None:
    """A word that nothing reads would be a check that never runs."""
    unknown = [
        f"{name}.{column['name']}: {word}"
        for name, model in described("models")
        for column in model.get("columns", [])
        for word in meta_of(column)
        if word not in CHECKS | OTHER_META
    ]
    assert unknown == []


@pytest.mark.parametrize(("name", "model"), described("models"))
def test_what_has_checks_runs_them(name: str, model: dict[str, Any]) -> None:
    """The test of the model names the policy tables of its columns: dbt builds them before."""
    metas = [meta_of(column) for column in model.get("columns", [])]
    policies = sorted({meta["in_policy"]["table"] for meta in metas if "in_policy" in meta})
    test: object = "column_checks"
    if policies:
        test = {"column_checks": {"arguments": {"policies": policies}}}
    has_checks = any(CHECKS & set(meta) for meta in metas)
    assert has_checks == (test in model.get("data_tests", [])), policies


@pytest.mark.parametrize(("name", "model"), described("models/marts"))
def test_every_public_column_is_checked(name: str, model: dict[str, Any]) -> None:
    unchecked = [
        column["name"]
        for column in model["columns"]
        if not CHECKS & set(meta_of(column)) and not column.get("data_tests")
    ]
    assert unchecked == []


@pytest.mark.parametrize(("folder", "kind"), [("seeds", "seeds"), ("snapshots", "snapshots")])
def test_every_column_has_a_text(folder: str, kind: str) -> None:
    """dbt-bouncer says the same of models."""
    silent = [
        f"{name}.{column['name']}"
        for name, found in described(folder, kind)
        for column in found["columns"]
        if not column.get("description", "").strip()
    ]
    assert silent == []
