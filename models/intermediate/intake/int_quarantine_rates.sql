{{ config(
    tags=['gate'],
    post_hook="{{ lead_qualification.check_quarantine_rates(this) }}"
) }}

with

counts as (

    select * from {{ ref('lead_qualification', 'int_source_counts') }}

),

unusable_rows as (

    select
        source,
        row_problem as reason
    from {{ ref('lead_qualification', 'int_faulty_rows') }}
    where row_problem is not null

),

reasons as (

    select
        source,
        reason,
        count(*) as records,
        row_number() over (
            partition by source
            order by count(*) desc, {{ bytewise('reason') }}
        ) as reason_rank
    from unusable_rows
    group by source, reason

),

rates as (

    select
        counts.source,
        counts.raw_records,
        counts.unusable_records,
        cast(counts.unusable_records as decimal(18, 6)) / counts.raw_records as unusable_rate,
        reasons.reason as main_reason,
        cast(reasons.records as integer) as main_reason_records
    from counts
    inner join reasons on counts.source = reasons.source
    where reasons.reason_rank = 1

)

select * from rates
