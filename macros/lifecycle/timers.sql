{#-
    Timers by profile. A row of stage_timers.csv without a profile holds for every profile that has no row of its
    own for the stage; which profile a lead had when it entered decides.
-#}

{#- Whether any profile has a timer of its own; the macro is left out of models where none has. -#}
{% macro has_profile_timers() %}
    {{ return(lead_qualification.has_policy_rows('stage_timers', 'profile is not null')) }}
{% endmacro %}


{#- The profiles with timers of their own, and '' for every other one, as a from-item without a name. -#}
{% macro timer_profiles() -%}
    (
        select distinct profile as timer_profile
        from {{ lead_qualification.policy('stage_timers') }} as profiles_with_timers
        where profile is not null
        union all
        select '' as timer_profile
    )
{%- endmacro %}


{#-
    The timers of each of timer_profiles, with in_force_from and in_force_to, as a from-item without a name.
-#}
{% macro timers_by_profile() -%}
    {%- if lead_qualification.has_profile_timers() -%}
    (
        select
            ranked.timer_profile,
            ranked.stage,
            ranked.timer_event,
            ranked.after_days,
            ranked.reason_code,
            ranked.in_force_from,
            ranked.in_force_to
        from (
            select
                timer_profiles.timer_profile,
                stage_timers.stage,
                stage_timers.timer_event,
                stage_timers.after_days,
                stage_timers.reason_code,
                periods.period_from as in_force_from,
                periods.period_to as in_force_to,
                row_number() over (
                    partition by timer_profiles.timer_profile, stage_timers.stage, periods.period_from
                    order by case when stage_timers.profile is null then 1 else 0 end
                ) as timer_rank
            from {{ lead_qualification.dated_policy('stage_timers') }} as stage_timers
            inner join {{ lead_qualification.policy_periods(['stage_timers']) }} as periods
                on
                    stage_timers.in_force_from <= periods.period_from
                    and stage_timers.in_force_to > periods.period_from
            inner join {{ lead_qualification.timer_profiles() }} as timer_profiles
                on stage_timers.profile is null or stage_timers.profile = timer_profiles.timer_profile
        ) as ranked
        where ranked.timer_rank = 1
    )
    {%- else -%}
    (
        select
            '' as timer_profile,
            stage,
            timer_event,
            after_days,
            reason_code,
            in_force_from,
            in_force_to
        from {{ lead_qualification.dated_policy('stage_timers') }} as stage_timers
        where profile is null
    )
    {%- endif -%}
{%- endmacro %}


{#- The CTE timer_leads: the leads with such a profile, and when they had it. -#}
{% macro timer_leads() -%}
    select
        lead_profiles.lead_id,
        lead_profiles.profile,
        lead_profiles.valid_from,
        lead_profiles.valid_to
    from {{ lead_qualification.rows_of_this_run('int_lead_profile_history', 'lead_profiles') }}
    where lead_profiles.profile in (
        select stage_timers.profile from {{ lead_qualification.policy('stage_timers') }} as stage_timers where stage_timers.profile is not null
    )
{%- endmacro %}
