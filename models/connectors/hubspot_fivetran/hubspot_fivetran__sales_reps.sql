{{ kept_rows('hubspot_fivetran', 'sales_reps') }}
