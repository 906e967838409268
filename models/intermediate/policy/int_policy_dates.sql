-- The dates in the policy as they are written, and the instants that they mean (null where nobody can
-- read one).
with

dates as (
    {% for table_name in dated_tables() %}
    {%- for column in ['valid_from', 'valid_to'] %}
    select
        '{{ table_name }}' as policy_table,
        trim(cast({{ column }} as {{ dbt.type_string() }})) as given,
        {{ policy_time(column) }} as instant
    from {{ policy(table_name) }} as {{ table_name }}_rows
    where {{ column }} is not null
    {{ 'union distinct' if not (loop.last and table_name == (dated_tables() | last)) }}
    {%- endfor %}
    {%- endfor %}

)

select * from dates
