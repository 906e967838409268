"""The benchmark writes its own section of the page and nothing else."""

from __future__ import annotations

import pytest

from lead_qualification.warehouse import PROJECT
from python_checks.benchmarks.scale import EMPTY_PAGE, with_measured

PAGE = PROJECT / "docs" / "benchmarks.md"


def test_only_the_measured_section_is_replaced() -> None:
    page = PAGE.read_text(encoding="utf-8")
    once = with_measured(page, "first")
    assert once != page
    assert with_measured(once, "second") == once.replace("\nfirst\n", "\nsecond\n")
    assert once.startswith(page[: page.index("Measured on")])
    assert once.endswith(page[page.index("This list") :])


def test_a_page_that_does_not_exist_begins_empty() -> None:
    assert "\nfigures\n" in with_measured(EMPTY_PAGE, "figures")


def test_a_page_without_the_section_is_refused() -> None:
    with pytest.raises(ValueError, match="measured: begin"):
        with_measured("# Benchmarks\n", "figures")
