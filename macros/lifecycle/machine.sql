{#- A value of lifecycle_settings.csv, as a scalar subquery. -#}
{% macro lifecycle_setting(setting) -%}
    (select value from {{ lead_qualification.current_policy('lifecycle_settings') }} as lifecycle_settings where setting = '{{ setting }}')
{%- endmacro %}


{#- Whether the first assignment of a lead to a rep is a hand-off at some time, by the setting of that name. -#}
{% macro assignment_may_hand_over() %}
    {{ return(lead_qualification.has_policy_rows('lifecycle_settings', "setting = 'assignment_hands_over' and value > 0")) }}
{% endmacro %}


{#- Later than everything: what is never going to happen. -#}
{% macro never() -%}
    cast('9999-12-31 00:00:00' as timestamp)
{%- endmacro %}


{#- More transitions of one lead than this are taken for a policy that runs in circles. -#}
{% macro max_transitions() %}
    {{ return(200) }}
{% endmacro %}


{#- How many openings of a level (a gate, a framework) a lead has had so far beyond its closings. -#}
{% macro level_so_far(event) -%}
    sum(case when event <> '{{ event }}' then 0 when is_closing then -1 else 1 end) over (
            partition by lead_id
            order by level_position
        )
{%- endmacro %}


{#- The position of the latest event of a kind so far; -1 if there was none. -#}
{% macro last_position_so_far(event) -%}
    max(case when event = '{{ event }}' then position else -1 end) over (
            partition by lead_id
            order by level_position
        )
{%- endmacro %}


{#- Whether a value stands in a list written with | between its items, in any case. -#}
{% macro is_listed(value, list) -%}
    {{ lead_qualification.contains("'|' || lower(" ~ list ~ ") || '|'", "'|' || lower(" ~ value ~ ") || '|'") }}
{%- endmacro %}


{#- Post-hook of the machine: a lead with too many transitions stops the build. -#}
{% macro stop_if_too_many_transitions(relation) %}
    {%- if execute -%}
        {%- set leads = run_query(
            'select distinct lead_id from ' ~ relation
            ~ ' where stage_number > ' ~ (lead_qualification.max_transitions() + 1)
            ~ ' order by lead_id limit 20').columns[0].values() | list -%}
        {%- if leads | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                'More than ' ~ lead_qualification.max_transitions() ~ ' transitions of one lead: '
                ~ leads | join(', ') ~ '. Look for timers and transitions that lead in a circle in '
                ~ lead_qualification.policy_file('stage_timers') ~ ' and '
                ~ lead_qualification.policy_file('stage_transitions') ~ '.') }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- In the machine: what stands after a step; only an event changes it. -#}
{% macro level_after_step(level) -%}
    case when waiting.step = 'event' then waiting.event_{{ level }} else waiting.{{ level }} end as {{ level }}
{%- endmacro %}
