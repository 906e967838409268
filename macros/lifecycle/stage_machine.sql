{#-
    The lifecycle machine (int_stage_machine). Each macro is a part of one query: the tables that it
    reads, the state in which every lead begins, and the columns of a step.
-#}

{#- The CTEs that the other parts read. -#}
{% macro machine_inputs() -%}
events as (

    select * from {{ lead_qualification.rows_of_this_run('int_lifecycle_events') }}

),

timers as (

    select * from {{ ref('lead_qualification', 'int_stage_timers') }}

),

rules as (

    select * from {{ ref('lead_qualification', 'int_stage_rules') }}

),

engagements as (

    select * from {{ lead_qualification.rows_of_this_run('int_engagements') }}

),
{% if lead_qualification.has_profile_timers() %}
timer_leads as (

    {{ lead_qualification.timer_leads() }}

),
{% endif %}
settings as (

    select
        {{ lead_qualification.stage_of_role('start') }} as start_stage,
        cast({{ lead_qualification.lifecycle_setting('max_regressions') }} as integer) as max_regressions,
        cast({{ lead_qualification.lifecycle_setting('default_re_engage_days') }} as integer) as default_re_engage_days

)
{%- if lead_qualification.has_policy_versions() %},

boundaries as (

    select
        period_from as boundary_at,
        period_to as next_boundary_at
    from {{ lead_qualification.policy_periods(['stage_transitions', 'lifecycle_settings']) }} as boundary_periods

)
{%- endif %}
{%- endmacro %}


{#- Round 0: every lead as it was first seen. -#}
{% macro machine_start() -%}
    select
        events.lead_id,
        events.position,
        cast('next' as {{ dbt.type_string() }}) as step,
        events.occurred_at,
        1 as stage_number,
        settings.start_stage as stage,
        events.occurred_at as entered_at,
        true as is_entry,
        events.event as entered_by,
        events.reason_code,
        false as is_regression,
        true as has_rule,
        cast(null as timestamp) as sets_cooldown_until,
        0 as regressions,
        cast(null as timestamp) as cooldown_until,
        events.occurred_at as gates_from,
        {{ lead_qualification.never() }} as gates_look_at,
        coalesce({{ lead_qualification.add_days('events.occurred_at', 'timers.after_days') }}, {{ lead_qualification.never() }}) as timer_at,
        {{ "coalesce(timer_leads.profile, '')" if lead_qualification.has_profile_timers() else "cast('' as " ~ dbt.type_string() ~ ')' }} as timer_profile,
        {{ 'boundaries.next_boundary_at' if lead_qualification.has_policy_versions() else lead_qualification.never() }} as boundary_at,
        events.is_sql_gate_open,
        events.is_mql_gate_open,
        events.is_framework_confirmed,
        events.is_opted_out,
        events.is_disqualified,
        0 as round
    from events
    cross join settings
    {%- if lead_qualification.has_policy_versions() %}
    inner join boundaries
        on
            events.occurred_at >= boundaries.boundary_at
            and events.occurred_at < boundaries.next_boundary_at
    {%- endif %}
    {%- if lead_qualification.has_profile_timers() %}
    left join timer_leads
        on
            events.lead_id = timer_leads.lead_id
            and {{ lead_qualification.is_valid_at('timer_leads', 'events.occurred_at') }}
    {%- endif %}
    left join timers
        on
            settings.start_stage = timers.stage
            {%- if lead_qualification.has_profile_timers() %}
            and coalesce(timer_leads.profile, '') = timers.timer_profile
            {%- endif %}
            {%- if lead_qualification.has_policy_versions() %}
            and {{ lead_qualification.is_in_force('timers', 'events.occurred_at') }}
            and {{ lead_qualification.add_days('events.occurred_at', 'timers.after_days') }} >= timers.fires_from
            and {{ lead_qualification.add_days('events.occurred_at', 'timers.after_days') }} < timers.fires_to
            {%- endif %}
    where events.position = 0
{%- endmacro %}


{#-
    One step, in four layers: what comes next (waiting), when it happens and what it looks up (steps),
    what the rule for it does (taken), the state after it. Each macro gives the columns of a layer.
-#}

{#- Whether anything is left to happen to a lead. -#}
{% macro machine_goes_on() -%}
    machine.stage_number <= {{ lead_qualification.max_transitions() }} + 1
    and (
        machine.step <> 'next'
        or events.position is not null
        or machine.timer_at <= {{ lead_qualification.as_of() }}
        or machine.gates_look_at <= {{ lead_qualification.as_of() }}
        {%- if lead_qualification.has_policy_versions() %}
        or machine.boundary_at <= {{ lead_qualification.as_of() }}
        {%- endif %}
    )
{%- endmacro %}


{#-
    The timer that a lead waits for: the one in force when it entered the stage, with the cooldown of when
    it fires.
-#}
{% macro timer_of_stay() -%}
    machine.stage = timers.stage
    {%- if lead_qualification.has_profile_timers() %}
    and machine.timer_profile = timers.timer_profile
    {%- endif %}
    {%- if lead_qualification.has_policy_versions() %}
    and {{ lead_qualification.is_in_force('timers', 'machine.entered_at') }}
    and timers.fires_from <= machine.timer_at
    and timers.fires_to > machine.timer_at
    {%- endif %}
{%- endmacro %}


{#-
    What comes next: at the same instant events before the timer before gates_from before a boundary of
    the policy.
-#}
{% macro waiting_columns() -%}
    machine.lead_id,
    machine.round,
    machine.occurred_at,
    machine.stage_number,
    machine.stage,
    machine.entered_at,
    machine.regressions,
    machine.cooldown_until,
    machine.gates_from,
    machine.gates_look_at,
    machine.timer_at,
    machine.timer_profile,
    machine.boundary_at,
    machine.position,
    machine.is_sql_gate_open,
    machine.is_mql_gate_open,
    machine.is_framework_confirmed,
    machine.is_opted_out,
    machine.is_disqualified,
    settings.max_regressions,
    settings.default_re_engage_days,
    events.occurred_at as event_at,
    events.event,
    events.is_level_only,
    {%- if lead_qualification.has_trigger_requirements() %}
    events.is_remembered,
    {%- endif %}
    events.reason_code as event_reason_code,
    events.re_engage_days as event_re_engage_days,
    events.position as event_position,
    events.is_sql_gate_open as event_is_sql_gate_open,
    events.is_mql_gate_open as event_is_mql_gate_open,
    events.is_framework_confirmed as event_is_framework_confirmed,
    events.is_opted_out as event_is_opted_out,
    events.is_disqualified as event_is_disqualified,
    timers.timer_event,
    timers.reason_code as timer_reason_code,
    timers.re_engage_days as timer_re_engage_days,
    case
        when machine.step <> 'next' then machine.step
        {%- if lead_qualification.has_policy_versions() %}
        when events.occurred_at <= least(machine.timer_at, machine.gates_look_at, machine.boundary_at) then 'event'
        when machine.timer_at <= least(machine.gates_look_at, machine.boundary_at) then 'timer'
        when machine.boundary_at < machine.gates_look_at then 'boundary'
        {%- else %}
        when events.occurred_at <= least(machine.timer_at, machine.gates_look_at) then 'event'
        when machine.timer_at <= machine.gates_look_at then 'timer'
        {%- endif %}
        else 'gates_from'
    end as step
{%- endmacro %}


{#- When the step happens, which event it looks up, what stands after it. -#}
{% macro steps_columns() -%}
    waiting.lead_id,
    waiting.round + 1 as round,
    waiting.step,
    case waiting.step
        when 'event' then waiting.event_at
        when 'timer' then waiting.timer_at
        when 'gates_from' then waiting.gates_look_at
        when 'boundary' then waiting.boundary_at
        else waiting.occurred_at
    end as occurred_at,
    case
        when waiting.step = 'timer' then waiting.timer_event
        when waiting.step not in ('event', 'gates_from', 'boundary') then waiting.step
        when waiting.step = 'event' and not waiting.is_level_only then waiting.event
    end as event,
    {%- if lead_qualification.has_trigger_requirements() %}
    coalesce(waiting.step = 'event' and waiting.is_remembered, false) as is_remembered,
    {%- endif %}
    case waiting.step
        when 'event' then waiting.event_reason_code
        when 'timer' then waiting.timer_reason_code
    end as reason_code,
    case waiting.step
        when 'event' then waiting.event_re_engage_days
        when 'timer' then waiting.timer_re_engage_days
        {%- if not lead_qualification.has_policy_versions() %}
        else waiting.default_re_engage_days
        {%- endif %}
    end as re_engage_days,
    waiting.stage_number,
    waiting.stage,
    waiting.entered_at,
    case when waiting.step = 'event' and waiting.event = 'reopened' then 0 else waiting.regressions end as regressions,
    waiting.max_regressions,
    waiting.cooldown_until,
    waiting.gates_from,
    waiting.gates_look_at,
    waiting.timer_at,
    waiting.timer_profile,
    waiting.boundary_at,
    {{ lead_qualification.level_after_step('position') }},
    {{ lead_qualification.level_after_step('is_sql_gate_open') }},
    {{ lead_qualification.level_after_step('is_mql_gate_open') }},
    {{ lead_qualification.level_after_step('is_framework_confirmed') }},
    {{ lead_qualification.level_after_step('is_opted_out') }},
    {{ lead_qualification.level_after_step('is_disqualified') }}
{%- endmacro %}


{#- Whether a rule is the one for (stage, event), unless the cooldown drops it. -#}
{% macro rule_applies() -%}
    steps.stage = rules.from_stage
    and steps.event = rules.event
    {%- if lead_qualification.has_profile_timers() %}
    and coalesce(timer_leads.profile, '') = rules.timer_profile
    {%- endif %}
    {%- if lead_qualification.has_policy_versions() %}
    and rules.period_from <= steps.occurred_at
    and rules.period_to > steps.occurred_at
    and least(steps.regressions, rules.max_regressions) = rules.regressions_before
    {%- else %}
    and least(steps.regressions, steps.max_regressions) = rules.regressions_before
    {%- endif %}
    and steps.is_opted_out = rules.is_opted_out
    and steps.is_disqualified = rules.is_disqualified
    and (
        not rules.blocked_by_cooldown
        or steps.cooldown_until is null
        or steps.occurred_at >= steps.cooldown_until
    )
    {%- if lead_qualification.has_trigger_requirements() %}
    and (not steps.is_remembered or steps.occurred_at >= steps.gates_from)
    {%- endif %}
{%- endmacro %}


{#- The end of a cooldown that a step sets; without days of its own those of the rules of its instant. -#}
{% macro cooldown_end() -%}
    {%- set days = 'coalesce(steps.re_engage_days, rules.default_re_engage_days)' if lead_qualification.has_policy_versions()
        else 'steps.re_engage_days' -%}
    {{ lead_qualification.add_days('steps.occurred_at', days) }}
{%- endmacro %}


{#- What the rule does. -#}
{% macro taken_columns() -%}
    steps.lead_id,
    steps.round,
    steps.position,
    steps.step,
    steps.occurred_at,
    steps.stage_number,
    coalesce(rules.to_stage, steps.stage) as stage,
    steps.entered_at,
    coalesce(rules.to_stage <> steps.stage, false) as is_entry,
    steps.event,
    steps.reason_code,
    coalesce(rules.is_regression, false) as is_regression,
    rules.to_stage is not null as has_rule,
    coalesce(rules.is_acceptance, false) as is_acceptance,
    case
        when rules.sets_cooldown then {{ lead_qualification.cooldown_end() }}
    end as sets_cooldown_until,
    steps.regressions + case when rules.is_regression then 1 else 0 end as regressions,
    steps.cooldown_until,
    case
        when not coalesce(rules.sets_cooldown, false) then steps.gates_from
        when engagements.engaged_at > {{ lead_qualification.cooldown_end() }}
            then engagements.engaged_at
        when engagements.engaged_at is not null
            then {{ lead_qualification.cooldown_end() }}
        else {{ lead_qualification.never() }}
    end as gates_from,
    steps.gates_look_at,
    steps.timer_at,
    {{ "case when rules.to_stage <> steps.stage then coalesce(timer_leads.profile, '') else steps.timer_profile end"
        if lead_qualification.has_profile_timers() else 'steps.timer_profile' }} as timer_profile,
    {{ 'case when steps.step = \'boundary\' then boundaries.next_boundary_at else steps.boundary_at end'
        if lead_qualification.has_policy_versions() else 'steps.boundary_at' }} as boundary_at,
    rules.to_stage_timer_days,
    steps.is_sql_gate_open,
    steps.is_mql_gate_open,
    steps.is_framework_confirmed,
    steps.is_opted_out,
    steps.is_disqualified
{%- endmacro %}


{#- The state after the step. -#}
{% macro state_columns() -%}
    taken.lead_id,
    taken.position,
    case
        when taken.is_entry and taken.is_acceptance and taken.is_framework_confirmed
            then 'qualification_passed'
        when taken.occurred_at < taken.gates_from or taken.step = 'mql_gate' then 'next'
        when taken.is_sql_gate_open and taken.step <> 'sql_gate' then 'sql_gate'
        when taken.is_mql_gate_open then 'mql_gate'
        else 'next'
    end as step,
    taken.occurred_at,
    taken.stage_number + case when taken.is_entry then 1 else 0 end as stage_number,
    taken.stage,
    case when taken.is_entry then taken.occurred_at else taken.entered_at end as entered_at,
    taken.is_entry,
    taken.event as entered_by,
    taken.reason_code,
    taken.is_regression,
    taken.has_rule,
    taken.sets_cooldown_until,
    taken.regressions,
    coalesce(taken.sets_cooldown_until, taken.cooldown_until) as cooldown_until,
    taken.gates_from,
    case
        when taken.sets_cooldown_until is not null then taken.gates_from
        when taken.step = 'gates_from' then {{ lead_qualification.never() }}
        else taken.gates_look_at
    end as gates_look_at,
    case
        when taken.is_entry
            then coalesce({{ lead_qualification.add_days('taken.occurred_at', 'taken.to_stage_timer_days') }}, {{ lead_qualification.never() }})
        when taken.step = 'timer' then {{ lead_qualification.never() }}
        else taken.timer_at
    end as timer_at,
    taken.timer_profile,
    taken.boundary_at,
    taken.is_sql_gate_open,
    taken.is_mql_gate_open,
    taken.is_framework_confirmed,
    taken.is_opted_out,
    taken.is_disqualified,
    taken.round
{%- endmacro %}
