"""What counts as written is what the answer names; another answer than promised counts as none."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest

from lead_qualification.crm_sync.crm import NOT_NAMED, Outcome
from lead_qualification.crm_sync.delivery import accounted
from lead_qualification.crm_sync.sync_tables import Row
from python_checks.tests.engines.crm_sync.command import Command
from python_checks.tests.engines.crm_sync.conftest import MakeCommand
from python_checks.tests.engines.crm_sync.hubspot_stub import HubspotStub
from python_checks.tests.engines.crm_sync.salesforce_stub import SalesforceStub
from python_checks.tests.engines.crm_sync.stub_server import Answer, Stub
from python_checks.tests.engines.crm_sync.sync_rows import COMPUTED_AT, Source, lead

ROWS = 10
AT_ONCE = ("--settle-seconds", "0")
"""Nobody is killed here, so nothing is still under way when a run begins."""
PAGE = b"<html><body>Sign in to the network</body></html>"
Bend = Callable[[Any], Any]

HUBSPOT_LEAVES_OUT: dict[str, tuple[Bend, int]] = {
    "none": (lambda content: {**content, "results": []}, 0),
    "half": (lambda content: {**content, "results": content["results"][: ROWS // 2]}, ROWS // 2),
    "others": (
        lambda content: {
            **content,
            "results": [{**one, "id": f"9{one['id']}"} for one in content["results"]],
        },
        0,
    ),
    "error without a row": (
        lambda content: {**content, "results": [], "errors": [{"message": "no idea"}]},
        0,
    ),
}
HUBSPOT_UNREADABLE: dict[str, Bend] = {
    "page": lambda content: PAGE,
    "nothing": lambda content: b"",
    "null": lambda content: None,
    "a list": lambda content: content["results"],
    "no results": lambda content: {"status": "COMPLETE"},
    "results null": lambda content: {**content, "results": None},
    "results an object": lambda content: {**content, "results": {"0": content["results"][0]}},
    "results texts": lambda content: {**content, "results": ["1", "2"]},
    "ids missing": lambda content: {**content, "results": [{} for _ in content["results"]]},
    "ids numbers": lambda content: {
        **content,
        "results": [{**one, "id": int(one["id"])} for one in content["results"]],
    },
}
SALESFORCE_LEAVES_OUT: dict[str, Bend] = {
    "success without id": lambda content: [{"success": True, "errors": []}, *content[1:]],
    "id of another": lambda content: [{**content[0], "id": content[1]["id"]}, *content[1:]],
    "refused without a reason": lambda content: [{"success": False, "errors": []}, *content[1:]],
    "refused without errors": lambda content: [{"success": False}, *content[1:]],
}
SALESFORCE_UNREADABLE: dict[str, Bend] = {
    "page": lambda content: PAGE,
    "null": lambda content: None,
    "empty": lambda content: [],
    "one": lambda content: content[:1],
    "too many": lambda content: [*content, content[0]],
    "an object": lambda content: {"records": content},
    "texts": lambda content: ["ok" for _ in content],
    "success a text": lambda content: [{**one, "success": "true"} for one in content],
    "no success": lambda content: [{"id": one["id"]} for one in content],
}


def put(source: Source, stub: Stub) -> None:
    """Leads that both the warehouse and the CRM have."""
    source.put("leads", [lead(number) for number in range(ROWS)])
    stub.records = {row["lead_id"]: {"Id": row["lead_id"]} for row in source.rows["leads"]}


def bending(what: str, bend: Bend) -> Callable[[str, Answer], Answer]:
    """What changes the answers of a path."""
    return lambda path, answer: (200, bend(answer[1])) if what in path else answer


def failures(sync: Command) -> list[dict[str, str]]:
    """The rows of the report."""
    with sync.report.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("bend", "named"), HUBSPOT_LEAVES_OUT.values(), ids=HUBSPOT_LEAVES_OUT.keys()
)
def test_hubspot_has_written_what_its_answer_names(
    bend: Bend, named: int, source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    put(source, hubspot)
    hubspot.bend = bending("batch/update", bend)
    sync = command("hubspot", hubspot.environment)
    finished = sync.run(*AT_ONCE)
    assert finished.code == 1
    assert f"{named} written, 0 had arrived before, 0 done before" in finished.printed
    assert len(failures(sync)) == ROWS - named
    assert {failure["reason"] for failure in failures(sync)} <= {NOT_NAMED, "no idea"}
    assert all(failure["what_to_do"] for failure in failures(sync))
    hubspot.bend = None
    again = sync.run(*AT_ONCE)
    assert again.code == 0
    assert f"{ROWS - named} written, 0 had arrived before, {named} done before" in again.printed


@pytest.mark.parametrize("bend", HUBSPOT_UNREADABLE.values(), ids=HUBSPOT_UNREADABLE.keys())
def test_an_answer_of_hubspot_that_cannot_be_read_counts_for_nothing(
    bend: Bend, source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    put(source, hubspot)
    hubspot.bend = bending("batch/update", bend)
    check_unreadable(command("hubspot", hubspot.environment), hubspot, "CRM_HUBSPOT_*")


def test_hubspot_that_does_not_name_a_key_of_ours_is_asked_for_it(
    source: Source, hubspot: HubspotStub, command: MakeCommand
) -> None:
    """An answer to an update need not have the property that names the record."""
    put(source, hubspot)
    hubspot.records = {str(n): {"external_id": key} for n, key in enumerate(hubspot.records)}
    lost = hubspot.records["4"]["external_id"]

    def bend(path: str, answer: Answer) -> Answer:
        status, content = answer
        if "batch/read" in path:
            kept = [one for one in content["results"] if one["id"] != "4"]
            return status, {**content, "results": kept}
        return answer

    hubspot.bend = bend
    sync = command("hubspot", hubspot.environment)
    fields = sync.folder / "fields.toml"
    fields.write_text('[hubspot.leads]\nlead_id = "external_id"\n')
    sync.environment["CRM_SYNC_FIELDS"] = str(fields)
    assert f"{ROWS - 1} written" in sync.run(*AT_ONCE).printed
    assert [failure["key"] for failure in failures(sync)] == [lost]


@pytest.mark.parametrize("bend", SALESFORCE_LEAVES_OUT.values(), ids=SALESFORCE_LEAVES_OUT.keys())
def test_salesforce_has_written_what_its_answer_names(
    bend: Bend, source: Source, salesforce: SalesforceStub, command: MakeCommand
) -> None:
    put(source, salesforce)
    salesforce.bend = bending("composite/sobjects", bend)
    sync = command("salesforce", salesforce.environment)
    finished = sync.run(*AT_ONCE)
    assert finished.code == 1
    assert f"{ROWS - 1} written, 0 had arrived before" in finished.printed
    (failure,) = failures(sync)
    assert failure["key"] == source.rows["leads"][0]["lead_id"]
    assert failure["reason"]
    assert failure["what_to_do"]
    salesforce.bend = None
    assert f"1 written, 0 had arrived before, {ROWS - 1} done before" in sync.run(*AT_ONCE).printed


@pytest.mark.parametrize("bend", SALESFORCE_UNREADABLE.values(), ids=SALESFORCE_UNREADABLE.keys())
def test_an_answer_of_salesforce_that_cannot_be_read_counts_for_nothing(
    bend: Bend, source: Source, salesforce: SalesforceStub, command: MakeCommand
) -> None:
    put(source, salesforce)
    salesforce.bend = bending("composite/sobjects", bend)
    check_unreadable(command("salesforce", salesforce.environment), salesforce, "CRM_SALESFORCE_*")


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
@pytest.mark.parametrize("content", [PAGE, b"{}", b"[]", b"null", b'{"results": [1]}'])
def test_what_answers_instead_of_the_crm_is_told_before_anything_is_written(
    crm: str,
    content: bytes,
    source: Source,
    request: pytest.FixtureRequest,
    command: MakeCommand,
) -> None:
    stub: Stub = request.getfixturevalue(crm)
    put(source, stub)
    stub.bend = lambda path, answer: (200, content)
    finished = command(crm, stub.environment).run(*AT_ONCE)
    assert finished.code == 2, finished.printed
    assert "is not what its API promises" in finished.printed
    assert f"check the address in CRM_{crm.upper()}_*" in finished.printed
    assert "network" not in finished.printed
    assert stub.written() == 0


def check_unreadable(sync: Command, stub: Stub, variables: str) -> None:
    """No row counts, each has a remedy, and the next run finds that they had arrived."""
    finished = sync.run(*AT_ONCE)
    assert finished.code == 1, finished.printed
    assert f"0 written, 0 had arrived before, 0 done before, {ROWS} failed" in finished.printed
    for failure in failures(sync):
        assert "is not what its API promises" in failure["reason"]
        assert variables in failure["what_to_do"]
        assert "run the same command again" in failure["what_to_do"]
    assert "network" not in sync.report.read_text() + finished.printed
    stub.bend = None
    again = sync.run(*AT_ONCE)
    assert again.code == 0, again.printed
    assert f"0 written, {ROWS} had arrived before" in again.printed
    assert set(stub.writes.values()) == {1}


def test_every_row_of_a_batch_has_one_outcome() -> None:
    rows = [Row(key, "hash", COMPUTED_AT, {}, ()) for key in ("a", "b", "c")]
    found = accounted(rows, [Outcome("a"), Outcome("a", "refused"), Outcome("b"), Outcome("z")])
    assert [(one.key, one.reason) for one in found] == [
        ("a", "refused"),
        ("b", ""),
        ("c", NOT_NAMED),
    ]
