{{ config(materialized='ephemeral') }}

-- The metrics of benchmarks that would say nothing: a step of them comes from sources that are off or
-- empty, or nobody ever rejects a lead where rejections are counted.
with

steps as (

    select
        steps.metric,
        steps.step
    from {{ listed_rows(benchmark_steps(), 'steps', ['metric', 'step']) }}

),

step_sources as (

    select
        step_sources.step,
        step_sources.source
    from {{ listed_rows(benchmark_step_sources(), 'step_sources', ['step', 'source', 'lowest_rank', 'highest_rank']) }}
    where
        step_sources.lowest_rank <= {{ lifecycle_setting('sql_definition_rank') }}
        and step_sources.highest_rank >= {{ lifecycle_setting('sql_definition_rank') }}

),

filled_sources as (

    select source from {{ ref('lead_qualification', 'source_freshness') }}
    where
        raw_records > unusable_records
        and (newest_happened_at is not null or source = 'accounts')

),

rejections as (

    select count(*) as found
    from {{ ref('lead_qualification', 'stg_crm__lead_status_changes') }}
    where
        status in ('rejected', 'recycled', 'regressed')
        and changed_at <= {{ as_of() }}

),

metrics as (

    select steps.metric
    from steps
    inner join step_sources on steps.step = step_sources.step
    left join filled_sources on step_sources.source = filled_sources.source
    group by steps.metric, steps.step
    having count(filled_sources.source) = 0
    union distinct
    select 'rejection_rate' as metric
    from rejections
    where found = 0

)

select * from metrics
