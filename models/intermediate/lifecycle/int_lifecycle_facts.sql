{{ config(materialized='view') }}

-- Everything that the lifecycle machine looks at, in no order yet.
-- is_closing: a gate that closes, a framework that is no longer confirmed. is_remembered: a trigger that had to wait.
with

facts as (

    select
        lead_id,
        'lead_score_history' as source,
        gate as record_id,
        gate as event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        occurred_at,
        not is_open as is_closing,
        false as is_remembered
    from {{ ref('lead_qualification', 'int_gate_events') }}
    union all
    select
        lead_id,
        source,
        record_id,
        'qualification_passed' as event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        occurred_at,
        not is_confirmed as is_closing,
        false as is_remembered
    from {{ ref('lead_qualification', 'int_profile_framework_events') }}
    union all
    select
        lead_id,
        'opportunities' as source,
        opportunity_id as record_id,
        event,
        reason_code,
        occurred_at,
        false as is_closing,
        false as is_remembered
    from {{ ref('lead_qualification', 'int_opportunity_events') }}
    union all
    select
        lead_id,
        source,
        record_id,
        event,
        reason_code,
        occurred_at,
        false as is_closing,
        is_remembered
    from {{ ref('lead_qualification', 'int_signal_events') }}
    {%- if has_trigger_requirements() %}
    where not is_held
    {%- endif %}
    union all
    select
        lead_id,
        source,
        record_id,
        event,
        reason_code,
        occurred_at,
        false as is_closing,
        false as is_remembered
    from {{ ref('lead_qualification', 'int_person_events') }}

)

select * from facts
