{{ config(materialized='ephemeral', tags=['gate']) }}

-- Keys that stand twice in a policy table, and rows that the project cannot do without.
with

violations as (

    {% call per_policy_version() %}
{%- set checks = [
    policy_duplicates('signals', ['signal']),
    policy_duplicates('signal_map', ['source', 'rule_order']),
    policy_duplicates('signal_points', ['scoring_model', 'signal']),
    policy_duplicates('scoring_models', ['scoring_model']),
    policy_duplicates('fit_rules', ['scoring_model', 'criterion', 'rule_order']),
    policy_duplicates('recency_curve', ['scoring_model', 'from_day']),
    policy_duplicates('grade_scale', ['grade']),
    policy_duplicates('grade_scale', ['grade_rank']),
    policy_duplicates('grade_scale', ['min_criteria_matched']),
    policy_duplicates('qualification_matrix', ['profile', 'grade', 'score_level']),
    policy_duplicates('model_assignment', ['track', 'rule_order']),
    policy_duplicates('qualification_profiles', ['profile']),
    policy_duplicates('profile_triggers', ['profile', 'event', 'signal']),
    policy_duplicates('handoff_requirements', ['profile', 'check_name']),
    policy_duplicates('stages', ['stage']),
    policy_duplicates('lifecycle_events', ['event']),
    policy_duplicates('stage_transitions', ['from_stage', 'event']),
    policy_duplicates('stage_owners', ['profile', 'stage']),
    policy_duplicates('stage_timers', ['profile', 'stage']),
    policy_duplicates('disposition_reasons', ['reason_code']),
    policy_same_in_any_case('disposition_reasons', 'reason_code'),
    policy_same_in_any_case('signals', 'signal'),
    policy_same_in_any_case('stages', 'stage'),
    policy_same_in_any_case('frameworks', 'framework'),
    policy_duplicates('lifecycle_settings', ['setting']),
    policy_duplicates('frameworks', ['framework', 'criterion']),
    policy_duplicates('channels', ['lead_source'], normalised_lead_source('lead_source')),
    policy_duplicates('email_domains', ['email_domain'], 'lower(email_domain)'),
    policy_duplicates('benchmarks', ['benchmark_id']),
    policy_duplicates('routing_rules', ['rule_order']),
    policy_duplicates('sla_policies', ['rule_order']),
    policy_duplicates('sla_policies', ['sla_policy']),
    policy_duplicates('business_hours', ['calendar', 'weekday', 'opens']),
    policy_duplicates('holidays', ['calendar', 'holiday']),
    policy_duplicates('framework_selection', ['rule_order']),
    policy_duplicates('buying_roles', ['rule_order']),
    policy_duplicates('mql_targets', ['target_month']),
    policy_duplicates('response_buckets', ['response_bucket']),
    policy_duplicates('response_buckets', ['from_minutes']),
    policy_empty('stage_owners', ['profile', 'stage', 'owner'], 'stage'),
    policy_unowned_stages(),
    policy_missing('lifecycle_events', 'event', [
        'disqualified', 'opted_out', 'opted_in', 'opportunity_won', 'opportunity_created', 'opportunity_lost',
        'qualification_passed', 'sales_accepted', 'sales_connected', 'sales_contacted', 'sales_rejected',
        'high_intent_action', 'sql_gate', 'mql_gate', 'pql_milestone', 'mql_trigger', 'marketing_qualified',
        'recycled', 'regressed', 'reopened'
    ]),
    policy_missing('lifecycle_settings', 'setting', [
        'max_regressions', 'regression_penalty_points', 'default_re_engage_days', 'sql_definition_rank',
        'cohort_maturity_days', 'minimum_sample', 'sla_at_risk_share', 'handoff_engaged_days', 'mql_engaged_days',
        'mql_meaningful_signals', 'rejection_watch_rate', 'rejection_recalibrate_rate',
        're_engage_days_ahead', 'account_window_days', 'account_breadth_points', 'account_breadth_cap',
        'account_score_cap', 'in_market_intent_points'
    ])
] %}
    {{ checks | join(next_check()) }}
    {% endcall %}

)

select * from violations
