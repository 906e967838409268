{#- The machine as a query that goes on from its own rows, one step of every lead at a time. -#}
{% macro stage_machine() -%}
    {{ return(adapter.dispatch('stage_machine', 'lead_qualification')()) }}
{%- endmacro %}

{% macro default__stage_machine() -%}
with recursive

{{ lead_qualification.machine_inputs() }},

machine as (

    {{ lead_qualification.machine_start() }}
    union all
    select
    {{ lead_qualification.state_columns() }}
    from (

        select
        {{ lead_qualification.taken_columns() }}
        from (

            select
            {{ lead_qualification.steps_columns() }}
            from (

                select
                {{ lead_qualification.waiting_columns() }}
                from machine
                cross join settings
                left join events
                    on
                        machine.lead_id = events.lead_id
                        and machine.position + 1 = events.position
                left join timers on {{ lead_qualification.timer_of_stay() }}
                where {{ lead_qualification.machine_goes_on() }}

            ) as waiting

        ) as steps
        {%- if lead_qualification.has_profile_timers() %}
        left join timer_leads
            on
                steps.lead_id = timer_leads.lead_id
                and {{ lead_qualification.is_valid_at('timer_leads', 'steps.occurred_at') }}
        {%- endif %}
        left join rules on {{ lead_qualification.rule_applies() }}
        {%- if lead_qualification.has_policy_versions() %}
        left join boundaries on steps.boundary_at = boundaries.boundary_at
        {%- endif %}
        left join engagements
            on
                case when rules.sets_cooldown then steps.lead_id end = engagements.lead_id
                and steps.occurred_at < engagements.engaged_at
                and (engagements.previous_engaged_at is null or steps.occurred_at >= engagements.previous_engaged_at)

    ) as taken

)

select * from machine
{%- endmacro %}

{#-
    Spark keeps the plans of all rounds of a recursive query within each other, so that some hundred
    rounds end in a stack overflow. There the machine is a fold: the steps of a lead, one after the
    other, each added to the list of its states. A null after the last state says that the lead is
    done. How many steps there can be is known: one for each event, timer and gates_from, and up to
    three more at its instant. They are taken four at a time, then eight, and so on, so that a lead
    that is done soon has few left to skip: Spark copies all states at each. The states are in order;
    array_sort is there because Spark generates no code for it and what stands in it: that of a step
    is more than a Java method holds. inline_outer, because inline would work everything out twice, to
    see first whether there are states.
-#}
{% macro spark__stage_machine() -%}
    {%- set rules -%}
        try_element_at(filter(policies.rules[steps.stage][steps.event], rules -> {{ lead_qualification.rule_applies() }}), 1)
    {%- endset -%}
    {%- set boundaries = [
        ('boundaries', 'try_element_at(filter(policies.boundaries, boundaries -> boundaries.boundary_at = steps.boundary_at), 1)')
    ] if lead_qualification.has_policy_versions() else [] -%}
    {%- set timer_leads = [
        ('timer_leads', 'try_element_at(filter(leads.timer_leads, timer_leads -> '
            ~ lead_qualification.is_valid_at('timer_leads', 'steps.occurred_at') ~ '), 1)')
    ] if lead_qualification.has_profile_timers() else [] -%}
    {%- set engagements -%}
        struct(case when rules.sets_cooldown then array_min(filter(leads.engagements, engaged_at -> engaged_at > steps.occurred_at)) end as engaged_at)
    {%- endset -%}
    {%- set state = lead_qualification.let(
        [
            ('timers', 'try_element_at(filter(policies.timers[machine.stage], timers -> ' ~ lead_qualification.timer_of_stay() ~ '), 1)'),
            ('waiting', 'struct(' ~ lead_qualification.waiting_columns() ~ ')'),
            ('steps', 'struct(' ~ lead_qualification.steps_columns() ~ ')'),
        ] + timer_leads + [
            ('rules', rules),
        ] + boundaries + [
            ('engagements', engagements),
            ('taken', 'struct(' ~ lead_qualification.taken_columns() ~ ')'),
        ],
        'struct(' ~ lead_qualification.state_columns() ~ ')'
    ) -%}
    {%- set next_state = lead_qualification.let(
        [
            ('machine', 'element_at(states, -1)'),
            ('events', 'get(leads.events, machine.position + 1)'),
        ],
        'case when ' ~ lead_qualification.machine_goes_on() ~ ' then ' ~ state ~ ' end'
    ) -%}
with

{{ lead_qualification.machine_inputs() }},

starts as (

    {{ lead_qualification.machine_start() }}

),

rules_of_events as (

    select
        from_stage,
        event,
        collect_list(struct(rules.*)) as rules
    from rules
    group by from_stage, event

),

rules_of_stages as (

    select
        from_stage,
        map_from_entries(collect_list(struct(event, rules))) as rules
    from rules_of_events
    group by from_stage

),

timers_of_stages as (

    select
        stage,
        collect_list(struct(timers.*)) as timers
    from timers
    group by stage

),

policies as (

    select
        stage_rules.rules,
        stage_timers.timers,
        {{ 'all_boundaries.boundaries' if lead_qualification.has_policy_versions() else 'array()' }} as boundaries
    from (select map_from_entries(collect_list(struct(from_stage, rules))) as rules from rules_of_stages) as stage_rules
    cross join (select map_from_entries(collect_list(struct(stage, timers))) as timers from timers_of_stages) as stage_timers
    {%- if lead_qualification.has_policy_versions() %}
    cross join (select collect_list(struct(boundaries.*)) as boundaries from boundaries) as all_boundaries
    {%- endif %}

),

events_of_leads as (

    select
        lead_id,
        array_sort(collect_list(struct(
            position,
            occurred_at,
            event,
            is_level_only,
            {%- if lead_qualification.has_trigger_requirements() %}
            is_remembered,
            {%- endif %}
            reason_code,
            re_engage_days,
            is_sql_gate_open,
            is_mql_gate_open,
            is_framework_confirmed,
            is_opted_out,
            is_disqualified
        ))) as events
    from events
    group by lead_id

),

engagements_of_leads as (

    select
        lead_id,
        collect_list(engaged_at) as engagements
    from engagements
    group by lead_id

),

{% if lead_qualification.has_profile_timers() %}
timers_of_leads as (

    select
        lead_id,
        collect_list(struct(timer_leads.*)) as timer_leads
    from timer_leads
    group by lead_id

),
{% endif %}
leads as (

    select
        events_of_leads.lead_id,
        events_of_leads.events,
        engagements_of_leads.engagements,
        {%- if lead_qualification.has_profile_timers() %}
        timers_of_leads.timer_leads,
        {%- endif %}
        struct(starts.*) as start
    from events_of_leads
    inner join starts on events_of_leads.lead_id = starts.lead_id
    left join engagements_of_leads on events_of_leads.lead_id = engagements_of_leads.lead_id
    {%- if lead_qualification.has_profile_timers() %}
    left join timers_of_leads on events_of_leads.lead_id = timers_of_leads.lead_id
    {%- endif %}

),

folded as (

    select
        array_sort(
            aggregate(
                sequence(2, cast(ceil(log2(4 + 8 * (size(leads.events) + {{ lead_qualification.max_transitions() }} + 2))) as int)),
                array(leads.start),
                (states, doublings) -> case
                    when element_at(states, -1) is null then states
                    else aggregate(
                        sequence(1, shiftleft(1, doublings)),
                        states,
                        (states, number) -> case
                            when element_at(states, -1) is null then states
                            else concat(states, array({{ next_state }}))
                        end
                    )
                end,
                states -> case
                    when element_at(states, -1) is null then slice(states, 1, size(states) - 1)
                    else raise_error('The lifecycle machine does not come to an end for lead ' || leads.lead_id || '.')
                end
            ),
            (one, other) -> one.round - other.round
        ) as states
    from leads
    cross join policies
    cross join settings

)

select inline_outer(states) from folded
{%- endmacro %}


{#-
    Spark: an expression with names for the values of others; each may use those before it. Not get(..., 0),
    which works out the type of all that it holds at each use.
-#}
{% macro let(values, expression) -%}
    {%- if values | length == 0 -%}
        {{ return(expression) }}
    {%- endif -%}
    {{ return(
        'element_at(transform(array(' ~ values[0][1] ~ '), ' ~ values[0][0] ~ ' -> '
        ~ lead_qualification.let(values[1:], expression) ~ '), 1)'
    ) }}
{%- endmacro %}
