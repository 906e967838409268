-- The timeline of a lead and model runs from first_seen_at without end, without gap or overlap.
with

history as (

    select
        lead_id,
        scoring_model,
        valid_from,
        valid_to,
        lag(valid_to) over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as previous_valid_to,
        row_number() over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as row_in_pair,
        lead(valid_from) over (
            partition by lead_id, scoring_model
            order by valid_from
        ) as next_valid_from
    from {{ ref('lead_qualification', 'lead_score_history') }}

)

select history.*
from history
inner join {{ ref('lead_qualification', 'lead_stages') }} as lead_stages on history.lead_id = lead_stages.lead_id
where
    (history.row_in_pair = 1 and history.valid_from <> lead_stages.first_seen_at)
    or (history.row_in_pair > 1 and (history.previous_valid_to is null or history.previous_valid_to <> history.valid_from))
    or (history.next_valid_from is null and history.valid_to is not null)
