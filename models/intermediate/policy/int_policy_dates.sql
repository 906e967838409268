-- The dates in the policy as they are written, and the instants that they mean (null where nobody can
-- read one).
with

written as (
    {% for table_name in dated_tables() %}
    {%- for column in ['valid_from', 'valid_to'] %}
    select
        '{{ table_name }}' as policy_table,
        trim(cast({{ column }} as {{ dbt.type_string() }})) as given
    from {{ policy(table_name) }} as {{ table_name }}_rows
    where {{ column }} is not null
    {{ 'union distinct' if not (loop.last and table_name == (dated_tables() | last)) }}
    {%- endfor %}
    {%- endfor %}

),

dates as (

    select
        policy_table,
        given,
        {{ policy_time('given') }} as instant
    from written

)

select * from dates
