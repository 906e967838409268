"""On which leads models are compared, and which files are not loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import joblib
import numpy as np
import pytest
import sklearn

from lead_qualification.prediction.active_model import Comparison, Model, compared, load, save
from lead_qualification.prediction.errors import UnusableModelError
from lead_qualification.prediction.forecast import Forecast

LEADS = 400
DAYS = np.datetime64("2026-01-01T00:00:00", "us") + np.arange(LEADS) * np.timedelta64(1, "D")
OUTCOMES = np.arange(LEADS) % 4 == 0
HELD_OUT = np.arange(LEADS) >= 200


def comparison(active: Model, train_days: int, new: np.ndarray, old: np.ndarray) -> Comparison:
    """Compare predictions, with an active model that knew the first days."""
    until = datetime(2026, 1, 1) + timedelta(days=train_days)
    known = replace(active, train_until=until)
    return compared(known, old, "logistic_regression", new, OUTCOMES, DAYS, HELD_OUT)


@pytest.fixture
def model(small_first: Forecast) -> Model:
    """A trained model."""
    assert small_first.model is not None
    return small_first.model


def test_only_leads_after_both_trainings_are_compared(model: Model) -> None:
    found = comparison(model, 279, OUTCOMES * 0.9 + 0.05, OUTCOMES * 0.9 + 0.05)
    assert found.rows.tolist() == (np.arange(LEADS) >= 280).tolist()
    assert found.is_replaced


def test_with_too_few_of_an_outcome_all_held_out_leads_are(model: Model) -> None:
    """From day 284 on there are 29 converted leads."""
    found = comparison(model, 281, OUTCOMES * 0.9 + 0.05, OUTCOMES * 0.9 + 0.05)
    assert found.rows.tolist() == HELD_OUT.tolist()


@pytest.mark.parametrize(("wrong", "is_replaced"), [(9, True), (11, False)])
def test_a_twentieth_less_is_allowed(model: Model, wrong: int, is_replaced: bool) -> None:
    """With so many of 100 converted leads tied with the others, AUC is 1 - wrong / 200."""
    outcomes = np.arange(LEADS) % 2 == 0
    new = np.where(outcomes, 0.9, 0.1)
    held_out_converted = np.flatnonzero(outcomes & HELD_OUT)
    new[held_out_converted[:wrong]] = 0.1
    known = replace(model, train_until=datetime(2026, 1, 2))
    found = compared(
        known, np.where(outcomes, 0.9, 0.1), "gradient_boosting", new, outcomes, DAYS, HELD_OUT
    )
    assert found.is_replaced is is_replaced
    assert f"AUC {1 - wrong / 200:.3f} of gradient_boosting against 1.000" in found.reason


def test_a_single_outcome_decides_nothing(model: Model) -> None:
    nothing = np.zeros(LEADS, dtype=bool)
    flat = np.full(LEADS, 0.5)
    known = replace(model, train_until=datetime(2026, 1, 2))
    found = compared(known, flat, "logistic_regression", flat, nothing, DAYS, HELD_OUT)
    assert not found.is_replaced
    assert found.reason == "kept: the held-out leads all had the same outcome"


def test_a_model_is_read_as_it_was_written(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "company.joblib"
    save(path, model)
    found = load(path)
    assert found is not None
    assert (found.version, found.names) == (model.version, model.names)
    assert [one.name for one in path.parent.iterdir()] == ["company.joblib"]


def test_without_a_file_there_is_no_model(tmp_path: Path) -> None:
    assert load(tmp_path / "none.joblib") is None


def test_a_damaged_file_is_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "company.joblib"
    save(path, model)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UnusableModelError, match="cannot be read"):
        load(path)


def test_a_file_of_another_version_is_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "company.joblib"
    save(path, model)
    joblib.dump({"sklearn": "1.0.2", "model": model}, path)
    with pytest.raises(UnusableModelError, match=f"1.0.2, and this is {sklearn.__version__}"):
        load(path)


@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_what_others_could_have_written_is_not_loaded(
    model: Model, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "models" / "company.joblib"
    save(path, model)
    if what == "link":
        elsewhere = path.rename(tmp_path / "elsewhere.joblib")
        path.symlink_to(elsewhere)
    else:
        changed = path if what == "file" else path.parent
        changed.chmod(0o777)
    with pytest.raises(UnusableModelError, match="is not loaded"):
        load(path)
