-- Long because five streams say what is known of a deal.
with

deals as (

    select * from {{ landed('hubspot_airbyte', 'deals') }}

),

archived_deals as (

    select * from {{ landed('hubspot_airbyte', 'deals_archived') }}

),

stage_history as (

    select * from {{ landed('hubspot_airbyte', 'deals_property_history') }}

),

pipelines as (

    select * from {{ landed('hubspot_airbyte', 'deal_pipelines') }}

),

stage_entries as (

    select
        stage_history.deal_id as deal_id,
        stage_history.value as stage_id,
        max({{ landed_time('stage_history.timestamp') }}) as entered_at
    from stage_history
    where stage_history.property = 'dealstage'
    group by stage_history.deal_id, stage_history.value

),

pipeline_stages as (

    {{ each_element('pipelines', ['pipeline_id'], 'stages', 'stage') }}

),

described_stages as (

    select
        {{ json_at('pipeline_stages.stage', ['stageId']) }} as stage_id,
        {{ json_at('pipeline_stages.stage', ['metadata', 'isClosed']) }} as stage_is_closed,
        {{ json_at('pipeline_stages.stage', ['metadata', 'probability']) }} as probability
    from pipeline_stages

),

stages as (

    select
        described_stages.stage_id,
        max(case when {{ says_yes('described_stages.stage_is_closed') }} then 1 else 0 end) = 1 as is_closed,
        max(
            case when {{ says_yes('described_stages.stage_is_closed') }} and described_stages.probability in ('1', '1.0') then 1 else 0 end
        ) = 1 as is_won
    from described_stages
    group by described_stages.stage_id

),

companies_of_deals as (

    {{ each_part('deals', ['id'], lists_as_parts('companies'), ',', 'company_id') }}

),

accounts_of_deals as (

    select
        companies_of_deals.id as deal_id,
        min({{ key_beside('hubspot_airbyte', 'companies_of_deals.id', 'companies_of_deals.company_id') }}) as account_id
    from companies_of_deals
    where companies_of_deals.company_id <> ''
    group by companies_of_deals.id

),

joined as (

    select
        deals.id as deal_id,
        deals.properties_pipeline as pipeline_id,
        deals.properties_dealstage as stage_id,
        deals.properties_dealname as deal_name,
        deals.properties_amount as amount,
        deals.properties_closed_lost_reason as lost_reason,
        coalesce({{ landed_time('deals.properties_createdate') }}, {{ landed_time('deals.created_at') }}) as created_at,
        {{ landed_time('deals.properties_closedate') }} as planned_close_at,
        {{ landed_time('deals.updated_at') }} as updated_at,
        stage_entries.entered_at,
        accounts_of_deals.account_id,
        {{ says_yes('deals.archived') }} as is_deleted,
        false as is_merged,
        stages.stage_id is not null or deals.properties_hs_is_closed is not null as has_known_stage,
        coalesce(stages.is_closed, {{ says_yes('deals.properties_hs_is_closed') }}) as is_closed,
        coalesce(stages.is_won, {{ says_yes('deals.properties_hs_is_closed_won') }}) as is_won
        {{- custom_items('hubspot_airbyte', 'opportunities', ['deals'], 'deals', 'deals') }}
    from deals
    left join stages on deals.properties_dealstage = stages.stage_id
    left join stage_entries
        on deals.id = stage_entries.deal_id
        and deals.properties_dealstage = stage_entries.stage_id
    left join accounts_of_deals on deals.id = accounts_of_deals.deal_id

),

archived as (

    select
        archived_deals.id as deal_id,
        archived_deals.properties_pipeline as pipeline_id,
        archived_deals.properties_dealstage as stage_id,
        archived_deals.properties_dealname as deal_name,
        archived_deals.properties_amount as amount,
        cast(null as {{ dbt.type_string() }}) as lost_reason,
        coalesce({{ landed_time('archived_deals.properties_createdate') }}, {{ landed_time('archived_deals.created_at') }}) as created_at,
        {{ landed_time('archived_deals.properties_closedate') }} as planned_close_at,
        {{ landed_time('archived_deals.updated_at') }} as updated_at,
        cast(null as timestamp) as entered_at,
        cast(null as {{ dbt.type_string() }}) as account_id,
        true as is_deleted,
        false as is_merged,
        false as has_known_stage,
        false as is_closed,
        false as is_won
        {{- custom_items('hubspot_airbyte', 'opportunities', ['deals'], 'deals_archived', 'archived_deals') }}
    from archived_deals

),

both_streams as (

    select * from joined
    union all
    select * from archived

)

select * from both_streams
