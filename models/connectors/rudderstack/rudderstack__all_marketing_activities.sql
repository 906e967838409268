{{ stream_marketing_activities('rudderstack') }}
