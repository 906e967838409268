{#-
    The steps that are forecast: name -> when a lead reaches it, and from when on nobody waits for it any
    more. A lead that skips MQL never gets there.
-#}
{% macro forecast_steps() %}
    {{ return({
        'mql': {'reached_at': 'leads.mql_at', 'past_at': 'coalesce(leads.mql_at, leads.sql_proposed_at)'},
        'sql': {'reached_at': 'leads.sql_at', 'past_at': 'leads.sql_at'},
        'opportunity': {'reached_at': 'leads.opportunity_at', 'past_at': 'leads.opportunity_at'},
        'customer': {'reached_at': 'leads.customer_at', 'past_at': 'leads.customer_at'},
    }) }}
{% endmacro %}


{#- How many months ahead is forecast. -#}
{% macro forecast_horizons() %}
    {{ return([1, 2, 3]) }}
{% endmacro %}


{#- How many month starts before as_of each forecast is tested on. -#}
{% macro back_tested_months() %}
    {{ return(12) }}
{% endmacro %}


{#- Months of 30 days between two timestamps: floor, the whole ones; ceil, those that have begun. -#}
{% macro months_of_30_days(from_timestamp, to_timestamp, rounding) -%}
    cast({{ rounding }}({{ lead_qualification.elapsed_seconds(from_timestamp, to_timestamp) }} / 2592000) as integer)
{%- endmacro %}


{#- Columns of each step with a suffix, with commas between them. -#}
{% macro columns_of_steps(suffix) -%}
    {%- for step in lead_qualification.forecast_steps() -%}
        {{ step }}_{{ suffix }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- A figure with two decimals, half away from zero; what is in double precision has ten before. -#}
{% macro two_decimals(expression) -%}
    cast(round(cast({{ expression }} as {{ lead_qualification.type_rate(28) }}), 2) as decimal(18, 2))
{%- endmacro %}
