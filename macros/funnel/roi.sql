{#- The figures of channel_roi that are counts of leads: name -> the timestamp that counts. -#}
{% macro roi_counts() %}
    {{ return({
        'leads': 'first_seen_at', 'mqls': 'mql_at', 'sqls': 'sql_at', 'opportunities': 'opportunity_at', 'customers': 'customer_at'
    }) }}
{% endmacro %}


{#- select list: the sum of each figure. -#}
{% macro roi_sums() -%}
    {%- for figure in ['cost', 'revenue_won', 'pipeline_open'] -%}
        cast(coalesce(sum(case when figure = '{{ figure }}' then amount end), 0) as {{ lead_qualification.type_money() }}) as {{ figure }},
        {% endfor -%}
    {%- for figure in lead_qualification.roi_counts() -%}
        cast(count(case when figure = '{{ figure }}' then 1 end) as integer) as {{ figure }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
