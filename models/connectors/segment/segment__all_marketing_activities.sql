{{ stream_marketing_activities('segment') }}
