{{ kept_rows('hubspot_fivetran', 'accounts') }}
