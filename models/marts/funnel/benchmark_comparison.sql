-- Each published benchmark beside the own figure. Long by its columns.
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
        benchmarks.source = {{ text_literal(var('primary_benchmark', 'guide')) }} as is_primary,
        coalesce(metrics.actual >= benchmarks.top_quartile, false) as reaches_top_quartile,
        case
            when benchmarks.unit = 'ratio' and unmeasured.metric is not null then 'not_measurable'
            when metrics.denominator < settings.minimum_sample then 'insufficient_data'
            when metrics.actual_high < benchmarks.warning_below then 'clearly_below_warning'
            when metrics.actual_low > benchmarks.warning_above then 'clearly_above_warning'
            when metrics.actual < benchmarks.warning_below then 'probably_below_warning'
            when metrics.actual > benchmarks.warning_above then 'probably_above_warning'
            when metrics.actual_high < benchmarks.low then 'clearly_below'
            when metrics.actual_low > benchmarks.high then 'clearly_above'
            when metrics.actual < benchmarks.low then 'probably_below'
            when metrics.actual > benchmarks.high then 'probably_above'
            else 'within'
        end as verdict
    from {{ policy('benchmarks') }} as benchmarks
    inner join metrics on benchmarks.benchmark_id = metrics.benchmark_id
    left join {{ ref('lead_qualification', 'int_unmeasured_metrics') }} as unmeasured on benchmarks.metric = unmeasured.metric
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
        reaches_top_quartile and verdict not in ('not_measurable', 'insufficient_data') as is_top_quartile,
        is_primary,
        case
            when is_primary and verdict = 'clearly_below_warning' then advice_below
            when is_primary and verdict = 'clearly_above_warning' then advice_above
        end as advice,
        {{ as_of() }} as as_of
    from judged

)

select * from comparison
