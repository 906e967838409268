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

records as (

    select * from {{ ref('lead_qualification', 'int_lead_records') }}

),

addresses as (

    select * from {{ ref('lead_qualification', 'int_lead_addresses') }}

),

identified as (

    select
        identify_events.anonymous_id,
        coalesce(records.lead_id, addresses.lead_id) as lead_id,
        row_number() over (
            partition by identify_events.anonymous_id
            order by identify_events.occurred_at, {{ bytewise('identify_events.record_id') }}
        ) as identify_rank
    from identify_events
    left join records on identify_events.lead_id = records.record_id
    left join addresses
        on
            identify_events.email = addresses.email
            and identify_events.lead_id is null
    where coalesce(records.lead_id, addresses.lead_id) is not null

),

visitors as (

    select
        anonymous_id,
        lead_id
    from identified
    where identify_rank = 1

)

select * from visitors
