-- An opted-out lead rests in no stage that requires an opt-in.
with

levels as (

    select
        lead_id,
        is_opted_out,
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
    and levels.is_opted_out
    and stages.requires_opt_in
