{{ config(enabled=is_connected('hubspot_fivetran')) }}
{{ kept_rows('hubspot_fivetran', 'sales_reps') }}
