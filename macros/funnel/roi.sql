{#- The figures of channel_roi that are counts of leads: name -> the timestamp that counts. -#}
{% macro roi_counts() %}
    {{ return({'leads': 'first_seen_at', 'mqls': 'mql_at', 'sqls': 'sql_at'}) }}
{% endmacro %}


{#- The figures that are of deals, each once: name -> the timestamp that counts, and the condition. -#}
{% macro roi_deals() %}
    {{ return({
        'opportunities': {'at': 'created_at', 'counts_if': 'created_at is not null'},
        'customers': {'at': 'closed_at', 'counts_if': 'is_won'},
        'deals_lost': {'at': 'closed_at', 'counts_if': 'closed_at is not null and not is_won'},
        'pipeline_open': {'at': 'created_at', 'counts_if': 'closed_at is null'},
    }) }}
{% endmacro %}


{#- select list: the sum or count of each figure; the cost is null where no cost is on record. -#}
{% macro roi_sums() -%}
    cast(sum(case when figure = 'cost' then amount end) as {{ lead_qualification.type_money() }}) as cost,
        {% for figure, name in {'customers': 'revenue_won', 'pipeline_open': 'pipeline_open'}.items() -%}
        cast(coalesce(sum(case when figure = '{{ figure }}' then amount end), 0) as {{ lead_qualification.type_money() }}) as {{ name }},
        {% endfor -%}
    {%- for figure in ['leads', 'mqls', 'sqls', 'opportunities', 'customers', 'deals_lost'] -%}
        cast(count(case when figure = '{{ figure }}' then 1 end) as integer) as {{ figure }},
        {% endfor -%}
    count(case when figure = 'customers' then amount end) as priced_deals
{%- endmacro %}
