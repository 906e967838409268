with

metrics as (

    select * from {{ ref('lead_qualification', 'int_benchmark_metrics') }}

),

settings as (

    select cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample

),

judged as (

    select
        benchmarks.benchmark_id,
        benchmarks.source,
        benchmarks.metric,
        benchmarks.dimension,
        benchmarks.member,
        benchmarks.unit,
        benchmarks.low,
        benchmarks.high,
        benchmarks.top_quartile,
        benchmarks.bottom_quartile,
        metrics.numerator,
        metrics.denominator,
        metrics.actual,
        metrics.actual_low,
        metrics.actual_high,
        benchmarks.advice_below,
        benchmarks.advice_above,
        benchmarks.warning_below,
        benchmarks.warning_above,
        case
            when metrics.denominator < settings.minimum_sample then 'insufficient_data'
            when metrics.actual < benchmarks.warning_below then 'below_warning'
            when metrics.actual > benchmarks.warning_above then 'above_warning'
            when metrics.actual >= benchmarks.top_quartile then 'top_quartile'
            when metrics.actual < benchmarks.low then 'below'
            when metrics.actual > benchmarks.high then 'above'
            else 'within'
        end as verdict
    from {{ policy('benchmarks') }} as benchmarks
    inner join metrics on benchmarks.benchmark_id = metrics.benchmark_id
    cross join settings

),

comparison as (

    select
        benchmark_id,
        source,
        metric,
        dimension,
        member,
        unit,
        low,
        high,
        top_quartile,
        bottom_quartile,
        numerator,
        denominator,
        actual,
        actual_low,
        actual_high,
        verdict,
        case
            when verdict = 'below_warning' or (verdict = 'below' and warning_below is null) then advice_below
            when verdict = 'above_warning' or (verdict = 'above' and warning_above is null) then advice_above
        end as advice,
        {{ as_of() }} as as_of
    from judged

)

select * from comparison
