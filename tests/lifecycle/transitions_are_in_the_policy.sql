-- Every transition is a row of stage_transitions.csv, or one of its detours.
with

history as (

    select
        lead_id,
        stage_number,
        stage,
        entered_at,
        entered_by,
        lag(stage) over (
            partition by lead_id
            order by stage_number
        ) as previous_stage
    from {{ ref('lead_qualification', 'lead_stage_history') }}

)

select history.*
from history
inner join {{ policy('stages') }} as stages on history.stage = stages.stage
left join {{ dated_policy('stage_transitions') }} as transitions
    on
        history.previous_stage = transitions.from_stage
        and history.entered_by = transitions.event
        {{ and_in_force('transitions', 'history.entered_at') }}
where
    history.stage_number > 1
    and (
        transitions.to_stage is null
        or (
            history.stage <> transitions.to_stage
            and coalesce(stages.role, 'none') not in ('long_term_nurture', 'disqualified', 'suppressed')
        )
    )
