-- A customer, an open deal or a lead that sales works is neither nurtured nor suppressed: no program, no action of the
-- matrix, and nobody but sales or sales development acts.
select
    actions.lead_id,
    actions.stage,
    actions.action,
    actions.owner,
    actions.nurture_track
from {{ ref('lead_qualification', 'next_best_action') }} as actions
inner join {{ policy('stages') }} as stages on actions.stage = stages.stage
where
    (
        actions.has_open_opportunity
        or actions.stage_owner in ('sdr', 'sales')
        or coalesce(stages.role in ('opportunity', 'customer'), false)
    )
    and (
        actions.owner in ('marketing', 'nobody')
        or actions.is_of_matrix
        or actions.nurture_track is not null
    )
