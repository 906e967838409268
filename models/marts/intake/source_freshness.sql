with

aged as (

    select
        *,
        {{ elapsed_seconds('coalesce(newest_received_at, newest_happened_at)', as_of()) }} as age_seconds
    from {{ ref('lead_qualification', 'int_source_counts') }}

),

freshness as (

    select
        source,
        raw_records,
        unusable_records,
        newest_happened_at,
        newest_received_at,
        cast(floor(age_seconds / 3600) as integer) as age_hours,
        {{ as_of() }} as as_of
    from aged

)

select * from freshness
