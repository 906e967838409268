{{ kept_rows('hubspot_fivetran', 'opportunities') }}
