{{ stream_marketing_activities('ga4') }}
