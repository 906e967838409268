{#- A lead source as it is compared: lower case, _ and - as blanks, white space collapsed. -#}
{% macro normalised_lead_source(column) -%}
    lower(trim({{ lead_qualification.regexp_replace_all(column, '[_[:space:]-]+', ' ') }}))
{%- endmacro %}


{#- What stands after the last @ of an address, without a leading www; null if nothing does. -#}
{% macro email_domain(column) -%}
    case
        when {{ lead_qualification.contains(column, "'@'") }}
            then nullif({{ lead_qualification.regexp_replace_all(
                lead_qualification.regexp_replace_all(column, '^.*@', ''), '^www[.]', '') }}, '')
    end
{%- endmacro %}


{#- The prospect's size class by its number of employees. -#}
{% macro company_segment(employee_count) -%}
    case
        when {{ employee_count }} >= 500 then 'enterprise'
        when {{ employee_count }} >= 50 then 'mid_market'
        when {{ employee_count }} >= 1 then 'startup'
        else 'unknown'
    end
{%- endmacro %}


{#- The classes that company_segment knows, without the one of companies of unknown size. -#}
{% macro company_segments() %}
    {{ return(['startup', 'mid_market', 'enterprise']) }}
{% endmacro %}
