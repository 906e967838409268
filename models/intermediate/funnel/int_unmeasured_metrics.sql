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

role_ranks as (

    select
        role,
        min(funnel_rank) as funnel_rank
    from {{ policy('stages') }}
    group by role

),

step_sources as (

    select
        step_sources.step,
        step_sources.source
    from {{ listed_rows(benchmark_step_sources(), 'step_sources', ['step', 'source', 'from_role', 'to_role']) }}
    left join role_ranks as lowest on step_sources.from_role = lowest.role
    inner join role_ranks as highest on step_sources.to_role = highest.role
    where
        (step_sources.from_role is null or lowest.funnel_rank <= {{ lifecycle_setting('sql_definition_rank') }})
        and highest.funnel_rank >= {{ lifecycle_setting('sql_definition_rank') }}

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
