{{ connected_rows('email_events') }}
