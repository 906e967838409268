{#- The conditions of next_actions.csv that take a value of the lead, and those that are true or false. -#}
{% macro action_conditions() %}
    {{ return(['stage', 'stage_owner', 'profile', 'grade', 'score_level', 'sla_status']) }}
{% endmacro %}

{% macro yes_or_no_action_conditions() %}
    {{ return([
        'is_in_cooldown', 'is_consenting', 'is_contactable', 'has_open_opportunity', 'framework_passed', 're_engage_due'
    ]) }}
{% endmacro %}


{#- All conditions; a rule without any takes every lead. -#}
{% macro all_action_conditions() %}
    {{ return(lead_qualification.action_conditions() + lead_qualification.yes_or_no_action_conditions() + ['has_signal']) }}
{% endmacro %}


{#- What due_from may name: instants of int_action_facts. -#}
{% macro due_instants() %}
    {{ return(['since', 'sla_due_at', 'cooldown_until', 'timer_due_at']) }}
{% endmacro %}


{#- The action of a rule that leaves the choice to qualification_matrix.csv. -#}
{% macro action_of_matrix() %}
    {{ return('matrix') }}
{% endmacro %}


{#- What sla_status may be. -#}
{% macro sla_statuses() %}
    {{ return(['open', 'at_risk', 'met', 'breached']) }}
{% endmacro %}


{#- The condition that a rule of next_actions.csv has none. -#}
{% macro has_no_action_condition(relation) -%}
    {%- set conditions = [] -%}
    {%- for condition in lead_qualification.all_action_conditions() -%}
        {%- do conditions.append(relation ~ '.' ~ condition ~ ' is null') -%}
    {%- endfor -%}
    ({{ conditions | join(' and ') }})
{%- endmacro %}


{#- A fact as the text that a condition lists. -#}
{% macro action_fact(condition) -%}
    {%- if condition in lead_qualification.yes_or_no_action_conditions() -%}
    case when facts.{{ condition }} then 'true' else 'false' end
    {%- else -%}
    facts.{{ condition }}
    {%- endif -%}
{%- endmacro %}
