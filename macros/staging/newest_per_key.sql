{#-
    One row per key of the usable rows of a base model: the newest by the raw contract of its table.
    An empty time counts as the earliest; a tie is decided by the other columns, so that
    the outcome never depends on the order in which rows arrived. Only keys that occur more
    than once are ranked: they are few, and sorting every row is expensive.
    Opens a with clause that ends in the CTE newest.
-#}
{% macro newest_per_key(relation, table_name) -%}
{%- set contract = lead_qualification.raw_contract(table_name) -%}
{%- set keys, newest = contract.key, contract.newest -%}
{%- set columns = contract.columns | map(attribute='name') | list -%}
with

repeated_keys as (

    select
        {%- for key in keys %}
        {{ key }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where row_problem is null
    group by {{ keys | join(', ') }}
    having count(*) > 1

),

ranked as (

    select
        usable.*,
        row_number() over (
            partition by usable.{{ keys | join(', usable.') }}
            order by
                usable.{{ newest }} desc nulls last
                {%- for column in columns if column not in keys and column != newest %},
                {{ lead_qualification.bytewise_of_any('usable.' ~ column) }} nulls last
                {%- endfor %}
        ) as recency_rank
    from {{ relation }} as usable
    inner join repeated_keys on {{ lead_qualification.same_keys('usable', 'repeated_keys', keys) }}
    where usable.row_problem is null

),

newest as (

    select
        {%- for column in columns %}
        usable.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }} as usable
    left join repeated_keys on {{ lead_qualification.same_keys('usable', 'repeated_keys', keys) }}
    where
        usable.row_problem is null
        and repeated_keys.{{ keys[0] }} is null
    union all
    select
        {%- for column in columns %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranked
    where recency_rank = 1

)
{%- endmacro %}


{#- The condition that two relations agree in every key. -#}
{% macro same_keys(left_relation, right_relation, keys) -%}
    {%- for key in keys -%}
        {{ ' and ' if not loop.first }}{{ left_relation }}.{{ key }} = {{ right_relation }}.{{ key }}
    {%- endfor -%}
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
