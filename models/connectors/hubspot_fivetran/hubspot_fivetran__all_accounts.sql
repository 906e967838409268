{{ hubspot_accounts('hubspot_fivetran') }}
