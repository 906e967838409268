{{ kept_rows('rudderstack', 'web_events') }}
