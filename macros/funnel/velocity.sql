{#- The steps whose duration is reported: name -> from when to when. -#}
{% macro velocity_steps() %}
    {{ return({
        'first_seen_to_mql': {'from_at': 'first_seen_at', 'to_at': 'mql_at'},
        'mql_to_sql': {'from_at': 'mql_at', 'to_at': 'sql_at'},
        'sql_to_opportunity': {'from_at': 'sql_at', 'to_at': 'opportunity_at'},
        'sql_to_won': {'from_at': 'sql_at', 'to_at': 'customer_at'},
        'pql_to_won': {'from_at': 'pql_at', 'to_at': 'customer_at'},
        'first_seen_to_won': {'from_at': 'first_seen_at', 'to_at': 'customer_at'},
    }) }}
{% endmacro %}


{#- select list: median and 90th percentile of the days of each step. -#}
{% macro step_percentiles() -%}
    {%- for step in lead_qualification.velocity_steps() -%}
        {%- set days = "case when step = '" ~ step ~ "' then days end" -%}
        {{ lead_qualification.percentile(days, 0.5) }} as median_days_{{ step }},
        {{ lead_qualification.percentile(days, 0.9) }} as p90_days_{{ step }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- select list: those columns of a relation. -#}
{% macro step_percentiles_of(relation) -%}
    {%- for step in lead_qualification.velocity_steps() -%}
        {{ relation }}.median_days_{{ step }},
        {{ relation }}.p90_days_{{ step }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- select list: how many leads reached each step in the month. -#}
{% macro reached_in_month() -%}
    {%- set reached = {'leads': 'first_seen_at', 'mqls': 'mql_at', 'pqls': 'pql_at', 'sqls': 'sql_at', 'opportunities': 'opportunity_at', 'customers': 'customer_at'} -%}
    {%- for name, reached_at in reached.items() -%}
        cast(count(
            case when leads.{{ reached_at }} >= months.starts_at and leads.{{ reached_at }} < months.ends_at then 1 end
        ) as integer) as {{ name }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- A count's change against the month before. -#}
{% macro growth(count) -%}
    {%- set previous = 'lag(' ~ count ~ ') over (partition by motion order by month)' -%}
    {{ lead_qualification.ratio(count ~ ' - ' ~ previous, previous) }}
{%- endmacro %}
