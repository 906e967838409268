{#-
    Whether a policy table has rows for one profile alone. Where it has none, models leave out what only
    those rows need. In unit tests it has none, unless the test overrides the macro of the table; true while
    nobody can know.
-#}
{% macro has_rows_of_a_profile(table_name) %}
    {%- set relation = lead_qualification.policy(table_name) -%}
    {%- if execute and model.resource_type == 'unit_test' -%}
        {{ return(false) }}
    {%- elif not lead_qualification.looks_up() or load_cached_relation(relation) is none -%}
        {{ return(true) }}
    {%- endif -%}
    {{ return(lead_qualification.any_row(relation, 'profile is not null')) }}
{% endmacro %}

{% macro has_owners_by_profile() %}
    {{ return(lead_qualification.has_rows_of_a_profile('stage_owners')) }}
{% endmacro %}

{% macro has_sla_by_profile() %}
    {{ return(lead_qualification.has_rows_of_a_profile('sla_policies')) }}
{% endmacro %}


{#- Who may own a stage, from the lowest to the highest: a lead is handed over upwards. -#}
{% macro owner_ranks() %}
    {{ return({'nobody': 0, 'marketing': 1, 'sdr': 2, 'sales': 3}) }}
{% endmacro %}


{#- The rank of an owner. -#}
{% macro owner_rank(owner) -%}
    case {{ owner }}
        {%- for name, rank in lead_qualification.owner_ranks().items() %} when '{{ name }}' then {{ rank }}{% endfor %} end
{%- endmacro %}
