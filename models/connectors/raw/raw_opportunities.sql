{{ connected_rows('opportunities') }}
