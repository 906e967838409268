{{ config(materialized='by_lead') }}

-- The instants at which a framework becomes confirmed for a lead, or no longer is. Long because the
-- steps from answers to events are one rule; none of them is of use alone.
with

frameworks as (

    select
        framework,
        count(*) as criteria
    from {{ policy('frameworks') }}
    group by framework

),

changes as (

    select
        lead_id,
        framework,
        answered_at,
        answer_id,
        case when answer = 'confirmed' then 1 else 0 end - coalesce(
            lag(case when answer = 'confirmed' then 1 else 0 end) over (
                partition by lead_id, framework, criterion
                order by answered_at
            ), 0
        ) as confirmed_change
    from {{ rows_of_this_run('int_framework_answers') }}

),

-- Answers of one instant apply together.
instants as (

    select
        lead_id,
        framework,
        answered_at,
        max({{ bytewise('answer_id') }}) as answer_id,
        sum(confirmed_change) as confirmed_change
    from changes
    group by lead_id, framework, answered_at

),

standing as (

    select
        instants.lead_id,
        instants.framework,
        instants.answered_at,
        instants.answer_id,
        sum(instants.confirmed_change) over (
            partition by instants.lead_id, instants.framework
            order by instants.answered_at
            rows between unbounded preceding and current row
        ) = frameworks.criteria as is_confirmed
    from instants
    inner join frameworks on instants.framework = frameworks.framework

),

compared as (

    select
        *,
        lag(is_confirmed) over (partition by lead_id, framework order by answered_at) as was_confirmed
    from standing

),

framework_events as (

    select
        compared.lead_id,
        compared.framework,
        compared.answered_at as occurred_at,
        compared.answer_id,
        compared.is_confirmed,
        coalesce({{ is_listed('compared.framework', 'profiles.qualifying_frameworks') }}, false) as is_of_profile
    from compared
    inner join {{ rows_of_this_run('int_lead_profiles', 'lead_profiles') }} on compared.lead_id = lead_profiles.lead_id
    inner join {{ current_policy('qualification_profiles') }} as profiles on lead_profiles.profile = profiles.profile
    where compared.is_confirmed <> coalesce(compared.was_confirmed, false)

)

select * from framework_events
