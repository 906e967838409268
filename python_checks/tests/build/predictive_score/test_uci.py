"""The trainer on public data that it has never seen, against the defaults of scikit-learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from python_checks.benchmarks.predictive_quality import FILE, bank_contacts, measured

TOLERANCE = 0.005


@pytest.mark.nightly
def test_as_good_as_plain_estimators_on_the_newest_fifth(shared: Path) -> None:
    folder = shared / "data" / "uci_bank_marketing"
    if not (folder / FILE).exists():
        pytest.skip(f"no {FILE} in {folder.name}")
    features, outcomes = bank_contacts(folder)
    found = measured(features, outcomes, np.arange(len(outcomes)))
    ours = [one.auc for name, one in found.items() if name.startswith("ours")]
    plain = [one.auc for name, one in found.items() if name.startswith("plain")]
    assert (len(ours), len(plain)) == (1, 2)
    assert ours[0] >= max(plain) - TOLERANCE
