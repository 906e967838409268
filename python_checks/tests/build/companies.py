"""Generated companies of every motion, each built at most once in a session."""

from __future__ import annotations

from collections.abc import Callable
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


class Built(dict[str, Future[Warehouse]]):
    """The builds by company; one begins when it is first asked for."""

    def __init__(self, folders: Callable[[str], Path], builds: Builds) -> None:
        """Prepare builds of what is generated into new folders."""
        super().__init__()
        self.folders = folders
        self.builds = builds

    def __missing__(self, name: Company) -> Future[Warehouse]:
        """Begin the build of a company."""
        self[name] = order(self.folders(name), self.builds, name)
        return self[name]


def order(folder: Path, builds: Builds, name: Company) -> Future[Warehouse]:
    """Generate a company and begin its build."""
    assert generate(out=folder / "raw", company=name, leads=LEADS[name], as_of=AS_OF) == OK
    rules = BUSINESSES[name].assignment
    return builds.submit(
        folder / "raw",
        datetime.fromisoformat(AS_OF),
        edit=lambda project: assign(project, rules),
    )
