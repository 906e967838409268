{{ kept_rows('pardot', 'campaigns') }}
