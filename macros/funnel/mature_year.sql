{#-
    Whether an instant lies in the mature year: the 365 days that ended so many days before as_of, so that who entered
    then had the time to convert.
-#}
{% macro is_of_mature_year(timestamp, maturity_days) -%}
    ({{ timestamp }} >= {{ lead_qualification.add_days(lead_qualification.as_of(), '-365 - ' ~ maturity_days) }}
        and {{ timestamp }} < {{ lead_qualification.add_days(lead_qualification.as_of(), '-' ~ maturity_days) }})
{%- endmacro %}


{#- The steps of a lead that metrics count by. -#}
{% macro metric_steps() %}
    {{ return(['first_seen', 'mql', 'pql', 'sql', 'opportunity', 'customer']) }}
{% endmacro %}
