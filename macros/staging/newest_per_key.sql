{#-
    One row per key of the usable rows of a base model: the newest by the raw contract of its table.
    An empty time counts as the earliest; a tie is decided by the other columns, so that
    the outcome never depends on the order in which rows arrived. Only rows with a
    repeated key are ranked: they are few, and sorting every row is expensive.
    Opens a with clause that ends in the CTE newest.
-#}
{% macro newest_per_key(relation, table_name) -%}
{%- set contract = lead_qualification.raw_contract(table_name) -%}
{%- set keys, newest = contract.key, contract.newest -%}
{%- set columns = contract.columns | map(attribute='name') | list -%}
with

ranked as (

    select
        *,
        row_number() over (
            partition by {{ keys | join(', ') }}
            order by
                {{ newest }} desc nulls last
                {%- for column in columns if column not in keys and column != newest %},
                {{ lead_qualification.bytewise_of_any(column) }} nulls last
                {%- endfor %}
        ) as recency_rank
    from {{ relation }}
    where row_problem is null and has_repeated_key

),

newest as (

    select
        {%- for column in columns %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where row_problem is null and not has_repeated_key
    union all
    select
        {%- for column in columns %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranked
    where recency_rank = 1

)
{%- endmacro %}


{#- The latest time of the usable rows that is not after as_of; null for a table without times. -#}
{% macro newest_until_as_of(column) -%}
    {%- if column is none -%}
    cast(null as timestamp)
    {%- else -%}
    {%- set time = 'cast(' ~ column ~ ' as timestamp)' -%}
    max(case when row_problem is null and {{ time }} <= {{ lead_qualification.as_of() }} then {{ time }} end)
    {%- endif -%}
{%- endmacro %}
