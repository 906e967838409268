{{ connected_rows('campaigns') }}
