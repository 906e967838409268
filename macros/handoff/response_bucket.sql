{#- The class of a response time in minutes; none without a response. -#}
{% macro response_bucket(minutes) -%}
    case
            when {{ minutes }} is null then 'none'
            when {{ minutes }} < 5 then 'under_5_minutes'
            when {{ minutes }} < 30 then '5_to_30_minutes'
            when {{ minutes }} < 60 then '30_to_60_minutes'
            when {{ minutes }} < 120 then '1_to_2_hours'
            when {{ minutes }} < 1440 then '2_to_24_hours'
            else 'over_24_hours'
        end
{%- endmacro %}
