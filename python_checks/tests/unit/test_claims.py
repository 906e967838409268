"""The list of what the documents say is whole and true to its tests; the page is made of it."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT
from lead_qualification.yaml_text import from_yaml
from python_checks.claims import DOCUMENTS, PAGE, VERDICTS, Claim, page_of, read_claims

CLAIMS = read_claims()
MOST_PARTLY = 15
AUDIT = PROJECT.parent / "shared" / "audit" / "mission.csv"


def names_in(path: Path) -> set[str]:
    """The tests that a file has: functions of a module, unit tests of a YAML file."""
    if path.suffix == ".py":
        tree = ast.parse(path.read_text(encoding="utf-8"))
        return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    content = from_yaml(path.read_text(encoding="utf-8"))
    return {test["name"] for test in content["unit_tests"]}


def test_every_claim_is_listed_once():
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)


@pytest.mark.skipif(not AUDIT.exists(), reason="the audit, which stays where it is, is not here")
def test_every_audited_claim_is_listed():
    with AUDIT.open(encoding="utf-8", newline="") as file:
        audited = [row["id"] for row in csv.DictReader(file)]
    assert [claim.id for claim in CLAIMS] == audited


def test_verdicts_and_documents_are_known():
    assert {claim.verdict for claim in CLAIMS} <= VERDICTS.keys()
    assert {claim.document for claim in CLAIMS} == DOCUMENTS.keys()
    assert all(claim.claim and claim.what_we_do for claim in CLAIMS)


def test_little_is_done_in_part():
    assert sum(claim.verdict == "partly" for claim in CLAIMS) <= MOST_PARTLY


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_what_works_has_a_test(claim: Claim):
    path, _, name = claim.see.partition("::")
    assert path or claim.verdict != "works"
    assert not path or (PROJECT / path).is_file()
    assert not name or name in names_in(PROJECT / path)
    assert name or claim.verdict != "works"


def test_page_is_written_from_the_list():
    assert PAGE.read_text(encoding="utf-8") == page_of(CLAIMS)
