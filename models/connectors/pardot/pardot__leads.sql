{{ kept_rows('pardot', 'leads') }}
