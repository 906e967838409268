{#-
    One row per key of the usable rows of a base model: the newest by the raw contract of its table.
    An empty time counts as the earliest; a tie is decided by tie_breaks and then by the other
    columns, so that the outcome never depends on the order in which rows arrived. Where the
    newest row is unusable for the sake of safety, its key has none. Only rows with a repeated key
    are ranked: they are few, and sorting every row is expensive.
    References of 15 characters become the key of 18 that they stand for.
    Opens a with clause that ends in the CTE newest.
-#}
{% macro newest_per_key(relation, table_name) -%}
{%- set contract = lead_qualification.raw_contract(table_name) -%}
with

ranked as (

    {{ lead_qualification.ranked_versions(relation, contract) }}

),

kept as (

    select
        {%- for column in contract.columns %}
        {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    where row_problem is null and not has_repeated_key
    union all
    select
        {%- for column in contract.columns %}
        {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranked
    where version = 1 and row_problem is null

),

newest as (

    select
        {%- for column in contract.columns %}
        {{ 'coalesce(long_' ~ column.name ~ '.record_key, kept.' ~ column.name ~ ') as ' ~ column.name
            if column.references else 'kept.' ~ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from kept
    {%- for column in contract.columns if column.references %}
    left join {{ ref('lead_qualification', 'stg_long_keys') }} as long_{{ column.name }}
        on kept.{{ column.name }} = long_{{ column.name }}.short_key and long_{{ column.name }}.table_name = '{{ column.references }}'
    {%- endfor %}

)
{%- endmacro %}


{#-
    The rows of a base model that have a repeated key and may stand for it, with their place:
        version         1 for the row that counts, 2 for the next, ...
        version_rank    the same, but equal for rows that are equal in every column
        newest_version  the time of the row that counts
-#}
{% macro ranked_versions(relation, contract) -%}
    {%- set order = lead_qualification.version_order(contract) -%}
    {%- set key = contract.key | join(', ') -%}
    select
        *,
        row_number() over (partition by {{ key }} order by {{ order }}) as version,
        rank() over (partition by {{ key }} order by {{ order }}) as version_rank,
        {% if lead_qualification.version_time(contract) -%}
            first_value({{ contract.newest }}) over (partition by {{ key }} order by {{ order }})
        {%- else -%}
            cast(null as timestamp)
        {%- endif %} as newest_version
    from {{ relation }}
    where has_repeated_key and (row_problem is null or hides_older)
{%- endmacro %}


{#- The column that says which of two rows is newer, if it is a time; an empty text otherwise. -#}
{% macro version_time(contract) %}
    {%- for column in contract.columns if column.name == contract.newest and column.data_type in ('timestamp', 'date') -%}
        {{ return(column.name) }}
    {%- endfor -%}
    {{ return('') }}
{% endmacro %}


{#- The order of the rows of one key, the one that counts first. -#}
{% macro version_order(contract) %}
    {%- set order = [] -%}
    {%- if contract.newest -%}
        {%- do order.append(contract.newest ~ ' desc nulls last') -%}
    {%- endif -%}
    {%- if contract.columns | selectattr('is_safety') | list -%}
        {%- do order.append('case when hides_older then 0 else 1 end') -%}
    {%- endif -%}
    {%- do order.extend(lead_qualification.tie_breaks().get(contract.base, [])) -%}
    {%- for column in contract.columns if column.name not in contract.key and column.name != contract.newest -%}
        {%- do order.append(lead_qualification.bytewise_of_any(column.name) ~ ' nulls last') -%}
    {%- endfor -%}
    {{ return(order | join(', ')) }}
{% endmacro %}


{#- By base model what decides first where rows of one key are as new as each other. -#}
{% macro tie_breaks() %}
    {{ return({
        'base_crm__leads': ['case when is_deleted then 0 else 1 end'],
        'base_crm__opportunities': ['closed_at desc nulls first'],
    }) }}
{% endmacro %}


{#- The latest time of the usable rows that is not after as_of; null for a table without times. -#}
{% macro newest_until_as_of(column) -%}
    {%- if column is none -%}
    cast(null as timestamp)
    {%- else -%}
    {%- set time = 'cast(' ~ column ~ ' as timestamp)' -%}
    max(case when row_problem is null and {{ time }} <= {{ lead_qualification.as_of() }} then {{ time }} end)
    {%- endif -%}
{%- endmacro %}
