{{ stream_web_events('snowplow') }}
