{{ config(enabled=is_connected('marketo')) }}
{{ kept_rows('marketo', 'attribute_changes') }}
