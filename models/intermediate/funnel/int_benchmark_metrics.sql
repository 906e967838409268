{{ config(materialized='view') }}

-- The project's own figure for each benchmark, over leads, hand-offs and target accounts whose first step is mature:
-- it lies between a year plus the maturity and the maturity before as_of.
with

settings as (

    select cast({{ lifecycle_setting('cohort_maturity_days') }} as integer) as cohort_maturity_days

),

mature_figures as (

    select
        figures.metric,
        figures.dimension,
        figures.member,
        figures.is_converted,
        figures.measure
    from {{ ref('lead_qualification', 'int_benchmark_figures') }} as figures
    cross join settings
    where {{ is_of_mature_year('figures.from_at', 'settings.cohort_maturity_days') }}

),

measured as (

    select
        benchmarks.benchmark_id,
        benchmarks.unit,
        count(mature_figures.metric) as counted,
        count(case when mature_figures.is_converted then 1 end) as converted,
        {{ percentile_cont('cast(mature_figures.measure as ' ~ type_double() ~ ')', 0.5) }} as median_measure
    from {{ policy('benchmarks') }} as benchmarks
    left join mature_figures
        on
            benchmarks.metric = mature_figures.metric
            and benchmarks.dimension = mature_figures.dimension
            and benchmarks.member = mature_figures.member
    group by benchmarks.benchmark_id, benchmarks.unit

),

metrics as (

    select
        benchmark_id,
        cast(converted as integer) as numerator,
        cast(case when unit = 'ratio' then counted else converted end as integer) as denominator,
        case
            when unit = 'ratio' then {{ ratio('converted', 'counted') }}
            else cast(median_measure as {{ type_rate() }})
        end as actual,
        case when unit = 'ratio' then {{ wilson_bound('converted', 'counted', '-') }} end as actual_low,
        case when unit = 'ratio' then {{ wilson_bound('converted', 'counted', '+') }} end as actual_high
    from measured

)

select * from metrics
