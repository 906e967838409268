{{ segment_stream('segment') }}
