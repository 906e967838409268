{{ kept_rows('hubspot_fivetran', 'leads') }}
