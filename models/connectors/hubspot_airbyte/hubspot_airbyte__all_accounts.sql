{{ hubspot_accounts('hubspot_airbyte') }}
