{{ stream_marketing_activities('snowplow') }}
