{{ config(materialized='by_lead') }}

-- What happens to a lead, in order, with what stands after it: gates, opt-out, disqualification,
-- confirmed frameworks. None of these depends on the stage, so they are known before the machine
-- runs. Position 0 is the moment at which the lead was first seen. Long because rank, position and
-- levels are one order: each window needs the one before.
with

first_seen as (

    select * from {{ rows_of_this_run('int_lead_first_seen') }}

),

facts as (

    select * from {{ rows_of_this_run('int_lifecycle_facts') }}

),

ranked as (

    select
        facts.*,
        facts.is_closing or lifecycle_events.is_gate as is_level_only,
        case when facts.is_closing then 0 else lifecycle_events.event_rank end as event_rank
    from facts
    inner join {{ policy('lifecycle_events') }} as lifecycle_events on facts.event = lifecycle_events.event
    inner join first_seen
        on
            facts.lead_id = first_seen.lead_id
            and facts.occurred_at >= first_seen.first_seen_at

),

-- What closes at one instant closes together: the order of two closings must not matter.
numbered as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by occurred_at, event_rank, {{ bytewise('source') }}, {{ bytewise('record_id') }}, event
        ) as position,
        count(*) over (partition by lead_id order by occurred_at, event_rank) as last_position_of_rank
    from ranked

),

with_start as (

    select
        lead_id,
        position,
        case when is_closing then last_position_of_rank else position end as level_position,
        occurred_at,
        event,
        source,
        record_id,
        is_closing,
        is_level_only,
        is_remembered,
        reason_code
    from numbered
    union all
    select
        lead_id,
        0 as position,
        0 as level_position,
        first_seen_at as occurred_at,
        'first_seen' as event,
        '' as source,
        '' as record_id,
        false as is_closing,
        false as is_level_only,
        false as is_remembered,
        cast(null as {{ dbt.type_string() }}) as reason_code
    from first_seen

),

levelled as (

    select
        lead_id,
        position,
        occurred_at,
        event,
        source,
        record_id,
        is_closing,
        is_level_only,
        is_remembered,
        reason_code,
        {{ level_so_far('sql_gate') }} > 0 as is_sql_gate_open,
        {{ level_so_far('mql_gate') }} > 0 as is_mql_gate_open,
        {{ level_so_far('qualification_passed') }} > 0 as is_framework_confirmed,
        {{ last_position_so_far('opted_out') }} > {{ last_position_so_far('opted_in') }} as is_opted_out,
        {{ last_position_so_far('disqualified') }} > {{ last_position_so_far('reopened') }} as is_disqualified
    from with_start

),

events as (

    select
        levelled.lead_id,
        cast(levelled.position as integer) as position,
        levelled.occurred_at,
        levelled.event,
        levelled.source,
        levelled.record_id,
        levelled.is_closing,
        levelled.is_level_only,
        levelled.is_remembered,
        levelled.reason_code,
        coalesce(
            reasons.re_engage_days,
            {{ 'default_days.value' if has_policy_versions() else lifecycle_setting('default_re_engage_days') }}
        ) as re_engage_days,
        levelled.is_sql_gate_open,
        levelled.is_mql_gate_open,
        levelled.is_framework_confirmed,
        levelled.is_opted_out,
        levelled.is_disqualified
    from levelled
    left join {{ dated_policy('disposition_reasons') }} as reasons
        on
            levelled.reason_code = lower(reasons.reason_code)
            {{ and_in_force('reasons', 'levelled.occurred_at') }}
    {%- if has_policy_versions() %}
    left join {{ dated_policy('lifecycle_settings') }} as default_days
        on
            default_days.setting = 'default_re_engage_days'
            and {{ is_in_force('default_days', 'levelled.occurred_at') }}
    {%- endif %}

)

select * from events
