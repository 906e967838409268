-- The rate at which leads that wait for a step reach it: of mature stays of the same stage, entry path and channel at
-- the same age; where they are too few without channel, then without entry path. Long because leads and stays are put
-- into one column of time, where a sum up to a row has what was known at its instant.
with

settings as (

    select cast({{ lifecycle_setting('minimum_sample') }} as integer) as minimum_sample

),

waiting as (

    select * from {{ ref('lead_qualification', 'int_forecast_leads') }}

),

outcomes as (

    select * from {{ ref('lead_qualification', 'int_forecast_outcomes') }}

),

combined as (

    select
        stage,
        entry_path,
        channel,
        age,
        step,
        month,
        months_back,
        leads,
        reached,
        0 as stays,
        0 as stays_reached
    from waiting
    union all
    select
        stage,
        entry_path,
        channel,
        age,
        step,
        month,
        months_back,
        0 as leads,
        0 as reached,
        stays,
        reached as stays_reached
    from outcomes

),

summed as (

    select
        *,
        {{ stays_until_then('channel', 'stage, entry_path, channel') }},
        {{ stays_until_then('path', 'stage, entry_path') }},
        {{ stays_until_then('stage', 'stage') }}
    from combined

),

rates as (

    select
        summed.stage,
        summed.entry_path,
        summed.channel,
        summed.age,
        summed.step,
        summed.month,
        summed.months_back,
        summed.leads,
        summed.reached,
        case
            when summed.channel_stays >= settings.minimum_sample then {{ ratio('summed.channel_reached', 'summed.channel_stays') }}
            when summed.path_stays >= settings.minimum_sample then {{ ratio('summed.path_reached', 'summed.path_stays') }}
            else coalesce({{ ratio('summed.stage_reached', 'summed.stage_stays') }}, 0)
        end as rate
    from summed
    cross join settings
    where summed.leads > 0

)

select * from rates
