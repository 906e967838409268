-- The timeline of a lead and model runs from first_seen_at without end, without gap or overlap; only at a
-- boundary of the policy may a model begin or stop to score a lead.
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
left join {{ ref('lead_qualification', 'int_policy_versions') }} as beginnings on history.valid_from = beginnings.starts_at
left join {{ ref('lead_qualification', 'int_policy_versions') }} as ends on history.valid_to = ends.starts_at
left join {{ ref('lead_qualification', 'int_policy_versions') }} as earlier_ends on history.previous_valid_to = earlier_ends.starts_at
where
    (history.row_in_pair = 1 and history.valid_from <> lead_stages.first_seen_at and beginnings.starts_at is null)
    or (history.row_in_pair > 1 and history.previous_valid_to is null)
    or (
        history.row_in_pair > 1
        and history.previous_valid_to <> history.valid_from
        and (
            history.previous_valid_to > history.valid_from
            or beginnings.starts_at is null
            or earlier_ends.starts_at is null
        )
    )
    or (history.next_valid_from is null and history.valid_to is not null and ends.starts_at is null)
