-- The territory of each hand-off by routing_rules.csv, and the rep whose turn it is there.
-- Long because country and segment are those of the hand-off.
with

reps as (

    select
        rep_id,
        lower(territory) as territory,
        row_number() over (partition by lower(territory) order by {{ bytewise('rep_id') }}) - 1 as rep_position,
        count(*) over (partition by lower(territory)) as reps
    from {{ ref('lead_qualification', 'stg_sales__sales_reps') }}
    where coalesce(is_active, true)

),

handoffs as (

    select * from {{ ref('lead_qualification', 'int_handoffs') }}

),

attributes as (

    {{ attributes_at('handoffs', ['handoff_number'], 'handed_off_at') }}

),

matched as (

    select
        handoffs.lead_id,
        handoffs.handoff_number,
        handoffs.handed_off_at,
        rules.territory,
        coalesce(rules.calendar, 'default') as calendar,
        row_number() over (
            partition by handoffs.lead_id, handoffs.handoff_number
            order by rules.rule_order
        ) as match_rank
    from handoffs
    inner join attributes on {{ same_handoff('handoffs', 'attributes') }}
    inner join {{ dated_policy('routing_rules') }} as rules
        on
            (rules.countries is null or {{ is_listed('attributes.country', 'rules.countries') }})
            and (rules.company_segments is null or {{ is_listed('attributes.company_segment', 'rules.company_segments') }})
            {{ and_in_force('rules', 'handoffs.handed_off_at') }}

),

queued as (

    select
        lead_id,
        handoff_number,
        territory,
        calendar,
        row_number() over (
            partition by lower(territory)
            order by handed_off_at, {{ bytewise('lead_id') }}, handoff_number
        ) - 1 as place_in_queue
    from matched
    where match_rank = 1

),

handoff_territories as (

    select
        queued.lead_id,
        queued.handoff_number,
        queued.territory,
        queued.calendar,
        reps.rep_id as recommended_rep_id
    from queued
    left join reps
        on
            lower(queued.territory) = reps.territory
            and mod(queued.place_in_queue, reps.reps) = reps.rep_position

)

select * from handoff_territories
