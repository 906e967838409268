"""Which columns does each raw table have?"""

from __future__ import annotations

_COLUMNS = {
    "leads": (
        "lead_id email first_name last_name job_title phone phone_is_valid email_status account_id "
        "company_name country lead_source campaign_id owner_id crm_lifecycle_stage crm_lead_score "
        "crm_lead_grade merged_into_lead_id is_deleted created_at updated_at crm_lead_stage "
        "crm_recommended_action crm_nurture_track crm_re_engage_on crm_sql_handed_off_at "
        "crm_recommended_rep_id crm_score_reasons"
    ),
    "accounts": (
        "account_id name domain industry employee_count annual_revenue country status "
        "is_competitor is_target_account updated_at crm_account_score crm_account_stage "
        "crm_is_in_market"
    ),
    "web_events": (
        "event_id anonymous_id lead_id email session_id event_name page_url page_path user_agent "
        "occurred_at received_at"
    ),
    "email_events": (
        "event_id email campaign_id program event_type link_url user_agent occurred_at received_at"
    ),
    "marketing_activities": (
        "activity_id lead_id email activity_type asset campaign_id occurred_at received_at"
    ),
    "product_events": "event_id email account_id event_name occurred_at received_at",
    "intent_signals": (
        "signal_id provider account_domain signal_type topic occurred_at received_at"
    ),
    "sales_activities": "activity_id lead_id rep_id activity_type outcome occurred_at",
    "lead_status_changes": "change_id lead_id status reason_code rep_id changed_at",
    "qualification_answers": "answer_id lead_id framework criterion answer detail answered_at",
    "opportunities": "opportunity_id lead_id account_id name amount created_at closed_at is_won",
    "campaigns": "campaign_id name channel starts_on ends_on",
    "campaign_costs": "campaign_id cost_date cost",
    "sales_reps": "rep_id name territory segment is_active",
}
CONTRACT: dict[str, tuple[str, ...]] = {
    table: tuple(columns.split()) for table, columns in _COLUMNS.items()
}
