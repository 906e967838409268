{#-
    The scoring model and the profile of each lead, those of its main pair, over time where they may change: the
    CTE of that name reads it.
-#}
{% macro lead_profiles() -%}
    {%- do lead_qualification.needs('int_lead_profiles') -%}
    select * from {{ lead_qualification.rows_of_this_run(
        'int_lead_profile_history' if lead_qualification.has_profile_history() else 'int_lead_profiles', 'lead_profiles') }}
{%- endmacro %}


{#- Where it may change: the condition that the row of lead_profiles holds at an instant. Begins with and. -#}
{% macro and_profile_at(instant) -%}
    {%- if lead_qualification.has_profile_history() -%}
    and {{ lead_qualification.is_valid_at('lead_profiles', instant) }}
    {%- else -%}
    and true
    {%- endif -%}
{%- endmacro %}
