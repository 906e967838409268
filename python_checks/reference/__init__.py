"""A second, independent calculation of the public tables, straight from the specification.

It is slow and plain on purpose: one lead at a time, every score evaluated by its definition,
every lifecycle run step by step. The tables that dbt builds are compared with it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_checks.reference.funnel import (
    benchmark_comparison,
    channel_conversion,
    funnel_conversion,
)
from python_checks.reference.identity import Lead, identify_leads
from python_checks.reference.lifecycle import milestones_of, run_machine
from python_checks.reference.marts import (
    LeadResult,
    funnel_lead,
    score_history_rows,
    score_rows,
    stage_history_rows,
    stage_row,
)
from python_checks.reference.policy import Policy, load_policy
from python_checks.reference.raw import read_raw
from python_checks.reference.scoring import models_of, timeline
from python_checks.reference.signals import DEFAULT_SCANNER_SECONDS, apply_clock, attach_facts

__all__ = ["compute"]


def compute(
    raw: Path, policy: Path, as_of: datetime, variables: dict[str, Any] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The rows of the public tables as of one time.

    ``raw`` and ``policy`` are folders of CSV files, ``as_of`` is naive UTC. ``variables`` may
    hold ``scanner_seconds`` (default 5). Times in the rows are naive UTC, points integers,
    scores, multipliers and rates decimals, nulls ``None``.
    """
    variables = variables or {}
    scanner_seconds = Decimal(str(variables.get("scanner_seconds", DEFAULT_SCANNER_SECONDS)))
    rules = load_policy(Path(policy))
    tables, quarantine = read_raw(Path(raw))
    identity = identify_leads(tables, rules, as_of)
    excluded = attach_facts(apply_clock(tables, as_of), identity, rules, scanner_seconds)
    results = [_result(lead, rules, as_of) for lead in identity.leads.values()]
    funnel = [funnel_lead(result, rules) for result in results]
    return {
        "lead_score_history": [row for r in results for row in score_history_rows(r, as_of)],
        "lead_scores": [row for r in results for row in score_rows(r, rules, as_of)],
        "lead_stage_history": [row for r in results for row in stage_history_rows(r)],
        "lead_stages": [stage_row(r, rules, as_of) for r in results],
        "channel_conversion": channel_conversion(funnel),
        "funnel_conversion": funnel_conversion(funnel, rules, as_of),
        "benchmark_comparison": benchmark_comparison(funnel, rules, as_of),
        "quarantined_records": quarantine.rows,
        "excluded_events": [
            {"source": source, "reason": reason, "events": events}
            for (source, reason), events in sorted(excluded.items())
        ],
    }


def _result(lead: Lead, policy: Policy, as_of: datetime) -> LeadResult:
    """Score one lead in all its models, then run its lifecycle on the primary one."""
    scores = {name: timeline(lead, name, policy) for name in models_of(lead, policy)}
    fit, intervals = scores[lead.scoring_model]
    machine = run_machine(lead, intervals, fit.grade, policy, as_of)
    return LeadResult(lead, scores, machine, milestones_of(machine.history, policy))
