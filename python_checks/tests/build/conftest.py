"""Fixtures: the generated companies, built, and what MetricFlow reads of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from lead_qualification.warehouse import Warehouse
from python_checks.tests.build.companies import Built
from python_checks.tests.build.metric_answers import folder_of_metrics
from python_checks.tests.builds import Builds


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, builds: Builds) -> Built:
    """A build of each company with its motion."""
    return Built(tmp_path_factory.mktemp, builds)


@pytest.fixture(scope="session")
def metrics_folder(demo: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what MetricFlow reads of the project, parsed for the demo."""
    return folder_of_metrics(demo, tmp_path_factory.mktemp("metrics"))
