with

campaigns as (

    select * from {{ landed('hubspot_airbyte', 'campaigns') }}

),

renamed as (

    select campaigns.id as campaign_id, campaigns.name as campaign_name
        {{- custom_items('hubspot_airbyte', 'campaigns', ['campaigns'], 'campaigns', 'campaigns') }}
    from campaigns

)

select * from renamed
