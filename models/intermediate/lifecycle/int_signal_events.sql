{{ config(materialized='by_lead') }}

-- Signals that mean something to the lifecycle: triggers of the profiles that judged the lead then, opt-outs,
-- complaints. A trigger waits for what is required before it; one of both pairs happens once. Long because they are
-- branches of one list.
{%- do needs('int_lead_profiles') %}
-- noqa: disable=LT02
-- The linter takes the lines of blocks that the policy at hand does not need for wrongly indented.
with

signals as (

    select * from {{ rows_of_this_run('int_lead_signals') }}

),

fit as (

    select * from {{ rows_of_this_run('int_lead_fit') }}

),

{% if has_history() or has_changing_pairs() or has_trigger_requirements() %}
lead_pairs as (

    {{ lead_pairs() }}

),

{% endif %}
{% if has_history() or has_changing_pairs() %}
-- When which pair judges a lead, and whether its grade then blocks it.
judges as (

    select
        lead_pairs.lead_id,
        lead_pairs.track,
        lead_pairs.scoring_model,
        lead_pairs.profile,
        profiles.uses_matrix and grade_scale.is_blocking as is_blocked,
        greatest(lead_pairs.valid_from, profiles.in_force_from, fit.valid_from, grade_scale.in_force_from) as valid_from,
        least(lead_pairs.valid_to, profiles.in_force_to, fit.valid_to, grade_scale.in_force_to) as valid_to
    from lead_pairs
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            lead_pairs.profile = profiles.profile
            and lead_pairs.valid_from < profiles.in_force_to
            and lead_pairs.valid_to > profiles.in_force_from
    inner join fit
        on
            {{ same_score('lead_pairs', 'fit') }}
            and lead_pairs.valid_from < fit.valid_to
            and lead_pairs.valid_to > fit.valid_from
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
        judges.track,
        judges.scoring_model,
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
        'main' as track,
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
        judged.track,
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
requirements as (

    select * from {{ requirement_stretches(rows_of_this_run('int_failing_requirements')) }} as stretches

),

-- Whether all holds that is required of the pair that a lead has on a track, over time; of leads of which something
-- ever fails.
stretches as (

    select
        lead_pairs.lead_id,
        lead_pairs.track,
        greatest(lead_pairs.valid_from, coalesce(requirements.valid_from, lead_pairs.valid_from)) as valid_from,
        least(lead_pairs.valid_to, coalesce(requirements.valid_to, lead_pairs.valid_to)) as valid_to,
        {{ may_be_columns('requirements') }}
    from lead_pairs
    left join requirements
        on
            {{ same_score('lead_pairs', 'requirements') }}
            and lead_pairs.profile = requirements.profile
            and lead_pairs.valid_from < requirements.valid_to
            and lead_pairs.valid_to > requirements.valid_from
    where lead_pairs.lead_id in (select failing.lead_id from requirements as failing)

),

remembered_days as (

    select
        value as days,
        in_force_from,
        in_force_to
    from {{ dated_policy('lifecycle_settings') }} as lifecycle_settings
    where setting = 'remembered_trigger_days'

),

held as (

    select
        triggered.lead_id,
        triggered.source,
        triggered.record_id,
        triggered.event,
        triggered.track,
        triggered.occurred_at
    from triggered
    inner join stretches
        on
            triggered.lead_id = stretches.lead_id
            and triggered.track = stretches.track
            and {{ is_valid_at('stretches', 'triggered.occurred_at') }}
    where not {{ may_be('triggered.event', 'stretches') }}

),

-- A trigger that had to wait happens once all holds that is required by then, if that is soon enough.
chances as (

    select
        held.lead_id,
        held.source,
        held.record_id,
        held.event,
        held.track,
        greatest(stretches.valid_from, remembered_days.in_force_from) as happens_at
    from held
    inner join stretches
        on
            held.lead_id = stretches.lead_id
            and held.track = stretches.track
            and held.occurred_at < stretches.valid_from
            and {{ may_be('held.event', 'stretches') }}
    inner join remembered_days
        on
            stretches.valid_from < remembered_days.in_force_to
            and stretches.valid_to > remembered_days.in_force_from
            and {{ add_days('held.occurred_at', 'remembered_days.days') }}
            > greatest(stretches.valid_from, remembered_days.in_force_from)

),

released as (

    select
        lead_id,
        source,
        record_id,
        event,
        track,
        min(happens_at) as happens_at
    from chances
    where happens_at <= {{ as_of() }}
    group by lead_id, source, record_id, event, track

),

trigger_events as (

    select
        triggered.lead_id,
        triggered.source,
        triggered.record_id,
        triggered.event,
        triggered.signal,
        triggered.track,
        triggered.occurred_at as signal_at,
        case when held.lead_id is null then triggered.occurred_at else released.happens_at end as happens_at
    from triggered
    left join held
        on
            triggered.lead_id = held.lead_id
            and triggered.source = held.source
            and triggered.record_id = held.record_id
            and triggered.event = held.event
            and triggered.track = held.track
    left join released
        on
            triggered.lead_id = released.lead_id
            and triggered.source = released.source
            and triggered.record_id = released.record_id
            and triggered.event = released.event
            and triggered.track = released.track

),
{% else %}
trigger_events as (

    select
        lead_id,
        source,
        record_id,
        event,
        signal,
        track,
        occurred_at as signal_at,
        occurred_at as happens_at
    from triggered

),
{% endif %}
-- A trigger of both pairs is the one event of the pair for which it happens first, the main one if both.
ranked as (

    select
        *,
        {%- if has_changing_pairs() %}
        max(track) over (partition by lead_id, source, record_id, event) as last_track,
        min(track) over (partition by lead_id, source, record_id, event) as first_track,
        row_number() over (
            partition by lead_id, source, record_id, event
            order by coalesce(happens_at, {{ never() }}), track
        ) as pair_rank
        {%- else %}
        track as last_track,
        track as first_track,
        1 as pair_rank
        {%- endif %}
    from trigger_events

),

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
        track,
        case when first_track = last_track then track else first_track || '|' || last_track end as tracks,
        happens_at is null as is_held,
        coalesce(happens_at > signal_at, false) as is_remembered
    from ranked
    where pair_rank = 1
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
        'main' as track,
        'main' as tracks,
        false as is_held,
        false as is_remembered
    from signals
    inner join consents on signals.signal = consents.signal

)

select * from signal_events
