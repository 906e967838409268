{{ stream_web_events('segment') }}
