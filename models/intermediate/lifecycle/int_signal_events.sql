{{ config(materialized='by_lead') }}

-- Signals that mean something to the lifecycle: triggers of the profile, opt-outs, complaints. Long
-- because both are branches of one list.
with

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

lead_profiles as (

    select * from {{ rows_of_this_run('int_lead_profiles') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}

),

blocked as (

    select lead_profiles.lead_id
    from lead_profiles
    inner join {{ policy('qualification_profiles') }} as profiles on lead_profiles.profile = profiles.profile
    inner join fit on {{ same_score('lead_profiles', 'fit') }}
    inner join {{ policy('grade_scale') }} as grade_scale on fit.grade = grade_scale.grade
    where profiles.uses_matrix and grade_scale.is_blocking

),

consents as (

    select
        kinds.signal,
        consents.event,
        lower(reasons.reason_code) as reason_code
    from {{ listed_rows([
        ["'opt_out'", "'opted_out'", 'null'],
        ["'complaint'", "'opted_out'", 'null'],
        ["'complaint'", "'disqualified'", "'complaint'"],
        ["'opt_in'", "'opted_in'", 'null'],
    ], 'consents', ['role', 'event', 'reason_role']) }}
    inner join {{ policy('signals') }} as kinds on consents.role = kinds.role
    left join {{ policy('disposition_reasons') }} as reasons on consents.reason_role = reasons.role

),

signal_events as (

    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        triggers.event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        signals.occurred_at
    from signals
    inner join lead_profiles on signals.lead_id = lead_profiles.lead_id
    inner join {{ policy('profile_triggers') }} as triggers
        on
            lead_profiles.profile = triggers.profile
            and signals.signal = triggers.signal
    left join blocked on signals.lead_id = blocked.lead_id
    where blocked.lead_id is null
    union all
    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        consents.event,
        consents.reason_code,
        signals.occurred_at
    from signals
    inner join consents on signals.signal = consents.signal

)

select * from signal_events
