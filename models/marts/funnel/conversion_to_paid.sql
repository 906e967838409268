with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

entries as (

    select
        entries.entry,
        entries.metric
    from {{ listed_rows([
        ["'lead'", "'lead_to_won_rate'"],
        ["'mql'", "'mql_to_won_rate'"],
        ["'pql'", "'pql_to_won_rate'"],
        ["'sql'", "'sql_to_won_rate'"],
    ], 'entries', ['entry', 'metric']) }}

),

-- As in benchmark_comparison, so that both say the same.
mature_figures as (

    select
        figures.metric,
        figures.is_converted
    from {{ ref('lead_qualification', 'int_benchmark_figures') }} as figures
    cross join settings
    where
        figures.dimension = 'overall'
        and {{ is_of_mature_year('figures.from_at', 'settings.cohort_maturity_days') }}

),

counted as (

    select
        entries.entry,
        cast(count(mature_figures.metric) as integer) as leads,
        cast(count(case when mature_figures.is_converted then 1 end) as integer) as customers
    from entries
    left join mature_figures on entries.metric = mature_figures.metric
    group by entries.entry

),

conversion as (

    select
        counted.entry,
        counted.leads,
        counted.customers,
        {{ rate_with_interval('paid_rate', 'counted.customers', 'counted.leads') }},
        {{ rate_with_interval('never_rate', '(counted.leads - counted.customers)', 'counted.leads') }},
        {{ ratio_of_ratios('counted.customers', 'counted.leads', 'mqls.customers', 'mqls.leads') }} as ratio_to_mql,
        {{ as_of() }} as as_of
    from counted
    cross join counted as mqls
    where mqls.entry = 'mql'

)

select * from conversion
