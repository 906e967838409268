-- The instants at which a framework of the lead's profile becomes confirmed, or no longer is.
with

answers as (

    select * from {{ ref('stg_crm__qualification_answers') }}
    where answered_at <= {{ as_of() }}

),

records as (

    select * from {{ ref('int_lead_records') }}

),

criteria as (

    select
        lower(framework) as framework,
        lower(criterion) as criterion,
        count(*) over (partition by lower(framework)) as criteria
    from {{ ref('frameworks') }}

),

lead_frameworks as (

    select
        lead_profiles.lead_id,
        criteria.framework,
        criteria.criterion,
        criteria.criteria
    from {{ ref('int_lead_profiles') }} as lead_profiles
    inner join {{ ref('qualification_profiles') }} as profiles on lead_profiles.profile = profiles.profile
    inner join criteria on {{ is_listed('criteria.framework', 'profiles.qualifying_frameworks') }}

),

own_answers as (

    select
        records.lead_id,
        lead_frameworks.framework,
        lead_frameworks.criterion,
        lead_frameworks.criteria,
        answers.answered_at,
        answers.answer_id,
        case when answers.answer = 'confirmed' then 1 else 0 end as confirmed,
        row_number() over (
            partition by
                records.lead_id,
                lead_frameworks.framework,
                lead_frameworks.criterion,
                answers.answered_at
            order by {{ bytewise('answers.answer_id') }} desc
        ) as rank_of_instant
    from answers
    inner join records on answers.lead_id = records.record_id
    inner join lead_frameworks
        on
            records.lead_id = lead_frameworks.lead_id
            and answers.framework = lead_frameworks.framework
            and answers.criterion = lead_frameworks.criterion

),

changes as (

    select
        lead_id,
        framework,
        criteria,
        answered_at,
        answer_id,
        confirmed - coalesce(
            lag(confirmed) over (
                partition by lead_id, framework, criterion
                order by answered_at
            ), 0
        ) as confirmed_change
    from own_answers
    where rank_of_instant = 1

),

-- Answers of one instant apply together.
instants as (

    select
        lead_id,
        framework,
        criteria,
        answered_at,
        max({{ bytewise('answer_id') }}) as answer_id,
        sum(confirmed_change) as confirmed_change
    from changes
    group by lead_id, framework, criteria, answered_at

),

standing as (

    select
        lead_id,
        framework,
        answered_at,
        answer_id,
        sum(confirmed_change) over (
            partition by lead_id, framework
            order by answered_at
            rows between unbounded preceding and current row
        ) = criteria as is_confirmed
    from instants

),

compared as (

    select
        *,
        lag(is_confirmed) over (
            partition by lead_id, framework
            order by answered_at
        ) as was_confirmed
    from standing

),

framework_events as (

    select
        lead_id,
        framework,
        answered_at as occurred_at,
        answer_id,
        is_confirmed
    from compared
    where is_confirmed <> coalesce(was_confirmed, false)

)

select * from framework_events
