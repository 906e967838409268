{#- Up to when a hand-off is known: its end, or as_of while it runs. -#}
{% macro known_until(handoffs) -%}
    coalesce({{ handoffs }}.ended_at, {{ lead_qualification.as_of() }})
{%- endmacro %}
