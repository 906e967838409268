{#-
    The checks of a hand-off, in order: name, the condition under which it failed, the condition
    under which nobody knows (looked at after failed), and what was found, as text. Columns are
    those of int_handoff_context and of the CTE facts in handoff_checklist.
-#}
{% macro handoff_checks() %}
    {%- set text = dbt.type_string() -%}
    {{ return([
        {
            'name': 'score_threshold',
            'failed': 'score < threshold',
            'unknown': 'threshold is null',
            'detail': "'score ' || cast(score as " ~ text ~ ") || coalesce(', threshold ' || cast(threshold as " ~ text
                ~ "), ', the stage has no threshold')",
        },
        {
            'name': 'grade',
            'failed': 'not is_good_grade',
            'detail': "'grade ' || grade",
        },
        {
            'name': 'high_intent',
            'failed': 'high_intent_signals = 0',
            'detail': "cast(high_intent_signals as " ~ text ~ ") || ' high-intent signals in the episode'",
        },
        {
            'name': 'email_verified',
            'failed': "has_bounced or coalesce(email_status, 'verified') <> 'verified'",
            'unknown': 'email_status is null',
            'detail': "'e-mail ' || coalesce(email_status, 'not checked')"
                ~ " || case when has_bounced then ', has bounced' else '' end",
        },
        {
            'name': 'consent',
            'failed': 'is_opted_out or has_complained',
            'detail': "case when has_complained then 'complained' when is_opted_out then 'opted out' else 'may be written to' end",
        },
        {
            'name': 'recently_engaged',
            'failed': 'last_engagement_at is null or last_engagement_at <= '
                ~ lead_qualification.add_days('handed_off_at', '-engaged_days'),
            'detail': "'last engagement ' || coalesce(substr(cast(last_engagement_at as " ~ text ~ "), 1, 19), 'never')",
        },
        {
            'name': 'company_allowed',
            'failed': "coalesce(is_competitor, false) or coalesce(account_status = 'closed', false) or is_disqualified",
            'unknown': 'account_id is null or is_competitor is null',
            'detail': "case when is_competitor then 'competitor' when account_status = 'closed' then 'closed'"
                ~ " when is_disqualified then 'disqualified' else coalesce(account_status, 'status unknown') end",
        },
        {
            'name': 'context_complete',
            'failed': "signals = 0 or channel = 'unknown' or industry is null or employee_count is null",
            'detail': "'missing:' || case when signals = 0 then ' history' else '' end"
                ~ " || case when channel = 'unknown' then ' attribution' else '' end"
                ~ " || case when industry is null then ' industry' else '' end"
                ~ " || case when employee_count is null then ' company size' else '' end"
                ~ " || case when signals > 0 and channel <> 'unknown' and industry is not null"
                ~ " and employee_count is not null then ' nothing' else '' end",
        },
        {
            'name': 'routed_by_rules',
            'failed': 'not is_routed_correctly',
            'unknown': 'assigned_rep_id is null',
            'detail': "'assigned to ' || coalesce(assigned_rep_id, 'nobody yet')",
        },
        {
            'name': 'response_commitment',
            'failed': 'sla_due_at is null',
            'detail': "'answer due ' || coalesce(substr(cast(sla_due_at as " ~ text ~ "), 1, 19), 'never')",
        },
    ]) }}
{% endmacro %}


{#- The checks of an MQL, likewise; columns are those of the CTE facts in mql_quality. -#}
{% macro mql_checks() %}
    {%- set text = dbt.type_string() -%}
    {{ return([
        {
            'name': 'icp_alignment',
            'failed': 'not is_good_grade',
            'detail': "'grade ' || grade",
        },
        {
            'name': 'depth',
            'failed': 'meaningful_signals < min_meaningful_signals',
            'detail': "cast(meaningful_signals as " ~ text ~ ") || ' meaningful signals'",
        },
        {
            'name': 'recency',
            'failed': 'last_engagement_at is null or last_engagement_at <= '
                ~ lead_qualification.add_days(lead_qualification.as_of(), '-engaged_days'),
            'detail': "'last engagement ' || coalesce(substr(cast(last_engagement_at as " ~ text ~ "), 1, 19), 'never')",
        },
        {
            'name': 'threshold',
            'failed': 'score < mql_min_score',
            'detail': "'score ' || cast(score as " ~ text ~ ") || ', threshold ' || cast(mql_min_score as " ~ text ~ ')',
        },
        {
            'name': 'contactability',
            'failed': "has_bounced or has_complained or is_opted_out or coalesce(email_status, 'verified') <> 'verified'"
                ~ ' or not coalesce(phone_is_valid, true)',
            'unknown': 'email_status is null or phone_is_valid is null',
            'detail': "'e-mail ' || coalesce(email_status, 'not checked') || case when has_bounced then ', has bounced' else '' end"
                ~ " || case when has_complained or is_opted_out then ', opted out' else '' end || ', phone '"
                ~ " || case when phone_is_valid then 'valid' when not phone_is_valid then 'not valid' else 'not checked' end",
        },
    ]) }}
{% endmacro %}


{#- A select of the result of every check, over the CTE facts: one row per key and check. -#}
{% macro check_rows(checks, key) -%}
    {%- for check in checks %}
    select
        {{ key | join(',\n        ') }},
        cast({{ loop.index }} as integer) as check_number,
        '{{ check.name }}' as check_name,
        case
            when {{ check.failed }} then 'failed'
            {%- if check.unknown %}
            when {{ check.unknown }} then 'unknown'
            {%- endif %}
            else 'passed'
        end as result,
        {{ check.detail }} as detail
    from facts
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- Whether signals, by their role, tell that mail does not arrive, or that somebody complained. -#}
{% macro has_bounced() -%}
    count(case when role = 'bounce' then 1 end) > 0
{%- endmacro %}

{% macro has_complained() -%}
    count(case when role = 'complaint' then 1 end) > 0
{%- endmacro %}
