-- Long because five tables say what is known of a deal.
with

deals as (

    select * from {{ landed('hubspot_fivetran', 'deal') }}

),

deal_companies as (

    select * from {{ landed('hubspot_fivetran', 'deal_company') }}

),

stage_history as (

    select * from {{ landed('hubspot_fivetran', 'deal_stage') }}

),

pipeline_stages as (

    select * from {{ landed('hubspot_fivetran', 'deal_pipeline_stage') }}

),

merged_deals as (

    select * from {{ landed('hubspot_fivetran', 'merged_deal') }}

),

stage_entries as (

    select
        stage_history.deal_id as deal_id,
        stage_history.value as stage_id,
        max({{ landed_time('stage_history.date_entered') }}) as entered_at
    from stage_history
    group by stage_history.deal_id, stage_history.value

),

stages as (

    select
        pipeline_stages.stage_id,
        max(case when {{ says_yes('pipeline_stages.is_closed') }} or {{ says_yes('pipeline_stages.closed_won') }} then 1 else 0 end) = 1 as is_closed,
        max(case when {{ says_yes('pipeline_stages.closed_won') }} then 1 else 0 end) = 1 as is_won
    from pipeline_stages
    group by pipeline_stages.stage_id

),

ranked_companies as (

    select
        deal_companies.deal_id,
        deal_companies.company_id,
        row_number() over (
            partition by deal_companies.deal_id
            order by case when deal_companies.type_id = '5' then 0 else 1 end, deal_companies.company_id
        ) as place
    from deal_companies

),

losers as (

    select distinct merged_deals.merged_deal_id as deal_id from merged_deals

),

joined as (

    select
        deals.deal_id,
        deals.deal_pipeline_id as pipeline_id,
        deals.deal_pipeline_stage_id as stage_id,
        deals.property_dealname as deal_name,
        deals.property_amount as amount,
        deals.property_closed_lost_reason as lost_reason,
        {{ landed_time('deals.property_createdate') }} as created_at,
        {{ landed_time('deals.property_closedate') }} as planned_close_at,
        {{ landed_time('deals.property_hs_lastmodifieddate') }} as updated_at,
        stage_entries.entered_at,
        ranked_companies.company_id as account_id,
        {{ says_yes('deals.is_deleted') }} or {{ says_yes('deals._fivetran_deleted') }} as is_deleted,
        losers.deal_id is not null as is_merged,
        stages.stage_id is not null or deals.property_hs_is_closed is not null as has_known_stage,
        coalesce(stages.is_closed, {{ says_yes('deals.property_hs_is_closed') }}) as is_closed,
        coalesce(stages.is_won, {{ says_yes('deals.property_hs_is_closed_won') }}) as is_won
        {{- custom_items('hubspot_fivetran', 'opportunities', ['deal'], 'deal', 'deals') }}
    from deals
    left join stages on deals.deal_pipeline_stage_id = stages.stage_id
    left join stage_entries
        on deals.deal_id = stage_entries.deal_id
        and deals.deal_pipeline_stage_id = stage_entries.stage_id
    left join ranked_companies on deals.deal_id = ranked_companies.deal_id and ranked_companies.place = 1
    left join losers on deals.deal_id = losers.deal_id

)

select * from joined
