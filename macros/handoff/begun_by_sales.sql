{#- Whether sales began a hand-off itself: it then has nothing to answer. -#}
{% macro is_begun_by_sales(trigger_event) -%}
    {{ trigger_event }} in (
            'sales_contacted', 'sales_connected', 'sales_accepted', 'qualification_passed',
            'opportunity_created', 'opportunity_won'
        )
{%- endmacro %}
