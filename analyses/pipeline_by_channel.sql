-- Which sources bring pipeline, and what does it cost?
-- Asked by: marketing lead and finance, each quarter.
-- How to read: the channels with most open and won money first. share is of the money of all
-- channels. Cost and results are of all months, so that a channel that started lately looks
-- expensive. By campaign and attribution model: attribution.
-- dbt show --limit 99 --select pipeline_by_channel
with

channels as (

    select
        *,
        member as channel,
        pipeline_open + revenue_won as pipeline
    from {{ ref('lead_qualification', 'channel_roi') }}
    where
        month is null
        and dimension = 'channel'

),

totals as (

    select sum(pipeline) as pipeline from channels

)

select
    channels.channel,
    channels.sqls,
    channels.opportunities as deals_created,
    channels.pipeline_open,
    channels.revenue_won,
    {{ ratio('channels.pipeline', 'totals.pipeline') }} as won_and_open_share,
    channels.cost,
    channels.cost_per_sql,
    channels.cac as customer_acquisition_cost,
    channels.roi
from channels
cross join totals
order by channels.pipeline desc, channels.channel asc
