{#- Verdict of marketing_sla on a target that is only a volume; over rows with is_ahead and is_running. -#}
{% macro verdict_of_target(target, delivered) -%}
    case
            when {{ target }} is null then 'no_target'
            when is_ahead then 'not_started'
            when is_running then 'in_progress'
            when {{ delivered }} < {{ target }} then 'volume_missed'
            else 'met'
        end
{%- endmacro %}
