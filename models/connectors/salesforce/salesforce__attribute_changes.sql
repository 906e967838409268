{{ kept_rows('salesforce', 'attribute_changes') }}
