{{ config(enabled=is_connected()) }}
{{ connected_rows('intent_signals') }}
