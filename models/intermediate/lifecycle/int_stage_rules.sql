-- What each event leads to from each stage: stage_transitions.csv with the detours worked out for
-- every number of regressions before it, opted out or not, disqualified or not, each profile with timers of its own,
-- in each period,
-- [period_from, period_to), in which the rules are the same. Long because each detour adds its columns to every
-- situation.
with

stages as (

    select * from {{ policy('stages') }}

),

settings as (

    select
        periods.period_from,
        periods.period_to,
        cast(most_regressions.value as integer) as max_regressions,
        cast(default_days.value as integer) as default_re_engage_days,
        {{ stage_of_role('long_term_nurture') }} as long_term_nurture_stage,
        {{ stage_of_role('disqualified') }} as disqualified_stage,
        {{ stage_of_role('suppressed') }} as suppressed_stage
    from {{ policy_periods(['stage_transitions', 'stage_timers', 'lifecycle_settings']) }} as periods
    inner join {{ dated_policy('lifecycle_settings') }} as most_regressions
        on
            most_regressions.setting = 'max_regressions'
            {{ and_in_force('most_regressions', 'periods.period_from') }}
    inner join {{ dated_policy('lifecycle_settings') }} as default_days
        on
            default_days.setting = 'default_re_engage_days'
            {{ and_in_force('default_days', 'periods.period_from') }}

),

regressions as (

    {{ whole_numbers(0, 50) }}

),

yes_or_no as (

    select number = 1 as is_true
    from ({{ whole_numbers(0, 1) }}) as numbers

),

situations as (

    select
        regressions.number as regressions_before,
        settings.period_from,
        settings.period_to,
        settings.max_regressions,
        settings.default_re_engage_days,
        settings.long_term_nurture_stage,
        settings.disqualified_stage,
        settings.suppressed_stage,
        opt_outs.is_true as is_opted_out,
        disqualifications.is_true as is_disqualified
    from regressions
    inner join settings on regressions.number <= settings.max_regressions
    cross join yes_or_no as opt_outs
    cross join yes_or_no as disqualifications

),

after_regressions as (

    select
        transitions.from_stage,
        transitions.event,
        transitions.is_regression,
        situations.regressions_before,
        situations.is_opted_out,
        situations.is_disqualified,
        situations.period_from,
        situations.period_to,
        situations.max_regressions,
        situations.default_re_engage_days,
        situations.disqualified_stage,
        situations.suppressed_stage,
        case
            when
                (transitions.is_regression or stages.role = 'nurture')
                and situations.regressions_before + case when transitions.is_regression then 1 else 0 end
                >= situations.max_regressions
                then situations.long_term_nurture_stage
            else transitions.to_stage
        end as to_stage
    from {{ dated_policy('stage_transitions') }} as transitions
    inner join stages on transitions.to_stage = stages.stage
    inner join situations
        on
            transitions.in_force_from <= situations.period_from
            and transitions.in_force_to > situations.period_from

),

after_detours as (

    select
        after_regressions.from_stage,
        after_regressions.event,
        after_regressions.is_regression,
        after_regressions.regressions_before,
        after_regressions.is_opted_out,
        after_regressions.is_disqualified,
        after_regressions.period_from,
        after_regressions.period_to,
        after_regressions.max_regressions,
        after_regressions.default_re_engage_days,
        case
            when after_regressions.is_disqualified
                then case when stages.open_to_disqualified then after_regressions.to_stage else after_regressions.disqualified_stage end
            when after_regressions.is_opted_out and stages.requires_opt_in then after_regressions.suppressed_stage
            else after_regressions.to_stage
        end as to_stage
    from after_regressions
    inner join stages on after_regressions.to_stage = stages.stage

),

rules as (

    select
        after_detours.from_stage,
        after_detours.event,
        {% if has_profile_timers() %}timer_profiles.timer_profile{% else %}'' as timer_profile{% endif %},
        after_detours.regressions_before,
        after_detours.is_opted_out,
        after_detours.is_disqualified,
        after_detours.period_from,
        after_detours.period_to,
        after_detours.max_regressions,
        after_detours.default_re_engage_days,
        after_detours.to_stage,
        after_detours.is_regression,
        after_detours.event = 'sales_accepted' and coalesce(stages.role = 'accepted', false) as is_acceptance,
        lifecycle_events.blocked_by_cooldown,
        lifecycle_events.sets_cooldown,
        timers.after_days as to_stage_timer_days
    from after_detours
    inner join {{ policy('lifecycle_events') }} as lifecycle_events on after_detours.event = lifecycle_events.event
    inner join stages on after_detours.to_stage = stages.stage
    {%- if has_profile_timers() %}
    cross join {{ timer_profiles() }} as timer_profiles
    {%- endif %}
    left join {{ timers_by_profile() }} as timers
        on
            after_detours.to_stage = timers.stage
            {%- if has_profile_timers() %}
            and timer_profiles.timer_profile = timers.timer_profile
            {%- endif %}
            {{ and_in_force('timers', 'after_detours.period_from') }}

)

select * from rules
