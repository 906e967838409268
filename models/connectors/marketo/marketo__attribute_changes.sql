{{ kept_rows('marketo', 'attribute_changes') }}
