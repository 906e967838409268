{{ config(post_hook="{{ lead_qualification.check_quarantine_rates(this) }}") }}

with

freshness as (

    select * from {{ ref('lead_qualification', 'source_freshness') }}

),

quarantined as (

    select * from {{ ref('lead_qualification', 'quarantined_records') }}
    where is_row_unusable

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
    from quarantined
    group by source, reason

),

rates as (

    select
        freshness.source,
        freshness.raw_records,
        freshness.unusable_records,
        cast(freshness.unusable_records as decimal(18, 6)) / freshness.raw_records as unusable_rate,
        reasons.reason as main_reason,
        cast(reasons.records as integer) as main_reason_records
    from freshness
    inner join reasons on freshness.source = reasons.source
    where reasons.reason_rank = 1

)

select * from rates
