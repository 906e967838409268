{{ kept_rows('segment', 'web_events') }}
