-- The package's points, but a visit of the pricing page is worth 25 in the guide's model.
select
    scoring_model,
    signal,
    component,
    case
        when scoring_model = 'guide' and signal = 'pricing_page_visit' then 25
        else points
    end as points,
    dedupe_by,
    valid_days,
    cleared_by,
    valid_from,
    valid_to
from {{ ref('lead_qualification', 'signal_points') }}
