{{ config(materialized='view') }}

-- The instants at which a framework that counts for the lead's profile becomes confirmed, or no longer is; with
-- several versions of the policy also those at which one that stands confirmed begins or ceases to count.
-- Long because answers and profiles each have periods of their own.
with

framework_events as (

    select * from {{ ref('lead_qualification', 'int_framework_events') }}

),

{% if has_policy_versions() %}
standing as (

    select
        lead_id,
        framework,
        answer_id,
        is_confirmed,
        occurred_at as valid_from,
        coalesce(lead(occurred_at) over (partition by lead_id, framework order by occurred_at), {{ never() }}) as valid_to
    from framework_events

),

profiles as (

    select
        lead_profiles.lead_id,
        profiles.qualifying_frameworks,
        greatest(lead_profiles.valid_from, profiles.in_force_from) as valid_from,
        least(lead_profiles.valid_to, profiles.in_force_to) as valid_to
    from {{ ref('lead_qualification', 'int_lead_profile_history') }} as lead_profiles
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            lead_profiles.profile = profiles.profile
            and lead_profiles.valid_from < profiles.in_force_to
            and lead_profiles.valid_to > profiles.in_force_from

),

counted as (

    select
        standing.lead_id,
        standing.framework,
        case when standing.valid_from >= profiles.valid_from then standing.answer_id end as answer_id,
        greatest(standing.valid_from, profiles.valid_from) as occurred_at,
        standing.is_confirmed
        and coalesce({{ is_listed('standing.framework', 'profiles.qualifying_frameworks') }}, false) as is_confirmed
    from standing
    inner join profiles
        on
            standing.lead_id = profiles.lead_id
            and standing.valid_from < profiles.valid_to
            and standing.valid_to > profiles.valid_from

),

compared as (

    select
        *,
        lag(is_confirmed, 1, false) over (partition by lead_id, framework order by occurred_at) as was_confirmed
    from counted

),

profile_events as (

    select
        lead_id,
        case when answer_id is null then '' else 'qualification_answers' end as source,
        coalesce(answer_id, '') as record_id,
        framework,
        occurred_at,
        is_confirmed
    from compared
    where is_confirmed <> was_confirmed and occurred_at <= {{ as_of() }}

)
{% else %}
profile_events as (

    select
        lead_id,
        'qualification_answers' as source,
        answer_id as record_id,
        framework,
        occurred_at,
        is_confirmed
    from framework_events
    where is_of_profile

)
{% endif %}
select * from profile_events
