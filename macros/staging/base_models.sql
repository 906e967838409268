{#- Raw table -> the base model that reads it. -#}
{% macro base_models() %}
    {{ return({
        'leads': 'base_crm__leads',
        'accounts': 'base_crm__accounts',
        'lead_status_changes': 'base_crm__lead_status_changes',
        'qualification_answers': 'base_crm__qualification_answers',
        'opportunities': 'base_crm__opportunities',
        'campaigns': 'base_crm__campaigns',
        'campaign_costs': 'base_crm__campaign_costs',
        'web_events': 'base_web__web_events',
        'email_events': 'base_email__email_events',
        'marketing_activities': 'base_marketing__marketing_activities',
        'product_events': 'base_product__product_events',
        'intent_signals': 'base_intent__intent_signals',
        'sales_activities': 'base_sales__sales_activities',
        'sales_reps': 'base_sales__sales_reps',
    }) }}
{% endmacro %}


{#- Raw table -> the columns that say when a record happened and when it was received or changed. -#}
{% macro source_times() %}
    {{ return({
        'leads': {'happened': 'created_at', 'received': 'updated_at'},
        'accounts': {'happened': none, 'received': 'updated_at'},
        'lead_status_changes': {'happened': 'changed_at', 'received': none},
        'qualification_answers': {'happened': 'answered_at', 'received': none},
        'opportunities': {'happened': 'created_at', 'received': none},
        'campaigns': {'happened': none, 'received': none},
        'campaign_costs': {'happened': 'cast(cost_date as timestamp)', 'received': none},
        'web_events': {'happened': 'occurred_at', 'received': 'received_at'},
        'email_events': {'happened': 'occurred_at', 'received': 'received_at'},
        'marketing_activities': {'happened': 'occurred_at', 'received': 'received_at'},
        'product_events': {'happened': 'occurred_at', 'received': 'received_at'},
        'intent_signals': {'happened': 'occurred_at', 'received': 'received_at'},
        'sales_activities': {'happened': 'occurred_at', 'received': none},
        'sales_reps': {'happened': none, 'received': none},
    }) }}
{% endmacro %}


{#- The latest time of the usable rows that is not after as_of; null for a table without times. -#}
{% macro newest_until_as_of(column) -%}
    {%- if column is none -%}
    cast(null as timestamp)
    {%- else -%}
    max(case when row_problem is null and {{ column }} <= {{ lead_qualification.as_of() }} then {{ column }} end)
    {%- endif -%}
{%- endmacro %}
