{{ config(enabled=is_connected()) }}
{{ connected_rows('opportunity_contacts') }}
