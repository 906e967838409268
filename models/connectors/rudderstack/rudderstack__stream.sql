{{ segment_stream('rudderstack') }}
