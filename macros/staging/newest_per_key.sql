{#-
    One row per key of the usable rows of a base model: the newest by the raw contract of its table.
    An empty time counts as the earliest; a tie is decided by version_order and then by the other
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
    left join {{ ref('lead_qualification', 'stg_crm__long_keys') }} as long_{{ column.name }}
        on kept.{{ column.name }} = long_{{ column.name }}.short_key and long_{{ column.name }}.table_name = '{{ column.references }}'
    {%- endfor %}

)
{%- endmacro %}


{#-
    The rows of a base model that have a repeated key and may stand for it, with their place:
        version       1 for the row that counts, 2 for the next, ...
        version_rank  the same, but equal for rows that are equal in every column
        age_rank      the same, but equal for rows that are as late as each other
-#}
{% macro ranked_versions(relation, contract) -%}
    {%- set age = lead_qualification.version_age(contract) -%}
    {%- set order = lead_qualification.version_order(contract) | join(', ') -%}
    {%- set key = contract.key | join(', ') -%}
    select
        *,
        row_number() over (partition by {{ key }} order by {{ order }}) as version,
        rank() over (partition by {{ key }} order by {{ order }}) as version_rank,
        {{ 'rank() over (partition by ' ~ key ~ ' order by ' ~ age | join(', ') ~ ')' if age else '1' }} as age_rank
    from {{ relation }}
    where has_repeated_key and (row_problem is null or hides_older)
{%- endmacro %}


{#- What says which of two rows of one key is newer, the newest first; an empty time is the earliest. -#}
{% macro version_age(contract) %}
    {%- set age = [] -%}
    {%- set times = contract.columns | selectattr('data_type', 'in', ['timestamp', 'date']) | map(attribute='name') | list -%}
    {%- for name in contract.newest if name in times -%}
        {%- do age.append(name ~ ' desc nulls last') -%}
    {%- endfor -%}
    {{ return(age) }}
{% endmacro %}


{#-
    The order of the rows of one key, the one that counts first. Of rows as late as each other one
    that can be used comes first, and of these one that says that the record is deleted. Then the
    columns decide in the order of the contract: the smaller value first, texts bytewise, and an
    empty one last, so that of two rows the one that says more counts.
-#}
{% macro version_order(contract) %}
    {%- set order = lead_qualification.version_age(contract) -%}
    {%- for name in contract.newest if name ~ ' desc nulls last' not in order -%}
        {%- do order.append(name ~ ' desc nulls last') -%}
    {%- endfor -%}
    {%- if contract.columns | selectattr('is_safety') | list -%}
        {%- do order.append('case when hides_older then 1 else 0 end') -%}
    {%- endif -%}
    {%- if contract.columns | selectattr('name', 'equalto', 'is_deleted') | list -%}
        {%- do order.append('case when is_deleted then 0 else 1 end') -%}
    {%- endif -%}
    {%- for column in contract.columns if column.name not in contract.key + contract.newest -%}
        {%- set value = lead_qualification.bytewise(column.name) if column.data_type == 'text' else column.name -%}
        {%- do order.append(value ~ ' nulls last') -%}
    {%- endfor -%}
    {{ return(order) }}
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
