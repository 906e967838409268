with

quarantined as (

    select
        source,
        record_id,
        reason,
        is_row_unusable,
        raw_row,
        {{ as_of() }} as as_of
    from {{ ref('lead_qualification', 'int_quarantined_rows') }}

)

select * from quarantined
