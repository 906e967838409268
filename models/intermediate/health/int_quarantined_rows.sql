{{ config(materialized='ephemeral') }}

-- What is wrong with raw rows, one row per fault: what makes a row unusable, else each value that nobody
-- can read. Nothing of an erased person.
with

faulty as (

    select
        faulty_rows.source,
        faulty_rows.record_id,
        coalesce(long_keys.record_key, faulty_rows.lead_id) as lead_id,
        faulty_rows.email,
        faulty_rows.anonymous_id,
        faulty_rows.occurred_at,
        faulty_rows.row_problem,
        faulty_rows.value_problems,
        faulty_rows.raw_row
    from {{ ref('lead_qualification', 'int_faulty_rows') }} as faulty_rows
    left join {{ ref('lead_qualification', 'stg_crm__long_keys') }} as long_keys
        on
            faulty_rows.lead_id = long_keys.short_key
            and long_keys.table_name = 'leads'

),

owned as (

    {{ owners_of(
        'faulty',
        ['source', 'record_id', 'row_problem', 'value_problems', 'raw_row', 'occurred_at'],
        ids=['lead_id', 'email', 'anonymous_id']) }}

),

positions as (

    {{ whole_numbers(1, 20) }}

),

listed as (

    select
        owned.source,
        owned.record_id,
        owned.lead_id,
        coalesce(owned.row_problem, {{ text_part('owned.value_problems', '|', 'positions.number') }}) as reason,
        owned.row_problem is not null as is_row_unusable,
        owned.raw_row,
        owned.occurred_at
    from owned
    inner join positions
        on
            positions.number = 1
            or (
                owned.row_problem is null
                and positions.number <= 1 + length(owned.value_problems) - length(replace(owned.value_problems, '|', ''))
            )
    where not owned.is_erased

),

-- Of a lead that nobody can place in time its implausible created_at makes the row unusable.
faults as (

    select
        listed.source,
        listed.record_id,
        listed.reason,
        listed.is_row_unusable
        or (listed.source = 'leads' and listed.reason = 'implausible created_at' and leads.lead_id is null) as is_row_unusable,
        listed.raw_row,
        listed.occurred_at
    from listed
    left join {{ ref('lead_qualification', 'int_leads') }} as leads on listed.lead_id = leads.lead_id

)

select * from faults
