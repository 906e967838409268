{{ connected_rows('attribute_changes') }}
