{{ connected_rows('accounts') }}
