{{ connected_rows('sales_activities') }}
