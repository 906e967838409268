-- The steps of the main score of each lead within the last explained_days, each with what held before. Long by
-- its columns.
{%- set explained_from = add_days(as_of(), '-' ~ (var('explained_days', 30) | int)) %}
with

lead_models as (

    select * from {{ ref('lead_qualification', 'int_lead_models') }}
    where is_primary

),

-- A step within these days ends a row that reached into them.
timeline as (

    select * from {{ ref('lead_qualification', 'int_score_timeline') }}
    where
        valid_from <= {{ as_of() }}
        and (valid_to is null or valid_to > {{ explained_from }})

),

stretches as (

    select * from {{ ref('lead_qualification', 'int_lead_model_stretches') }}

),

episodes as (

    select * from {{ ref('lead_qualification', 'int_engagement_episodes') }}

),

compared as (

    select
        timeline.*,
        {%- for value in step_values() %}
        lag(timeline.{{ value }}) over (partition by timeline.score_key order by timeline.valid_from) as previous_{{ value }},
        {%- endfor %}
        lag(timeline.valid_from) over (partition by timeline.score_key order by timeline.valid_from) as previous_from,
        lag(timeline.valid_to) over (partition by timeline.score_key order by timeline.valid_from) as previous_to
    from timeline
    inner join lead_models on timeline.score_key = lead_models.score_key

),

explained as (

    select * from compared
    where
        valid_from > {{ explained_from }}
        and previous_to = valid_from

),

steps as (

    select
        explained.lead_id,
        explained.scoring_model,
        explained.score_key,
        explained.previous_from,
        explained.valid_from,
        {%- for value in step_values() %}
        explained.previous_{{ value }},
        explained.{{ value }},
        {%- endfor %}
        stretches_before.dormancy_days is null or episodes_before.lead_id is not null as was_awake,
        stretches_now.dormancy_days is null or episodes_now.lead_id is not null as is_awake
    from explained
    inner join stretches as stretches_before
        on
            explained.score_key = stretches_before.score_key
            and {{ is_valid_at('stretches_before', 'explained.previous_from') }}
    inner join stretches as stretches_now
        on
            explained.score_key = stretches_now.score_key
            and {{ is_valid_at('stretches_now', 'explained.valid_from') }}
    left join episodes as episodes_before
        on
            explained.lead_id = episodes_before.lead_id
            and stretches_before.dormancy_days = episodes_before.dormancy_days
            and episodes_before.starts_at <= explained.previous_from
            and episodes_before.ends_at > explained.previous_from
    left join episodes as episodes_now
        on
            explained.lead_id = episodes_now.lead_id
            and stretches_now.dormancy_days = episodes_now.dormancy_days
            and episodes_now.starts_at <= explained.valid_from
            and episodes_now.ends_at > explained.valid_from

)

select * from steps
