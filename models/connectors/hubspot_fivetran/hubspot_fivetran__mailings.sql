with

campaigns as (

    select * from {{ landed('hubspot_fivetran', 'email_campaign') }}

),

renamed as (

    select campaigns.id as campaign_id, campaigns.name as campaign_name
        {{- custom_items('hubspot_fivetran', 'campaigns', ['email_campaign'], 'email_campaign', 'campaigns') }}
    from campaigns

)

select * from renamed
