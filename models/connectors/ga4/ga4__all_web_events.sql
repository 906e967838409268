{{ stream_web_events('ga4') }}
