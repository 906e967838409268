"""The order of the subjects: no model reads a later one, and no mart stops a build."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from lead_qualification.warehouse import PROJECT

ORDER = (
    ("connectors",),
    ("staging",),
    ("policy",),
    ("intake",),
    ("identity",),
    ("signals",),
    ("health",),
    ("scoring",),
    ("lifecycle",),
    ("leads",),
    ("accounts",),
    ("handoff",),
    ("activation", "feedback", "funnel"),
    ("evaluation",),
    ("runs",),
    ("metrics",),
)
"""Subjects on one line are peers and do not read each other."""

REF = re.compile(r"\b(?:ref\(\s*'lead_qualification',\s*|rows_of_this_run\()'(\w+)'")
CALL = re.compile(r"\b(?:lead_qualification\.)?(\w+)\(")
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\(.*?\{%-?\s*endmacro", re.DOTALL)
GATE = re.compile(r"tags=\['gate'\]")
WAITED_FOR = re.compile(r"^-- depends_on: .*$", re.MULTILINE)


@cache
def model_files() -> dict[str, Path]:
    """The file of each model."""
    return {path.stem: path for path in (PROJECT / "models").rglob("*.sql")}


@cache
def text_of(model: str) -> str:
    """The text of a model."""
    return model_files()[model].read_text(encoding="utf-8")


@cache
def refs_of_macros() -> dict[str, frozenset[str]]:
    """The models that each macro reads, itself or by the macros that it calls."""
    bodies: dict[str, str] = {}
    for path in (PROJECT / "macros").rglob("*.sql"):
        for match in MACRO.finditer(path.read_text(encoding="utf-8")):
            bodies[match.group(1)] = match.group(0)
    found = {name: set(REF.findall(body)) for name, body in bodies.items()}
    calls = {name: bodies.keys() & set(CALL.findall(body)) for name, body in bodies.items()}
    for _ in bodies:
        before = sum(map(len, found.values()))
        for name in bodies:
            found[name].update(*(found[called] for called in calls[name]))
        if sum(map(len, found.values())) == before:
            break
    return {name: frozenset(refs) for name, refs in found.items()}


@cache
def parents_of(model: str) -> frozenset[str]:
    """The models that a model reads or waits for; policy tables and raw data are none."""
    macros = refs_of_macros()
    called = macros.keys() & set(CALL.findall(text_of(model)))
    refs = set(REF.findall(text_of(model))).union(*(macros[name] for name in called))
    return frozenset(refs & model_files().keys() - {model})


def subject_of(model: str) -> str:
    """The subject of a model: its folder, ``staging`` and ``connectors`` for all sources."""
    parts = model_files()[model].relative_to(PROJECT / "models").parts
    return parts[0] if parts[0] in ("connectors", "staging") else parts[1]


def is_mart(model: str) -> bool:
    """Whether a model is a public table."""
    return model_files()[model].is_relative_to(PROJECT / "models" / "marts")


def place_of(subject: str) -> int:
    """The place of a subject in the order."""
    return next(place for place, subjects in enumerate(ORDER) if subject in subjects)


def out_of_order(reader: str, parent: str) -> bool:
    """Whether a model of one subject must not read a model of another."""
    return reader != parent and place_of(parent) >= place_of(reader)


def behind(model: str) -> set[str]:
    """Everything that a model reads, directly or not."""
    found: set[str] = set()
    coming = [*parents_of(model)]
    while coming:
        name = coming.pop()
        if name not in found:
            found.add(name)
            coming += parents_of(name)
    return found


def test_every_folder_is_a_subject() -> None:
    """A new folder takes a place in the order."""
    assert {subject_of(model) for model in model_files()} == {s for line in ORDER for s in line}


@pytest.mark.parametrize("model", sorted(model_files()))
def test_no_model_reads_a_later_subject(model: str) -> None:
    """What a model reads is of its own subject or of an earlier one."""
    wrong = [p for p in sorted(parents_of(model)) if out_of_order(subject_of(model), subject_of(p))]
    assert not wrong, f"{model} ({subject_of(model)}) reads {wrong}: a later subject, or a peer"


def test_gates_read_no_mart() -> None:
    """What stops a build for the models behind it comes before every public table."""
    gates = [model for model in model_files() if GATE.search(text_of(model))]
    assert {"int_policy_violations", "int_quarantine_rates"} <= set(gates)
    wrong = {gate: sorted(filter(is_mart, behind(gate))) for gate in gates}
    assert not any(wrong.values()), f"gates that read marts: {wrong}"


def test_no_intermediate_model_waits_for_a_mart() -> None:
    """A model that is only waited for stops what waits for it: it is a gate, and no mart."""
    waits = {
        model: {ref for line in WAITED_FOR.findall(text_of(model)) for ref in REF.findall(line)}
        for model in model_files()
        if not is_mart(model)
    }
    assert any(waits.values())
    wrong = {model: sorted(filter(is_mart, names)) for model, names in waits.items()}
    assert not any(wrong.values()), f"models that wait for marts: {wrong}"


def test_the_order_notices_a_later_subject() -> None:
    """The rule itself: backwards and its own is right, forwards and among peers is wrong."""
    assert out_of_order("scoring", "lifecycle")
    assert out_of_order("funnel", "feedback")
    assert not out_of_order("funnel", "handoff")
    assert not out_of_order("funnel", "funnel")
