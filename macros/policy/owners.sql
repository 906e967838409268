{#- Whether a profile has rows of its own. -#}
{% macro has_owners_by_profile() %}
    {{ return(lead_qualification.has_policy_rows('stage_owners', 'profile is not null')) }}
{% endmacro %}

{% macro has_sla_by_profile() %}
    {{ return(lead_qualification.has_policy_rows('sla_policies', 'profile is not null')) }}
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
