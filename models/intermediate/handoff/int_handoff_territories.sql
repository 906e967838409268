-- The territory of each hand-off by routing_rules.csv, by country and segment of its instant.
with

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

handoff_territories as (

    select
        lead_id,
        handoff_number,
        handed_off_at,
        territory,
        calendar
    from matched
    where match_rank = 1

)

select * from handoff_territories
