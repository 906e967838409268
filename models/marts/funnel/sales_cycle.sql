with

-- Each customer by its way into sales, and once more in all.
won as (

    select
        paths.entry_path,
        leads.first_seen_at,
        leads.sql_at,
        leads.customer_at
    from {{ ref('lead_qualification', 'lead_stages') }} as leads
    inner join {{ listed_texts(['all', 'via_mql', 'via_pql', 'direct'], 'paths', 'entry_path') }}
        on paths.entry_path in ('all', leads.entry_path)
    where leads.customer_at is not null

),

cycles as (

    select
        entry_path,
        {{ elapsed_days('first_seen_at', 'customer_at') }} as days_to_won,
        case when customer_at >= sql_at then {{ elapsed_days('sql_at', 'customer_at') }} end as days_sql_to_won
    from won

),

measured as (

    select
        entry_path,
        cast(count(*) as integer) as customers,
        {{ percentile('days_to_won', 0.5) }} as median_days_first_seen_to_won,
        {{ percentile('days_to_won', 0.9) }} as p90_days_first_seen_to_won,
        {{ percentile('days_sql_to_won', 0.5) }} as median_days_sql_to_won,
        {{ percentile('days_sql_to_won', 0.9) }} as p90_days_sql_to_won,
        {{ as_of() }} as as_of
    from cycles
    group by entry_path

)

select * from measured
