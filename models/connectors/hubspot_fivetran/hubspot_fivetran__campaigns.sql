{{ kept_rows('hubspot_fivetran', 'campaigns') }}
