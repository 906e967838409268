{{ config(materialized='ephemeral') }}

-- What is wrong with raw rows, one row per fault: what makes a row unusable, else each value that nobody
-- can read. Nothing of an erased person.
with

faulty as (

    select * from {{ ref('lead_qualification', 'int_faulty_rows') }}

),

owned as (

    {{ owners_of('faulty', ['source', 'record_id', 'row_problem', 'value_problems', 'raw_row', 'occurred_at']) }}

),

faults as (

    select
        owned.source,
        owned.record_id,
        coalesce(owned.row_problem, {{ text_part('owned.value_problems', '|', 'positions.number') }}) as reason,
        owned.row_problem is not null as is_row_unusable,
        owned.raw_row,
        owned.occurred_at
    from owned
    inner join ({{ whole_numbers(1, 20) }}) as positions
        on
            positions.number = 1
            or (
                owned.row_problem is null
                and positions.number <= 1 + length(owned.value_problems) - length(replace(owned.value_problems, '|', ''))
            )
    where not owned.is_erased

)

select * from faults
