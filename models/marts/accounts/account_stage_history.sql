-- The stages of each account over time. Long because what is counted of its leads decides, then whether it
-- was ever further.
with

edges as (

    select * from {{ ref('lead_qualification', 'int_account_stage_edges') }}

),

settings as (

    select {{ lifecycle_setting('in_market_intent_points') }} as in_market_points

),

running as (

    select
        account_id,
        changed_at,
        sum(customers) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as customers,
        sum(opportunities) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as opportunities,
        sum(leads_in_sales) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as leads_in_sales,
        sum(people) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as people,
        sum(intent_points) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as intent_points,
        sum(targets) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as targets
    from edges

),

active as (

    select
        running.account_id,
        running.changed_at,
        running.targets,
        case
            when running.customers > 0 then 'customer'
            when running.opportunities > 0 then 'opportunity'
            when running.leads_in_sales > 0 then 'in_sales'
            when running.people > 1 then 'qualified'
            when running.people = 1 and running.intent_points >= settings.in_market_points then 'qualified'
            when running.people = 1 then 'engaged'
        end as active_stage
    from running
    cross join settings

),

remembered as (

    select
        account_id,
        changed_at,
        targets,
        active_stage,
        max(case when active_stage is not null then 1 else 0 end) over (
            partition by account_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as was_active
    from active

),

staged as (

    select
        account_id,
        changed_at,
        case
            when active_stage is not null then active_stage
            when was_active = 1 then 'lapsed'
            when targets > 0 then 'target'
        end as stage
    from remembered

),

compared as (

    select
        account_id,
        changed_at,
        stage,
        lag(stage) over (partition by account_id order by changed_at) as previous_stage
    from staged

),

entered as (

    select
        account_id,
        stage,
        changed_at as entered_at,
        lead(changed_at) over (partition by account_id order by changed_at) as exited_at
    from compared
    where stage is distinct from previous_stage

),

history as (

    select
        account_id,
        stage,
        nullif(entered_at, {{ beginning() }}) as entered_at,
        exited_at
    from entered
    where stage is not null

)

select * from history
