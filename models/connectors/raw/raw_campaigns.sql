{{ config(enabled=is_connected()) }}
{{ connected_rows('campaigns') }}
