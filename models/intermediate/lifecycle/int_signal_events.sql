{{ config(materialized='by_lead') }}

-- Signals that mean something to the lifecycle: triggers of the profile that judged the lead then, opt-outs,
-- complaints. A trigger waits for what is required before it. Long because they are branches of one list.
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

judged as (

    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        signals.signal,
        signals.occurred_at,
        lead_profiles.scoring_model,
        lead_profiles.profile,
        profiles.uses_matrix and grade_scale.is_blocking as is_blocked
    from signals
    inner join lead_profiles
        on
            signals.lead_id = lead_profiles.lead_id
            and {{ is_valid_at('lead_profiles', 'signals.occurred_at') }}
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            lead_profiles.profile = profiles.profile
            {{ and_in_force('profiles', 'signals.occurred_at') }}
    inner join fit
        on
            {{ same_score('lead_profiles', 'fit') }}
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
        lead_profiles.scoring_model,
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

triggered as (

    select
        judged.lead_id,
        judged.source,
        judged.record_id,
        judged.signal,
        judged.occurred_at,
        judged.scoring_model,
        judged.profile,
        triggers.event
    from judged
    inner join {{ dated_policy('profile_triggers') }} as triggers
        on
            judged.profile = triggers.profile
            and judged.signal = triggers.signal
            {{ and_in_force('triggers', 'judged.occurred_at') }}
    {%- if has_triggers_by_grade() %}
    inner join fit
        on
            {{ same_score('judged', 'fit') }}
            and {{ is_valid_at('fit', 'judged.occurred_at') }}
    left join {{ dated_policy('grade_scale') }} as lowest_grades
        on
            triggers.min_grade = lowest_grades.grade
            {{ and_in_force('lowest_grades', 'judged.occurred_at') }}
    {%- endif %}
    where
        not judged.is_blocked
        {%- if has_triggers_by_grade() %}
        and (triggers.min_grade is null or fit.grade_rank <= lowest_grades.grade_rank)
        {%- endif %}

),

{% if has_trigger_requirements() %}
stretches as (

    select * from {{ requirement_stretches(rows_of_this_run('int_failing_requirements')) }} as stretches

),

held as (

    select
        triggered.lead_id,
        triggered.source,
        triggered.record_id,
        triggered.event,
        triggered.scoring_model,
        triggered.profile,
        triggered.occurred_at,
        {{ add_days('triggered.occurred_at', 'remembered_days.value') }} as remembered_until
    from triggered
    inner join stretches
        on
            {{ same_score('triggered', 'stretches') }}
            and triggered.profile = stretches.profile
            and {{ is_valid_at('stretches', 'triggered.occurred_at') }}
    left join {{ dated_policy('lifecycle_settings') }} as remembered_days
        on
            remembered_days.setting = 'remembered_trigger_days'
            {{ and_in_force('remembered_days', 'triggered.occurred_at') }}
    where not {{ may_be('triggered.event', 'stretches') }}

),

-- A trigger that had to wait happens once all that is required of its pair holds, if that is soon enough.
released as (

    select
        held.lead_id,
        held.source,
        held.record_id,
        held.event,
        held.scoring_model,
        held.profile,
        held.remembered_until,
        min(stretches.valid_from) as released_at
    from held
    left join stretches
        on
            {{ same_score('held', 'stretches') }}
            and held.profile = stretches.profile
            and held.occurred_at < stretches.valid_from
            and held.remembered_until > stretches.valid_from
            and {{ as_of() }} >= stretches.valid_from
            and {{ may_be('held.event', 'stretches') }}
    group by
        held.lead_id,
        held.source,
        held.record_id,
        held.event,
        held.scoring_model,
        held.profile,
        held.remembered_until

),

trigger_events as (

    select
        triggered.lead_id,
        triggered.source,
        triggered.record_id,
        triggered.event,
        triggered.signal,
        triggered.occurred_at as signal_at,
        triggered.scoring_model,
        triggered.profile,
        case when released.lead_id is null then triggered.occurred_at else released.released_at end as happens_at,
        released.remembered_until
    from triggered
    left join released
        on
            {{ same_score('triggered', 'released') }}
            and triggered.profile = released.profile
            and triggered.source = released.source
            and triggered.record_id = released.record_id
            and triggered.event = released.event

),
{% else %}
trigger_events as (

    select
        lead_id,
        source,
        record_id,
        event,
        signal,
        occurred_at as signal_at,
        scoring_model,
        profile,
        occurred_at as happens_at,
        cast(null as timestamp) as remembered_until
    from triggered

),
{% endif %}
signal_events as (

    select
        lead_id,
        source,
        record_id,
        event,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        coalesce(happens_at, signal_at) as occurred_at,
        signal,
        signal_at,
        scoring_model,
        profile,
        happens_at is null as is_held,
        coalesce(happens_at > signal_at, false) as is_remembered,
        remembered_until
    from trigger_events
    union all
    select
        signals.lead_id,
        signals.source,
        signals.record_id,
        consents.event,
        consents.reason_code,
        signals.occurred_at,
        signals.signal,
        signals.occurred_at as signal_at,
        cast(null as {{ dbt.type_string() }}) as scoring_model,
        cast(null as {{ dbt.type_string() }}) as profile,
        false as is_held,
        false as is_remembered,
        cast(null as timestamp) as remembered_until
    from signals
    inner join consents on signals.signal = consents.signal

)

select * from signal_events
