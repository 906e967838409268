{{ kept_rows('snowplow', 'web_events') }}
