{{ kept_rows('hubspot_fivetran', 'marketing_activities') }}
