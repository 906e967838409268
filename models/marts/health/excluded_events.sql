-- The rows of raw_row_ledger of which nothing was made.
with

excluded as (

    select
        source,
        outcome as reason,
        {{ adapter.quote('rows') }} as events,
        as_of
    from {{ ref('lead_qualification', 'raw_row_ledger') }}
    where outcome <> 'used'

)

select * from excluded
