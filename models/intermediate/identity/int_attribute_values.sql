-- The values that an attribute of a record had, [valid_from, valid_to), of those attributes alone that
-- changed. What the record itself says holds from the last change on; after as_of what held at as_of.
-- Long because the values of leads and accounts stand in columns and are looked up one by one.
with

changes as (

    {{ changes_that_count() }}

),

records as (
    {% for object, table_name, model in [('lead', 'leads', 'stg_crm__leads'), ('account', 'accounts', 'stg_crm__accounts')] %}
    {%- set outer_loop = loop %}
    {%- for attribute, data_type in tracked_attributes()[object].items() %}
    select
        '{{ object }}' as object,
        {{ object }}_id as record_id,
        '{{ attribute }}' as attribute,
        cast({{ attribute }} as {{ dbt.type_string() }}) as own_value
    from {{ ref('lead_qualification', model) }}
    where {{ 'true' if arrives(table_name, attribute) else 'false' }}
    {{ 'union all' if not (outer_loop.last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

ordered as (

    select
        *,
        row_number() over (
            partition by object, record_id, attribute
            order by changed_at, {{ bytewise('change_id') }}
        ) as change_number,
        lead(changed_at) over (
            partition by object, record_id, attribute
            order by changed_at, {{ bytewise('change_id') }}
        ) as next_changed_at
    from changes

),

periods as (

    select
        object,
        record_id,
        attribute,
        old_value as attribute_value,
        {{ beginning() }} as valid_from,
        changed_at as valid_to
    from ordered
    where change_number = 1
    union all
    select
        ordered.object,
        ordered.record_id,
        ordered.attribute,
        case
            when ordered.next_changed_at is null and records.record_id is not null then records.own_value
            else ordered.new_value
        end as attribute_value,
        ordered.changed_at as valid_from,
        coalesce(ordered.next_changed_at, {{ never() }}) as valid_to
    from ordered
    left join records
        on
            ordered.object = records.object
            and ordered.record_id = records.record_id
            and ordered.attribute = records.attribute

),

attribute_values as (

    select
        object,
        record_id,
        attribute,
        attribute_value,
        valid_from,
        case when valid_to > {{ as_of() }} then {{ never() }} else valid_to end as valid_to
    from periods
    where valid_from < valid_to and valid_from <= {{ as_of() }}

)

select * from attribute_values
