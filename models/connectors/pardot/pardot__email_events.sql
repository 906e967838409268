{{ kept_rows('pardot', 'email_events') }}
