{{ kept_rows('marketo', 'web_events') }}
