-- User agents that a row of bot_user_agents.csv names: by a part of it, or by a whole word, and by
-- none of the words that say otherwise.
with

user_agents as (

    select
        user_agent,
        lower(user_agent) as lower_user_agent,
        {{ spaced_words('user_agent') }} as words
    from {{ ref('lead_qualification', 'int_all_events') }}
    where user_agent is not null
    group by user_agent

),

patterns as (

    select
        lower(pattern) as pattern,
        {{ spaced_words('pattern') }} as words,
        coalesce(is_word, false) as is_word,
        lower(unless) as unless
    from {{ policy('bot_user_agents') }}

),

named as (

    select
        user_agents.user_agent,
        user_agents.lower_user_agent,
        patterns.pattern,
        patterns.unless
    from user_agents
    inner join patterns
        on
            case
                when patterns.is_word then {{ contains('user_agents.words', 'patterns.words') }}
                else {{ contains('user_agents.lower_user_agent', 'patterns.pattern') }}
            end

),

positions as (

    {{ whole_numbers(1, 20) }}

),

exempt as (

    select distinct
        named.user_agent,
        named.pattern
    from named
    inner join positions
        on positions.number <= 1 + length(named.unless) - length(replace(named.unless, '|', ''))
    where
        {{ trim_whitespace(text_part('named.unless', '|', 'positions.number')) }} <> ''
        and {{ contains('named.lower_user_agent', trim_whitespace(text_part('named.unless', '|', 'positions.number'))) }}

),

bots as (

    select distinct named.user_agent
    from named
    left join exempt
        on
            named.user_agent = exempt.user_agent
            and named.pattern = exempt.pattern
    where exempt.user_agent is null

)

select * from bots
