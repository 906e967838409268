{{ config(materialized='by_lead') }}

-- Signals that mean something to the lifecycle: triggers of the profile that judged the lead then, opt-outs,
-- complaints. Long because both are branches of one list.
{%- do needs('int_lead_profiles') %}
with

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}

),

{% if has_history() %}
lead_profiles as (

    select * from {{ rows_of_this_run('int_lead_profile_history') }}

),

-- When which profile judges a lead, and whether its grade then blocks it.
judges as (

    select
        lead_profiles.lead_id,
        lead_profiles.profile,
        profiles.uses_matrix and grade_scale.is_blocking as is_blocked,
        greatest(lead_profiles.valid_from, profiles.in_force_from, fit.valid_from, grade_scale.in_force_from) as valid_from,
        least(lead_profiles.valid_to, profiles.in_force_to, fit.valid_to, grade_scale.in_force_to) as valid_to
    from lead_profiles
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            lead_profiles.profile = profiles.profile
            and lead_profiles.valid_from < profiles.in_force_to
            and lead_profiles.valid_to > profiles.in_force_from
    inner join fit
        on
            {{ same_score('lead_profiles', 'fit') }}
            and lead_profiles.valid_from < fit.valid_to
            and lead_profiles.valid_to > fit.valid_from
    inner join {{ dated_policy('grade_scale') }} as grade_scale
        on
            fit.grade = grade_scale.grade
            and fit.valid_from < grade_scale.in_force_to
            and fit.valid_to > grade_scale.in_force_from

),

judged as (

    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.signal,
        signals.occurred_at,
        judges.profile,
        judges.is_blocked
    from signals
    inner join judges
        on
            signals.lead_id = judges.lead_id
            and {{ is_valid_at('judges', 'signals.occurred_at') }}

),
{% else %}
lead_profiles as (

    select * from {{ rows_of_this_run('int_lead_profiles') }}

),

blocked as (

    select lead_profiles.lead_id
    from lead_profiles
    inner join {{ current_policy('qualification_profiles') }} as profiles on lead_profiles.profile = profiles.profile
    inner join fit on {{ same_score('lead_profiles', 'fit') }}
    inner join {{ current_policy('grade_scale') }} as grade_scale on fit.grade = grade_scale.grade
    where profiles.uses_matrix and grade_scale.is_blocking

),

judged as (

    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.signal,
        signals.occurred_at,
        lead_profiles.profile,
        blocked.lead_id is not null as is_blocked
    from signals
    inner join lead_profiles on signals.lead_id = lead_profiles.lead_id
    left join blocked on signals.lead_id = blocked.lead_id

),
{% endif %}
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
    left join {{ current_policy('disposition_reasons') }} as reasons on consents.reason_role = reasons.role

),

signal_events as (

    select
        judged.lead_id,
        judged.source,
        judged.record_id,
        triggers.event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        judged.occurred_at
    from judged
    inner join {{ dated_policy('profile_triggers') }} as triggers
        on
            judged.profile = triggers.profile
            and judged.signal = triggers.signal
            {{ and_in_force('triggers', 'judged.occurred_at') }}
    where not judged.is_blocked
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
