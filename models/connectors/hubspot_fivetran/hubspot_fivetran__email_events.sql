{{ kept_rows('hubspot_fivetran', 'email_events') }}
