-- The lead of each anonymous_id: that of its earliest identify event that leads to one, or to an
-- erased record (then lead_id is null).
with

identify_events as (

    select
        anonymous_id,
        lead_id,
        email,
        record_id,
        occurred_at
    from {{ ref('lead_qualification', 'int_all_events') }}
    where
        source = 'web_events'
        and event_name = 'identify'
        and anonymous_id is not null
        and coalesce(lead_id, email) is not null
        and (
            user_agent is null
            or user_agent not in (select bots.user_agent from {{ ref('lead_qualification', 'int_bot_user_agents') }} as bots)
        )

),

owned as (

    {{ owners_of('identify_events', ['anonymous_id', 'record_id', 'occurred_at']) }}

),

ranked as (

    select
        anonymous_id,
        lead_id,
        is_erased,
        row_number() over (
            partition by anonymous_id
            order by occurred_at, {{ bytewise('record_id') }}
        ) as identify_rank
    from owned
    where lead_id is not null or is_erased

),

visitors as (

    select
        anonymous_id,
        lead_id,
        is_erased
    from ranked
    where identify_rank = 1

)

select * from visitors
