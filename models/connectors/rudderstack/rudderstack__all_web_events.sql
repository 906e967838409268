{{ stream_web_events('rudderstack') }}
