{{ kept_rows('hubspot_fivetran', 'opportunity_contacts') }}
