{{ config(materialized='view') }}

-- The instants at which a framework that counts for a profile of the lead becomes confirmed, or no longer is; where
-- the policy has several versions or pairs change also those at which one that stands confirmed begins or ceases to count.
-- Long because answers and profiles each have periods of their own.
with

framework_events as (

    select * from {{ ref('lead_qualification', 'int_framework_events') }}

),

{% if has_profile_history() %}
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

lead_pairs as (

    {{ lead_pairs() }}

),

profiles as (

    select
        lead_pairs.lead_id,
        profiles.qualifying_frameworks,
        greatest(lead_pairs.valid_from, profiles.in_force_from) as valid_from,
        least(lead_pairs.valid_to, profiles.in_force_to) as valid_to
    from lead_pairs
    inner join {{ dated_policy('qualification_profiles') }} as profiles
        on
            lead_pairs.profile = profiles.profile
            and lead_pairs.valid_from < profiles.in_force_to
            and lead_pairs.valid_to > profiles.in_force_from

),

counted as (

    select
        standing.lead_id,
        standing.framework,
        case when standing.valid_from >= profiles.valid_from then standing.answer_id end as answer_id,
        greatest(standing.valid_from, profiles.valid_from) as occurred_at,
        least(standing.valid_to, profiles.valid_to) as ends_at,
        standing.is_confirmed
        and coalesce({{ is_listed('standing.framework', 'profiles.qualifying_frameworks') }}, false) as is_confirmed
    from standing
    inner join profiles
        on
            standing.lead_id = profiles.lead_id
            and standing.valid_from < profiles.valid_to
            and standing.valid_to > profiles.valid_from

),

{% if has_changing_pairs() %}
edges as (

    select
        lead_id,
        framework,
        answer_id,
        occurred_at,
        1 as count_change
    from counted
    where is_confirmed
    union all
    select
        lead_id,
        framework,
        cast(null as {{ dbt.type_string() }}) as answer_id,
        ends_at as occurred_at,
        -1 as count_change
    from counted
    where is_confirmed and ends_at < {{ never() }}

),

instants as (

    select
        lead_id,
        framework,
        max(answer_id) as answer_id,
        occurred_at,
        sum(count_change) as count_change
    from edges
    group by lead_id, framework, occurred_at

),

-- A framework counts if it does for the pair of either track.
either_pair as (

    select
        lead_id,
        framework,
        answer_id,
        occurred_at,
        sum(count_change) over (
            partition by lead_id, framework
            order by occurred_at
            rows between unbounded preceding and current row
        ) > 0 as is_confirmed
    from instants

),
{% else %}
either_pair as (

    select * from counted

),
{% endif %}
compared as (

    select
        *,
        lag(is_confirmed, 1, false) over (partition by lead_id, framework order by occurred_at) as was_confirmed
    from either_pair

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
