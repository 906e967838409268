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


{#- select list items: after how many months each step was reached, and how many had begun when the stay or the wait ended. -#}
{% macro months_to_steps() -%}
    {%- for step in lead_qualification.forecast_steps() -%}
        {{ lead_qualification.months_of_30_days('entered_at', step ~ '_reached_at', 'ceil') }} as {{ step }}_in,
        {{ lead_qualification.months_of_30_days(
            'entered_at',
            'least(coalesce(exited_at, ' ~ lead_qualification.as_of() ~ '), coalesce(' ~ step ~ '_past_at, '
            ~ lead_qualification.as_of() ~ '))',
            'ceil') }} as {{ step }}_waits{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- select list items: how many leads wait for each step at forecast_at, and how many reach it within the months. -#}
{% macro leads_before_steps() -%}
    {%- for step in lead_qualification.forecast_steps() -%}
        sum(case when coalesce({{ step }}_past_at > forecast_at, true) then 1 else 0 end) as {{ step }}_leads,
        {%- for month in lead_qualification.forecast_horizons() %}
        sum(case
            when
                {{ step }}_past_at > forecast_at
                and {{ step }}_reached_at <= {{ lead_qualification.add_days('forecast_at', 30 * month) }}
                then 1
            else 0
        end) as {{ step }}_reached_{{ month }}{{ ',' if not loop.last }}
        {%- endfor -%}
        {{- ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    A select of each step with each number of months ahead: step, month, and both as a name. Joined with a row that has
    a column for each, it gives a row for each; of a union with a branch for each, Spark would work out each branch from
    the start.
-#}
{% macro steps_and_months() -%}
    {%- set rows = [] -%}
    {%- for step in lead_qualification.forecast_steps() -%}
        {%- for month in lead_qualification.forecast_horizons() -%}
            {%- do rows.append([
                lead_qualification.text_literal(step), month, lead_qualification.text_literal(step ~ '_' ~ month)]) -%}
        {%- endfor -%}
    {%- endfor -%}
    select
        cast(step as {{ dbt.type_string() }}) as step,
        cast(month as integer) as month,
        cast(step_and_month as {{ dbt.type_string() }}) as step_and_month
    from {{ lead_qualification.listed_rows(rows, 'listed', ['step', 'month', 'step_and_month']) }}
{%- endmacro %}

{#- The column <step>_<name> of the step of a row. -#}
{% macro of_step(name) -%}
    {%- set columns = {} -%}
    {%- for step in lead_qualification.forecast_steps() -%}
        {%- do columns.update({step: step ~ '_' ~ name}) -%}
    {%- endfor -%}
    {{ lead_qualification.value_of_name('ahead.step', columns) }}
{%- endmacro %}

{#- The column <step>_<name>_<month> of the step and month of a row. -#}
{% macro of_step_and_month(name) -%}
    {%- set columns = {} -%}
    {%- for step in lead_qualification.forecast_steps() -%}
        {%- for month in lead_qualification.forecast_horizons() -%}
            {%- do columns.update({step ~ '_' ~ month: step ~ '_' ~ name ~ '_' ~ month}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ lead_qualification.value_of_name('ahead.step_and_month', columns) }}
{%- endmacro %}


{#- select list items: stays of the columns, age, step and months, and those that reached it, up to the instant of the row. -#}
{% macro stays_until_then(level, columns) -%}
    {%- for count, name in {'stays': 'stays', 'stays_reached': 'reached'}.items() -%}
        sum({{ count }}) over (
            partition by {{ columns }}, age, step, month
            order by months_back desc
            range between unbounded preceding and current row
        ) as {{ level }}_{{ name }}{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#- A figure with two decimals, half away from zero; what is in double precision has ten before. -#}
{% macro two_decimals(expression) -%}
    cast(round(cast({{ expression }} as {{ lead_qualification.type_rate(28) }}), 2) as decimal(18, 2))
{%- endmacro %}
