{{ connected_rows('sales_reps') }}
