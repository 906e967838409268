{{ connected_rows('web_events') }}
