"""A second, independent calculation of the public tables, straight from the specification.

It is slow and plain on purpose: one lead at a time, every score evaluated by its definition,
every lifecycle run step by step. The tables that dbt builds are compared with it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from python_checks.reference.account_funnel import account_funnel_rows, target_accounts
from python_checks.reference.accounts import account_engagement
from python_checks.reference.attribution import attribution_rows
from python_checks.reference.calibration import score_calibration, threshold_recommendation
from python_checks.reference.checks import handoff_checklist_rows, mql_quality_rows
from python_checks.reference.crm_sync import crm_account_sync, crm_lead_sync, crm_sync_ledger
from python_checks.reference.engagement import engagement_rate
from python_checks.reference.evaluation import evaluation_rows, points_of
from python_checks.reference.feedback import (
    re_engagement_queue,
    regressions,
    rejection_drivers,
    rejections,
    stage_ageing,
)
from python_checks.reference.funnel import (
    benchmark_comparison,
    channel_conversion,
    funnel_conversion,
    funnel_weekly,
)
from python_checks.reference.handoffs import handoff_rows
from python_checks.reference.identity import Lead, identify_leads
from python_checks.reference.lifecycle import milestones_of, run_machine
from python_checks.reference.lift import pattern_lift, signal_lift
from python_checks.reference.marts import (
    LeadResult,
    funnel_lead,
    score_history_rows,
    score_rows,
    stage_history_rows,
    stage_row,
)
from python_checks.reference.model_quality import (
    model_comparison,
    model_monitor,
    score_distribution,
)
from python_checks.reference.options import options_of
from python_checks.reference.outcomes import (
    check_books,
    decide_outcomes,
    excluded_events,
    finish,
    leave_out,
    raw_row_ledger,
    tables_at,
)
from python_checks.reference.policy import Policy, load_policy
from python_checks.reference.prediction_features import prediction_features
from python_checks.reference.qualification import lead_qualification
from python_checks.reference.quarantine import quarantined_records
from python_checks.reference.raw import columns_of, read_raw, rows_of_files
from python_checks.reference.roi import channel_roi
from python_checks.reference.scoring import models_of, timeline
from python_checks.reference.signals import attach_facts, complete_leads, emails_of_leads
from python_checks.reference.sla_reports import marketing_sla, sla_performance
from python_checks.reference.stages_over_time import stage_durations, stage_flow, stays_of
from python_checks.reference.unmapped import unmapped_values
from python_checks.reference.velocity import lead_velocity

__all__ = ["compute"]


def compute(
    raw: Path, policy: Path, as_of: datetime, variables: dict[str, Any] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The rows of the public tables as of one time.

    ``raw`` and ``policy`` are folders of CSV files, ``as_of`` is naive UTC. ``variables`` may
    hold vars of the project, as ``options`` has them. Times in the rows are naive UTC, points
    integers, scores, multipliers and rates decimals, nulls ``None``.
    """
    options = options_of(variables)
    expected_amount = options.expected_amount
    rules = load_policy(Path(policy))
    arrived = read_raw(Path(raw), rules, options, as_of)
    identity = identify_leads(arrived.tables, rules, as_of)
    decide_outcomes(arrived, identity, rules, options, as_of)
    attach_facts(arrived, identity, rules)
    leave_out(arrived, identity, complete_leads(identity, rules, options, as_of))
    tables = tables_at(arrived)
    finish(arrived)
    ledger = raw_row_ledger(arrived)
    check_books(ledger, rows_of_files(Path(raw)))
    results = [_result(lead, rules, as_of) for lead in identity.leads.values()]
    funnel = [funnel_lead(result, rules) for result in results]
    handoffs = handoff_rows(results, tables, rules, as_of)
    scores = [row for result in results for row in score_rows(result, rules, as_of)]
    primary_scores = {row["lead_id"]: row for row in scores if row["is_primary"]}
    funnel_lead_of = {r.lead.lead_id: one for r, one in zip(results, funnel, strict=True)}
    handed_off = [(funnel_lead_of[row["lead_id"]], row) for row in handoffs]
    engagement = account_engagement(tables, identity, results, rules, as_of)
    emails = emails_of_leads(arrived)
    wanted = target_accounts(tables["accounts"], results)
    stays = stays_of(results)
    drivers = rejection_drivers(results, handoffs, rules, as_of)
    points = points_of(results, rules, as_of)
    lead_columns, account_columns = (columns_of(Path(raw), t) for t in ("leads", "accounts"))
    lead_sync = crm_lead_sync(results, primary_scores, handoffs, rules, as_of, lead_columns)
    return {
        "lead_score_history": [row for r in results for row in score_history_rows(r, as_of)],
        "lead_scores": scores,
        "lead_stage_history": [row for r in results for row in stage_history_rows(r)],
        "lead_stages": [stage_row(r, rules, as_of) for r in results],
        "channel_conversion": channel_conversion(funnel),
        "funnel_conversion": funnel_conversion(funnel, rules, as_of),
        "benchmark_comparison": benchmark_comparison(funnel, rules, as_of, handed_off, wanted),
        "handoffs": handoffs,
        "handoff_checklist": handoff_checklist_rows(results, handoffs, rules),
        "mql_quality": mql_quality_rows(results, rules, as_of),
        "lead_qualification": lead_qualification(results, handoffs, rules, as_of, expected_amount),
        "rejections": rejections(handoffs, rules, as_of),
        "rejection_drivers": drivers,
        "regressions": regressions(results, rules, as_of),
        "re_engagement_queue": re_engagement_queue(results, primary_scores, rules, as_of),
        "stage_ageing": stage_ageing(results, rules, as_of),
        "marketing_sla": marketing_sla([r.milestones for r in results], rules, as_of),
        "sla_performance": sla_performance(handoffs, rules, as_of),
        "account_engagement": engagement,
        "funnel_weekly": funnel_weekly(funnel, rules, as_of),
        "lead_velocity": lead_velocity(funnel, as_of),
        "stage_durations": stage_durations(stays, rules, as_of),
        "stage_flow": stage_flow(stays, rules, as_of),
        "engagement_rate": engagement_rate(emails, rules, as_of),
        "channel_roi": channel_roi(results, funnel, tables, as_of),
        "attribution": attribution_rows(results, as_of),
        "account_funnel": account_funnel_rows(wanted, as_of),
        "evaluation_points": evaluation_rows(points, as_of),
        "score_calibration": score_calibration(points, rules, as_of),
        "threshold_recommendation": threshold_recommendation(points, rules, as_of),
        "signal_lift": signal_lift(points, drivers, rules, as_of),
        "pattern_lift": pattern_lift(points, rules, as_of),
        "model_comparison": model_comparison(points, rules, as_of),
        "score_distribution": score_distribution(points, rules, as_of),
        "model_monitor": model_monitor(points, rules, as_of),
        "prediction_features": prediction_features(points, rules, as_of),
        "crm_lead_sync": lead_sync,
        "crm_sync_ledger": crm_sync_ledger(results, lead_sync, as_of),
        "crm_account_sync": crm_account_sync(
            tables["accounts"], engagement, as_of, account_columns
        ),
        "quarantined_records": quarantined_records(arrived, identity, options),
        "unmapped_values": unmapped_values(arrived, rules, as_of),
        "raw_row_ledger": ledger,
        "excluded_events": excluded_events(ledger),
    }


def _result(lead: Lead, policy: Policy, as_of: datetime) -> LeadResult:
    """Score one lead in all its models, then run its lifecycle on the primary one."""
    scores = {name: timeline(lead, name, policy) for name in models_of(lead, policy)}
    fit, intervals = scores[lead.scoring_model]
    machine = run_machine(lead, intervals, fit.grade, policy, as_of)
    return LeadResult(lead, scores, machine, milestones_of(machine.history, policy))
