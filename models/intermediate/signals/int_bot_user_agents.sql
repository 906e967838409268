with

user_agents as (

    select distinct user_agent
    from {{ ref('lead_qualification', 'int_all_events') }}
    where user_agent is not null

),

patterns as (

    select * from {{ policy('bot_user_agents') }}

),

bots as (

    select distinct user_agents.user_agent
    from user_agents
    inner join patterns on {{ contains('lower(user_agents.user_agent)', 'lower(patterns.pattern)') }}

)

select * from bots
