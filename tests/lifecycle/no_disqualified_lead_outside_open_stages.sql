-- A disqualified lead rests only in stages that are open to disqualified leads.
with

levels as (

    select
        lead_id,
        is_disqualified,
        row_number() over (
            partition by lead_id
            order by position desc
        ) as position_rank
    from {{ ref('lead_qualification', 'int_lifecycle_events') }}

)

select lead_stages.lead_id
from {{ ref('lead_qualification', 'lead_stages') }} as lead_stages
inner join levels on lead_stages.lead_id = levels.lead_id
inner join {{ policy('stages') }} as stages on lead_stages.stage = stages.stage
where
    levels.position_rank = 1
    and levels.is_disqualified
    and not stages.open_to_disqualified
