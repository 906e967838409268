-- What a lead ever collects in a model fits the bits that packed_quantities gives it. Episodes of a
-- lead do not overlap, so awake is 0 or 1.
with

collected as (

    select
        score_key,
        component as quantity,
        sum(abs(points)) as most
    from {{ ref('lead_qualification', 'int_score_contributions') }}
    where component in ('behaviour', 'intent')
    group by score_key, component
    union all
    select
        score_key,
        'signals' as quantity,
        count(*) as most
    from {{ ref('lead_qualification', 'int_scored_signals') }}
    group by score_key

)

select *
from collected
{%- set quantities = packed_quantities() %}
where
    most >= case quantity
        when 'behaviour' then {{ 2 ** (quantities['behaviour'][2] - 1) }}
        when 'intent' then {{ 2 ** (quantities['intent'][2] - 1) }}
        else {{ 2 ** [quantities['intent_signals'][2], quantities['meaningful_signals'][2], quantities['high_intent_signals'][2]] | min }}
    end
