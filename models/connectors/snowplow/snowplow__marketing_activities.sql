{{ config(enabled=is_connected('snowplow')) }}
{{ kept_rows('snowplow', 'marketing_activities') }}
