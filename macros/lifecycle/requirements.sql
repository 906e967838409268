{#-
    What must hold before a gate opens or a trigger happens: handoff_requirements.csv. A row without a profile holds
    for every profile that has no row of its own for the check.
-#}

{#- The events that may have requirements. -#}
{% macro events_with_requirements() %}
    {{ return(['sql_gate', 'mql_gate', 'high_intent_action', 'mql_trigger', 'pql_milestone']) }}
{% endmacro %}


{#- The checks that may be required: those whose min_value is a number, a grade, or nothing. -#}
{% macro requirement_checks() %}
    {{ return({
        'number': ['score_threshold', 'high_intent', 'recently_engaged', 'buying_committee'],
        'grade': ['grade'],
        'nothing': [
            'email_not_bounced', 'email_verified', 'consent', 'company_allowed', 'framework_confirmed', 'budget_confirmed'],
    }) }}
{% endmacro %}


{#- Whether anything of the kind is required of a profile that leads may get. Models leave out what nobody asks for. -#}
{% macro has_requirements_where(condition) %}
    {%- if execute and model.resource_type == 'unit_test' -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(lead_qualification.has_policy_rows(
        'handoff_requirements',
        condition ~ ' and (profile is null or profile in (select model_assignment.profile from '
        ~ lead_qualification.policy('model_assignment') ~ ' as model_assignment))')) }}
{% endmacro %}

{% macro has_handoff_requirements() %}
    {{ return(lead_qualification.has_requirements_where('events is not null')) }}
{% endmacro %}

{% macro has_gate_requirements() %}
    {{ return(lead_qualification.has_requirements_where("(events like '%sql_gate%' or events like '%mql_gate%')")) }}
{% endmacro %}

{% macro has_trigger_requirements() %}
    {{ return(lead_qualification.has_requirements_where(
        "(events like '%high_intent_action%' or events like '%mql_trigger%' or events like '%pql_milestone%')")) }}
{% endmacro %}

{% macro requires_check(check_name) %}
    {{ return(lead_qualification.has_requirements_where("check_name = '" ~ check_name ~ "'")) }}
{% endmacro %}


{#-
    What is required of each profile that leads may get, [in_force_from, in_force_to), as a from-item without a name.
-#}
{% macro requirements_by_profile() -%}
    (
        select
            ranked.profile,
            ranked.check_name,
            ranked.events,
            ranked.min_value,
            ranked.in_force_from,
            ranked.in_force_to
        from (
            select
                profiles.profile,
                requirements.check_name,
                requirements.events,
                requirements.min_value,
                periods.period_from as in_force_from,
                periods.period_to as in_force_to,
                row_number() over (
                    partition by profiles.profile, requirements.check_name, periods.period_from
                    order by case when requirements.profile is null then 1 else 0 end
                ) as requirement_rank
            from {{ lead_qualification.dated_policy('handoff_requirements') }} as requirements
            inner join {{ lead_qualification.policy_periods(['handoff_requirements']) }} as periods
                on
                    requirements.in_force_from <= periods.period_from
                    and requirements.in_force_to > periods.period_from
            inner join (
                select distinct profile from {{ lead_qualification.policy('model_assignment') }} as model_assignment
            ) as profiles
                on requirements.profile is null or requirements.profile = profiles.profile
        ) as ranked
        where ranked.requirement_rank = 1
    )
{%- endmacro %}


{#- Whether any score_threshold asks for the one of the profile, and which that is before each event. -#}
{% macro requires_bar() %}
    {{ return(lead_qualification.has_requirements_where("check_name = 'score_threshold' and min_value is null")) }}
{% endmacro %}

{% macro bars_of_events() %}
    {{ return({
        'sql_gate': 'sql_min_score', 'high_intent_action': 'sql_min_score',
        'mql_gate': 'mql_min_score', 'mql_trigger': 'mql_min_score'}) }}
{% endmacro %}


{#- min_value as a number; the linter sees to it that it is one. -#}
{% macro required_number(relation) -%}
    cast({{ relation }}.min_value as decimal(18, 4))
{%- endmacro %}


{#-
    Whether all that is required of a pair holds, over time, [valid_from, valid_to), one column for each event; a pair
    of which nothing ever fails has no row. A from-item without a name.
-#}
{% macro requirement_stretches(relation) -%}
    {%- set events = lead_qualification.events_with_requirements() -%}
    (
        select
            lead_id,
            scoring_model,
            profile,
            instant as valid_from,
            coalesce(
                lead(instant) over (partition by lead_id, scoring_model, profile order by instant), {{ lead_qualification.never() }}
            ) as valid_to,
            {%- for event in events %}
            sum({{ event }}_change) over (
                partition by lead_id, scoring_model, profile
                order by instant
                rows between unbounded preceding and current row
            ) = 0 as {{ event }}_may_be{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                lead_id,
                scoring_model,
                profile,
                instant,
                {%- for event in events %}
                sum(case when {{ lead_qualification.is_listed("'" ~ event ~ "'", 'events') }} then change else 0 end) as {{ event }}_change{{ ',' if not loop.last }}
                {%- endfor %}
            from (
                select lead_id, scoring_model, profile, events, valid_from as instant, 1 as change from {{ relation }}
                union all
                select lead_id, scoring_model, profile, events, valid_to as instant, -1 as change from {{ relation }}
                union all
                select lead_id, scoring_model, profile, events, {{ lead_qualification.beginning() }} as instant, 0 as change from {{ relation }}
            ) as edges
            group by lead_id, scoring_model, profile, instant
        ) as summed
        where instant < {{ lead_qualification.never() }}
    )
{%- endmacro %}


{#- Whether all that is required for a trigger of a pair holds in one of its stretches. -#}
{% macro may_be(event, stretches) -%}
    case {{ event }}
        {%- for event_name in lead_qualification.events_with_requirements() %}
        when '{{ event_name }}' then {{ stretches }}.{{ event_name }}_may_be
        {%- endfor %}
    end
{%- endmacro %}


{#- The columns that may_be reads, of a left-joined relation: without a row of it nothing ever fails. -#}
{% macro may_be_columns(relation) -%}
    {%- for event in lead_qualification.events_with_requirements() -%}
    coalesce({{ relation }}.{{ event }}_may_be, true) as {{ event }}_may_be{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- Whether any trigger asks for a grade. -#}
{% macro has_triggers_by_grade() %}
    {{ return(lead_qualification.has_policy_rows('profile_triggers', 'min_grade is not null')) }}
{% endmacro %}


{#- Whether a signal that a profile lists may yet be no trigger. -#}
{% macro triggers_may_fail() %}
    {{ return(lead_qualification.has_trigger_requirements() or lead_qualification.has_triggers_by_grade()) }}
{% endmacro %}
