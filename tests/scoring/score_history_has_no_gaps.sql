-- The timeline of a lead and model runs from first_seen_at without end, without gap or overlap; only at a
-- boundary of the policy, or where the pair of model and profile of the lead changes, may a model begin or stop to
-- score a lead.
with

lead_pairs as (

    select * from {{ ref('lead_qualification', 'int_lead_pairs') }}

),

pair_changes as (

    select
        lead_id,
        valid_from as instant
    from lead_pairs
    union distinct
    select
        lead_id,
        valid_to as instant
    from lead_pairs

),

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
left join pair_changes as pair_beginnings
    on
        history.lead_id = pair_beginnings.lead_id
        and history.valid_from = pair_beginnings.instant
left join {{ ref('lead_qualification', 'int_policy_versions') }} as ends on history.valid_to = ends.starts_at
left join pair_changes as pair_ends
    on
        history.lead_id = pair_ends.lead_id
        and history.valid_to = pair_ends.instant
left join {{ ref('lead_qualification', 'int_policy_versions') }} as earlier_ends on history.previous_valid_to = earlier_ends.starts_at
left join pair_changes as pair_earlier_ends
    on
        history.lead_id = pair_earlier_ends.lead_id
        and history.previous_valid_to = pair_earlier_ends.instant
where
    (
        history.row_in_pair = 1
        and history.valid_from <> lead_stages.first_seen_at
        and coalesce(beginnings.starts_at, pair_beginnings.instant) is null
    )
    or (history.row_in_pair > 1 and history.previous_valid_to is null)
    or (
        history.row_in_pair > 1
        and history.previous_valid_to <> history.valid_from
        and (
            history.previous_valid_to > history.valid_from
            or coalesce(beginnings.starts_at, pair_beginnings.instant) is null
            or coalesce(earlier_ends.starts_at, pair_earlier_ends.instant) is null
        )
    )
    or (history.next_valid_from is null and history.valid_to is not null and coalesce(ends.starts_at, pair_ends.instant) is null)
