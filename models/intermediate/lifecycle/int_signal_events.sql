{{ config(materialized='by_lead') }}

-- Signals that mean something to the lifecycle: triggers of the profiles that judged the lead then, opt-outs,
-- complaints. Of a trigger of both pairs the main one is the track. Long because both are branches of one list.
{%- do needs('int_lead_profiles') %}
with

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}

),

{% if has_history() or has_changing_pairs() %}
lead_pairs as (

    {{ lead_pairs() }}

),

judged as (

    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.signal,
        signals.occurred_at,
        lead_pairs.track,
        lead_pairs.profile,
        profiles.uses_matrix and grade_scale.is_blocking as is_blocked
    from signals
    inner join lead_pairs
        on
            signals.lead_id = lead_pairs.lead_id
            and {{ is_valid_at('lead_pairs', 'signals.occurred_at') }}
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            lead_pairs.profile = profiles.profile
            {{ and_in_force('profiles', 'signals.occurred_at') }}
    inner join fit
        on
            {{ same_score('lead_pairs', 'fit') }}
            and {{ is_valid_at('fit', 'signals.occurred_at') }}
    inner join {{ dated_policy('grade_scale') }} as grade_scale
        on
            fit.grade = grade_scale.grade
            {{ and_in_force('grade_scale', 'signals.occurred_at') }}

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
        'main' as track,
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
        judged.occurred_at,
        {{ 'min(judged.track)' if has_changing_pairs() else 'judged.track' }} as track
    from judged
    inner join {{ dated_policy('profile_triggers') }} as triggers
        on
            judged.profile = triggers.profile
            and judged.signal = triggers.signal
            {{ and_in_force('triggers', 'judged.occurred_at') }}
    where not judged.is_blocked
    {%- if has_changing_pairs() %}
    group by
        judged.lead_id,
        judged.source,
        judged.record_id,
        triggers.event,
        judged.occurred_at
    {%- endif %}
    union all
    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        consents.event,
        consents.reason_code,
        signals.occurred_at,
        'main' as track
    from signals
    inner join consents on signals.signal = consents.signal

)

select * from signal_events
