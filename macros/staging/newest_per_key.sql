{#-
    One row per key of the usable rows of a base model: the one with the latest <newest>.
    An empty time counts as the earliest; a tie is decided by the other columns, so that
    the outcome never depends on the order in which rows arrived.
    Opens a with clause that ends in the CTE newest.
-#}
{% macro newest_per_key(relation, keys, newest, columns) -%}
with

usable as (

    select * from {{ relation }}
    where row_problem is null

),

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
    from usable

),

newest as (

    select
        {%- for column in columns %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranked
    where recency_rank = 1

)
{%- endmacro %}
