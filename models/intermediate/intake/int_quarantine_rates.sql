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
        row_problem as reason,
        {{ regexp_replace_all('row_problem', '^.* ', '') }} as column_name,
        raw_row
    from {{ ref('lead_qualification', 'int_faulty_rows') }}
    where row_problem is not null

),

shown as (

    select
        source,
        reason,
        {{ shown_value('source', 'column_name') }} as fault_value
    from unusable_rows

),

reasons as (

    select
        source,
        reason,
        min(case when fault_value not like '%@%' then substr(fault_value, 1, 40) end) as example,
        count(*) as records,
        row_number() over (
            partition by source
            order by count(*) desc, {{ bytewise('reason') }}
        ) as reason_rank
    from shown
    group by source, reason

),

rates as (

    select
        counts.source,
        counts.raw_records,
        counts.unusable_records,
        cast(counts.unusable_records as decimal(18, 6)) / counts.raw_records as unusable_rate,
        reasons.reason as main_reason,
        cast(reasons.records as integer) as main_reason_records,
        reasons.example as main_reason_example
    from counts
    inner join reasons on counts.source = reasons.source
    where reasons.reason_rank = 1

)

select * from rates
