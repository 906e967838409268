{{ config(enabled=is_connected('pardot')) }}
{{ kept_rows('pardot', 'leads') }}
