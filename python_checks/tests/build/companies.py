"""Generated companies of every motion, each built once in a session."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from lead_qualification.exit_codes import OK
from lead_qualification.generate import Company, assign, generate
from lead_qualification.generator import BUSINESSES
from lead_qualification.warehouse import Warehouse
from python_checks.tests.builds import Builds

AS_OF = "2026-06-30 23:59:59"
LEADS = {"product_led": 250, "ecommerce": 200, "consumer": 300, "healthcare": 250}
"""The number of people by company; the company software is the demo."""
Built = dict[str, Future[Warehouse]]


def order(folder: Path, builds: Builds, name: Company) -> Future[Warehouse]:
    """Generate a company and begin its build."""
    assert generate(out=folder / "raw", company=name, leads=LEADS[name], as_of=AS_OF) == OK
    rules = BUSINESSES[name].assignment
    return builds.submit(
        folder / "raw",
        datetime.fromisoformat(AS_OF),
        edit=lambda project: assign(project, rules),
    )
