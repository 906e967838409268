{{ kept_rows('hubspot_fivetran', 'attribute_changes') }}
