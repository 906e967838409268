"""The words of score_changes_explained add up to the change that they explain."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.compare import normal
from python_checks.tests.build.test_demo import DEMO_AS_OF

NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
HEAD = re.compile(rf"({NUMBER}) to ({NUMBER}) \(({NUMBER})\): ")
PARTS = re.compile(rf"(?: = |; penalties |: penalties |minimum score )({NUMBER})")
PRODUCT = re.compile(rf"points ({NUMBER}) \((.*?)\) x ({NUMBER}) = ({NUMBER})")
STEP = re.compile(rf"recency multiplier ({NUMBER}) to ({NUMBER}) on ([0-9]+) points = ({NUMBER})")


@pytest.fixture(scope="module")
def changes(demo: Warehouse) -> pd.DataFrame:
    """The explained changes of the demo."""
    return demo.table("score_changes_explained")


def test_the_figures_of_a_sentence_add_up(changes: pd.DataFrame) -> None:
    """Both scores and the change are those of the row, and the parts make the change."""
    assert len(changes) > 100
    for row in changes.itertuples():
        head = HEAD.match(row.explanation)
        assert head, row.explanation
        told = [Decimal(text) for text in head.groups()]
        assert told == [normal(value) for value in (row.score_from, row.score_to, row.change)]
        parts = sum((Decimal(text) for text in PARTS.findall(row.explanation)), Decimal(0))
        assert parts == told[2], row.explanation


def test_products_are_right(changes: pd.DataFrame) -> None:
    """Points times multiplier, and points times the step of the multiplier."""
    products = changes["explanation"].map(PRODUCT.search).dropna()
    assert len(products) > 20
    for points, parts, multiplier, product in (found.groups() for found in products):
        assert Decimal(points) * Decimal(multiplier) == Decimal(product)
        assert sum(Decimal(part.split()[-1]) for part in parts.split(", ")) == Decimal(points)
    steps = changes["explanation"].map(STEP.search).dropna()
    assert len(steps) > 20
    for before, after, points, product in (found.groups() for found in steps):
        assert Decimal(points) * (Decimal(after) - Decimal(before)) == Decimal(product)


def test_each_step_of_the_last_days_is_there(changes: pd.DataFrame, demo: Warehouse) -> None:
    """Of the main model, and with a step before it."""
    scores = demo.table("lead_scores")
    main = scores.loc[scores["is_primary"], ["lead_id", "scoring_model"]]
    history = demo.table("lead_score_history").merge(main)
    ends = history[["lead_id", "valid_to"]].rename(columns={"valid_to": "valid_from"})
    steps = history[["lead_id", "valid_from"]].merge(ends)
    recent = steps[
        (steps["valid_from"] > DEMO_AS_OF - timedelta(days=30))
        & (steps["valid_from"] <= DEMO_AS_OF)
    ]
    found = changes[["lead_id", "valid_from"]]
    assert sorted(map(tuple, recent.to_numpy())) == sorted(map(tuple, found.to_numpy()))


def test_every_change_has_a_reason(changes: pd.DataFrame) -> None:
    """A score that moved says what began, ended or decayed."""
    moved = changes[changes["change"] != 0]
    assert moved[["began", "ended", "decayed"]].notna().any(axis=1).all()
